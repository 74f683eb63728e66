//! What tells one secret of an object from the next.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::server::{ResourceCapabilities, RotationCapability};
use crate::model::state::{State, Written};

/// Servers keep whole seconds.
pub(super) const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(2);

/// A secret, as far as its server tells it from the secrets before and after it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Identity {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<Timestamp>,
    /// When its object was made, where the state tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
}

impl Identity {
    /// That of a state's secret.
    pub fn of(state: &State) -> Self {
        let time = |time: &Option<Written<Timestamp>>| time.as_ref().map(Written::value);
        Self {
            id: state.id.clone(),
            generation: state.generation,
            issued_at: time(&state.issued_at),
            created_at: time(&state.created_at),
        }
    }

    /// When it was issued, as far as that is known.
    pub(super) fn since(&self) -> Option<Timestamp> {
        self.issued_at.or(self.created_at)
    }

    /// True if it is certain that this one was issued after `other`, which does not work any more or is on its way out: a count or a time that
    /// every rotation moves is higher, or the object is a younger one.
    pub(super) fn is_surely_after(&self, other: &Self, can: Option<&ResourceCapabilities>) -> bool {
        let is_later = |ours: Option<Timestamp>, theirs: Option<Timestamp>| {
            let times = ours.zip(theirs);
            times.is_some_and(|(ours, theirs)| ours.duration_since(theirs) > CLOCK_TOLERANCE)
        };
        let counts = self.generation.zip(other.generation);
        let is_counted = can.is_some_and(ResourceCapabilities::counts_secrets);
        let is_dated = can.is_some_and(|can| match can.rotation {
            RotationCapability::Server { .. } => true,
            RotationCapability::TwoSlots
            | RotationCapability::NoOverlap { .. }
            | RotationCapability::Impossible { .. } => false,
        });
        is_counted && counts.is_some_and(|(ours, theirs)| ours > theirs)
            || is_dated && is_later(self.issued_at, other.issued_at)
            || is_later(self.created_at, other.created_at)
    }

    /// True if it is certain that both are one and the same secret: a count or a time that every rotation moves stands still.
    pub(super) fn is_surely(&self, other: &Self, rotation: RotationCapability) -> bool {
        let told = match rotation {
            RotationCapability::TwoSlots => self.generation.is_some(),
            RotationCapability::Server { .. } => self.issued_at.is_some(),
            // Nothing on such a server shows that a secret was replaced.
            RotationCapability::NoOverlap { .. } | RotationCapability::Impossible { .. } => false,
        };
        told && self == other
    }
}
