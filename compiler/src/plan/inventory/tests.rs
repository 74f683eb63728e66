//! Which object of a server is whose.

use super::*;
use crate::model::observe;
use crate::model::record::{AccessTokenRecord, ServiceAccountRecord};
use crate::plan::{Action, plan_resource};
use crate::secret::Secret;

fn token(id: &str, account: Option<&str>, name: &str, owner: Option<&str>) -> Found {
    let record = AccessTokenRecord {
        id: id.into(),
        name: name.into(),
        service_account: account.map(str::to_owned),
        roles: Some([].into()),
        scopes: Some([].into()),
        issued_at: "2026-01-01T00:00:00Z".parse().ok(),
        expires_at: "2026-04-01T00:00:00Z".parse().ok(),
        generation: Some(3),
        ..AccessTokenRecord::default()
    };
    Found {
        kind: Kind::AccessToken,
        state: observe::access_token(&record),
        managed_by: owner.map(str::to_owned),
        created_at: None,
        last_used_at: None,
        trace: None,
        claimed_by: None,
    }
}

fn config(attributes: &[(&str, Value)]) -> Value {
    facts::object(Kind::AccessToken, attributes.iter().cloned())
}

fn inventory(found: Vec<Found>, now: &str) -> Inventory {
    Inventory::new(found, Some("lanyard"), now.parse().unwrap())
}

fn claim(inventory: &mut Inventory, config: &Value) -> Match {
    inventory.claim(Kind::AccessToken, &Outline::of(config), None)
}

#[test]
fn a_secret_in_a_description_is_taken_out_and_what_identifies_stays() {
    let with = |id: &str, token: Option<&str>, description: &str| {
        let record = AccessTokenRecord {
            id: id.to_owned(),
            name: "ci".to_owned(),
            description: Some(description.to_owned()),
            token: token.map(Secret::new),
            ..AccessTokenRecord::default()
        };
        Found {
            state: observe::access_token(&record),
            ..token_found()
        }
    };
    let found = vec![
        with("at_hunter2-secret", Some("hunter2-secret"), "plain"),
        with("at_2", None, "it is hunter2-secret"),
    ];
    let mut inventory = inventory(found, "2026-01-02T00:00:00Z");
    inventory.hide_secrets();
    let said = inventory.found().iter().map(|object| {
        let state = object.state.write();
        [state.get("id").clone(), state.get("description").clone()]
    });
    assert_eq!(
        said.collect::<Vec<_>>(),
        [
            ["at_hunter2-secret".into(), "plain".into()],
            ["at_2".into(), "it is (a secret, hidden)".into()]
        ]
    );
}

fn token_found() -> Found {
    token("at_1", None, "ci", None)
}

#[test]
fn a_name_counts_within_its_account() {
    let mut inventory = inventory(
        vec![token("at_1", Some("sa_1"), "ci", Some("lanyard"))],
        "2026-01-02T00:00:00Z",
    );
    let of_other = config(&[("name", "ci".into()), ("service_account", "sa_2".into())]);
    assert_eq!(claim(&mut inventory, &of_other), Match::New);
    assert_eq!(inventory.unclaimed().count(), 1);
    let of_ours = config(&[("name", "ci".into()), ("service_account", "sa_1".into())]);
    assert!(matches!(claim(&mut inventory, &of_ours), Match::Ours(_)));
    assert_eq!(inventory.unclaimed().count(), 0);
}

#[test]
fn the_one_secret_of_an_account_is_its_token_under_any_name() {
    let found = vec![token("sa_1", Some("sa_1"), "", None)];
    let mut inventory = Inventory::new(found, None, "2026-01-02T00:00:00Z".parse().unwrap());
    let of_other = config(&[("name", "ci".into()), ("service_account", "sa_2".into())]);
    assert_eq!(claim(&mut inventory, &of_other), Match::New);
    let without_account = config(&[("name", "ci".into())]);
    assert_eq!(claim(&mut inventory, &without_account), Match::New);
    let of_ours = config(&[("name", "ci".into()), ("service_account", "sa_1".into())]);
    assert_eq!(claim(&mut inventory, &of_ours), Match::Ours(0));
}

