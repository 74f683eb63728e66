//! When a secret is replaced, and what the plan then shows.

mod age;
mod ends;
mod old_secrets;

use crate::states::{rotates, settle, waits_for_the_clock};
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::State;
use lanyard_compiler::model::access_token::Status;
use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::model::server::{Api, capabilities};
use lanyard_compiler::plan::{
    Action, Change, Plan, PlannedResource, Reason, ends_successor, plan_at, plan_resource,
    plan_validated,
};
use lanyard_compiler::review::{Circumstances, Context, Format, Level, Options, Review};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;

use crate::world::{apply, config, create, plan, read, rotation, set, time, token, with};

const START: &str = "2026-11-22T10:00:00Z";

/// A token that never ends, with this rotation block.
fn by_age<const N: usize>(entries: [(&str, Value); N]) -> Value {
    token([("rotation", rotation(entries))])
}

fn osmo(description: &str, ttl: &str) -> Value {
    let account = ("service_account", "ci".into());
    let roles = ("roles", Value::set(["osmo-user".into()]));
    let described = ("description", description.into());
    token([account, roles, described, ("ttl", ttl.into())])
}

fn rotating() -> Value {
    token([
        ("ttl", "90d".into()),
        (
            "rotation",
            rotation([
                ("before_expiry", "14d".into()),
                ("grace_period", "48h".into()),
            ]),
        ),
    ])
}

#[test]
fn planning_after_an_apply_changes_nothing() {
    let config = rotating();
    let state = create(&config, time(START));
    assert_eq!(plan(&state, &config).action, Action::NoOp);
    assert_eq!(
        state.get("rotate_at").as_str(),
        Some("2027-02-06T10:00:00Z")
    );
    assert_eq!(state.get("status").as_str(), Some("active"));
}

#[test]
fn what_the_server_says_of_a_secret_counts_for_more_than_a_clock() {
    let state = create(&rotating(), time(START));
    let settled = |said: Value| {
        let observed = with(state.clone(), "status", said);
        let settled = settle(Kind::AccessToken, observed, time("2099-01-01T00:00:00Z"));
        let due = settled.get("rotation_due").as_bool().unwrap();
        (settled.get("status").as_str().unwrap().to_owned(), due)
    };
    for (said, status) in [
        (Value::Null, "expired"),
        ("disabled".into(), "expired"),
        ("expired".into(), "expired"),
        // It is due all the same: both clocks are past that point.
        ("active".into(), "expiring"),
    ] {
        assert_eq!(settled(said), (status.to_owned(), true));
    }
    let state = create(&token([("ttl", "90d".into())]), time(START));
    let observed = with(state, "status", "active");
    let settled = settle(Kind::AccessToken, observed, time("2099-01-01T00:00:00Z"));
    assert_eq!(settled.get("status").as_str(), Some("active"));
    assert_eq!(settled.get("rotation_due").as_bool(), Some(false));
}

#[test]
fn a_due_secret_rotates_in_place_and_says_why() {
    let config = rotating();
    let state = read(&create(&config, time(START)), time("2027-02-06T10:00:00Z"));
    assert_eq!(state.get("status").as_str(), Some("expiring"));

    let plan = plan(&state, &config);
    assert_eq!(plan.action, Action::Update);
    assert_eq!(plan.requires_replace, []);
    assert_eq!(plan.planned.get("generation"), &Value::from(2));
    assert_eq!(
        plan.planned.get("rotation_reason").as_str(),
        Some("expires 2027-02-20T10:00:00Z, inside before_expiry 14d")
    );
    let unknown: Vec<_> = plan
        .planned
        .as_map()
        .unwrap()
        .iter()
        .filter(|(_, value)| value.is_unknown())
        .map(|(name, _)| &**name)
        .collect();
    assert_eq!(
        unknown,
        [
            "expires_at",
            "issued_at",
            "previous_token",
            "retired",
            "rotate_at",
            "status",
            "token"
        ]
    );
    assert!(rotates(&state, &plan.planned));

    let now = time("2027-02-07T10:00:00Z");
    let rotated = read(&apply(&state, &config, &plan, now), now);
    assert_ne!(rotated.get("token"), state.get("token"));
    assert_eq!(crate::world::plan(&rotated, &config).action, Action::NoOp);
}

#[test]
fn an_imported_token_gets_a_new_secret_once_and_only_if_it_is_asked_for() {
    let plain = by_age([]);
    let asks = by_age([("after_import", true.into())]);
    let held = create(&plain, time(START));
    let mut imported = held.clone();
    set(&mut imported, "token", Value::Null);
    set(&mut imported, "rotation", Value::Null);
    let imported = read(&imported, time(START));

    for (state, config, expected) in [
        (&imported, &plain, false),
        (&imported, &by_age([("after_import", false.into())]), false),
        (&imported, &asks, true),
        (&held, &asks, false),
    ] {
        let planned = plan(state, config);
        assert_eq!(rotates(state, &planned.planned), expected, "{config:?}");
    }
    let planned = plan(&imported, &asks);
    assert_eq!(
        planned.planned.get("rotation_reason").as_str(),
        Some("imported without its secret")
    );
    let rotated = read(&apply(&imported, &asks, &planned, time(START)), time(START));
    assert_eq!(plan(&rotated, &asks).action, Action::NoOp);
    let open = plan(&imported, &by_age([("after_import", Value::Unknown)]));
    assert!(matches!(
        open.reasons[..],
        [Reason::PossibleRotation { .. }]
    ));
    let open = plan(&imported, &token([("rotation", Value::Unknown)]));
    assert!(matches!(
        open.reasons[..],
        [Reason::PossibleRotation { .. }]
    ));
    // A state that is made of what the server says has the configuration's own words in it, and never the secret.
    let kept_nowhere = with(imported.clone(), "rotation", asks.get("rotation").clone());
    let planned = plan(&kept_nowhere, &asks);
    assert!(!rotates(&kept_nowhere, &planned.planned), "{planned:#?}");
}

