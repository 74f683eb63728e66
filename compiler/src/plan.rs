//! Configuration x stored state -> what will change, and why. Pure: no clock, no server, so planning twice gives the same answer,
//! perhaps days apart. What depends on time was decided when the state was read (see [`rotation`]).

mod beyond;
pub mod change;
pub mod conclude;
mod decide;
mod diff;
pub mod encode;
mod expiry;
pub mod file;
pub mod guard;
pub mod in_use;
pub mod inventory;
mod meaning;
mod notice;
pub mod order;
pub mod reconcile;
pub mod rotation;
mod written;

use std::fmt;

pub use beyond::roles_beyond_account;
pub use change::{Change, Counts, Field, Forced, Plan};
pub use conclude::conclude;
pub use decide::{
    died, past_end, plan_at, plan_reissue, plan_replacement, plan_resource, plan_validated,
};
pub use notice::notices;
pub use reconcile::reconcile;

use crate::diagnostic::Diagnostic;
use crate::value::{AttributePath, Value};

/// What a plan does to one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    NoOp,
    Create,
    Update,
    Replace,
    Delete,
}

/// One planned change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedResource {
    pub action: Action,
    /// The state to come, in the schema's shape: configured values as configured, unknown exactly where this change decides.
    /// Null for a deletion. For a replacement, the state of the new object.
    pub planned: Value,
    /// What makes a new object necessary.
    pub requires_replace: Vec<AttributePath>,
    /// Why, for the people who review.
    pub reasons: Vec<Reason>,
    pub diagnostics: Vec<Diagnostic>,
    /// False where the server knows no restrictions: their absence says nothing there.
    pub restrictable: bool,
}

/// Why something happens, built from stored data only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A new secret is issued.
    Rotation { why: String },
    /// A new secret is issued if a value that is not known yet turns out to differ.
    PossibleRotation { why: String },
    /// A new object is made.
    Replacement { path: AttributePath, why: String },
    /// Other objects lose power or end.
    Cascade { what: String },
    /// Retired secrets whose grace period is over are revoked; their ids.
    Revocation { ids: Vec<String> },
}

/// True if this update brings a secret: `generation` grows, or is unknown because it may, or the secret is [handed over](hands_over).
pub fn rotates(prior: &Value, planned: &Value) -> bool {
    !prior.is_null()
        && (planned.get("token").is_unknown() || planned.get("encrypted_token").is_unknown())
}

/// True if only the clock at the time of the apply can tell whether this update issues a new secret (see [`plan_at`]).
pub fn waits_for_the_clock(prior: &Value, planned: &Value) -> bool {
    rotates(prior, planned)
        && planned.get("generation").is_unknown()
        && !prior.get("generation").is_null()
}

/// True if this update only hands over the secret that the server shows again: the secret stays what it is.
pub fn hands_over(prior: &Value, planned: &Value) -> bool {
    rotates(prior, planned) && planned.get("generation") == prior.get("generation")
}

/// The retired tokens that this update revokes: those in `prior` that are missing in `planned`, or that are due, or have lost their
/// grace period, where a rotation decides the list anew.
pub fn revokes<'a>(prior: &'a Value, planned: &Value) -> Vec<&'a str> {
    let kept = planned.get("retired");
    let own = prior.get("id");
    rotation::entries(prior)
        .filter(|entry| entry.get("id") != own)
        .filter(|entry| match kept.as_list() {
            Some(kept) => !kept.iter().any(|other| other.get("id") == entry.get("id")),
            None => {
                kept.is_null()
                    || entry.get("due").as_bool() == Some(true)
                    || rotation::loses_grace(prior, planned)
            }
        })
        .filter_map(|entry| entry.get("id").as_str())
        .collect()
}

impl Reason {
    /// The reason alone, where what happens is said already.
    pub fn why(&self) -> String {
        match self {
            Self::Rotation { why } | Self::PossibleRotation { why } => why.clone(),
            Self::Replacement { path, why } if path.is_root() => why.clone(),
            Self::Replacement { path, why } => format!("`{path}` {why}"),
            Self::Cascade { .. } | Self::Revocation { .. } => self.to_string(),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rotation { why } => write!(formatter, "rotates: {why}"),
            Self::PossibleRotation { why } => write!(formatter, "may rotate: {why}"),
            Self::Replacement { path, why } if path.is_root() => {
                write!(formatter, "is replaced: {why}")
            }
            Self::Replacement { path, why } => write!(formatter, "is replaced: `{path}` {why}"),
            Self::Cascade { what } => formatter.write_str(what),
            Self::Revocation { ids } => write!(formatter, "revokes retired {}", ids.join(", ")),
        }
    }
}
