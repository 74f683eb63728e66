//! What each token server can do: facts only, no HTTP. One file per server; a capability is never an `if` on a server's name
//! outside its own module.

pub mod chronosphere;
pub mod elasticsearch;
pub mod native;
pub mod openobserve;
pub mod osmo;
pub mod splunk;

use super::lifetime::Lifetime;
use super::words::words;

words! {
    /// The kinds of token server.
    #[derive(Default)]
    pub enum Api {
        /// The open API that Lanyard defines; the embedded server speaks it.
        #[default]
        Native = "native",
        /// Chronosphere.
        Chronosphere = "chronosphere",
        /// Elasticsearch.
        Elasticsearch = "elasticsearch",
        /// OpenObserve.
        Openobserve = "openobserve",
        /// NVIDIA OSMO.
        Osmo = "osmo",
        /// Splunk Observability Cloud.
        Splunk = "splunk",
    }
}

/// What a server can do, as data: plan-time errors, the capability table, the conformance suite and the diff follow from it.
#[derive(Debug)]
pub struct Capabilities {
    pub api: Api,
    /// The server's name in sentences: "Splunk Observability".
    pub title: &'static str,
    /// Says when an account or a token was last used. Where it does not, nothing is known of a use, which is not "never used".
    pub tells_last_use: bool,
    /// Objects carry the name of the tool that manages them; elsewhere nothing tells ours from those of others, and none is pruned.
    pub keeps_owners: bool,
    /// A development server of this kind takes a user name for who we are, without a password.
    pub believes_user_names: bool,
    /// Which organization it is follows from the credential alone, so that one address is that of many.
    pub organization_of_credential: bool,
    /// Ids say in which organization an object is: `ORGANIZATION/NAME`.
    pub organization_in_ids: bool,
    pub service_account: ResourceCapabilities,
    pub access_token: ResourceCapabilities,
    /// What it can do with access tokens that belong to no service account, where that differs.
    pub access_token_without_account: Option<ResourceCapabilities>,
    /// What it can do with service accounts that are its own: found, never made or changed.
    pub built_in_service_account: Option<BuiltIn>,
    /// Likewise, with access tokens that belong to no service account.
    pub built_in_access_token: Option<BuiltIn>,
}

/// Objects that a server brings along.
#[derive(Debug)]
pub struct BuiltIn {
    /// True for the name of one.
    pub is_one: fn(&str) -> bool,
    pub can: ResourceCapabilities,
}

/// What a server can do with one kind of resource.
#[derive(Debug)]
pub struct ResourceCapabilities {
    /// Why this kind does not exist there and what to do instead, as whole sentences; `None` if it exists.
    pub absent: Option<&'static str>,
    /// What no two of them have in common.
    pub naming: Naming,
    /// The configurable attributes that the server takes, by path (`restriction.labels`; a block by its own name). What is not
    /// listed is refused at plan time. Local attributes need not be listed.
    pub attributes: &'static [AttributeCapability],
    /// Issues a secret when it is created.
    pub issues_secret: bool,
    /// What ends when one is created: the text is the warning, as whole sentences.
    pub creation_ends: Option<&'static str>,
    /// How a secret can be replaced.
    pub rotation: RotationCapability,
    pub expiry: ExpiryCapability,
    /// What deleting does.
    pub delete: DeleteCapability,
    /// How a create whose answer was lost is made good.
    pub recovery: Recovery,
}

/// What no two objects of one kind, and of one account where they belong to accounts, have in common on a server.
#[derive(Clone, Copy, Debug)]
pub enum Naming {
    /// Their name, letter for letter.
    Name,
    /// Their name, and the slug that is configured or made of the name; `None` for a name that none can be made of.
    NameAndSlug { slug: fn(&str) -> Option<String> },
    /// The address that is configured, or made of the name and the organization. Letter case does not count. Of an id, `name_of` tells the
    /// name that its address was made of. An account whose address was not made of a name has none on the server, and a configuration
    /// can call it what `name_for` its address says.
    Address {
        address: fn(&str, &str) -> String,
        name_of: fn(&str) -> Option<&str>,
        name_for: fn(&str) -> String,
    },
    /// Their account: it has one, whatever it is called.
    Account,
    /// Nothing: they are the server's own, and any number of resources may speak of one.
    Shared,
}

/// What a server can do with one attribute.
#[derive(Debug)]
pub struct AttributeCapability {
    pub path: &'static str,
    /// The configuration must set it on this server.
    pub required: bool,
    pub change: UpdateCapability,
    pub limits: &'static [Limit],
}

/// What changing an attribute costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateCapability {
    /// The server changes it.
    InPlace,
    /// The server changes it, and with it the object's `id`, which is this attribute.
    Renames,
    /// Only a new secret can carry it: a planned rotation.
    Rotate,
    /// Only a new object can carry it: a planned replacement.
    Replace,
    /// The server alone sets it; a configured value is refused.
    Computed,
}

