//! Open deliveries of what the configuration does not have: whether anything of them is left.

use std::collections::HashSet;

use super::Comparison;
use super::side::{Server, SideIndex};
use crate::delivery::{Delivery, Open, State};
use crate::language::Configuration;
use crate::plan::Action;

/// Whether the configuration has a resource at an address, as far as open deliveries ask.
pub(super) fn configured<'a>(
    configuration: &Configuration,
    open: &'a [Open],
) -> impl Fn(&str) -> bool + use<'a> {
    let asked: HashSet<&str> = open.iter().map(|open| open.address.as_str()).collect();
    let there: HashSet<&str> = if asked.is_empty() {
        HashSet::new()
    } else {
        configuration
            .managed()
            .filter_map(|(instance, _, _)| asked.get(instance.address.as_str()).copied())
            .collect()
    };
    move |address| there.contains(address)
}

impl Comparison {
    /// Finds what is left of the deliveries that no resource of the configuration waits for.
    pub(super) fn look_for(&mut self, rest: Vec<&Open>) {
        for open in rest {
            let state = self.left_of(open);
            self.deliveries.push(Delivery {
                open: open.clone(),
                state,
            });
        }
    }

    fn left_of(&self, open: &Open) -> State {
        let mut sides = self.sides.iter().enumerate();
        let here = sides.find(|(_, side)| {
            matches!(side.server, Server::Known(_)) && side.place() == open.place
        });
        let Some((position, side)) = here else {
            return State::Elsewhere;
        };
        let ending = self.changes().find(|(change, origin)| {
            origin.side == SideIndex(position)
                && change.action == Action::Delete
                && change.before().is_some_and(|before| open.is_of(&before))
        });
        if let Some((change, _)) = ending {
            return State::Ends {
                address: change.address.clone(),
            };
        }
        let mut found = side.inventory.found().iter();
        if found.any(|object| open.is_of(&object.state)) {
            State::Unconfigured
        } else {
            State::Gone
        }
    }
}
