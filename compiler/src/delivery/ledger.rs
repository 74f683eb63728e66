//! All open deliveries of a configuration's folder, beside what the configuration now says.

use super::open::{Apart, Open, Place, REASON, Verdict};
use crate::diagnostic::{Code, Diagnostic};
use crate::model;
use crate::model::server::Capabilities;
use crate::model::state::Outline;
use crate::plan::inventory::Inventory;
use crate::value::Value;

/// Complains of the secrets that are open when an apply ends: none is a success with one. Of those that are stuck, `deliveries` has
/// told how they end.
pub fn still_open<'a>(
    open: impl Iterator<Item = &'a Open>,
    deliveries: &[Delivery],
) -> Option<Diagnostic> {
    let is_stuck = |open: &&Open| {
        let mut stuck = deliveries.iter().filter(|delivery| delivery.is_stuck());
        stuck.any(|delivery| delivery.open == **open)
    };
    let (stuck, again): (Vec<&Open>, Vec<&Open>) = open.partition(is_stuck);
    if stuck.is_empty() && again.is_empty() {
        return None;
    }
    let all: Vec<String> = again
        .iter()
        .chain(&stuck)
        .map(|open| open.to_string())
        .collect();
    let mut problem = Diagnostic::error(
        Code::UndeliveredSecret,
        "Secrets may be issued and are not delivered",
    )
    .detail(format!("{}.", all.join(", ")));
    if !again.is_empty() {
        let these = if stuck.is_empty() {
            String::new()
        } else {
            let addresses: Vec<&str> = again.iter().map(|open| open.address.as_str()).collect();
            format!(" ({})", addresses.join(", "))
        };
        problem = problem.hint(format!(
            "Apply again: each is issued again until it was handed over{these}."
        ));
    }
    if !stuck.is_empty() {
        problem =
            problem.hint("What cannot be issued again here is told above, with its ways out.");
    }
    Some(problem)
}

/// Finds the open delivery of each resource.
pub struct Ledger<'a> {
    rest: Vec<&'a Open>,
}

/// A resource that may wait for a secret.
pub struct Waiting<'a> {
    pub place: Place,
    pub address: &'a str,
    /// What it asks for.
    pub config: &'a Value,
    /// Its object, if it has one.
    pub prior: Option<&'a model::State>,
    /// What its server has.
    pub inventory: &'a Inventory,
}

impl Waiting<'_> {
    fn is_of(&self, open: &Open) -> bool {
        self.prior.is_some_and(|prior| open.is_of(prior))
    }

    /// True if the object whose secret is missing is there, or may be, and is not the resource's.
    fn is_another_than(&self, open: &Open) -> bool {
        let mut there = self.inventory.found().iter();
        !self.is_of(open)
            && !open.is_asked_for(&Outline::of(self.config))
            && (there.any(|object| open.is_of(&object.state)) || self.inventory.may_have_more())
    }
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
            State::Unconfigured | State::NotSeen | State::Elsewhere(_)
        )
    }

    /// Why its secret stays missing, if it does.
    pub fn complaint(&self) -> Option<Diagnostic> {
        let Self { open, state } = self;
        let problem = |why: &str| {
            Diagnostic::warning(
                Code::UndeliveredSecret,
                "A secret that nobody received cannot be issued again here",
            )
            .detail(format!("{open}: {REASON}, and {why}."))
        };
        match state {
            State::Unconfigured => Some(
                problem(if open.displaced {
                    "the resource at that address is another object now"
                } else {
                    "the configuration does not have it any more"
                })
                    .hint("Configure it again, and the next apply issues its secret again.")
                    .hint("Or end it: `lanyard apply --prune` deletes it where servers keep owners; elsewhere revoke or delete it on the server, and the next apply forgets it."),
            ),
            State::NotSeen => Some(
                problem("not everything that the server has could be read")
                    .hint("Apply again when it can be: what is not read is not known to be gone."),
            ),
            State::Elsewhere(Apart::Address) => Some(
                problem("no provider of this configuration has that address")
                    .hint("Apply with the settings and variables that lead there: its secret is issued again then. Two names of one host count as two servers."),
            ),
            State::Elsewhere(Apart::Organization) => Some(
                problem("no provider of this configuration has a credential of that organization")
                    .hint("Apply with a credential of it: its secret is issued again then."),
            ),
            State::Elsewhere(Apart::OrganizationNotTold) => Some(
                problem("the server does not say now which organization the credential is of")
                    .hint("Apply with a credential that may read the organization (`GET /v2/organization`): its secret is issued again then."),
            ),
            State::Elsewhere(Apart::OrganizationNotNoted) => Some(
                problem("the server did not say then which organization that was: it may be another one")
                    .hint(format!(
                        "If it is this one, `lanyard apply --rotate '{}'` issues its secret again. Then, or if it ended there, take its line out of `.lanyard/journal.jsonl`.",
                        open.address
                    )),
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
            rest: open.iter().collect(),
        }
    }

    /// Takes out the delivery of a resource, if there is one. What was begun at its address is the resource's, unless that is
    /// another object now. Another one is the resource's if its object is, and no address that `is_configured` has it.
    pub fn take<'r>(
        &mut self,
        resource: impl FnOnce() -> Waiting<'r>,
        is_configured: impl Fn(&str) -> bool,
    ) -> Option<&'a Open> {
        if self.rest.is_empty() {
            return None;
        }
        let resource = resource();
        let is_here = |open: &Open| open.place == resource.place;
        let is_its_own = |open: &&Open| {
            !open.displaced
                && open.address == resource.address
                && is_here(open)
                && !resource.is_another_than(open)
        };
        let was_elsewhere = |open: &&Open| {
            (open.displaced || !is_configured(&open.address))
                && is_here(open)
                && resource.is_of(open)
        };
        let position = self.rest.iter().position(is_its_own);
        let position = position.or_else(|| self.rest.iter().position(was_elsewhere))?;
        Some(self.rest.remove(position))
    }

    /// What no resource took.
    pub fn into_rest(self) -> Vec<&'a Open> {
        let mut rest = self.rest;
        rest.sort_by(|left, right| left.address.cmp(&right.address));
        rest
    }
}

