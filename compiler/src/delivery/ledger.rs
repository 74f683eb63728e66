//! All open deliveries of a configuration's folder, beside what the configuration now says.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::open::{Apart, Fit, Open, Place, REASON, Verdict};
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
            State::Ambiguous(ids) => Some(
                problem(&format!(
                    "an older version of Lanyard wrote down too little of it: it may be {}",
                    ids.join(" or ")
                ))
                    .hint(format!(
                        "Nothing of it is issued again by itself: that would end a secret that may be in use. If it is what is configured, `lanyard apply --rotate '{}'` issues its secret again.",
                        open.address
                    ))
                    .hint("Then, or if nobody needs it, take its line out of `.lanyard/journal.jsonl`."),
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
            State::Reissued { .. }
            | State::NotIssued
            | State::Replaced { .. }
            | State::Gone
            | State::Ends { .. } => None,
        }
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

/// The objects that an open delivery may be of, by their ids.
struct Objects<'a> {
    by_id: BTreeMap<&'a str, &'a model::State>,
    /// It may be one that somebody uses.
    are_ambiguous: bool,
}

impl<'a> Objects<'a> {
    fn of(open: &Open, seen: &'a [Seen<'_>], resources: &'a [Waiting<'_>]) -> Self {
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
    fn identify(&self, open: &mut Open) {
        if let (false, [state]) = (self.are_ambiguous, &*self.states()) {
            open.identify(state);
        }
    }

    fn states(&self) -> Vec<&model::State> {
        self.by_id.values().copied().collect()
    }

    fn have(&self, resource: &Waiting<'_>) -> bool {
        let id = resource
            .prior
            .as_ref()
            .and_then(|prior| prior.id.as_deref());
        id.is_some_and(|id| self.by_id.contains_key(id))
    }
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
        match open.verdict(self.prior.as_ref(), seen.server) {
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
                && open.is_missed(&object.state, *server)
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
mod tests {
    use super::super::{Identity, Issuing};
    use super::*;
    use crate::model::record::{AccessTokenRecord, ServiceAccountRecord};
    use crate::model::server::{native, openobserve};
    use crate::model::{Kind, facts, observe};
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
            issued: None,
            begun: "2026-01-01T00:00:00Z".parse().unwrap(),
            displaced: false,
            is_identified: true,
            is_promised: false,
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
    fn what_is_elsewhere_says_whether_that_is_known() {
        let place = |address: &str, told: Option<&str>| {
            Place::new(address, None).told(told.map(str::to_owned))
        };
        let here = "https://t.example";
        let words = [
            "has that address",
            "has a credential of that organization",
            "does not say now which organization",
            "did not say then which organization",
        ];
        for (noted, seen, expected) in [
            (place("https://u.example", None), Some("a"), 0),
            (place(here, Some("a")), Some("b"), 1),
            (place(here, Some("a")), None, 2),
            (place(here, None), Some("a"), 3),
        ] {
            let open = Open {
                place: noted,
                ..open()
            };
            let inventory = inventory(vec![]);
            let seen = Seen {
                place: place(here, seen),
                inventory: &inventory,
                server: None,
            };
            let settled = settle(&[open], &[seen], &[]).remove(0);
            let told = settled.delivery.complaint().unwrap().detail;
            let said = words.map(|words| told.contains(words));
            let expected: [bool; 4] = std::array::from_fn(|index| index == expected);
            assert_eq!(said, expected, "{told}");
        }
    }

    #[test]
    fn an_older_one_of_its_name_says_nothing_of_what_is_not_read() {
        let (before, after) = ("2025-12-01T00:00:00Z", "2026-01-01T00:00:01Z");
        let left = |inventory: &Inventory| {
            let seen = Seen {
                place: open().place,
                inventory,
                server: Some(&native::CAPABILITIES),
            };
            settle(&[open()], &[seen], &[]).remove(0)
        };
        for (found, of_whole, of_part, missed) in [
            (vec![], State::Gone, State::NotSeen, vec![]),
            (
                vec![token("ci", "sa_1", before)],
                State::Gone,
                State::NotSeen,
                vec![],
            ),
            (
                vec![token("ci", "sa_2", after), token("ci", "sa_1", after)],
                State::Unconfigured,
                State::Unconfigured,
                vec![1],
            ),
        ] {
            let told = format!("{found:?}");
            let whole = left(&inventory(found.clone()));
            assert_eq!(
                (whole.delivery.state, &whole.missed),
                (of_whole, &missed),
                "{told}"
            );
            let part = left(&inventory(found).with_more_unseen());
            assert_eq!(
                (part.delivery.state, &part.missed),
                (of_part, &missed),
                "{told}"
            );
        }
    }

    /// A token of this account at an address, and whether it is there.
    fn config(account: &str) -> Value {
        let attributes = [("name", "ci".into()), ("service_account", account.into())];
        facts::object(Kind::AccessToken, attributes)
    }

    #[test]
    fn what_comes_to_the_address_of_another_is_found_under_its_new_one() {
        let address = |at: &str| format!("lanyard_access_token.ci[{at}]");
        let after = "2026-01-01T00:00:01Z";
        let whole = inventory(vec![token("ci", "sa_1", after), token("ci", "sa_2", after)]);
        let all: Vec<String> = ["0", "1", "2", "\"x\""].map(address).into();
        let [zero, one, two, x] = [&all[0], &all[1], &all[2], &all[3]];
        let at = |address: &str, account: &str| Open {
            address: address.to_owned(),
            service_account: Some(account.to_owned()),
            ..open()
        };
        let open = [at(zero, "sa_1"), at(one, "sa_2")];
        for (resources, of_first, of_second) in [
            // As it was.
            (
                vec![(zero, "sa_1"), (one, "sa_2")],
                (zero, false),
                (one, false),
            ),
            // A new first one.
            (
                vec![(zero, "sa_new"), (one, "sa_1"), (two, "sa_2")],
                (one, true),
                (two, true),
            ),
            // Swapped.
            (
                vec![(zero, "sa_2"), (one, "sa_1")],
                (one, true),
                (zero, true),
            ),
            // The first one goes, and the second one takes its place.
            (vec![(zero, "sa_2"), (x, "sa_1")], (x, true), (zero, false)),
        ] {
            let configs: Vec<Value> = resources
                .iter()
                .map(|(_, account)| config(account))
                .collect();
            let waiting: Vec<Waiting<'_>> = std::iter::zip(&resources, &configs)
                .map(|((address, account), config)| Waiting {
                    seen: 0,
                    address,
                    config,
                    prior: whole
                        .found()
                        .iter()
                        .map(|object| object.state.clone())
                        .find(|state| state.service_account.as_deref() == Some(account)),
                })
                .collect();
            let seen = Seen {
                place: open[0].place.clone(),
                inventory: &whole,
                server: Some(&native::CAPABILITIES),
            };
            let settled = settle(&open, &[seen], &waiting);
            let of = |address: &str| {
                let mut settled = settled.iter();
                let one = settled.find(|one| one.delivery.open.address == address);
                let Delivery { open, state } = &one.expect("each is settled").delivery;
                (state.clone(), open.displaced)
            };
            let expected = |(address, displaced): (&String, bool)| {
                let address = address.clone();
                (State::Reissued { address }, displaced)
            };
            assert_eq!(of(zero), expected(of_first), "{resources:?}");
            assert_eq!(of(one), expected(of_second), "{resources:?}");
        }
    }

    /// What becomes of one delivery, where this is configured, if anything is.
    fn settled(
        open: &Open,
        inventory: &Inventory,
        server: &'static Capabilities,
        configured: Option<(&Value, Option<usize>)>,
    ) -> Settled {
        let seen = Seen {
            place: open.place.clone(),
            inventory,
            server: Some(server),
        };
        let resource = |(config, prior): (_, Option<usize>)| Waiting {
            seen: 0,
            address: "lanyard_access_token.ci",
            config,
            prior: prior.map(|at| inventory.found()[at].state.clone()),
        };
        let resources: Vec<Waiting<'_>> = configured.map(resource).into_iter().collect();
        settle(std::slice::from_ref(open), &[seen], &resources).remove(0)
    }

    #[test]
    fn what_was_only_to_be_issued_is_missed_by_nobody_who_does_not_ask_for_it() {
        let whole = inventory(vec![token("ci", "sa_1", "2026-01-01T00:00:01Z")]);
        let promised = Open {
            is_promised: true,
            ..open()
        };
        let config = config("sa_1");
        for (open, configured, expected) in [
            (&promised, None, State::NotIssued),
            (&open(), None, State::Unconfigured),
            (
                &promised,
                Some((&config, Some(0))),
                State::Reissued {
                    address: promised.address.clone(),
                },
            ),
        ] {
            let one = settled(open, &whole, &native::CAPABILITIES, configured);
            assert_eq!(one.delivery.state, expected);
        }
    }

    /// Older versions did not write down whose token it is.
    #[test]
    fn what_is_not_told_from_another_ends_nothing() {
        let (before, after) = ("2025-12-01T00:00:00Z", "2026-01-01T00:00:01Z");
        let old = Open {
            service_account: None,
            is_identified: false,
            ..open()
        };
        let reissued = || State::Reissued {
            address: old.address.clone(),
        };
        let ids = |accounts: &[&str]| {
            let id = |account: &&str| format!("at_ci_{account}");
            State::Ambiguous(accounts.iter().map(id).collect())
        };
        let displaced = Open {
            displaced: true,
            ..old.clone()
        };
        let rotation = Open {
            action: Issuing::Rotate,
            before: Some(Identity {
                id: Some("at_ci_a".into()),
                ..Identity::default()
            }),
            ..old.clone()
        };
        let of_b = config("b");
        for (open, a, b, expected) in [
            (&old, None, Some(after), reissued()),
            (&old, None, Some(""), reissued()),
            // What was there before was not made by it.
            (&old, None, Some(before), State::NotIssued),
            (&old, Some(after), Some(before), State::Unconfigured),
            (&old, Some(before), Some(after), reissued()),
            (&old, Some(after), None, State::Unconfigured),
            (&old, Some(""), Some(""), ids(&["a", "b"])),
            (&old, Some(""), Some(before), State::Unconfigured),
            // Nor after one of them went.
            (&displaced, None, Some(""), ids(&["b"])),
            (&displaced, None, None, State::Gone),
            (&rotation, Some(""), Some(""), State::Unconfigured),
        ] {
            let told = format!("{open:?} {a:?} {b:?}");
            let b = b.map(|issued_at| token("ci", "b", issued_at));
            let prior = b.is_some().then_some(0);
            let a = a.map(|issued_at| token("ci", "a", issued_at));
            let all = inventory(b.into_iter().chain(a).collect());
            let one = settled(open, &all, &native::CAPABILITIES, Some((&of_b, prior)));
            assert_eq!(one.delivery.state, expected, "{told}");
            let is_b = expected == reissued() || expected == State::NotIssued;
            assert_eq!(one.resource.is_some(), is_b, "{told}");
            assert_eq!(one.delivery.open.displaced, !is_b, "{told}");
            // What is known now is known later, whatever is made by then.
            let of_one = expected == State::Unconfigured;
            let account = one.delivery.open.service_account.as_deref();
            assert_eq!(account, of_one.then_some("a"), "{told}");
            assert_eq!(one.delivery.open.is_identified, of_one, "{told}");
        }
        let part = inventory(vec![token("ci", "b", before)]).with_more_unseen();
        let one = settled(&old, &part, &native::CAPABILITIES, Some((&of_b, Some(0))));
        assert_eq!(one.delivery.state, State::NotSeen);
        let part = inventory(vec![token("ci", "b", after)]).with_more_unseen();
        let one = settled(&old, &part, &native::CAPABILITIES, Some((&of_b, Some(0))));
        assert_eq!(one.delivery.state, State::NotSeen);
    }

    /// Nor which account.
    #[test]
    fn an_account_under_an_address_of_its_own_may_be_any() {
        let (before, after) = ("2025-12-01T00:00:00Z", "2026-01-01T00:00:01Z");
        let old = Open {
            kind: Kind::ServiceAccount,
            name: Some("co".into()),
            service_account: None,
            is_identified: false,
            ..open()
        };
        let account = |email: &str, created_at: &str| {
            let record = ServiceAccountRecord {
                id: format!("default/{email}"),
                name: openobserve::name_for(email),
                email: Some(email.into()),
                created_at: created_at.parse().ok(),
                ..ServiceAccountRecord::default()
            };
            Found {
                kind: Kind::ServiceAccount,
                state: observe::service_account(&record),
                ..token("", "", "")
            }
        };
        let attributes = [("name", "co".into()), ("email", "b@example.com".into())];
        let of_b = facts::object(Kind::ServiceAccount, attributes);
        for (a, b, expected) in [
            (after, before, State::Unconfigured),
            (
                after,
                after,
                State::Ambiguous(vec![
                    "default/a@example.com".into(),
                    "default/b@example.com".into(),
                ]),
            ),
            (before, before, State::NotIssued),
        ] {
            let all = inventory(vec![
                account("b@example.com", b),
                account("a@example.com", a),
                account("other.default@sa.internal", after),
            ]);
            let server = &openobserve::CAPABILITIES;
            let one = settled(&old, &all, server, Some((&of_b, Some(0))));
            assert_eq!(one.delivery.state, expected, "{a} {b}");
        }
    }
}
