//! All open deliveries of a configuration's folder, beside what the configuration now says.

use std::collections::HashMap;

use super::open::{Open, Place, REASON, Verdict};
use crate::diagnostic::{Code, Diagnostic};
use crate::model;
use crate::model::server::Capabilities;

/// Complains of the secrets that are open when an apply ends: none is a success with one.
pub fn still_open<'a>(open: impl Iterator<Item = &'a Open>) -> Option<Diagnostic> {
    let open: Vec<String> = open
        .map(|open| format!("{} on {}", open.address, open.place.url))
        .collect();
    (!open.is_empty()).then(|| {
        Diagnostic::error(
            Code::UndeliveredSecret,
            "Secrets may be issued and are not delivered",
        )
        .detail(format!("{}.", open.join(", ")))
        .hint("Apply again: each is issued again until it was handed over.")
    })
}

/// Finds the open delivery of each resource.
pub struct Ledger<'a> {
    of: HashMap<(Place, String), &'a Open>,
}

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
    /// The object is gone, and its secret with it.
    Gone,
    /// The change at this address ends it.
    Ends { address: String },
    /// The configuration does not have the resource, and the server still has the object.
    Unconfigured,
    /// It is on a server that this configuration does not lead to.
    Elsewhere,
}

impl Delivery {
    /// True if its secret is missing, and stays so whatever an apply does now.
    pub fn is_stuck(&self) -> bool {
        matches!(self.state, State::Unconfigured | State::Elsewhere)
    }

    /// Why its secret stays missing, if it does.
    pub fn complaint(&self) -> Option<Diagnostic> {
        let Self { open, state } = self;
        let Open { address, place, .. } = open;
        let problem = |why: &str| {
            Diagnostic::warning(
                Code::UndeliveredSecret,
                "A secret that nobody received cannot be issued again here",
            )
            .detail(format!("{address} on {}: {REASON}, and {why}.", place.url))
        };
        match state {
            State::Unconfigured => Some(
                problem("the configuration does not have it any more")
                    .hint("Configure it again, and the next apply issues its secret again.")
                    .hint("Or end it: `lanyard plan --prune` does where servers keep owners; elsewhere revoke it on the server."),
            ),
            State::Elsewhere => Some(
                problem("this configuration does not lead to that server")
                    .hint("Apply with the settings and variables that lead there: its secret is issued again then."),
            ),
            State::Reissued { .. } | State::NotIssued | State::Gone | State::Ends { .. } => None,
        }
    }

    /// True if nobody waits for it any more.
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::NotIssued | State::Gone)
    }
}

impl<'a> Ledger<'a> {
    pub fn new(open: &'a [Open]) -> Self {
        Self {
            of: open
                .iter()
                .map(|open| ((open.place.clone(), open.address.clone()), open))
                .collect(),
        }
    }

    /// Takes out the delivery of the resource at an address on a server, if there is one: what an address `is_configured` for is
    /// that resource's; another one is this resource's if its object has the name, which is then a renamed address.
    pub fn take(
        &mut self,
        place: Place,
        address: &str,
        prior: Option<&model::State>,
        is_configured: impl Fn(&str) -> bool,
    ) -> Option<&'a Open> {
        if self.of.is_empty() {
            return None;
        }
        let key = (place, address.to_owned());
        if let Some(open) = self.of.remove(&key) {
            return Some(open);
        }
        let (place, _) = key;
        let key = self
            .of
            .iter()
            .find(|((at, address), open)| {
                *at == place
                    && !is_configured(address)
                    && prior.is_some_and(|prior| open.is_of(prior))
            })
            .map(|(key, _)| key.clone())?;
        self.of.remove(&key)
    }

    /// What no resource took.
    pub fn into_rest(self) -> Vec<&'a Open> {
        let mut rest: Vec<&Open> = self.of.into_values().collect();
        rest.sort_by(|left, right| left.address.cmp(&right.address));
        rest
    }
}

/// What is to become of the delivery of a resource that is configured at `address`.
pub fn of_resource(
    open: &Open,
    address: &str,
    prior: Option<&model::State>,
    server: Option<&Capabilities>,
) -> Delivery {
    Delivery {
        open: open.clone(),
        state: match open.verdict(prior, server) {
            Verdict::Lost => State::Reissued {
                address: address.to_owned(),
            },
            Verdict::NotIssued => State::NotIssued,
        },
    }
}
