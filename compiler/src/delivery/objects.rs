//! The objects that an open delivery may be of.

use std::collections::BTreeMap;

use super::ledger::{Seen, Waiting};
use super::open::{Fit, Open};
use crate::model;

/// By their ids.
pub(super) struct Objects<'a> {
    pub(super) by_id: BTreeMap<&'a str, &'a model::State>,
    /// It may be one that somebody uses.
    pub(super) are_ambiguous: bool,
}

impl<'a> Objects<'a> {
    pub(super) fn of(open: &Open, seen: &'a [Seen<'_>], resources: &'a [Waiting<'_>]) -> Self {
        let mut objects = Self {
            by_id: BTreeMap::new(),
            are_ambiguous: false,
        };
        let mut best = None;
        let mut add = |state: &'a model::State, server| {
            let (Some(fit), Some(id)) = (open.fits(state, server), state.id.as_deref()) else {
                return;
            };
            if best.is_none_or(|best| fit > best) {
                objects.by_id.clear();
                best = Some(fit);
            }
            if best == Some(fit) {
                objects.by_id.insert(id, state);
            }
        };
        // A configuration may spell a name otherwise than its server.
        for resource in resources {
            let server = &seen[resource.seen];
            if let (Some(prior), true) = (&resource.prior, server.place == open.place) {
                add(prior, server.server);
            }
        }
        for server in seen.iter().filter(|server| server.place == open.place) {
            for object in server.inventory.found() {
                add(&object.state, server.server);
            }
        }
        let mut servers = seen.iter().filter(|server| server.place == open.place);
        let is_one = objects.by_id.len() == 1 && !servers.any(|it| it.inventory.may_have_more());
        if best == Some(Fit::Vaguely) {
            // What took its address since may not be it either.
            objects.are_ambiguous = !is_one || open.displaced;
        }
        objects
    }

    /// Notes which one it is, while there is no other.
    pub(super) fn identify(&self, open: &mut Open) {
        if let (false, [state]) = (self.are_ambiguous, &*self.states()) {
            open.identify(state);
        }
    }

    fn states(&self) -> Vec<&model::State> {
        self.by_id.values().copied().collect()
    }

    pub(super) fn have(&self, resource: &Waiting<'_>) -> bool {
        let id = resource
            .prior
            .as_ref()
            .and_then(|prior| prior.id.as_deref());
        id.is_some_and(|id| self.by_id.contains_key(id))
    }
}
