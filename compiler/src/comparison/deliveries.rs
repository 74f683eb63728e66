//! Secrets that earlier applies left open: which resource gets another one, and what an apply does about the rest.

use std::collections::HashSet;

use super::resource::reissued;
use super::side::{Server, Side};
use super::{Comparison, Origin};
use crate::delivery::{
    Accounts, Comments, Delivery, Due, Issuing, Open, Owner, Place, Seen, Settled, State, Waiting,
    collisions, settle, variable,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Configuration, Instance};
use crate::model::state::{self, Outline, Planned};
use crate::model::{Kind, naming};
use crate::plan::{Action, Change};
use crate::value::AttributePath;

/// What an apply that begins does about a secret that an earlier one left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next<'a> {
    /// It is issued again, to the resource at this address.
    IsReissued(&'a str),
    /// Somebody else had another one issued since, to the resource at this address.
    WasReplaced(&'a str),
    /// Nobody waits for it any more.
    IsCrossedOut,
    StaysOpen,
}

/// What a side has.
fn seen(side: &Side) -> Seen<'_> {
    Seen {
        place: side.place(),
        inventory: &side.inventory,
        server: match side.server {
            Server::Known(known) => Some(known),
            Server::NotKnown { .. } | Server::Unused => None,
        },
    }
}

impl Comparison {
    /// Issues again what earlier applies left open. The changes are those of the configuration's resources, in its order.
    pub(super) fn settle(&mut self, configuration: &Configuration, open: &[Open]) {
        if open.is_empty() {
            return;
        }
        let seen: Vec<Seen<'_>> = self.sides.iter().map(seen).collect();
        let resources: Vec<Waiting<'_>> = self
            .changes()
            .map(|(change, origin)| Waiting {
                seen: origin.side.0,
                address: &change.address,
                config: &change.config,
                prior: change.before(),
            })
            .collect();
        let settled = settle(open, &seen, &resources);
        let instances: Vec<&Instance> = configuration
            .managed()
            .map(|(instance, ..)| instance)
            .collect();
        for Settled {
            mut delivery,
            resource,
            ..
        } in settled
        {
            if let (Some(index), State::Reissued { address }) = (resource, &mut delivery.state) {
                // Whoever waits for the one secret of an account takes it from its token.
                let token = self.token_of_secret(index);
                let index = match token.filter(|_| delivery.open.action == Issuing::Rotate) {
                    Some(token) => {
                        address.clone_from(&self.plan.changes[token].address);
                        token
                    }
                    None => index,
                };
                let change = self.plan.changes[index].clone();
                let change = reissued(instances[index], change, self.side_of(index));
                self.set(index, change);
            }
            self.deliveries.push(delivery);
        }
        self.make_with_their_accounts(&instances);
    }

    /// Finds which of the secrets that no resource waits for end with what is pruned.
    pub(super) fn end_with_what_is_pruned(&mut self) {
        let mut deliveries = std::mem::take(&mut self.deliveries);
        for Delivery { open, state } in &mut deliveries {
            if !matches!(state, State::Unconfigured | State::NotSeen | State::Gone) {
                continue;
            }
            let ending = self.changes().find(|(change, origin)| {
                change.action == Action::Delete
                    && self.sides[origin.side.0].place() == open.place
                    && change.before().is_some_and(|before| open.is_of(&before))
            });
            if let Some((change, _)) = ending {
                *state = State::Ends {
                    address: change.address.clone(),
                };
            }
        }
        self.deliveries = deliveries;
    }

    /// How many replacements end only an object that an earlier apply made and whose secret nobody received: where a secret cannot be
    /// rotated, that is how it is issued again.
    pub fn unreceived(&self) -> usize {
        let made = self.deliveries.iter().filter_map(|delivery| {
            let is_new = matches!(delivery.open.action, Issuing::Create | Issuing::Replace);
            match &delivery.state {
                State::Reissued { address } if is_new => Some(address.as_str()),
                _ => None,
            }
        });
        let made: HashSet<&str> = made.collect();
        let changes = self.plan.changes.iter();
        changes
            .filter(|change| {
                change.action == Action::Replace && made.contains(change.address.as_str())
            })
            .count()
    }

