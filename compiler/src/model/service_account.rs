//! A service account: who a machine is.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::access_token::{OnConflict, Rotation};
use super::words::words;

/// An identity for a machine on a token server, and what it may do.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct ServiceAccount {
    /// Name of the account, unique on its server. What a rename does depends on the server; the plan says so.
    pub name: String,

    /// Short name in addresses; generated from `name` when left out. Only Chronosphere has one, and it never changes.
    #[schemars(extend("x-computed" = true))]
    pub slug: Option<String>,

    /// E-mail address of the account. Given by you on OpenObserve, where it identifies the account; by the server on Chronosphere.
    #[schemars(extend("x-computed" = true))]
    pub email: Option<String>,

    /// What the account is for, for people.
    pub description: Option<String>,

    /// Names of the roles that the account holds. Removing one also takes it from the account's tokens.
    #[serde(default)]
    #[schemars(extend("x-computed" = true))]
    pub roles: BTreeSet<String>,

    /// Refuses every token of the account while true.
    #[serde(default)]
    #[schemars(extend("x-computed" = true))]
    pub disabled: bool,

    /// Must be true, or a `restriction` block must stand, where the server wants that choice made in so many words. Computed from
    /// the absence of a restriction elsewhere.
    #[schemars(extend("x-computed" = true))]
    pub unrestricted: Option<bool>,

    /// What to do when the server already has an account of this name: `error` stops and says how to go on, `adopt` takes it over
    /// and sets its attributes, `replace` deletes it and creates it anew.
    #[serde(default)]
    #[schemars(extend("x-local" = true, "x-computed" = true))]
    pub on_conflict: OnConflict,

    /// Narrows the account to some of the data.
    pub restriction: Option<Restriction>,

    /// Replaces the account's own secret, where the server issues one with the account and can re-issue it: on a trigger, and
    /// whenever it was replaced elsewhere. Without this block, an account leaves its secret to whoever replaced it.
    #[schemars(extend("x-local" = true))]
    pub rotation: Option<Rotation>,
}

/// Narrows an account to some of the data, and to reading or writing it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Restriction {
    /// Whether the account may read, write, or both.
    pub permission: Permission,

    /// At most two labels, names and values case-sensitive: only data that carries all of them is reached.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
}

words! {
    /// Whether data may be read, written, or both.
    pub enum Permission {
        Read = "READ",
        Write = "WRITE",
        ReadAndWrite = "READ_AND_WRITE",
    }
}

/// What the server, or Lanyard, says of a service account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct ServiceAccountComputed {
    /// Identifies the account on its server; import by it.
    pub id: String,

    /// When the account was created, RFC 3339.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub created_at: Option<jiff::Timestamp>,

    /// The account's own secret, where the server issues one with the account (Chronosphere, OpenObserve); otherwise null.
    #[schemars(extend("x-sensitive" = true))]
    pub token: Option<crate::secret::Secret>,

    /// Counts the secrets issued for this account by Lanyard, starting with 1; null where the account has no secret of its own.
    pub generation: Option<i64>,

    /// Why the secret was last rotated, or is about to be.
    pub rotation_reason: Option<String>,

    /// True if the secret should be replaced by the next apply. Decided when the state is read, never while planning.
    pub rotation_due: bool,
}
