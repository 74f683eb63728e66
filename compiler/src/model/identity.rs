//! Who a credential is, and what a server says of itself.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::Restriction;

/// Who a credential is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
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

/// An object by its id and name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reference {
    pub id: String,
    pub name: String,
}

/// The access token that a credential is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IdentityToken {
    pub id: String,
    pub name: String,
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub expires_at: Option<Timestamp>,
    pub generation: Option<i64>,
}

/// What a server says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
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
