//! What the `lanyard` command prints for programs, beside plans and desired states. Fields are added within a version, never changed.

mod complaint;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::language::Sources;
use crate::model::Kind;
use crate::model::identity::{Identity, ServerDescription};
use crate::plan::Action;
use crate::plan::sweep::{Fate, Leftover};
use crate::plan::token_list::{LastUse, ListedToken};

pub use complaint::{Complaint, complaints};

/// The version of a format.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[schemars(inline, transparent)]
struct Version(#[schemars(regex(pattern = r"^1\."))] &'static str);

const VERSION: Version = Version("1.0");

/// A document as text, ending with a newline.
pub fn print(document: &impl Serialize) -> String {
    // Maps with keys that are no text are the only ones that have no JSON, and there are none.
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

/// `lanyard validate`.
#[derive(Serialize, JsonSchema)]
pub struct Validity<'a> {
    format_version: Version,
    valid: bool,
    error_count: usize,
    warning_count: usize,
    diagnostics: Vec<Complaint<'a>>,
}

impl<'a> Validity<'a> {
    pub fn of(diagnostics: &'a [Diagnostic], sources: &Sources) -> Self {
        let errors = diagnostics.iter().filter(|each| each.is_error()).count();
        Self {
            format_version: VERSION,
            valid: errors == 0,
            error_count: errors,
            warning_count: diagnostics.len() - errors,
            diagnostics: complaints(diagnostics, sources),
        }
    }
}

/// `lanyard apply`: what became of each change.
#[derive(Serialize, JsonSchema)]
pub struct Applied<'a> {
    format_version: Version,
    changes: Vec<AppliedChange<'a>>,
}

impl<'a> Applied<'a> {
    pub fn of(changes: Vec<AppliedChange<'a>>) -> Self {
        Self {
            format_version: VERSION,
            changes,
        }
    }
}

#[derive(Serialize, JsonSchema)]
pub struct AppliedChange<'a> {
    pub address: &'a str,
    pub action: Action,
    /// Whether a new secret was issued in the object's place.
    pub rotated: bool,
    pub id: Option<&'a str>,
    pub outcome: Outcome,
    pub diagnostics: Vec<Complaint<'a>>,
    /// With `--print-secrets` only: the name that the secret has in a file of variables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variable: Option<String>,
    /// With `--print-secrets` only: the new secret, in clear or sealed for a recipient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<&'a str>,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Done,
    Failed,
    /// Not begun: something it depends on failed, or the apply was stopped.
    Skipped,
}

/// `lanyard tokens`.
#[derive(Serialize, JsonSchema)]
pub struct TokenList<'a> {
    format_version: Version,
    access_tokens: Vec<Token<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Token<'a> {
    server: &'a str,
    /// What `id` is of: the secret of an account has no other.
    kind: Kind,
    /// Null for what the API cannot address.
    id: Option<&'a str>,
    name: &'a str,
    service_account: Option<&'a str>,
    status: &'a str,
    /// Ids of former secrets that are tokens of their own and still accepted.
    retired: &'a [String],
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    created_at: Option<Timestamp>,
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    issued_at: Option<Timestamp>,
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    expires_at: Option<Timestamp>,
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    last_used_at: Option<Timestamp>,
    managed_by: Option<&'a str>,
    /// Whether the configuration speaks of it; null without a configuration.
    configured: Option<bool>,
    /// Whether nobody got its secret.
    undelivered: bool,
    /// Whether Lanyard signs in with it; null where that cannot be told.
    in_use: Option<bool>,
}

impl<'a> TokenList<'a> {
    pub fn of(tokens: &'a [ListedToken]) -> Self {
        let access_tokens = tokens.iter().map(|token| Token {
            server: &token.server,
            kind: token.kind,
            id: token.id.as_deref(),
            name: &token.name,
            service_account: token.account.as_deref(),
            status: token.status,
            retired: &token.retired,
            created_at: token.created_at,
            issued_at: token.issued_at,
            expires_at: token.expires_at,
            last_used_at: token.last_use.and_then(LastUse::at),
            managed_by: token.owner.as_deref(),
            configured: token.configured,
            undelivered: token.undelivered,
            in_use: token.in_use,
        });
        Self {
            format_version: VERSION,
            access_tokens: access_tokens.collect(),
        }
    }
}

/// `lanyard sweep`.
#[derive(Serialize, JsonSchema)]
pub struct Swept<'a> {
    format_version: Version,
    access_tokens: Vec<SweptToken<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct SweptToken<'a> {
    id: &'a str,
    name: &'a str,
    service_account: Option<&'a str>,
    reason: &'static str,
    /// Lanyard signs in with it: it is left.
    in_use: bool,
    /// A former secret of a token that is configured: it is left to `lanyard apply`.
    retired: bool,
    revoked: bool,
}

impl<'a> Swept<'a> {
    pub fn of(leftovers: &'a [Leftover]) -> Self {
        let access_tokens = leftovers.iter().map(|each| SweptToken {
            id: &each.id,
            name: &each.name,
            service_account: each.account.as_deref(),
            reason: each.why.words(),
            in_use: each.fate == Fate::InUse,
            retired: each.fate == Fate::Retired,
            revoked: each.fate == Fate::Revoked,
        });
        Self {
            format_version: VERSION,
            access_tokens: access_tokens.collect(),
        }
    }
}

/// `lanyard whoami`.
#[derive(Serialize, JsonSchema)]
pub struct WhoAmI<'a> {
    format_version: Version,
    server: &'a ServerDescription,
    #[serde(flatten)]
    identity: &'a Identity,
}

impl<'a> WhoAmI<'a> {
    pub fn of(identity: &'a Identity, server: &'a ServerDescription) -> Self {
        Self {
            format_version: VERSION,
            server,
            identity,
        }
    }
}
