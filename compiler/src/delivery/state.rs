//! What is to become of an open delivery.

use super::open::Open;
use super::place::Apart;

/// An open delivery, and what is to become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub open: Open,
    pub state: State,
}

/// What is to become of an open delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The resource at this address gets a new secret.
    Reissued { address: String },
    /// Nothing was issued, so nothing is missing.
    NotIssued,
    /// The resource at this address has a later secret, which somebody else had issued.
    Replaced { address: String },
    /// The object is gone, and its secret with it.
    Gone,
    /// The change at this address ends it.
    Ends { address: String },
    /// The configuration does not have the resource, and the server still has the object.
    Unconfigured,
    /// An older version wrote too little down to tell it from another one; the ids of what it may be.
    Ambiguous(Vec<String>),
    /// Not everything that the server has could be read, and what was read does not have it.
    NotSeen,
    /// It is on a server that this configuration does not lead to.
    Elsewhere(Apart),
}

impl Delivery {
    /// True if its secret is missing, and stays so whatever an apply does now.
    pub fn is_stuck(&self) -> bool {
        matches!(
            self.state,
            State::Unconfigured | State::Ambiguous(_) | State::NotSeen | State::Elsewhere(_)
        )
    }

    /// True if nobody waits for it any more.
    pub fn is_over(&self) -> bool {
        match self.state {
            State::NotIssued | State::Replaced { .. } | State::Gone => true,
            State::Reissued { .. }
            | State::Ends { .. }
            | State::Unconfigured
            | State::Ambiguous(_)
            | State::NotSeen
            | State::Elsewhere(_) => false,
        }
    }
}
