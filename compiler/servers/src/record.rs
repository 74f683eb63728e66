//! What servers say: of their objects, whichever kind they are, of whom a credential is, and of themselves.

use jiff::Timestamp;
use lanyard_compiler::model::Restriction;
use lanyard_compiler::model::record::{AccessTokenRecord, ServiceAccountRecord};
use lanyard_compiler::plan::in_use::InUse;
use lanyard_compiler::secret::Secret;
use serde::Serialize;

/// What both kinds of record have.
pub trait Record: Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static {
    fn id(&self) -> &str;
    fn name(&self) -> &str;
    fn created_at(&self) -> Option<Timestamp>;
    fn issued_at(&self) -> Option<Timestamp>;
    fn last_used_at(&self) -> Option<Timestamp>;
    fn managed_by(&self) -> Option<&str>;
    /// Where its manager keeps its records of it: see [`crate::Origin`].
    fn origin(&self) -> Option<&str>;
    /// How the current secret begins, where the server shows that much.
    fn secret_prefix(&self) -> Option<&str>;
    /// The server's own count of secrets.
    fn generation(&self) -> Option<i64>;
    /// Takes the secret out, where the server shows it.
    fn take_secret(&mut self) -> Option<Secret>;
}

/// Where a list goes on; opaque to everybody but the backend that made it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor(pub String);

/// Narrows a list. A backend hands to its server what the server understands and drops the rest of the answer itself, so that a
/// page never holds what was not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Exactly this name.
    pub name: Option<String>,
    /// Tokens of this service account's id; meaningless for accounts.
    pub service_account: Option<String>,
    /// Only what this tool owns, where the server keeps owners; elsewhere everything passes.
    pub managed_by: Option<String>,
}

/// Who a credential is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// `operator`, `user` or `service_account`: in the server's own words.
    pub kind: String,
    pub id: String,
    pub name: String,
    /// The service account that the credential belongs to.
    pub service_account: Option<Reference>,
    /// The access token that the credential is.
    pub access_token: Option<IdentityToken>,
    pub roles: Vec<String>,
    pub scopes: Vec<String>,
    pub restriction: Option<Restriction>,
}

impl Identity {
    /// The object of ours that the credential would be.
    pub fn in_use(&self) -> InUse {
        InUse {
            account: self
                .service_account
                .as_ref()
                .map(|account| account.id.clone()),
            token: self.access_token.as_ref().map(|token| token.id.clone()),
            secrets: Vec::new(),
        }
    }
}

/// A token that only whoever runs the server can end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BeyondReach {
    /// The account's id.
    pub service_account: String,
    pub name: String,
    /// Where it is kept: "a file on node-0".
    pub place: String,
}

/// An object by its id and name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reference {
    pub id: String,
    pub name: String,
}

/// The access token that a credential is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct IdentityToken {
    pub id: String,
    pub name: String,
    pub expires_at: Option<Timestamp>,
    pub generation: Option<i64>,
}

/// What a server says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ServerDescription {
    /// The kind of server: `native`, `splunk`.
    pub api: String,
    /// The address it is reached at.
    pub url: String,
    pub version: Option<String>,
    /// What it offers, in its own words, sorted.
    pub features: Vec<String>,
    /// Names of the roles it knows by itself.
    pub roles: Vec<String>,
}

impl Record for ServiceAccountRecord {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn created_at(&self) -> Option<Timestamp> {
        self.created_at
    }

    fn issued_at(&self) -> Option<Timestamp> {
        None
    }

    fn last_used_at(&self) -> Option<Timestamp> {
        self.last_used_at
    }

    fn managed_by(&self) -> Option<&str> {
        self.managed_by.as_deref()
    }

    fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    fn secret_prefix(&self) -> Option<&str> {
        self.secret_prefix.as_deref()
    }

    fn generation(&self) -> Option<i64> {
        None
    }

    fn take_secret(&mut self) -> Option<Secret> {
        self.token.take()
    }
}

impl Record for AccessTokenRecord {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn created_at(&self) -> Option<Timestamp> {
        self.created_at
    }

    fn issued_at(&self) -> Option<Timestamp> {
        self.issued_at
    }

    fn last_used_at(&self) -> Option<Timestamp> {
        self.last_used_at
    }

    fn managed_by(&self) -> Option<&str> {
        self.managed_by.as_deref()
    }

    fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    fn secret_prefix(&self) -> Option<&str> {
        self.secret_prefix.as_deref()
    }

    fn generation(&self) -> Option<i64> {
        self.generation
    }

    fn take_secret(&mut self) -> Option<Secret> {
        self.token.take()
    }
}