    /// What this apply does about each secret that is open.
    pub fn resumed(&self) -> impl Iterator<Item = (&Open, Next<'_>)> {
        self.deliveries.iter().map(|Delivery { open, state }| {
            let next = match state {
                State::Reissued { address } => Next::IsReissued(address),
                // What is tried again stays open: the first attempt may yet arrive.
                State::NotIssued if self.issues_at(&open.address) => Next::StaysOpen,
                State::NotIssued | State::Gone => Next::IsCrossedOut,
                State::Replaced { address } => Next::WasReplaced(address),
                State::Ends { .. }
                | State::Unconfigured
                | State::Ambiguous(_)
                | State::NotSeen
                | State::Elsewhere(_) => Next::StaysOpen,
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

    /// The variables that the new secrets get, and whose secrets may stand there by now. `earlier`: what their file held before this was
    /// compared.
    pub fn variables(&self, earlier: &str) -> Vec<Due> {
        let issues = |(change, _): &(&Change, _)| Issuing::of(change).is_some();
        let comments = Comments::of(earlier);
        let accounts = |side: &Side| {
            let ids = side.inventory.accounts().filter(|_| !comments.is_empty());
            ids.map(Accounts::of)
        };
        let accounts: Vec<Option<Accounts>> = self.sides.iter().map(accounts).collect();
        let due = |(change, origin): (&Change, &Origin)| {
            let side = &self.sides[origin.side.0];
            let place = side.place();
            let before = change.before();
            let before = before.map(|before| Owner::of(&place, &before));
            let after = change.after().map(|mut planned| {
                self.complete_by_names((change, origin), side, &mut planned);
                planned
            });
            let planned = after
                .as_ref()
                .and_then(|planned| Owner::of_planned(&place, planned));
            let variable = variable(&change.address);
            let accounts = accounts[origin.side.0].as_ref();
            let ended = after
                .as_ref()
                .zip(accounts)
                .map(|(planned, accounts)| comments.ended(&variable, &place, planned, accounts));
            Due {
                variable,
                ended: ended.unwrap_or_default(),
                address: change.address.clone(),
                owners: before.into_iter().chain(planned).collect(),
            }
        };
        self.changes().filter(issues).map(due).collect()
    }

    /// Adds what the server will make of names, where nothing else says it before the apply.
    fn complete_by_names(
        &self,
        (change, origin): (&Change, &Origin),
        side: &Side,
        planned: &mut state::State<Planned>,
    ) {
        let Some(server) = side.capabilities() else {
            return;
        };
        let organization = side.told_or_configured();
        if planned.email.is_unknown() {
            let nobody = naming::Owner::Nobody;
            let object = Outline::of(&change.config);
            let claims = naming::claims(change.kind, server, organization, nobody, &object);
            let mut claims = claims.into_iter();
            if let Some(claim) = claims.find(|claim| claim.attribute == "email") {
                planned.email = state::Open::some(claim.text);
            }
        }
        if planned.service_account.is_unknown() {
            let path = AttributePath::attribute("service_account");
            let link = origin.links.get(&path);
            let mut changes = self.plan.changes.iter();
            let account = changes.find(|other| {
                other.kind == Kind::ServiceAccount
                    && link.is_some_and(|link| *link.address == *other.address)
            });
            let id = account.and_then(|account| {
                naming::account_id(server, organization, &Outline::of(&account.config))
            });
            if let Some(id) = id {
                planned.service_account = state::Open::some(id);
            }
        }
    }

    fn issues_at(&self, address: &str) -> bool {
        let mut changes = self.plan.changes.iter();
        changes.any(|change| change.address == address && Issuing::of(change).is_some())
    }
}
