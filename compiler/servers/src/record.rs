//! Answers of [`crate::TokenServer`]'s verbs that are no records of the model: pages, new secrets, and who is who.

use jiff::Timestamp;
use lanyard_compiler::model::Restriction;
use lanyard_compiler::plan::in_use::InUse;
use lanyard_compiler::secret::Secret;
use serde::Serialize;

use crate::object::Object;

/// The answer to a create or a rotation: the only answers that bring a new secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued<O: Object> {
    /// What the server says of the object; its `token` is left empty here.
    pub record: O::Record,
    /// `None` where this kind of object has no secret of its own.
    pub secret: Option<Secret>,
    /// What a rotation with two slots left alive: the id of the object that holds the old secret. The engine ends it.
    pub retired: Option<String>,
}

/// Where a list goes on; opaque to everybody but the backend that made it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor(pub String);

/// Part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<O: Object> {
    pub records: Vec<O::Record>,
    /// `None` on the last page.
    pub next: Option<Cursor>,
}

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
