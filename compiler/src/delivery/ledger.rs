//! All open deliveries of a configuration's folder, beside what the configuration now says.

use std::collections::{HashMap, HashSet};

use super::objects::Objects;
use super::open::{Open, Verdict};
use super::place::Place;
use super::state::{Delivery, State};
use crate::model;
use crate::model::server::Capabilities;
use crate::model::state::Outline;
use crate::plan::inventory::Inventory;
use crate::value::Value;

/// What one server has.
pub struct Seen<'a> {
    pub place: Place,
    pub inventory: &'a Inventory,
    /// `None` where the server is not known: nothing is said of what is open there.
    pub server: Option<&'static Capabilities>,
}

/// A resource that may wait for a secret.
pub struct Waiting<'a> {
    /// Its server, as a position among those that are seen.
    pub seen: usize,
    pub address: &'a str,
    /// What it asks for.
    pub config: &'a Value,
    /// Its object, if it has one.
    pub prior: Option<model::State>,
}

/// An open delivery beside the resources of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    pub delivery: Delivery,
    /// The resource that waits for it: its position.
    pub resource: Option<usize>,
    /// Objects that no resource waits for, whose secret nobody got, and that still work: positions in [`Inventory::found`].
    pub missed: Vec<usize>,
}

/// What is to become of each open delivery: first those of resources, in their order, then the rest, by address.
///
/// What was begun at the address of a resource is the resource's, unless that is another object now. Any other delivery is that of the
/// resource whose object it is of.
pub fn settle(open: &[Open], seen: &[Seen<'_>], resources: &[Waiting<'_>]) -> Vec<Settled> {
    if open.is_empty() {
        return Vec::new();
    }
    let addresses = resources.iter().map(|resource| resource.address);
    let at: HashMap<&str, usize> = addresses.enumerate().map(|(at, name)| (name, at)).collect();
    let is_here = |open: &Open, resource: &Waiting<'_>| seen[resource.seen].place == open.place;
    let found: Vec<Objects<'_>> = open
        .iter()
        .map(|open| Objects::of(open, seen, resources))
        .collect();
    let all = || std::iter::zip(open, &found);
    let is_its_own = |(open, objects): (&Open, &Objects<'_>), resource: &Waiting<'_>| {
        !open.displaced
            && !objects.are_ambiguous
            && is_here(open, resource)
            && !resource.is_another_than(open, objects, &seen[resource.seen])
    };
    let mut owners: Vec<Option<usize>> = all()
        .map(|one| {
            let at_address = at.get(one.0.address.as_str()).copied();
            at_address.filter(|at| is_its_own(one, &resources[*at]))
        })
        .collect();
    let mut served: HashSet<usize> = owners.iter().flatten().copied().collect();
    for ((open, objects), owner) in all().zip(&mut owners) {
        if owner.is_none() && !objects.are_ambiguous {
            let mut others = resources.iter().enumerate();
            let moved = others.find(|(at, resource)| {
                !served.contains(at) && is_here(open, resource) && objects.have(resource)
            });
            *owner = moved.map(|(at, _)| at);
            served.extend(*owner);
        }
    }
    let mut settled: Vec<Settled> = Vec::with_capacity(open.len());
    for ((open, objects), owner) in all().zip(owners) {
        let mut open = open.clone();
        let (state, missed) = match owner.map(|owner| &resources[owner]) {
            Some(resource) => (resource.state_of(&open, &seen[resource.seen]), Vec::new()),
            None => left_of(&open, objects, seen),
        };
        // What is done at its address now says nothing of it.
        let is_at_home = owner.is_some_and(|owner| resources[owner].address == open.address);
        let is_here = !matches!(state, State::Elsewhere(_));
        if is_here && !is_at_home && at.contains_key(open.address.as_str()) {
            objects.identify(&mut open);
            open.displaced = true;
        }
        settled.push(Settled {
            delivery: Delivery { open, state },
            resource: owner,
            missed,
        });
    }
    settled.sort_by(|left, right| {
        let order = |each: &Settled| (each.resource.is_none(), each.resource);
        let address = |each: &Settled| each.delivery.open.address.clone();
        (order(left), address(left)).cmp(&(order(right), address(right)))
    });
    settled
}

impl Waiting<'_> {
    /// True if the object whose secret is missing is there, or may be, and is not the resource's.
    fn is_another_than(&self, open: &Open, objects: &Objects<'_>, seen: &Seen<'_>) -> bool {
        let config = Outline::of(self.config);
        let is_asked_for = open.is_asked_for(&config) && !open.is_vaguely(&config, seen.server);
        !objects.have(self)
            && !is_asked_for
            && (!objects.by_id.is_empty() || seen.inventory.may_have_more())
    }

    /// What is to become of the delivery that it waits for.
    fn state_of(&self, open: &Open, seen: &Seen<'_>) -> State {
        let id = self.prior.as_ref().and_then(|prior| prior.id.as_deref());
        let object = id.and_then(|id| seen.inventory.of_id(open.kind, id));
        let verdict = match object {
            Some(object) if open.is_of_another(object) => Verdict::Replaced,
            _ => open.verdict(self.prior.as_ref(), seen.server),
        };
        match verdict {
            Verdict::Lost => State::Reissued {
                address: self.address.to_owned(),
            },
            Verdict::NotIssued => State::NotIssued,
            Verdict::Replaced => State::Replaced {
                address: self.address.to_owned(),
            },
        }
    }
}

/// What is left of a delivery that no resource waits for: whether a list that is not whole shows something of that name, which is
/// not it, says nothing of the rest. With the objects that are left.
fn left_of(open: &Open, objects: &Objects<'_>, seen: &[Seen<'_>]) -> (State, Vec<usize>) {
    let mut here = seen.iter();
    let here = here.find(|seen| seen.server.is_some() && seen.place == open.place);
    let Some(Seen {
        inventory, server, ..
    }) = here
    else {
        let places = seen.iter().map(|seen| &seen.place);
        return (State::Elsewhere(open.place.apart_from(places)), Vec::new());
    };
    if open.is_promised {
        return (State::NotIssued, Vec::new());
    }
    let found = inventory.found().iter().enumerate();
    let missed: Vec<usize> = found
        .filter(|(_, object)| {
            let id = object.state.id.as_deref();
            object.kind == open.kind
                && id.is_some_and(|id| objects.by_id.contains_key(id))
                && open.is_missed(object, *server)
        })
        .map(|(index, _)| index)
        .collect();
    match (missed.is_empty(), inventory.may_have_more()) {
        (false, true) if objects.are_ambiguous && objects.by_id.len() == 1 => {
            (State::NotSeen, Vec::new())
        }
        (false, _) if objects.are_ambiguous => {
            let ids = objects.by_id.keys().map(|id| (*id).to_owned());
            (State::Ambiguous(ids.collect()), Vec::new())
        }
        (false, _) => (State::Unconfigured, missed),
        (true, true) => (State::NotSeen, missed),
        (true, false) => (State::Gone, missed),
    }
}

#[cfg(test)]
mod tests;