#[test]
fn an_account_whose_address_is_configured_is_found_by_it_alone() {
    let account = |name: &str, email: &str| Found {
        kind: Kind::ServiceAccount,
        state: observe::service_account(&ServiceAccountRecord {
            id: format!("default/{email}"),
            name: name.to_owned(),
            email: Some(email.to_owned()),
            ..ServiceAccountRecord::default()
        }),
        managed_by: None,
        created_at: None,
        last_used_at: None,
        trace: None,
        claimed_by: None,
    };
    let found = vec![
        account("ci", "ci.default@sa.internal"),
        account("", "pipeline@example.com"),
    ];
    let openobserve = &crate::model::server::openobserve::CAPABILITIES;
    for (name, email, expected) in [
        ("ci", Value::Null, Match::Ours(0)),
        // Its own name says nothing about another one's address.
        ("ci", "other@example.com".into(), Match::New),
        ("ci", "Pipeline@example.com".into(), Match::Ours(1)),
        ("deploy", "ci.default@sa.internal".into(), Match::Ours(0)),
        ("ci", Value::Unknown, Match::NotKnown("email")),
    ] {
        let mut inventory = Inventory::new(found.clone(), None, Timestamp::UNIX_EPOCH);
        let kind = Kind::ServiceAccount;
        let config = facts::object(kind, [("name", name.into()), ("email", email.clone())]);
        let matched = inventory.claim(kind, &Outline::of(&config), None);
        assert_eq!(matched, expected, "{name} {email:?}");
        if let Match::Ours(index) = matched {
            let prior = inventory.prior(index, &config).unwrap().write();
            let plan = plan_resource(kind, Some(openobserve), &prior, &config);
            assert_eq!(plan.action, Action::NoOp, "{name} {email:?}");
        }
    }
}

#[test]
fn what_others_manage_is_neither_ours_nor_unclaimed() {
    for owner in [None, Some("ansible")] {
        let mut inventory = inventory(
            vec![token("at_1", None, "ci", owner)],
            "2026-01-02T00:00:00Z",
        );
        assert_eq!(inventory.unclaimed().count(), 0);
        let found = claim(&mut inventory, &config(&[("name", "ci".into())]));
        assert!(matches!(found, Match::Foreign(_)), "{found:?}");
    }
}

#[test]
fn an_import_block_makes_an_object_ours() {
    let mut inventory = inventory(
        vec![token("at_1", None, "ci", None)],
        "2026-01-02T00:00:00Z",
    );
    let config = config(&[("name", "other".into())]);
    let found = imported(&mut inventory, &config, &[("t", " at_1\n")]);
    assert!(matches!(found, Match::Ours(_)), "{found:?}");
    let missing = imported(&mut inventory, &config, &[("t", "at_2")]);
    assert_eq!(missing, Match::Missing { id: "at_2".into() });
}

/// What the first of the blocks is for.
fn imported(inventory: &mut Inventory, config: &Value, blocks: &[(&str, &str)]) -> Match {
    let all = blocks.iter().copied().collect();
    let import = Import {
        id: blocks[0].1,
        all: &all,
    };
    inventory.claim(Kind::AccessToken, &Outline::of(config), Some(import))
}

#[test]
fn an_import_block_that_has_done_its_work_leaves_what_has_the_name() {
    let called = config(&[("name", "new".into())]);
    for (owner, expected) in [
        (Some("lanyard"), Match::Ours(0)),
        (None, Match::Missing { id: "old".into() }),
    ] {
        let found = vec![token("new", None, "new", owner)];
        let mut inventory = inventory(found, "2026-01-02T00:00:00Z");
        let matched = imported(&mut inventory, &called, &[("t", "old")]);
        assert_eq!(matched, expected, "{owner:?}");
    }
    let not_known = config(&[("name", Value::Unknown)]);
    let mut inventory = inventory(Vec::new(), "2026-01-02T00:00:00Z");
    let matched = imported(&mut inventory, &not_known, &[("t", "old")]);
    assert_eq!(matched, Match::Missing { id: "old".into() });
}

