//! What can be done to a token beside managing it: the actions' arguments. As with the resources, the fields and their
//! documentation here are the schema and the manual.

mod check;

use std::sync::LazyLock;

use schemars::JsonSchema;

use super::facts;
use super::lifetime::GracePeriod;
use super::schema::Schema;
use super::words::words;

pub use check::{Asked, asked};

words! {
    /// A kind of action.
    pub enum ActionKind in "lanyard_" {
        RotateAccessToken = "rotate_access_token",
        RevokeAccessToken = "revoke_access_token",
    }
}

/// Ends the secret of an access token because it may have leaked: a new secret is issued on the server and thrown away, so the one in
/// the state is replaced by the next plan and apply. Where the server shows its secret (Splunk, OpenObserve's ingestion token `default`),
/// the next plan takes the new one over instead, and `generation` counts it. With a `grace_period` the old secret works until then.
#[derive(Clone, Debug, JsonSchema)]
pub struct RotateAccessToken {
    /// `id` of the access token.
    pub access_token: String,
    /// How long the old secret stays valid: a duration, or `"0s"` (the default) for not at all. Only where the server itself keeps
    /// and ends it: an action remembers nothing.
    pub grace_period: Option<GracePeriod>,
}

/// Revokes an access token at once: the server refuses it from then on. A token that is managed here is created anew by the next plan
/// and apply. An ingestion token of OpenObserve, which nothing deletes, is disabled: it stays so unless its configuration says
/// `disabled = false`, which brings the same secret back.
#[derive(Clone, Debug, JsonSchema)]
pub struct RevokeAccessToken {
    /// `id` of the access token.
    pub access_token: String,
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
