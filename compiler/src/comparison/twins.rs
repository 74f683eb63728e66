//! Several providers of one server: what one of them needs is ended through none of the others, and nothing is there twice.

use super::side::Side;
use crate::model::State;
use crate::plan::in_use::{Bond, InUse};
use crate::plan::inventory::Found;

/// Which sides lead to one server.
#[derive(Debug, Default)]
pub struct Twins {
    /// For each side those that lead to its server, itself among them, in their order.
    of: Vec<Vec<usize>>,
}

impl Twins {
    pub fn among(sides: &[Side]) -> Self {
        let of = |(index, side): (usize, &Side)| {
            // With one address, two credentials may be of two organizations, and names of one say nothing of the other.
            let server = side.capabilities();
            let is_told = server.is_none_or(|server| !server.organization_of_credential);
            let is_same = |twin: &Side| match is_told {
                true => side.is_same_server(twin),
                false => side.lists_the_same(twin),
            };
            let all = sides.iter().enumerate();
            all.filter(|(other, twin)| *other == index || is_same(twin))
                .map(|(position, _)| position)
                .collect()
        };
        Self {
            of: sides.iter().enumerate().map(of).collect(),
        }
    }

    /// The sides that lead to the server of this one, itself among them.
    pub fn of(&self, index: usize) -> &[usize] {
        &self.of[index]
    }

    /// The credential that any of them signs in with, and what the object has to do with it, if it has.
    pub(super) fn in_use<'a>(
        &self,
        sides: &'a [Side],
        index: usize,
        state: &State,
    ) -> Option<(&'a InUse, Bond)> {
        let twins = self.of(index).iter();
        let known = twins.filter_map(|twin| sides[*twin].in_use.as_ref());
        let bonds = known.filter_map(|in_use| Some((in_use, in_use.bond(state)?)));
        bonds.min_by_key(|(_, bond)| *bond == Bond::Account)
    }

    /// What the object has to do with the credential that any of them signs in with.
    pub fn bond(&self, sides: &[Side], index: usize, state: &State) -> Option<Bond> {
        self.in_use(sides, index, state).map(|(_, bond)| bond)
    }

    /// True if it is known of each of them what it signs in with.
    pub fn say_who(&self, sides: &[Side], index: usize) -> bool {
        self.of(index)
            .iter()
            .all(|twin| sides[*twin].in_use.is_some())
    }

    /// True for one of them alone, of an object that several list: the first that the configuration speaks of it through, or else the
    /// first that lists it.
    pub fn is_holder(&self, sides: &[Side], index: usize, object: &Found) -> bool {
        let place = |twin: &usize| Some((*twin, sides[*twin].inventory.position_of(object)?));
        let lists = || self.of(index).iter().filter_map(place);
        let claims = |(twin, at): &(usize, usize)| sides[*twin].inventory.is_claimed(*at);
        let holder = lists().find(claims).or_else(|| lists().next());
        holder.is_none_or(|(twin, _)| twin == index)
    }
}
