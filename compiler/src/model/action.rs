//! What can be done to a token beside managing it: the actions' arguments. As with the resources, the fields and their
//! documentation here are the schema and the manual.

mod check;

use std::sync::LazyLock;

use schemars::JsonSchema;

use super::facts;
use super::lifetime::GracePeriod;
use super::schema::Schema;

pub use check::{Asked, asked};

/// A kind of action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActionKind {
    RotateAccessToken,
    RevokeAccessToken,
}

/// Ends the secret of an access token because it may have leaked: a new secret is issued on the server and thrown away, so the one in
/// the state is replaced by the next plan and apply. With a `grace_period` the old secret works until then.
#[derive(Clone, Debug, JsonSchema)]
pub struct RotateAccessToken {
    /// `id` of the access token.
    pub access_token: String,
    /// How long the old secret stays valid: a duration, or `"0s"` (the default) for not at all. Only where the server itself keeps
    /// and ends it: an action remembers nothing.
    pub grace_period: Option<GracePeriod>,
}

/// Revokes an access token at once: the server refuses it from then on. A token that is managed here is created anew by the next plan
/// and apply.
#[derive(Clone, Debug, JsonSchema)]
pub struct RevokeAccessToken {
    /// `id` of the access token.
    pub access_token: String,
}

impl ActionKind {
    /// All, in the order of the documentation.
    pub const ALL: [Self; 2] = [Self::RotateAccessToken, Self::RevokeAccessToken];

    /// The name in schemas: `rotate_access_token`.
    pub fn name(self) -> &'static str {
        match self {
            Self::RotateAccessToken => "rotate_access_token",
            Self::RevokeAccessToken => "revoke_access_token",
        }
    }

    /// The name in Terraform: `lanyard_rotate_access_token`.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::RotateAccessToken => "lanyard_rotate_access_token",
            Self::RevokeAccessToken => "lanyard_revoke_access_token",
        }
    }
}

/// The schema of an action.
pub fn schema(kind: ActionKind) -> &'static Schema {
    static SCHEMAS: LazyLock<[Schema; 2]> = LazyLock::new(|| ActionKind::ALL.map(build));
    &SCHEMAS[kind as usize]
}

fn build(kind: ActionKind) -> Schema {
    fn of<T: JsonSchema>(name: &str) -> Schema {
        Schema {
            name: name.to_owned(),
            doc: facts::documentation::<T>(),
            version: 0,
            body: facts::configurable_body::<T>(),
        }
    }
    match kind {
        ActionKind::RotateAccessToken => of::<RotateAccessToken>(kind.name()),
        ActionKind::RevokeAccessToken => of::<RevokeAccessToken>(kind.name()),
    }
}