#[test]
fn triggers_rotate_only_when_a_value_changes_under_a_key_that_stays() {
    let triggers = |entries: &[(&str, Value)]| {
        let map = Value::map(entries.iter().map(|(key, value)| (*key, value.clone())));
        token([("rotation", rotation([("triggers", map)]))])
    };
    let one = triggers(&[("release", "1".into())]);
    let state = create(&one, time(START));
    let rotates = |config: &Value| {
        plan(&state, config)
            .reasons
            .iter()
            .any(|reason| matches!(reason, Reason::Rotation { .. }))
    };
    assert!(!rotates(&one));
    assert!(rotates(&triggers(&[("release", "2".into())])));
    assert!(!rotates(&triggers(&[
        ("release", "1".into()),
        ("owner", "a".into())
    ])));
    assert!(!rotates(&triggers(&[])));
    assert!(!rotates(&token([])));

    let unknown = plan(&state, &triggers(&[("release", Value::Unknown)]));
    assert!(matches!(
        unknown.reasons[..],
        [Reason::PossibleRotation { .. }]
    ));
    assert!(unknown.planned.get("generation").is_unknown());
}

#[test]
fn two_rotations_for_one_reason_are_told_apart() {
    let round = |value: &str| {
        let map = Value::map([("release", value.into())]);
        token([("rotation", rotation([("triggers", map)]))])
    };
    let now = time(START);
    let mut state = create(&round("1"), now);
    let mut told = Vec::new();
    for value in ["2", "3", "4"] {
        let plan = plan(&state, &round(value));
        told.push(
            plan.planned
                .get("rotation_reason")
                .as_str()
                .unwrap()
                .to_owned(),
        );
        assert_ne!(
            plan.planned.get("rotation_reason"),
            state.get("rotation_reason"),
            "Terraform hides what stays"
        );
        state = apply(&state, &round(value), &plan, now);
    }
    let why = "`rotation.triggers[\"release\"]` changed";
    assert_eq!(told, [why, &format!("{why} (generation 3)"), why]);
}

#[test]
fn an_update_that_does_not_rotate_keeps_the_secret() {
    let config = rotating();
    let state = create(&config, time(START));
    for changed in [
        with(config.clone(), "description", "deploys"),
        with(config.clone(), "name", "ci2"),
        with(config.clone(), "disabled", true),
        with(config.clone(), "ttl", "120d"),
        with(config.clone(), "on_conflict", "adopt"),
        with(
            config.clone(),
            "rotation",
            rotation([("before_expiry", "7d".into())]),
        ),
        with(config.clone(), "rotation", Value::Null),
    ] {
        let plan = plan(&state, &changed);
        assert_eq!(plan.action, Action::Update, "{changed:?}");
        assert!(!rotates(&state, &plan.planned), "{changed:?}");
        let now = time("2026-11-23T10:00:00Z");
        let state = read(&apply(&state, &changed, &plan, now), now);
        assert_eq!(
            crate::world::plan(&state, &changed).action,
            Action::NoOp,
            "{changed:?}"
        );
    }
    let longer = plan(&state, &with(config.clone(), "ttl", "120d"));
    assert_eq!(
        longer.planned.get("expires_at").as_str(),
        Some("2027-03-22T10:00:00Z")
    );
    assert_eq!(
        longer.planned.get("rotate_at").as_str(),
        Some("2027-03-08T10:00:00Z")
    );
}

#[test]
fn an_account_fights_for_its_secret_only_where_a_rotation_block_says_so() {
    let account = |rotation: Value| {
        config(
            Kind::ServiceAccount,
            [("name", "ci".into()), ("rotation", rotation)],
        )
    };
    let server = Some(capabilities(Api::Openobserve));
    let plan = |rotation: Value| {
        let config = account(rotation);
        let mut prior = plan_resource(Kind::ServiceAccount, server, &Value::Null, &config).planned;
        set(&mut prior, "id", "default/ci.default@sa.internal");
        set(&mut prior, "email", "ci.default@sa.internal");
        set(&mut prior, "created_at", START);
        set(&mut prior, "token", Value::Secret(Secret::new("old")));
        set(&mut prior, "rotation_due", true);
        plan_resource(Kind::ServiceAccount, server, &prior, &config)
    };
    let alone = plan(Value::Null);
    assert_eq!(alone.action, Action::NoOp, "{alone:#?}");
    let codes: Vec<_> = alone
        .diagnostics
        .iter()
        .map(|found| found.code.name())
        .collect();
    assert_eq!(codes, ["secret-replaced-elsewhere"]);

    let looked_after = plan(rotation([]));
    assert!(looked_after.planned.get("token").is_unknown());
    assert_eq!(
        looked_after.planned.get("rotation_reason"),
        &"the secret is no longer accepted".into()
    );
    assert_eq!(looked_after.diagnostics, []);
}

#[test]
fn a_rotation_that_an_attribute_asks_for_says_which() {
    let server = Some(capabilities(Api::Osmo));
    let state = create(&osmo("a", "90d"), time(START));
    for (config, reason) in [
        (osmo("b", "90d"), "`description` changed"),
        (osmo("a", "30d"), "`ttl` changed"),
    ] {
        let plan = plan_resource(Kind::AccessToken, server, &state, &config);
        let why = plan.planned.get("rotation_reason").as_str();
        assert_eq!(why, Some(reason), "{plan:#?}");
        assert_eq!(plan.planned.get("generation"), &2.into());
    }
}
