//! What becomes of each secret that is open, beside what is configured and what is there.

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
        mark: None,
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
        claimed_by: None,
    }
}

fn inventory(found: Vec<Found>) -> Inventory {
    Inventory::new(found, None, "2026-01-02T00:00:00Z".parse().unwrap())
}

#[test]
fn what_is_elsewhere_says_whether_that_is_known() {
    let place =
        |address: &str, told: Option<&str>| Place::new(address, None).told(told.map(str::to_owned));
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

/// An apply that was killed before its creation reached the server: what another one made since says whose it is.
#[test]
fn what_another_place_claims_is_not_what_an_unanswered_creation_made() {
    let place = open().place;
    let after = "2026-01-01T00:00:01Z";
    for (mark, claimed_by, issued, is_missing) in [
        (Some("a"), Some("b"), None, false),
        // Killed before it could note the answer.
        (Some("a"), Some("a"), None, true),
        // Nobody had the answer.
        (Some("a"), None, None, true),
        (None, Some("b"), None, true),
        // The answer came: another credential makes another mark.
        (Some("a"), Some("b"), Some(Identity::default()), true),
    ] {
        let open = Open {
            mark: mark.map(str::to_owned),
            issued: issued.clone(),
            ..open()
        };
        let found = Found {
            claimed_by: claimed_by.map(str::to_owned),
            ..token("ci", "sa_1", after)
        };
        let waiting = Waiting {
            seen: 0,
            address: &open.address,
            config: &Value::Null,
            prior: Some(found.state.clone()),
        };
        let inventory = inventory(vec![found]);
        let seen = || Seen {
            place: place.clone(),
            inventory: &inventory,
            server: Some(&native::CAPABILITIES),
        };
        let told = format!("{mark:?} {claimed_by:?} {issued:?}");
        let configured = settle(std::slice::from_ref(&open), &[seen()], &[waiting]).remove(0);
        let is_reissued = matches!(configured.delivery.state, State::Reissued { .. });
        assert_eq!(is_reissued, is_missing, "{told}");
        let left = settle(&[open], &[seen()], &[]).remove(0);
        assert_eq!(left.missed.len() == 1, is_missing, "{told}");
    }
}
