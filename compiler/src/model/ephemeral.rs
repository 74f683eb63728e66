//! The ephemeral access token: one for the length of a Terraform run, stored nowhere. As with the resources, the fields and their
//! documentation here are the schema and the manual.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use schemars::JsonSchema;

use super::kind::Kind;
use super::lifetime::Lifetime;
use super::schema::Schema;
use super::server::{Capabilities, ExpiryCapability};
use super::{checks, facts};
use crate::diagnostic::{Code, Diagnostic};
use crate::secret::Secret;
use crate::value::Value;

/// An access token that exists while Terraform runs: created when it is needed, in plan and again in apply, revoked at the end, and
/// stored in no plan and no state. It also has an end of its own on the server, so that nothing survives a crash; where tokens never
/// end, it is an error. Where `api` comes from a variable, Terraform lets the provider say so only when the token is opened, for a new
/// service account while applying; `lanyard validate` says it before. Needs Terraform 1.10 or OpenTofu 1.11.
#[derive(Clone, Debug, JsonSchema)]
pub struct EphemeralAccessToken {
    /// `id` of the service account that the token belongs to. Required or refused as the server demands.
    pub service_account: Option<String>,
    /// What the token is for, for people.
    pub description: Option<String>,
    /// Roles of the service account that the token carries; left out, all that the account has.
    pub roles: Option<BTreeSet<String>>,
    /// What the token may be used for, in the server's own words.
    pub scopes: Option<BTreeSet<String>>,
    /// How long the token lasts if nobody revokes it, for example `"2h"`. Default `"1h"`: give more than the longest run takes.
    pub ttl: Option<Lifetime>,
}

/// What the server says of the token.
#[derive(Clone, Debug, JsonSchema)]
pub struct EphemeralAccessTokenFacts {
    /// Identifies the token on its server.
    pub id: String,
    /// Name of the token: `ephemeral-` and a random number.
    pub name: String,
    /// The secret.
    #[schemars(extend("x-sensitive" = true))]
    pub token: Secret,
    /// When the token ends by itself, RFC 3339.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub expires_at: Option<jiff::Timestamp>,
}

/// The name of the type, without the prefix.
pub const NAME: &str = "access_token";

/// The schema of the ephemeral resource `lanyard_access_token`.
pub fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
        let mut body = facts::configurable_body::<EphemeralAccessToken>();
        body.attributes
            .extend(facts::computed_attributes::<EphemeralAccessTokenFacts>());
        Schema {
            name: NAME.to_owned(),
            doc: facts::documentation::<EphemeralAccessToken>(),
            version: 0,
            body,
        }
    });
    &SCHEMA
}

const DEFAULT_TTL: &str = "1h";

/// The configuration of the resource that does the same, under that name.
pub fn resource(config: &Value, name: &str) -> Value {
    let mut entries = facts::schema(Kind::AccessToken).body.absent();
    let arguments = schema().body.attributes.iter();
    for argument in arguments.filter(|argument| argument.is_configurable()) {
        let value = config.get(&argument.name).clone();
        entries.insert(argument.name.as_str(), value);
    }
    for (attribute, value) in [("ttl", DEFAULT_TTL), ("name", name)] {
        if entries.get(attribute).is_none_or(Value::is_null) {
            entries.insert(attribute, value.into());
        }
    }
    Value::Map(entries)
}

/// What is wrong with a configuration before anything is issued. `server` is `None` while it is not known which kind of server it is.
pub fn check(server: Option<&Capabilities>, config: &Value) -> Vec<Diagnostic> {
    if let Some(problem) = server.and_then(without_end) {
        return vec![problem];
    }
    let resource = resource(config, "ephemeral");
    let mut found = checks::validate(Kind::AccessToken, server, &resource);
    found.retain(Diagnostic::is_error);
    found
}

/// A token that nobody revokes, because Terraform was killed, must end by itself.
fn without_end(server: &Capabilities) -> Option<Diagnostic> {
    let ExpiryCapability::Never { .. } = server.access_token.expiry else {
        return None;
    };
    let resource = "Use the resource `lanyard_access_token`: with a `recipient`, the state does not hold its secret either.";
    Some(
        Diagnostic::error(
            Code::EphemeralWithoutEnd,
            "The token server cannot issue a token for a while",
        )
        .detail(format!(
            "Access tokens of {} never end by themselves: one would stay behind whenever Terraform is interrupted.",
            server.title
        ))
        .hint(server.access_token.absent.unwrap_or(resource)),
    )
}