/// What is left on its server of a delivery that no resource waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// Objects whose secret nobody got, and that still work: their positions in [`Inventory::found`].
    Missed(Vec<usize>),
    /// Not everything that the server has could be read, and nothing that was read has it.
    NotSeen,
    Nothing,
}

/// Finds what is left, by name: whether a list that is not whole shows something of that name, which is not it, says nothing of the rest.
pub fn left_of(open: &Open, inventory: &Inventory, server: Option<&Capabilities>) -> Left {
    let found = inventory.found().iter().enumerate();
    let missed: Vec<usize> = found
        .filter(|(_, object)| open.is_missed(&object.state, server))
        .map(|(index, _)| index)
        .collect();
    match (missed.is_empty(), inventory.may_have_more()) {
        (false, _) => Left::Missed(missed),
        (true, true) => Left::NotSeen,
        (true, false) => Left::Nothing,
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

#[cfg(test)]
mod tests {
    use super::super::Issuing;
    use super::*;
    use crate::model::Kind;
    use crate::model::observe;
    use crate::model::record::AccessTokenRecord;
    use crate::plan::inventory::Found;

    fn open() -> Open {
        Open {
            address: "lanyard_access_token.ci".into(),
            action: Issuing::Create,
            place: Place::new("https://t.example", None),
            kind: Kind::AccessToken,
            name: Some("ci".into()),
            email: None,
            service_account: Some("sa_1".into()),
            before: None,
            begun: "2026-01-01T00:00:00Z".parse().unwrap(),
            displaced: false,
        }
    }

    fn token(name: &str, account: &str, issued_at: &str) -> Found {
        let record = AccessTokenRecord {
            id: format!("at_{name}_{account}"),
            name: name.into(),
            service_account: Some(account.into()),
            issued_at: issued_at.parse().ok(),
            ..AccessTokenRecord::default()
        };
        Found {
            kind: Kind::AccessToken,
            state: observe::access_token(&record),
            managed_by: None,
            created_at: None,
            last_used_at: None,
            trace: None,
        }
    }

    fn inventory(found: Vec<Found>) -> Inventory {
        Inventory::new(found, None, "2026-01-02T00:00:00Z".parse().unwrap())
    }

    #[test]
    fn an_older_one_of_its_name_says_nothing_of_what_is_not_read() {
        let (before, after) = ("2025-12-01T00:00:00Z", "2026-01-01T00:00:01Z");
        for (found, of_whole, of_part) in [
            (vec![], Left::Nothing, Left::NotSeen),
            (
                vec![token("ci", "sa_1", before)],
                Left::Nothing,
                Left::NotSeen,
            ),
            (
                vec![token("ci", "sa_2", after), token("ci", "sa_1", after)],
                Left::Missed(vec![1]),
                Left::Missed(vec![1]),
            ),
        ] {
            let told = format!("{found:?}");
            let whole = inventory(found.clone());
            assert_eq!(left_of(&open(), &whole, None), of_whole, "{told}");
            let part = inventory(found).with_more_unseen();
            assert_eq!(left_of(&open(), &part, None), of_part, "{told}");
        }
    }
}
