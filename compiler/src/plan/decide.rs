//! One resource: create, update, rotate, replace or delete, and every value of the state to come.

mod due;
mod past;
mod secret;

use jiff::Timestamp;

use due::Decision;
pub use past::past_end;
use secret::{rotate_at, set_secret};

use super::diff::{Difference, differences, merge};
use super::written::{set_by_the_server, written};
use super::{Action, PlannedResource, Reason, expiry, rotation};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::access_token::Status;
use crate::model::checks;
use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::server::{
    Capabilities, Change, DeleteCapability, ResourceCapabilities, RotationCapability,
};
use crate::value::{AttributePath, Value};

/// Plans one resource. `server` is `None` while the provider's settings are not known; `prior` is null for a creation and
/// `config` for a deletion. Whatever the configuration leaves unknown stays unknown.
pub fn plan_resource(
    kind: Kind,
    server: Option<&Capabilities>,
    prior: &Value,
    config: &Value,
) -> PlannedResource {
    if config.is_null() {
        return deletion(kind, server, prior);
    }
    let request = Request::new(kind, server, prior, config);
    request.checked(request.plan())
}

/// Likewise, for who has the configuration checked as it was written (see [`checks::validate`]), before `ignore_changes` put the
/// state's values into it: of a new object that replaces another, nothing tells any more which these are.
pub fn plan_validated(
    kind: Kind,
    server: Option<&Capabilities>,
    prior: &Value,
    config: &Value,
) -> PlannedResource {
    if config.is_null() {
        return deletion(kind, server, prior);
    }
    let request = Request::new(kind, server, prior, config);
    let mut planned = request.plan();
    planned.restrictable = request.restrictable();
    planned
        .diagnostics
        .extend(set_by_the_server(kind, server, prior, config));
    planned
}

/// Plans to replace a resource that exists, although nothing about itself asks for it; `why` says what does.
pub fn plan_replacement(
    kind: Kind,
    server: Option<&Capabilities>,
    prior: &Value,
    config: &Value,
    why: &str,
) -> PlannedResource {
    let request = Request::new(kind, server, prior, config);
    let mut planned = request.update();
    let reason = Reason::Replacement {
        path: AttributePath::root(),
        why: why.to_owned(),
    };
    if planned.action == Action::Replace {
        planned.reasons.insert(0, reason);
    } else {
        planned = request.replacement(Vec::new());
        planned.reasons.insert(0, reason);
    }
    request.checked(planned)
}

/// Plans to issue a new secret for a resource that exists, whatever its rotation block says; `why` says for what.
pub fn plan_reissue(
    kind: Kind,
    server: Option<&Capabilities>,
    prior: &Value,
    config: &Value,
    why: &str,
) -> PlannedResource {
    let mut request = Request::new(kind, server, prior, config);
    request.reissue = Some(why);
    request.checked(request.update())
}

/// Likewise, as of `now`: what planning leaves open, because only the clock at the time of an apply can tell, is decided.
pub fn plan_at(
    kind: Kind,
    server: Option<&Capabilities>,
    prior: &Value,
    config: &Value,
    now: Timestamp,
) -> PlannedResource {
    let mut request = Request::new(kind, server, prior, config);
    request.now = Some(now);
    request.checked(request.plan())
}

/// Why a secret that was handed to somebody, so that no state holds it, has to be issued anew: it died, and nothing else would renew
/// it. `None` for one that works, that is disabled, or whose end a rotation cannot move.
pub fn died(
    kind: Kind,
    server: Option<&Capabilities>,
    prior: &Value,
    config: &Value,
) -> Option<String> {
    if kind != Kind::AccessToken || prior.is_null() || config.is_null() {
        return None;
    }
    Request::new(kind, server, prior, config).died()
}