/// A bound on a value, checked at plan time.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    /// Characters of a text.
    Length { min: usize, max: usize },
    /// A form of text: the check and its description ("lower-case letters, digits and dashes").
    Pattern {
        fits: fn(&str) -> bool,
        description: &'static str,
    },
    /// Members of a set, map or list.
    Count { min: usize, max: usize },
    /// The only texts allowed.
    OneOf(&'static [&'static str]),
    /// Bounds of a number.
    Range { min: i64, max: i64 },
    /// A form of each member (of a set) or each key (of a map).
    Each {
        fits: fn(&str) -> bool,
        description: &'static str,
    },
    /// This member of a set stands alone or not at all.
    Alone(&'static str),
    /// Cannot stand together with any of these attributes.
    Excludes(&'static [&'static str]),
}

/// How a secret can be replaced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RotationCapability {
    /// The server keeps the old secret for a grace period of its own.
    Server {
        max_grace: Option<Lifetime>,
        until_first_use: bool,
        /// It says whether it keeps one now.
        tells_former: bool,
        /// A secret that has expired can be rotated too; otherwise its token is replaced.
        of_expired: bool,
        /// The old secret can be ended before its grace period is over.
        ends_early: bool,
    },
    /// A second credential is issued under the next generation's name, and the old one is revoked after its grace period. The
    /// token's `id` stays the same across generations; the retired credential's own id stands in `retired`.
    TwoSlots,
    /// The old secret ends at once; the text says what to do where an overlap is needed.
    NoOverlap { instead: &'static str },
    /// The secret cannot be replaced at all; the text says what to do instead.
    Impossible { instead: &'static str },
}

/// What the server knows of a credential's end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ExpiryCapability {
    /// Credentials never end by themselves; the text says what to do instead.
    Never { instead: &'static str },
    Supported {
        /// A token without an end is refused.
        required: bool,
        /// Ends are kept to the day (rounded down), not to the second.
        whole_days: bool,
        max: Option<Lifetime>,
        /// What a token gets of which the configuration says nothing.
        default: DefaultEnd,
        /// What a change of the end costs.
        change: UpdateCapability,
    },
}

/// How long a token works of which the configuration says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultEnd {
    Never,
    /// As long as the server decides, which an answer tells.
    OfTheServer,
    After(Lifetime),
}

/// What deleting does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeleteCapability {
    Deletes,
    /// Likewise, an account that has no access tokens; one that has any stays.
    DeletesAlone,
    /// The object stays and is disabled; the text is the warning.
    Disables {
        warning: &'static str,
    },
    /// The object is not ours to delete; it only leaves the state.
    Leaves {
        warning: &'static str,
    },
}

/// How a create or rotation whose answer was lost is made good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// The client mints the secret and the request can be repeated.
    ClientMinted,
    /// The server shows the secret again.
    ReadSecret,
    /// A new secret can be issued for the same object.
    Reissue,
    /// The object is deleted and created again.
    DeleteAndCreate,
}

/// What the servers of an API can do.
pub fn capabilities(api: Api) -> &'static Capabilities {
    match api {
        Api::Native => &native::CAPABILITIES,
        Api::Chronosphere => &chronosphere::CAPABILITIES,
        Api::Elasticsearch => &elasticsearch::CAPABILITIES,
        Api::Openobserve => &openobserve::CAPABILITIES,
        Api::Osmo => &osmo::CAPABILITIES,
        Api::Splunk => &splunk::CAPABILITIES,
    }
}

/// The token's name and the number of its secret, of the name of a later secret: `ci--2` is the second secret of `ci`.
pub fn split_generation(name: &str) -> Option<(&str, i64)> {
    let (base, number) = name.rsplit_once("--")?;
    let generation: i64 = number.parse().ok()?;
    // Only what was written by the same rule: not `--1`, `--02` or `--+2`.
    (!base.is_empty() && generation >= 2 && generation.to_string() == number)
        .then_some((base, generation))
}

impl Capabilities {
    /// The organization that an object of this id is in, where ids say so.
    pub fn organization_of<'a>(&self, id: &'a str) -> Option<&'a str> {
        let (organization, _) = id.split_once('/')?;
        self.organization_in_ids.then_some(organization)
    }

    /// True if a service account can be kept from part of the data, so that one without a restriction reaches all of it.
    pub fn restricts(&self) -> bool {
        self.service_account.attribute("restriction").is_some()
    }

    /// True if lists show the secrets of access tokens.
    pub fn lists_secrets(&self) -> bool {
        let shows = |can: &ResourceCapabilities| can.recovery == Recovery::ReadSecret;
        shows(&self.access_token)
            || self
                .access_token_without_account
                .as_ref()
                .is_some_and(shows)
    }

    /// What the server can do with a service account of this name.
    pub fn service_account_named(&self, name: &str) -> &ResourceCapabilities {
        match &self.built_in_service_account {
            Some(BuiltIn { is_one, can }) if is_one(name) => can,
            _ => &self.service_account,
        }
    }

    /// What the server can do with an access token of this name that belongs to no service account.
    pub fn access_token_alone(&self, name: &str) -> &ResourceCapabilities {
        match &self.built_in_access_token {
            Some(BuiltIn { is_one, can }) if is_one(name) => can,
            _ => self
                .access_token_without_account
                .as_ref()
                .unwrap_or(&self.access_token),
        }
    }
}