#[test]
fn what_is_made_again_with_the_old_name_is_not_what_was_imported() {
    let called = config(&[("name", "new".into())]);
    let both = || {
        let found = ["new", "old"].map(|name| token(name, None, name, Some("lanyard")));
        inventory(found.into(), "2026-01-02T00:00:00Z")
    };
    let held = Match::NameHeld {
        id: "old".into(),
        by: "new".into(),
    };
    assert_eq!(imported(&mut both(), &called, &[("t", "old")]), held);
    // Another block takes the name away from what has it.
    let swapped = [("t", "old"), ("u", "new")];
    assert_eq!(imported(&mut both(), &called, &swapped), Match::Ours(1));
    let as_it_is = config(&[("name", "old".into())]);
    assert_eq!(
        imported(&mut both(), &as_it_is, &[("t", "old")]),
        Match::Ours(1)
    );
}

#[test]
fn a_server_without_owners_has_no_leftovers_to_delete() {
    let found = vec![token("at_1", None, "ci", None)];
    let mut inventory = Inventory::new(found, None, "2026-01-02T00:00:00Z".parse().unwrap());
    assert_eq!(inventory.unclaimed().count(), 0);
    let found = claim(&mut inventory, &config(&[("name", "ci".into())]));
    assert!(matches!(found, Match::Ours(_)), "{found:?}");
}

#[test]
fn a_server_that_does_not_say_so_may_still_keep_the_secret_before() {
    let hours = |grace: &str| {
        let rotation = Value::map([("grace_period", Value::from(grace))]);
        config(&[("name", "ci".into()), ("rotation", rotation)])
    };
    let (made, never_rotated) = ("2025-12-01T00:00:00Z", "2026-01-01T00:00:00.1Z");
    for (created, now, grace, expected) in [
        (made, "2026-01-02T23:59:59Z", "48h", 1),
        (made, "2026-01-03T00:00:00Z", "48h", 0),
        (made, "2026-01-02T00:00:00Z", "1h", 0),
        (never_rotated, "2026-01-02T00:00:00Z", "48h", 0),
    ] {
        let mut found = token_found();
        found.created_at = created.parse().ok();
        let config = hours(grace);
        let inventory = inventory(vec![found.clone()], now);
        let mut prior = inventory.prior(0, &config).unwrap();
        assert_eq!(prior.retired().len(), expected, "{created} {now} {grace}");
        let splunk = Some(crate::model::server::capabilities(
            crate::model::server::Api::Splunk,
        ));
        let plan = plan_resource(Kind::AccessToken, splunk, &prior.write(), &config);
        assert_eq!(plan.action, Action::NoOp, "{created} {now} {grace}");
        // One that says of the last that it is over knows better.
        found.state.retired = Some(Vec::new());
        prior = Inventory::new(vec![found], None, now.parse().unwrap())
            .prior(0, &config)
            .unwrap();
        assert_eq!(prior.retired(), []);
    }
}

#[test]
fn an_unchanged_object_plans_nothing_and_a_due_one_rotates() {
    let rotation = Value::map([
        ("before_expiry", "14d".into()),
        ("grace_period", Value::Null),
        (
            "triggers",
            Value::Map([("build".to_owned(), "7".into())].into()),
        ),
        ("jitter", Value::Null),
    ]);
    let config = config(&[
        ("name", "ci".into()),
        ("ttl", "90d".into()),
        ("rotation", rotation),
        ("recipient", "age1x".into()),
    ]);
    for (now, expected) in [
        ("2026-01-02T00:00:00Z", Action::NoOp),
        ("2026-03-20T00:00:00Z", Action::Update),
    ] {
        let mut inventory = inventory(vec![token("at_1", None, "ci", Some("lanyard"))], now);
        let Match::Ours(index) = claim(&mut inventory, &config) else {
            panic!("not ours");
        };
        let prior = inventory.prior(index, &config).unwrap().write();
        let native = &crate::model::server::native::CAPABILITIES;
        let plan = plan_resource(Kind::AccessToken, Some(native), &prior, &config);
        assert_eq!(
            plan.action, expected,
            "at {now}: {:#?} -> {:#?}",
            prior, plan.planned
        );
    }
}