fn deletion(kind: Kind, server: Option<&Capabilities>, prior: &Value) -> PlannedResource {
    let mut plan = PlannedResource::new(Action::Delete, Value::Null);
    if prior.is_null() {
        plan.action = Action::NoOp;
        return plan;
    }
    let tokens_exist = server.is_none_or(|server| server.access_token.absent.is_none());
    if kind == Kind::ServiceAccount && tokens_exist {
        plan.reasons.push(Reason::Cascade {
            what: "its access tokens end with it".to_owned(),
        });
    }
    match server.map(|server| kind.capabilities_for(server, prior).delete) {
        Some(DeleteCapability::Disables { warning } | DeleteCapability::Leaves { warning }) => {
            plan.diagnostics.push(
                Diagnostic::warning(
                    Code::DeletionLeavesSomething,
                    "Destroying leaves something behind",
                )
                .detail(warning),
            );
        }
        Some(DeleteCapability::Deletes) | None => {}
    }
    plan
}

struct Request<'a> {
    kind: Kind,
    server: Option<&'a Capabilities>,
    capabilities: Option<&'a ResourceCapabilities>,
    prior: &'a Value,
    config: &'a Value,
    /// Why a new secret is issued whatever else is decided.
    reissue: Option<&'a str>,
    /// `None` when planning: the apply has the clock.
    now: Option<Timestamp>,
}

impl<'a> Request<'a> {
    fn new(
        kind: Kind,
        server: Option<&'a Capabilities>,
        prior: &'a Value,
        config: &'a Value,
    ) -> Self {
        Self {
            kind,
            server,
            capabilities: server.map(|server| kind.capabilities_for(server, config)),
            prior,
            config,
            reissue: None,
            now: None,
        }
    }

    fn plan(&self) -> PlannedResource {
        if self.prior.is_null() {
            self.create()
        } else {
            self.update()
        }
    }

    fn restrictable(&self) -> bool {
        self.server.is_none_or(Capabilities::restricts)
    }

    /// With what is wrong about the configuration.
    fn checked(&self, mut planned: PlannedResource) -> PlannedResource {
        planned.restrictable = self.restrictable();
        let written = written(self.kind, self.capabilities, self.prior, self.config);
        let errors = checks::validate(self.kind, self.server, &written)
            .into_iter()
            .filter(Diagnostic::is_error);
        planned.diagnostics.extend(errors);
        planned
    }

    fn create(&self) -> PlannedResource {
        let mut plan = PlannedResource::new(Action::Create, self.new_object());
        plan.diagnostics.extend(
            self.capabilities
                .and_then(|capabilities| capabilities.creation_ends)
                .map(|warning| {
                    Diagnostic::warning(
                        Code::CreationEndsSomething,
                        "Creating an access token ends another secret",
                    )
                    .detail(warning)
                }),
        );
        plan
    }

    /// The state of an object that does not exist yet.
    fn new_object(&self) -> Value {
        let mut planned = merge(&facts::schema(self.kind).body, self.config, &Value::Null);
        self.leave_out_unsupported(&mut planned);
        set_unrestricted(self.config, &mut planned);
        set(&mut planned, "id", Value::Unknown);
        set(&mut planned, "rotation_due", false.into());
        let issues_secret = self
            .capabilities
            .is_none_or(|capabilities| capabilities.issues_secret);
        // Taking over a token continues its count; so does replacing it where nothing but the count tells the two apart.
        let slots = self
            .capabilities
            .is_none_or(|capabilities| capabilities.rotation == RotationCapability::TwoSlots);
        let on_conflict = self.config.get("on_conflict");
        let adopts = match on_conflict.as_str() {
            Some("error") => false,
            Some("replace") => slots,
            _ => !on_conflict.is_null(),
        };
        let generation = if adopts { Value::Unknown } else { 1.into() };
        match self.kind {
            Kind::ServiceAccount => {
                set(&mut planned, "created_at", Value::Unknown);
                let known = self.capabilities.is_some();
                set(
                    &mut planned,
                    "token",
                    if issues_secret {
                        Value::Unknown
                    } else {
                        Value::Null
                    },
                );
                set(
                    &mut planned,
                    "generation",
                    match (known, issues_secret) {
                        (false, _) => Value::Unknown,
                        (true, true) => generation,
                        (true, false) => Value::Null,
                    },
                );
            }
            Kind::AccessToken => {
                set(
                    &mut planned,
                    "expires_at",
                    expiry::of_new(self.capabilities, self.config),
                );
                set_secret(self.config, &mut planned);
                set(&mut planned, "generation", generation);
                set(&mut planned, "issued_at", Value::Unknown);
                set(&mut planned, "status", Value::Unknown);
                set(
                    &mut planned,
                    "retired",
                    if adopts {
                        Value::Unknown
                    } else {
                        Value::List(Vec::new())
                    },
                );
                let rotate_at = rotate_at(&planned);
                set(&mut planned, "rotate_at", rotate_at);
            }
        }
        planned
    }