impl ResourceCapabilities {
    /// The capability of the attribute or block at `path`, spelled `block.attribute`.
    pub fn attribute(&self, path: &str) -> Option<&AttributeCapability> {
        self.attributes
            .iter()
            .find(|attribute| attribute.path == path)
    }

    /// True for a set, map or list that cannot be empty.
    pub fn wants_members(&self, path: &str) -> bool {
        let limits = self.attribute(path).map_or(&[][..], |one| one.limits);
        limits
            .iter()
            .any(|limit| matches!(limit, Limit::Count { min, .. } if *min > 0))
    }

    /// True where the next secret of a token is a token of its own that is given all roles of its account unless it is asked for with
    /// some, and cannot be asked for with none.
    pub fn gives_roles_anew(&self) -> bool {
        self.rotation == RotationCapability::TwoSlots && self.wants_members("roles")
    }

    /// Why something existing cannot be adopted: its secret is not shown, and no other can be issued for it.
    pub fn no_secret_of_adopted(&self) -> Option<&'static str> {
        match self.rotation {
            RotationCapability::Impossible { instead }
                if self.issues_secret && self.recovery != Recovery::ReadSecret =>
            {
                Some(instead)
            }
            _ => None,
        }
    }

    /// True if the server itself counts the secrets of an object. Elsewhere each state counts those that it was given, and the counts of
    /// two states say nothing of each other.
    pub fn counts_secrets(&self) -> bool {
        self.rotation == RotationCapability::TwoSlots || self.recovery == Recovery::ClientMinted
    }
}

impl ResourceCapabilities {
    /// A kind that does not exist on a server; the text says what to do instead, as whole sentences.
    pub const fn absent(instead: &'static str) -> Self {
        Self {
            absent: Some(instead),
            naming: Naming::Name,
            attributes: &[],
            issues_secret: false,
            creation_ends: None,
            rotation: RotationCapability::Impossible { instead },
            expiry: ExpiryCapability::Never { instead },
            delete: DeleteCapability::Deletes,
            recovery: Recovery::DeleteAndCreate,
        }
    }
}

impl RotationCapability {
    /// The name in tables: `two_slots`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Server { .. } => "server",
            Self::TwoSlots => "two_slots",
            Self::NoOverlap { .. } => "no_overlap",
            Self::Impossible { .. } => "impossible",
        }
    }
}

impl ExpiryCapability {
    pub fn is_supported(self) -> bool {
        matches!(self, Self::Supported { .. })
    }
}

impl AttributeCapability {
    const fn new(path: &'static str, change: UpdateCapability) -> Self {
        Self {
            path,
            required: false,
            change,
            limits: &[],
        }
    }

    /// An optional attribute that only a new secret can carry.
    pub const fn rotate(path: &'static str) -> Self {
        Self::new(path, UpdateCapability::Rotate)
    }

    /// An attribute that the server sets; it can be read and not configured.
    pub const fn computed(path: &'static str) -> Self {
        Self::new(path, UpdateCapability::Computed)
    }

    /// An optional attribute that changes in place.
    pub const fn in_place(path: &'static str) -> Self {
        Self::new(path, UpdateCapability::InPlace)
    }

    /// An attribute that is the object's address on the server, and changes in place.
    pub const fn renames(path: &'static str) -> Self {
        Self::new(path, UpdateCapability::Renames)
    }

    /// An optional attribute whose change needs a new object.
    pub const fn replace(path: &'static str) -> Self {
        Self::new(path, UpdateCapability::Replace)
    }

    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    #[must_use]
    pub const fn limits(mut self, limits: &'static [Limit]) -> Self {
        self.limits = limits;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts;
    use crate::model::kind::Kind;

    #[test]
    fn every_capability_speaks_of_an_attribute_that_exists() {
        for api in Api::ALL {
            let server = capabilities(api);
            assert_eq!(server.api, api);
            let tokens = server.access_token_without_account.as_ref();
            let kinds = [
                (Kind::ServiceAccount, &server.service_account),
                (Kind::AccessToken, &server.access_token),
            ];
            for (kind, resource) in kinds
                .into_iter()
                .chain(tokens.map(|tokens| (Kind::AccessToken, tokens)))
            {
                let body = &facts::schema(kind).body;
                for attribute in resource.attributes {
                    let known = match attribute.path.split_once('.') {
                        Some((block, name)) => body
                            .block(block)
                            .is_some_and(|block| block.body.attribute(name).is_some()),
                        None => {
                            body.block(attribute.path).is_some()
                                || body.attribute(attribute.path).is_some_and(|attribute| {
                                    attribute.is_configurable() && !attribute.local
                                })
                        }
                    };
                    assert!(known, "{}: {kind} has no {}", api.name(), attribute.path);
                }
            }
        }
    }
}
