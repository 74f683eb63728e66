//! Open deliveries of what the configuration does not have: whether anything of them is left.

use std::collections::HashSet;

use super::side::{Server, Side, SideIndex};
use super::{Comparison, Origin};
use crate::delivery::{
    Delivery, Due, Issuing, Left, Open, Owner, Place, State, collisions, left_of, variable,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::Configuration;
use crate::model::Kind;
use crate::plan::{Action, Change};

/// What an apply that begins does about a secret that an earlier one left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next<'a> {
    /// It is issued again, to the resource at this address.
    IsReissued(&'a str),
    /// Nobody waits for it any more.
    IsCrossedOut,
    StaysOpen,
}

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
            let mut open = open.clone();
            // What is done at its address now says nothing of it.
            open.displaced |= matches!(
                state,
                State::Unconfigured | State::NotSeen | State::Ends { .. }
            ) && self.plans_at(&open.address);
            self.deliveries.push(Delivery { open, state });
        }
    }

    fn left_of(&self, open: &Open) -> State {
        let mut sides = self.sides.iter().enumerate();
        let here = sides.find(|(_, side)| {
            matches!(side.server, Server::Known(_)) && open.place == side.place()
        });
        let Some((position, side)) = here else {
            let places: Vec<Place> = self.sides.iter().map(Side::place).collect();
            return State::Elsewhere(open.place.apart_from(&places));
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
        match left_of(open, &side.inventory, side.capabilities()) {
            Left::Missed(_) => State::Unconfigured,
            Left::NotSeen => State::NotSeen,
            Left::Nothing => State::Gone,
        }
    }

    /// What this apply does about each secret that is open.
    pub fn resumed(&self) -> impl Iterator<Item = (&Open, Next<'_>)> {
        self.deliveries.iter().map(|Delivery { open, state }| {
            let next = match state {
                State::Reissued { address } => Next::IsReissued(address),
                // What is tried again stays open: the first attempt may yet arrive.
                State::NotIssued if self.issues_at(&open.address) => Next::StaysOpen,
                State::NotIssued | State::Gone => Next::IsCrossedOut,
                State::Ends { .. } | State::Unconfigured | State::NotSeen | State::Elsewhere(_) => {
                    Next::StaysOpen
                }
            };
            (open, next)
        })
    }

    /// The open secrets that end with what was deleted; `done` says what that was, by address.
    pub fn ended(&self, done: impl Fn(&str) -> bool) -> impl Iterator<Item = &Open> {
        let ended = move |delivery: &&Delivery| match &delivery.state {
            State::Ends { address } => done(address),
            _ => false,
        };
        self.deliveries
            .iter()
            .filter(ended)
            .map(|delivery| &delivery.open)
    }

    /// Where the server of a change is.
    pub fn place_of(&self, address: &str) -> Place {
        let mut changes = self.plan.changes.iter();
        changes
            .position(|change| change.address == address)
            .map_or_else(Place::default, |index| self.side_of(index).place())
    }

    /// A new secret that nobody receives is lost: better nothing is done.
    pub fn nobody_receives(&self) -> Option<Diagnostic> {
        let issues = |change: &&Change| {
            let planned = change.after();
            planned.is_some_and(|planned| planned.token.is_unknown())
        };
        let issued = self.plan.changes.iter().filter(issues).count();
        (issued > 0).then(|| {
            Diagnostic::error(Code::NoSink, "Nobody would receive the new secrets")
                .detail(format!(
                    "The plan issues {issued} new secrets, and each can be had only once."
                ))
                .hint(
                    "Add `--out-file FILE` or `--env-file FILE`; both are readable for you alone.",
                )
                .hint("`--print-secrets` writes them to stdout.")
        })
    }

    /// No secret may take the place of another one under the name of a variable.
    pub fn names_taken(&self) -> Vec<Diagnostic> {
        let issues = |change: &&Change| Issuing::of(change).is_some();
        let may_have_one = |change: &&Change| {
            change.action != Action::Delete && (change.kind == Kind::AccessToken || issues(change))
        };
        let changes = || self.plan.changes.iter();
        let address = |change: &'_ Change| change.address.clone();
        let all: Vec<String> = changes().filter(may_have_one).map(address).collect();
        let issued: Vec<String> = changes().filter(issues).map(address).collect();
        collisions(
            all.iter().map(String::as_str),
            issued.iter().map(String::as_str),
        )
    }

    /// The variables that the new secrets get, and whose secrets may stand there by now.
    pub fn variables(&self) -> Vec<Due> {
        let issues = |(change, _): &(&Change, _)| Issuing::of(change).is_some();
        let due = |(change, origin): (&Change, &Origin)| {
            let place = self.sides[origin.side.0].place();
            let before = change.before();
            let before = before.map(|before| Owner::of(&place, &before));
            let planned = change.after();
            let planned = planned.and_then(|planned| Owner::of_planned(&place, &planned));
            Due {
                variable: variable(&change.address),
                address: change.address.clone(),
                owners: before.into_iter().chain(planned).collect(),
            }
        };
        self.changes().filter(issues).map(due).collect()
    }

    fn plans_at(&self, address: &str) -> bool {
        let mut changes = self.plan.changes.iter();
        changes.any(|change| change.address == address)
    }

    fn issues_at(&self, address: &str) -> bool {
        let mut changes = self.plan.changes.iter();
        changes.any(|change| change.address == address && Issuing::of(change).is_some())
    }
}