    fn update(&self) -> PlannedResource {
        let body = &facts::schema(self.kind).body;
        let mut planned = merge(body, self.config, self.prior);
        set_unrestricted(self.config, &mut planned);
        if self.kind == Kind::AccessToken {
            set(
                &mut planned,
                "expires_at",
                expiry::of_existing(self.capabilities, self.config, self.prior),
            );
        }

        let differences = differences(body, self.prior, &planned);
        let replacements = self.replacements(&differences);
        if !replacements.is_empty() {
            return self.replacement(replacements);
        }
        self.move_id(&differences, &mut planned);
        let mut plan = PlannedResource::new(Action::Update, planned);
        match self.decide_rotation(&differences, &plan.planned) {
            Decision::Keep => {
                self.keep_secret(&mut plan);
                plan.diagnostics.extend(self.secret_of_another());
            }
            Decision::Rotate { .. } if self.hands_over() => {
                set_secret(self.config, &mut plan.planned);
            }
            // The apply cannot turn an update into a replacement: what may have to be replaced is.
            Decision::Rotate { why, .. } | Decision::Perhaps(why) if self.cannot_rotate() => {
                let encrypted = self.config.get("recipient").as_str().is_some();
                let secret = if encrypted {
                    "encrypted_token"
                } else {
                    "token"
                };
                return self.replacement(vec![(AttributePath::attribute(secret), why)]);
            }
            Decision::Perhaps(why) => {
                plan.diagnostics.extend(self.may_rotate(&plan.planned));
                self.rotate(&mut plan.planned, Value::Unknown, Value::Unknown);
                plan.reasons.push(Reason::PossibleRotation { why });
            }
            Decision::Rotate { why, more } => {
                let before = self
                    .prior
                    .get("generation")
                    .as_number()
                    .and_then(|number| number.as_i64());
                let generation = before.unwrap_or(1).saturating_add(1);
                let shown = if more {
                    Value::Unknown
                } else {
                    why.as_str().into()
                };
                self.rotate(&mut plan.planned, generation.into(), shown);
                plan.reasons.push(Reason::Rotation { why });
            }
        }
        self.add_cascade(&mut plan);
        self.add_revocations(&mut plan);
        self.end_grace(&mut plan);
        if plan.planned == *self.prior {
            plan.action = Action::NoOp;
        }
        plan
    }

    /// Where the name is the address, a new name is a new `id`; and the secret that the server keeps alive stands under it.
    fn move_id(&self, differences: &[Difference], planned: &mut Value) {
        let renamed = differences
            .iter()
            .any(|difference| self.change(&difference.name) == Change::Renames);
        if !renamed {
            return;
        }
        let own = self.prior.get("id");
        if rotation::entries(self.prior).any(|entry| entry.get("id") == own) {
            set(planned, "retired", Value::Unknown);
        }
        set(planned, "id", Value::Unknown);
    }

