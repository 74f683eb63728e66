//! What a server said of one object, in our words: every token server's answers become these, and nothing local is in them.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::access_token::{Alert, Limits, Visibility};
use super::service_account::Restriction;
use crate::secret::Secret;

/// What a server said of one service account. What a server does not have is `None`, empty or `false`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceAccountRecord {
    /// Identifies the account for as long as it exists; what `import` takes.
    pub id: String,
    /// Empty where only the configuration knows it.
    pub name: String,
    pub slug: Option<String>,
    pub email: Option<String>,
    /// `None` where it is empty.
    pub description: Option<String>,
    pub roles: BTreeSet<String>,
    pub disabled: bool,
    /// `None` for an unrestricted account.
    pub restriction: Option<Restriction>,
    pub created_at: Option<Timestamp>,
    /// The account's own secret, in the answers that show it.
    pub token: Option<Secret>,
    /// How the current secret begins, where the server shows that much.
    pub secret_prefix: Option<String>,
    pub last_used_at: Option<Timestamp>,
    /// Who manages the object, where the server keeps that.
    pub managed_by: Option<String>,
    /// Where who manages it keeps its records, in a word that only that tool understands; where the server keeps that.
    pub origin: Option<String>,
}

/// What a server said of one access token. What a server does not have is `None`, empty or `false`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessTokenRecord {
    /// Identifies the token across all its secrets (see [`super::server::RotationCapability::TwoSlots`]); what `import` takes.
    pub id: String,
    /// Empty where only the configuration knows it.
    pub name: String,
    /// The account's `id`.
    pub service_account: Option<String>,
    /// `None` where it is empty.
    pub description: Option<String>,
    /// `None` where the server keeps no roles on tokens.
    pub roles: Option<BTreeSet<String>>,
    /// `None` where the server keeps no scopes.
    pub scopes: Option<BTreeSet<String>>,
    /// `None` for a token without an end.
    pub expires_at: Option<Timestamp>,
    pub disabled: bool,
    /// `None` for the server's default.
    pub visibility: Option<Visibility>,
    /// `None` without any limit.
    pub limits: Option<Limits>,
    pub alerts: Vec<Alert>,
    /// The secret, in the answers that show it.
    pub token: Option<Secret>,
    /// How the current secret begins, where the server shows that much.
    pub secret_prefix: Option<String>,
    /// When the current secret was issued.
    pub issued_at: Option<Timestamp>,
    /// Where the server does not date the secret, what its account is dated: a secret from before then ended with an account of the
    /// same name.
    pub issued_not_before: Option<Timestamp>,
    /// `None` where the server does not count secrets.
    pub generation: Option<i64>,
    pub standing: Standing,
    /// The secret before the last rotation.
    pub previous: Previous,
    /// The secrets before the current one that are tokens of their own and still there, the newest first; `None` where there are no such.
    pub retired: Option<Vec<Former>>,
    pub created_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    /// Who manages the object, where the server keeps that.
    pub managed_by: Option<String>,
    /// Where who manages it keeps its records, in a word that only that tool understands; where the server keeps that.
    pub origin: Option<String>,
}

/// A secret before the current one that is a token of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Former {
    pub id: String,
    /// Its own end, whatever its grace period; `None` where none ends, or the server does not say.
    pub expires_at: Option<Timestamp>,
    /// The end of the secret that came after it.
    pub successor_expires_at: Option<Timestamp>,
}

/// Whether the server accepts a secret, as far as the server says so itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// It does not say: an end that has passed is found by comparing `expires_at` with the clock.
    #[default]
    Unsaid,
    Active,
    Expired,
    Revoked,
    Disabled,
}

/// What the server says of the secret before the last rotation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Previous {
    /// The server does not say.
    #[default]
    Unreported,
    /// It is not accepted any more, or never was.
    Ended,
    /// It is still accepted.
    Kept {
        /// When it ends at the latest; `None` if only the first use of the new one ends it.
        expires_at: Option<Timestamp>,
        until_first_use: bool,
    },
}
