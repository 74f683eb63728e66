//! Every cause of a diagnostic, with what it means: the names that programs compare, and the page in `docs/reference/` that lists
//! them.

use std::fmt;

use super::Severity;

macro_rules! codes {
    ($(#[doc = $meaning:literal] $code:ident = $name:literal $severity:tt)+) => {
        /// A stable name for the cause of a diagnostic.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $meaning] $code,)+
        }

        impl Code {
            pub const ALL: &[Self] = &[$(Self::$code),+];

            /// The name in output, in kebab-case.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$code => $name,)+
                }
            }

            /// What it means, as one sentence.
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$code => $meaning.trim_ascii(),)+
                }
            }

            /// How bad it is, where that does not depend on the occasion.
            pub fn severity(self) -> Option<Severity> {
                match self {
                    $(Self::$code => severity!($severity),)+
                }
            }
        }
    };
}

macro_rules! severity {
    (error) => {
        Some(Severity::Error)
    };
    (warning) => {
        Some(Severity::Warning)
    };
    (either) => {
        None
    };
}

/// As in output.
impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

codes! {
    /// The token server has no objects of this kind, or Lanyard cannot manage them there.
    AbsentOnServer = "absent-on-server" error
    /// An access token is of one token server, and its service account of another.
    AccountElsewhere = "account-elsewhere" error
    /// An access token is to be issued with the roles of its service account, which has none, and its server issues none without a role.
    AccountWithoutRoles = "account-without-roles" error
    /// An action asks for what the token server cannot do.
    ActionUnsupported = "action-unsupported" error
    /// An action does not say which access token it is about.
    ActionWithoutTarget = "action-without-target" error
    /// `on_conflict = "adopt"` stands where nothing that exists can be given a secret that somebody knows.
    AdoptionImpossible = "adoption-impossible" error
    /// Two receivers of alerts are the same.
    AlertDuplicate = "alert-duplicate" error
    /// A receiver of alerts lacks what its type needs.
    AlertIncomplete = "alert-incomplete" error
    /// Several objects on the token server have the name of one resource, so it is not known which is meant.
    AmbiguousName = "ambiguous-name" error
    /// The stored state was written by a version whose format is no longer read.
    AncientState = "ancient-state" error
    /// An object of the state is in another organization than the one that the provider is set to.
    AnotherOrganization = "another-organization" warning
    /// A plan is to be applied to another token server than the one it was made for, or what was found at another address is not there.
    AnotherServer = "another-server" error
    /// The exchanged token is not of the type that was asked for or announced.
    AnotherTokenType = "another-token-type" warning
    /// A function was given too many or too few arguments.
    ArgumentCount = "argument-count" error
    /// A repeated block goes, and nothing tells which, because one that stays fits it as well.
    BlockNotToldApart = "block-not-told-apart" warning
    /// Two revisions of a configuration were compared, and no server was asked.
    ByConfigurationOnly = "by-configuration-only" warning
    /// The token server could not be asked what it can do, so what depends on that is not checked.
    CapabilitiesNotKnown = "capabilities-not-known" warning
    /// An assertion of a `check` block does not hold.
    CheckFailed = "check-failed" warning
    /// The clocks of the token server and of this machine differ by more than `clock_tolerance`.
    ClocksDisagree = "clocks-disagree" warning
    /// A forge did not take a comment, or it is not known to stand.
    CommentFailed = "comment-failed" error
    /// The configuration sets an attribute that only Lanyard can fill.
    ComputedAttribute = "computed-attribute" error
    /// The configuration sets an attribute that this token server fills itself.
    ComputedOnServer = "computed-on-server" error
    /// Two arguments that exclude each other are both set.
    ConflictingAttributes = "conflicting-attributes" error
    /// The provider is given two credentials, and one can be used.
    ConflictingCredentials = "conflicting-credentials" error
    /// A condition refers to nothing, so that it is always true or always false.
    ConstantCondition = "constant-condition" error
    /// An expression stands where only a literal value may stand.
    ConstantRequired = "constant-required" error
    /// A block has both `count` and `for_each`.
    CountAndForEach = "count-and-for-each" error
    /// Lanyard stopped in the middle of a call; this is a bug.
    Crash = "crash" error
    /// The token server ends another secret when it issues this one.
    CreationEndsSomething = "creation-ends-something" warning
    /// The credential that Lanyard signs in with may be, or is, touched by the plan.
    CredentialInUse = "credential-in-use" either
    /// Expressions need each other's values in a circle.
    Cycle = "cycle" error
    /// Something stays on the token server after a resource is destroyed.
    DeletionLeavesSomething = "deletion-leaves-something" warning
    /// Resources have to wait for each other in a circle.
    DependencyCircle = "dependency-circle" error
    /// An attribute still works and has a successor.
    DeprecatedAttribute = "deprecated-attribute" warning
    /// An expression divides by zero.
    DivisionByZero = "division-by-zero" error
    /// An access token that was just issued is due for its next rotation already.
    DueAtOnce = "due-at-once" warning
    /// A block that may stand once stands twice.
    DuplicateBlock = "duplicate-block" error
    /// Two blocks declare the same name.
    DuplicateDeclaration = "duplicate-declaration" error
    /// A key of an object stands twice.
    DuplicateKey = "duplicate-key" error
    /// Two resources describe one object of the token server.
    DuplicateObject = "duplicate-object" error
    /// A name or a key has no characters.
    EmptyName = "empty-name" error
    /// A setting of the provider is given and empty.
    EmptySetting = "empty-setting" error
    /// `ignore_changes` hides the end of an access token, so that it is not rotated.
    EndIsIgnored = "end-is-ignored" warning
    /// The end that is configured for an access token lies in the past.
    EndIsPast = "end-is-past" either
    /// The token server refuses access tokens without an end.
    EndRequired = "end-required" error
    /// The token server keeps only the day of an end.
    EndRoundedDown = "end-rounded-down" warning
    /// A deletion would end a secret that another resource holds.
    EndsAnothers = "ends-anothers" error
    /// An ephemeral value stands where it would be stored.
    EphemeralValue = "ephemeral-value" error
    /// The token server has no tokens that end soon, so none can be issued for a single run.
    EphemeralWithoutEnd = "ephemeral-without-end" error
    /// An access token has expired, and the plan issues another.
    ExpiredIsReplaced = "expired-is-replaced" warning
    /// An access token expired between the plan and its apply.
    ExpiredSincePlan = "expired-since-plan" error
    /// A block has more labels than its kind takes.
    ExtraneousLabel = "extraneous-label" error
    /// A file in somebody's home folder is not read; what it holds is unknown.
    FileAtHome = "file-at-home" warning
    /// The configuration beside a plan has errors: who uses a secret may be missing in the review.
    FolderNotRead = "folder-not-read" warning
    /// A function cannot give a result for its arguments.
    FunctionFailed = "function-failed" error
    /// A grace period is longer than the old secret lives.
    GraceAfterEnd = "grace-after-end" error
    /// An old secret is to stay valid beyond the rotation after the one that replaced it.
    GraceAfterRotation = "grace-after-rotation" error
    /// A rotation ends a secret that is still in the grace period of the rotation before.
    GraceCutShort = "grace-cut-short" warning
    /// An old secret in its grace period cannot be ended before its time.
    GraceGoesOn = "grace-goes-on" warning
    /// The token server does not accept an old secret beside a new one.
    GraceImpossible = "grace-impossible" error
    /// A grace period is longer than the token server allows.
    GraceTooLong = "grace-too-long" error
    /// The token server does not watch for the first use of a new secret.
    GraceUnknownToServer = "grace-unknown-to-server" error
    /// The command line asks for more than the policy of the configuration allows.
    GuardIsReviewed = "guard-is-reviewed" error
    /// Two resources of the state hold one object.
    HeldTwice = "held-twice" warning
    /// A service account stays because it has access tokens that the configuration has.
    HoldsConfiguredTokens = "holds-configured-tokens" warning
    /// A service account stays because it has access tokens that Lanyard did not make.
    HoldsForeignTokens = "holds-foreign-tokens" warning
    /// A block that an override file changes has an argument or a block that its type does not know. Terraform ignores it there.
    IgnoredBesideOverride = "ignored-beside-override" warning
    /// Dex does not look at an argument of a token exchange.
    IgnoredByDex = "ignored-by-dex" warning
    /// What an import block names does not exist any more, and its resource is there by its name.
    ImportDone = "import-done" warning
    /// What is to be imported does not exist.
    ImportNotFound = "import-not-found" error
    /// An import block names a resource that the configuration does not have.
    ImportTargetMissing = "import-target-missing" error
    /// An import does not say which object is meant.
    ImportWithoutId = "import-without-id" error
    /// The secret of an imported object is not known, and the token server does not tell it.
    ImportedWithoutSecret = "imported-without-secret" warning
    /// The acting party of a token exchange is given in part.
    IncompleteActor = "incomplete-actor" error
    /// The client of a token exchange is given in part.
    IncompleteClient = "incomplete-client" error
    /// One half of a credential is given without the other.
    IncompleteCredential = "incomplete-credential" error
    /// One of two settings that belong together is missing.
    IncompleteSettings = "incomplete-settings" error
    /// The two results of a condition have no common type.
    InconsistentTypes = "inconsistent-types" error
    /// Credentials would cross a network in clear text.
    InsecureHttp = "insecure-http" error
    /// Lanyard failed in the middle of a change; this is a bug.
    InternalError = "internal-error" error
    /// The run was stopped before this was done.
    Interrupted = "interrupted" error
    /// A function does not take a value that it is given.
    InvalidArgument = "invalid-argument" error
    /// A value is none of those that are allowed.
    InvalidChoice = "invalid-choice" error
    /// `count` is no whole number of instances.
    InvalidCount = "invalid-count" error
    /// A credential has characters that cannot be sent.
    InvalidCredential = "invalid-credential" error
    /// The default of a variable does not fit its type.
    InvalidDefault = "invalid-default" error
    /// A text is no duration such as `90d`.
    InvalidDuration = "invalid-duration" error
    /// A text is no e-mail address.
    InvalidEmail = "invalid-email" error
    /// An environment variable has a value that its setting does not take.
    InvalidEnvironment = "invalid-environment" error
    /// `for_each` is neither a map nor a set of texts.
    InvalidForEach = "invalid-for-each" error
    /// An `import` block cannot be followed.
    InvalidImport = "invalid-import" error
    /// A value has no element at this index.
    InvalidIndex = "invalid-index" error
    /// The source of a module is no address that is understood.
    InvalidModuleSource = "invalid-module-source" error
    /// A `moved` block cannot be followed.
    InvalidMove = "invalid-move" error
    /// A name has characters that names cannot have.
    InvalidName = "invalid-name" error
    /// A setting is a number outside its limits.
    InvalidNumber = "invalid-number" error
    /// An operator does not take a value that it is given.
    InvalidOperand = "invalid-operand" error
    /// A file of overrides changes what cannot be overridden.
    InvalidOverride = "invalid-override" error
    /// A certificate or a private key cannot be read.
    InvalidPem = "invalid-pem" error
    /// A file is no plan that this version of Lanyard can apply.
    InvalidPlanFile = "invalid-plan-file" error
    /// A policy file has contents that are not understood.
    InvalidPolicy = "invalid-policy" error
    /// A provider configuration is declared or passed on in a way that is not understood.
    InvalidProvider = "invalid-provider" error
    /// The realm of the server is no name that an address can be made of.
    InvalidRealm = "invalid-realm" error
    /// A recipient is no public key of age.
    InvalidRecipient = "invalid-recipient" error
    /// A reference does not have the form of a reference to anything.
    InvalidReference = "invalid-reference" error
    /// A `removed` block speaks of what is still declared.
    InvalidRemoval = "invalid-removal" error
    /// The tenant of the server is no name that an address can be made of.
    InvalidTenant = "invalid-tenant" error
    /// A file is no plan of Terraform or OpenTofu in JSON.
    InvalidTerraformPlan = "invalid-terraform-plan" error
    /// A text is no time in RFC 3339.
    InvalidTimestamp = "invalid-timestamp" error
    /// A type constraint is not understood.
    InvalidType = "invalid-type" error
    /// A text is no address of a server.
    InvalidUrl = "invalid-url" error
    /// A value breaks a rule of its variable or attribute.
    InvalidValue = "invalid-value" error
    /// The value of a variable on the command line or in a file cannot be read.
    InvalidVariable = "invalid-variable" error
    /// A version constraint is not understood.
    InvalidVersion = "invalid-version" error
    /// The jitter of a rotation is not shorter than the time it moves.
    JitterTooLong = "jitter-too-long" error
    /// Jitter is set, and there is no rotation that it could move.
    JitterWithoutRotation = "jitter-without-rotation" error
    /// The journal that tells which secrets were delivered cannot be read or written.
    Journal = "journal" error
    /// The token server does not tell when its tokens were last used.
    LastUseNotKnown = "last-use-not-known" error
    /// An object is not deleted because its id belongs to another one by now.
    LeftAlone = "left-alone" warning
    /// An object that an interrupted run had made was taken over.
    LeftoverTakenOver = "leftover-taken-over" warning
    /// The token server takes lifetimes in whole days only.
    LifetimeNotInDays = "lifetime-not-in-days" error
    /// A lifetime is longer than the token server allows.
    LifetimeTooLong = "lifetime-too-long" error
    /// A value is longer, or more, than the token server allows.
    LimitExceeded = "limit-exceeded" error
    /// The token server ends its lists early, so that there may be more objects.
    ListEndsEarly = "list-ends-early" warning
    /// Another apply of the same configuration is running.
    Locked = "locked" error
    /// A data source is given both an id and a name.
    LookupWithTwoKeys = "lookup-with-two-keys" error
    /// A data source is given neither an id nor a name.
    LookupWithoutKey = "lookup-without-key" error
    /// The object belongs to another tool on the token server.
    ManagedElsewhere = "managed-elsewhere" error
    /// More credentials would end at once than the guard allows.
    MassDeletion = "mass-deletion" either
    /// A shorter `ttl` may make a secret in use due.
    MayRotate = "may-rotate" warning
    /// A migration does not rewrite a part of the configuration.
    MigrationLeavesAsItIs = "migration-leaves-as-it-is" warning
    /// A part of the configuration cannot be migrated without a decision.
    MigrationNeedsAPerson = "migration-needs-a-person" error
    /// Lanyard made a value that does not fit its own schema; this is a bug.
    MisshapenValue = "misshapen-value" error
    /// A function is given too few arguments.
    MissingArgument = "missing-argument" error
    /// A required attribute is not set.
    MissingAttribute = "missing-attribute" error
    /// A required block is missing.
    MissingBlock = "missing-block" error
    /// Dex exchanges tokens only for a connector, and none is given.
    MissingConnector = "missing-connector" error
    /// There is nothing to sign in with.
    MissingCredential = "missing-credential" error
    /// A map has no element with this key.
    MissingElement = "missing-element" error
    /// It is not said where tokens are exchanged.
    MissingEndpoint = "missing-endpoint" error
    /// A reference to one of many instances does not say which.
    MissingInstanceKey = "missing-instance-key" error
    /// A block has fewer labels than its kind needs.
    MissingLabel = "missing-label" error
    /// A provider configuration that is referred to does not exist.
    MissingProvider = "missing-provider" error
    /// It is not said where the token server is.
    MissingUrl = "missing-url" error
    /// A variable without a default has no value.
    MissingVariable = "missing-variable" error
    /// One folder has Terraform files and Lanyard documents.
    MixedSpellings = "mixed-spellings" error
    /// A module on disk is not the one that the configuration asks for.
    ModuleChanged = "module-changed" error
    /// A module calls itself.
    ModuleCycle = "module-cycle" error
    /// A module was not installed, so what is in it is not read.
    ModuleNotOnDisk = "module-not-on-disk" warning
    /// There are more complaints than are shown.
    MoreDiagnostics = "more-diagnostics" warning
    /// State of this type cannot be moved to a resource of Lanyard.
    MoveUnsupported = "move-unsupported" error
    /// The state to move was written by a provider that is not known.
    MovedFromAnotherProvider = "moved-from-another-provider" error
    /// The state to move was written by a newer version than is known.
    MovedFromNewerSchema = "moved-from-newer-schema" error
    /// The state to move was written by a version that is too old.
    MovedFromOlderSchema = "moved-from-older-schema" error
    /// Some of the state to move has no place in the resource.
    MovedInPart = "moved-in-part" warning
    /// The state to move does not have the shape that its provider gives it.
    MovedStateUnreadable = "moved-state-unreadable" error
    /// The name belongs to an object that Lanyard may not take over.
    NameTaken = "name-taken" error
    /// What stands here is read only by versions of Terraform that `required_version` does not let in.
    NeedsNewerVersion = "needs-newer-version" error
    /// A configuration is nested more deeply than is read.
    NestedTooDeeply = "nested-too-deeply" error
    /// A folder has no configuration files.
    NoConfiguration = "no-configuration" error
    /// Resources of this type have no identity.
    NoIdentity = "no-identity" error
    /// The pull request, or the token to comment on it with, is neither given nor known from the pipeline.
    NoPullRequest = "no-pull-request" error
    /// New secrets would be issued, and nothing receives them.
    NoSink = "no-sink" error
    /// The token server makes ids of names, and cannot make one of this name.
    NoSlug = "no-slug" error
    /// There is no file or folder of this name.
    NoSuchConfiguration = "no-such-configuration" error
    /// A revision to compare with is not in the repository, or there is no repository.
    NoSuchRevision = "no-such-revision" error
    /// A change was not begun because the run had ended.
    NobodyWaits = "nobody-waits" error
    /// A part of a configuration could not be compared with its base.
    NotCompared = "not-compared" warning
    /// The plan was not agreed to.
    NotConfirmed = "not-confirmed" error
    /// A secret could not be encrypted for its recipient.
    NotEncrypted = "not-encrypted" error
    /// The token server has objects made by Lanyard that the configuration does not have.
    NotInConfiguration = "not-in-configuration" warning
    /// An argument of a token exchange has no place in the style that was chosen.
    NotInThisStyle = "not-in-this-style" error
    /// A value is still not known that a change needs, or that tells whether an object exists already.
    NotKnown = "not-known" either
    /// It is not known whether some objects are to be pruned.
    NotPruned = "not-pruned" warning
    /// Objects, or what a new secret can do, were not read because of an error, which may have been reported already.
    NotRead = "not-read" warning
    /// It is not known which access tokens are outside the configuration, or which ones Lanyard made.
    NotSwept = "not-swept" warning
    /// What a token server answers after a change is not what it was asked for.
    NotTaken = "not-taken" either
    /// A creation failed, and what it made could not be removed.
    NotUndone = "not-undone" error
    /// Nothing on the token server has the name that was asked for.
    NothingOfThatName = "nothing-of-that-name" error
    /// A new secret is asked for something that is not configured, or that has none.
    NothingToRotate = "nothing-to-rotate" error
    /// A condition is null.
    NullCondition = "null-condition" error
    /// A list, a set or a map has a null in it.
    NullElement = "null-element" error
    /// A template would contain a null value.
    NullInTemplate = "null-in-template" error
    /// A key is null.
    NullKey = "null-key" error
    /// A null value is used as if it had elements.
    NullValue = "null-value" error
    /// Several objects have the name that is looked up.
    ObjectAmbiguous = "object-ambiguous" error
    /// The object does not exist on the token server.
    ObjectGone = "object-gone" error
    /// The object that is looked up does not exist.
    ObjectNotFound = "object-not-found" error
    /// The token server did not answer, so it is not known whether a change happened, or whether what has the name now was made by it.
    OutcomeUnknown = "outcome-unknown" error
    /// A precondition of an output does not hold.
    OutputPrecondition = "output-precondition" error
    /// Somebody else replaced the secret at the same time, or replaced it or changed the object since the plan.
    Overtaken = "overtaken" error
    /// The token server does not keep what made its tokens.
    OwnersNotKnown = "owners-not-known" error
    /// A change turned out not to be the one that was planned.
    PlanChanged = "plan-changed" error
    /// A plan under review stopped with an error, so that it is incomplete.
    PlanFailed = "plan-failed" error
    /// A plan under review was made for a part of the configuration.
    PlanIsAPart = "plan-is-a-part" warning
    /// A plan no longer describes what would happen.
    PlanIsStale = "plan-is-stale" error
    /// A plan under review leaves changes for a later one.
    PlanPutsOff = "plan-puts-off" warning
    /// Existing objects are planned without asking the token server, whose settings are not known yet.
    PlannedFromState = "planned-from-state" warning
    /// A postcondition of a resource does not hold.
    Postcondition = "postcondition" error
    /// Somebody changed on the token server what a credential can do, and its configuration does not say what it is to have.
    PowerChangedOutside = "power-changed-outside" warning
    /// A precondition of a resource does not hold.
    Precondition = "precondition" error
    /// `prevent_destroy`, or `destroy = false`, forbids a replacement.
    PreventDestroy = "prevent-destroy" error
    /// The provider is used before it is configured.
    ProviderNotConfigured = "provider-not-configured" error
    /// A reference stands where none may stand.
    ReferenceNotAllowed = "reference-not-allowed" error
    /// An object whose resource is gone stays on the token server.
    RemovedStays = "removed-stays" warning
    /// A change needs a replacement, and the token server does not delete such objects.
    ReplacementImpossible = "replacement-impossible" error
    /// The token server requires an attribute that is not set.
    RequiredOnServer = "required-on-server" error
    /// A name is reserved by the language.
    ReservedName = "reserved-name" error
    /// An account is both restricted and unrestricted.
    RestrictionConflict = "restriction-conflict" error
    /// An account is to be restricted, and to nothing.
    RestrictionMissing = "restriction-missing" error
    /// The token server asks whether an account is restricted, and the configuration does not say.
    RestrictionNotChosen = "restriction-not-chosen" error
    /// An old secret could not be revoked.
    RetiredNotRevoked = "retired-not-revoked" either
    /// An old secret was not revoked, and nothing ends it.
    RetiredWithoutDate = "retired-without-date" warning
    /// An access token is to have roles that its service account does not have.
    RolesBeyondAccount = "roles-beyond-account" error
    /// A role that is taken from a service account goes from its access tokens too.
    RolesRemoved = "roles-removed" warning
    /// A secret ends before it is old enough to be rotated.
    RotationAfterEnd = "rotation-after-end" either
    /// A rotation would be due as soon as the secret is issued.
    RotationBeforeIssue = "rotation-before-issue" either
    /// The token server cannot replace a secret and keep its token.
    RotationImpossible = "rotation-impossible" error
    /// A rotation issues a secret with the same end.
    RotationToAFixedEnd = "rotation-to-a-fixed-end" warning
    /// A rotation before the end is set for a secret without an end.
    RotationWithoutEnd = "rotation-without-end" error
    /// A rotation goes by the age of a secret, and it is not known when that was issued.
    SecretAgeUnknown = "secret-age-unknown" either
    /// An access token that its server cannot delete was disabled, or is about to be; enabling it brings the same secret back.
    SecretComesBack = "secret-comes-back" warning
    /// The secret of an access token does not work, and nothing that is planned mends that.
    SecretDoesNotWork = "secret-does-not-work" warning
    /// Two resources would hold one secret.
    SecretHeldTwice = "secret-held-twice" error
    /// A secret stands in clear in an attribute, which the configuration that Terraform writes leaves out.
    SecretLeftOut = "secret-left-out" warning
    /// A secret was issued and could not be handed over.
    SecretNotDelivered = "secret-not-delivered" error
    /// A token server issued a secret, and neither its answer nor the object shows it.
    SecretNotTold = "secret-not-told" error
    /// A server with another address has an object of the same name, and nobody can try whether the secret in the state is that one's.
    SecretNotTried = "secret-not-tried" warning
    /// The one secret of an account counts as that of its access token, and nothing tells for whom it was issued.
    SecretOfAccount = "secret-of-account" warning
    /// A server with another address has an object of the same name with another secret.
    SecretOfAnotherServer = "secret-of-another-server" warning
    /// The secret in the state is no longer the one that works.
    SecretReplacedElsewhere = "secret-replaced-elsewhere" warning
    /// A block refers to itself.
    SelfReference = "self-reference" error
    /// An output shows a sensitive value and is not marked as sensitive.
    SensitiveOutput = "sensitive-output" error
    /// The credential has not the permission that a request needs.
    ServerForbids = "server-forbids" error
    /// It is not known whether a resource stays on its token server.
    ServerMayChange = "server-may-change" warning
    /// It is not known yet which token server is meant.
    ServerNotKnown = "server-not-known" either
    /// The certificate of the token server is not trusted.
    ServerNotTrusted = "server-not-trusted" error
    /// The token server does not accept the credential.
    ServerRefusedCredential = "server-refused-credential" error
    /// The token server does not accept what it was asked to do.
    ServerRefusedRequest = "server-refused-request" error
    /// The token server cannot be reached, or cannot answer now.
    ServerUnavailable = "server-unavailable" error
    /// The settings of the provider are known only after an apply.
    SettingsKnownAfterApply = "settings-known-after-apply" error
    /// What receives the secrets cannot be opened or written.
    Sink = "sink" error
    /// Changes were not begun, because something before them failed.
    Skipped = "skipped" error
    /// The state does not say which object it is about.
    StateWithoutId = "state-without-id" error
    /// An object was created, and a later step of its creation failed.
    StepFailed = "step-failed" either
    /// A file is not written as the language wants it.
    Syntax = "syntax" error
    /// An access token ends soon, and nothing rotates it.
    TokenEndsSoon = "token-ends-soon" warning
    /// Something takes the clear secret of an access token that has it only for a `recipient`.
    TokenIsNull = "token-is-null" warning
    /// An exchanged token ends sooner than was asked for.
    TokenTooShort = "token-too-short" error
    /// An access token has no role, though its account has some and the configuration leaves them to that.
    TokenWithoutRoles = "token-without-roles" warning
    /// A function is given too many arguments.
    TooManyArguments = "too-many-arguments" error
    /// A block stands more often than it may.
    TooManyBlocks = "too-many-blocks" error
    /// A configuration has more instances of modules or resources than are evaluated.
    TooManyInstances = "too-many-instances" error
    /// A restriction has more labels than the token server takes.
    TooManyLabels = "too-many-labels" error
    /// A configuration has more modules than are read.
    TooManyModules = "too-many-modules" error
    /// A configuration needs more steps than are taken.
    TooMuchWork = "too-much-work" error
    /// `replace_triggered_by` is left to Terraform.
    TriggersNotEvaluated = "triggers-not-evaluated" warning
    /// An access token is given both a time and a lifetime.
    TwoEnds = "two-ends" error
    /// Terraform and OpenTofu read the folder otherwise, and nothing says which of them is meant.
    TwoLanguages = "two-languages" warning
    /// A rotation goes by the age of a secret and by its end.
    TwoRotationTimes = "two-rotation-times" error
    /// A reference is to something that is not declared.
    UndeclaredReference = "undeclared-reference" error
    /// A template uses a variable that it is not given.
    UndeclaredTemplateVariable = "undeclared-template-variable" error
    /// A value is given to a variable that is not declared.
    UndeclaredVariable = "undeclared-variable" error
    /// A secret was issued that nobody may have received.
    UndeliveredSecret = "undelivered-secret" either
    /// The token server answered in a way that is not understood.
    UnexpectedAnswer = "unexpected-answer" error
    /// A reference names an instance of what has only one.
    UnexpectedInstanceKey = "unexpected-instance-key" error
    /// The plan is not the one whose digest was given.
    UnexpectedPlan = "unexpected-plan" error
    /// There is no such kind of token server.
    UnknownApi = "unknown-api" error
    /// A block has no such argument.
    UnknownAttribute = "unknown-attribute" error
    /// A block stands where no such block may stand.
    UnknownBlock = "unknown-block" error
    /// A value is none of those that Lanyard knows.
    UnknownChoice = "unknown-choice" error
    /// There is no such function.
    UnknownFunction = "unknown-function" error
    /// How many instances there will be is known only after an apply.
    UnknownInstances = "unknown-instances" warning
    /// Lanyard's provider has no such resource or data source.
    UnknownResourceType = "unknown-resource-type" error
    /// Lanyard's provider was asked for a type that it does not have.
    UnknownType = "unknown-type" error
    /// A file cannot be read.
    UnreadableFile = "unreadable-file" error
    /// A folder cannot be read.
    UnreadableFolder = "unreadable-folder" error
    /// A list has an object that this version does not understand.
    UnreadableObject = "unreadable-object" warning
    /// A plan to review cannot be read.
    UnreadablePlan = "unreadable-plan" error
    /// A plan file to apply cannot be read.
    UnreadablePlanFile = "unreadable-plan-file" error
    /// A policy file cannot be read.
    UnreadablePolicy = "unreadable-policy" error
    /// The stored state is not of the shape that Lanyard writes.
    UnreadableState = "unreadable-state" error
    /// Terraform sent a value that does not fit the schema.
    UnreadableValue = "unreadable-value" error
    /// It cannot be read which workspace of Terraform is selected.
    UnreadableWorkspace = "unreadable-workspace" error
    /// The token server does not support what was asked of it.
    Unsupported = "unsupported" error
    /// The token server, or a value, has no such attribute.
    UnsupportedAttribute = "unsupported-attribute" error
    /// The token server cannot keep an old secret as long as an action asks.
    UnsupportedGracePeriod = "unsupported-grace-period" error
    /// A grace period of an action would never end.
    UnusableGracePeriod = "unusable-grace-period" error
    /// A configuration file cannot be written.
    UnwritableFile = "unwritable-file" error
    /// A value grows larger than is kept.
    ValueTooLarge = "value-too-large" error
    /// A secret would be handed over under the name of a variable that another one has.
    VariableTaken = "variable-taken" error
    /// Users or teams are named, and the visibility is not "selected".
    VisibilityNotSelected = "visibility-not-selected" error
    /// The visibility is "selected", and neither users nor teams are named.
    VisibilitySelectsNobody = "visibility-selects-nobody" error
    /// The folder for the lock and the journal cannot be made.
    WorkingFolder = "working-folder" error
    /// The version of Terraform does not know write-only attributes.
    WriteOnlyUnsupported = "write-only-unsupported" error
    /// A value is of another type than is needed.
    WrongType = "wrong-type" error
}