    /// What this server cannot change on an existing object.
    fn replacements(&self, differences: &[Difference]) -> Vec<(AttributePath, String)> {
        differences
            .iter()
            .filter(|difference| {
                // A name that the server does not know is the configuration's to give, to what was imported as well.
                let ours_alone = difference.name == "name" && self.is_not_the_servers_name();
                !difference.local && !ours_alone && self.change(&difference.name) == Change::Replace
            })
            .map(|difference| {
                let title = self.server.map_or("this server", |server| server.title);
                (
                    difference.path.clone(),
                    format!("cannot be changed in place on {title}"),
                )
            })
            .collect()
    }

    /// True if the object has no name yet, or is known by an address that was not made of it: such an address would begin with it.
    fn is_not_the_servers_name(&self) -> bool {
        let by_address = self
            .capabilities
            .and_then(|capabilities| capabilities.attribute("email"))
            .is_some_and(|email| email.change == Change::Replace);
        match (
            self.prior.get("name").as_str(),
            self.prior.get("email").as_str(),
        ) {
            (None, _) => self.prior.get("name").is_null(),
            (Some(name), Some(address)) if by_address => !address
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('.')),
            _ => false,
        }
    }

    fn replacement(&self, because: Vec<(AttributePath, String)>) -> PlannedResource {
        let mut plan = PlannedResource::new(Action::Replace, self.new_object());
        plan.diagnostics.extend(self.replaces_what_expired());
        plan.diagnostics.extend(self.name_stays_taken(&because));
        for (path, why) in because {
            plan.requires_replace.push(path.clone());
            plan.reasons.push(Reason::Replacement { path, why });
        }
        if self.kind == Kind::ServiceAccount {
            plan.reasons.push(Reason::Cascade {
                what: "the access tokens of the account that is replaced end with it".to_owned(),
            });
        }
        plan
    }

    /// Terraform names the attribute that forces a replacement, and nothing else says that the secret had ended.
    fn replaces_what_expired(&self) -> Option<Diagnostic> {
        let expired = rotation::parse_status(self.prior.get("status")) == Status::Expired;
        (expired && self.cannot_rotate()).then(|| {
            Diagnostic::warning(Code::ExpiredIsReplaced, "An expired access token is replaced")
                .detail(format!(
                    "{} expired {}; {} cannot rotate what has expired.",
                    name_of(self.prior),
                    self.prior.get("expires_at").as_str().unwrap_or("at its end"),
                    self.server.map_or("this server", |server| server.title),
                ))
                .at(AttributePath::attribute("expires_at"))
                .hint("Apply more often than `before_expiry` is long: a token that is rotated before its end keeps its id.")
        })
    }

    /// The account's resource does not fight for a secret that it was not told to look after.
    fn secret_of_another(&self) -> Option<Diagnostic> {
        self.was_replaced_elsewhere().then(|| {
            Diagnostic::warning(
                Code::SecretReplacedElsewhere,
                "The secret of a service account in the state is no longer accepted",
            )
            .detail(format!(
                "{}: it was replaced elsewhere, perhaps by a `lanyard_access_token` of this account.",
                name_of(self.prior)
            ))
            .at(AttributePath::attribute("token"))
            .hint("Use the `token` of that resource, and not the account's.")
            .hint("For the account to get a new secret whenever that happens: add a `rotation` block to it.")
        })
    }

    /// Where nothing is deleted, the new object cannot have the old one's name.
    fn name_stays_taken(&self, because: &[(AttributePath, String)]) -> Option<Diagnostic> {
        let (path, why) = because.first()?;
        let DeleteCapability::Disables { warning } =
            self.kind.capabilities_for(self.server?, self.prior).delete
        else {
            return None;
        };
        let same_name = self.config.get("name") == self.prior.get("name");
        same_name.then(|| {
            Diagnostic::error(
                Code::ReplacementImpossible,
                "What cannot be deleted cannot be replaced",
            )
            .detail(format!("`{path}` {why}. {warning}"))
            .at(path.clone())
            .hint("Choose another `name` for the new one.")
        })
    }

    /// What changing the attribute costs; a part of a block costs what the block costs, unless the server says otherwise.
    fn change(&self, name: &str) -> Change {
        if self.kind == Kind::AccessToken && matches!(name, "expires_at" | "ttl") {
            return expiry::change(self.capabilities);
        }
        let Some(capabilities) = self.capabilities else {
            return Change::InPlace;
        };
        let block = name.split('.').next().unwrap_or(name);
        capabilities
            .attribute(name)
            .or_else(|| capabilities.attribute(block))
            .map_or(Change::InPlace, |attribute| attribute.change)
    }

    fn add_cascade(&self, plan: &mut PlannedResource) {
        if self.kind != Kind::ServiceAccount {
            return;
        }
        let (Some(before), Some(after)) = (
            self.prior.get("roles").as_list(),
            plan.planned.get("roles").as_list(),
        ) else {
            return;
        };
        if after.iter().any(Value::is_unknown) {
            return;
        }
        let removed: Vec<&str> = before
            .iter()
            .filter(|role| !after.contains(role))
            .filter_map(Value::as_str)
            .collect();
        if removed.is_empty() {
            return;
        }
        let what = format!("its access tokens lose {}", removed.join(", "));
        plan.diagnostics.push(
            Diagnostic::warning(
                Code::RolesRemoved,
                "Removing a role takes it from the account's access tokens",
            )
            .detail(format!(
                "{}: {what}. Adding the role again later does not give it back to them.",
                name_of(self.prior)
            ))
            .at(AttributePath::attribute("roles")),
        );
        plan.reasons.push(Reason::Cascade { what });
    }

    /// Retired tokens whose grace period was over when the state was read are revoked by this update.
    fn add_revocations(&self, plan: &mut PlannedResource) {
        let ids: Vec<String> = rotation::entries(self.prior)
            .filter(|entry| entry.get("due").as_bool() == Some(true))
            .filter_map(|entry| entry.get("id").as_str().map(str::to_owned))
            .collect();
        if ids.is_empty() {
            return;
        }
        if !plan.planned.get("retired").is_unknown() {
            let kept: Vec<Value> = rotation::entries(self.prior)
                .filter(|entry| entry.get("due").as_bool() != Some(true))
                .cloned()
                .collect();
            if kept.is_empty() {
                set(&mut plan.planned, "previous_token", Value::Null);
            }
            set(&mut plan.planned, "retired", Value::List(kept));
        }
        plan.reasons.push(Reason::Revocation { ids });
    }

    /// What the server neither takes nor gives is null from the start.
    fn leave_out_unsupported(&self, planned: &mut Value) {
        let Some(capabilities) = self.capabilities else {
            return;
        };
        for attribute in &facts::schema(self.kind).body.attributes {
            let name = attribute.name.as_str();
            let left_to_server = self.config.get(name).is_null() && planned.get(name).is_unknown();
            if left_to_server && capabilities.attribute(name).is_none() {
                set(planned, name, Value::Null);
            }
        }
    }
}

impl PlannedResource {
    /// A plan that is all in its state.
    pub(crate) fn new(action: Action, planned: Value) -> Self {
        Self {
            action,
            planned,
            requires_replace: Vec::new(),
            reasons: Vec::new(),
            diagnostics: Vec::new(),
            restrictable: true,
        }
    }
}

fn set_unrestricted(config: &Value, planned: &mut Value) {
    let is_account = planned
        .as_map()
        .is_some_and(|entries| entries.contains_key("unrestricted"));
    if is_account && config.get("unrestricted").is_null() {
        let value = match planned.get("restriction") {
            Value::Unknown => Value::Unknown,
            restriction => restriction.is_null().into(),
        };
        set(planned, "unrestricted", value);
    }
}

fn name_of(state: &Value) -> String {
    state
        .get("name")
        .as_str()
        .map_or_else(|| "It".to_owned(), |name| format!("{name:?}"))
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(entries) = object.as_map_mut() {
        entries.insert(name, value);
    }
}
