//! When a secret is replaced, and what the plan then shows.

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
fn a_rotation_says_that_it_ends_the_secret_before_the_last() {
    let config = rotating();
    let told = |due: bool| {
        let now = if due { "2027-02-06T10:00:00Z" } else { START };
        let mut state = read(&create(&config, time(START)), time(now));
        let kept = [
            ("id", state.get("id").clone()),
            ("revoke_at", "2027-03-01T00:00:00Z".into()),
            ("due", false.into()),
        ];
        set(&mut state, "retired", Value::List(vec![Value::map(kept)]));
        let plan = plan(&state, &config);
        let is_told = |told: &Diagnostic| told.code == Code::GraceCutShort;
        let is_reason = |reason: &Reason| matches!(reason, Reason::Revocation { .. });
        (
            plan.diagnostics.iter().any(is_told),
            plan.reasons.iter().any(is_reason),
        )
    };
    assert_eq!(told(true), (true, true));
    assert_eq!(told(false), (false, false));
}

/// What `plan` and, once all is known, the plan of the apply say of the retired secret: unknown, kept or ended.
fn of_former(api: Option<Api>, before: &Value, after: &Value) -> (String, PlannedResource) {
    let config = |rotation: &Value| token([("ttl", "90d".into()), ("rotation", rotation.clone())]);
    let mut state = read(&create(&config(before), time(START)), time(START));
    let kept = [
        ("id", state.get("id").clone()),
        ("revoke_at", "2027-03-01T00:00:00Z".into()),
        ("due", false.into()),
    ];
    set(&mut state, "retired", Value::List(vec![Value::map(kept)]));
    set(
        &mut state,
        "previous_token",
        Value::Secret(Secret::new("lyd_former")),
    );
    let server = api.map(capabilities);
    let planned = plan_validated(Kind::AccessToken, server, &state, &config(after), false);
    let word = |value: &Value| match value {
        Value::Unknown => "unknown",
        Value::Null => "ended",
        Value::List(items) if items.is_empty() => "ended",
        _ => "kept",
    };
    let [retired, former] =
        ["retired", "previous_token"].map(|name| word(planned.planned.get(name)));
    assert_eq!(retired, former, "{planned:#?}");
    (retired.to_owned(), planned)
}

#[test]
fn what_becomes_of_an_old_secret_is_open_while_its_grace_period_is() {
    let graces = |grace: Value| rotation([("grace_period", grace)]);
    let before = graces("48h".into());
    for (api, after, expected) in [
        (Some(Api::Native), graces(Value::Unknown), "unknown"),
        (Some(Api::Native), Value::Unknown, "unknown"),
        (Some(Api::Native), graces("48h".into()), "kept"),
        (Some(Api::Native), graces("1h".into()), "kept"),
        (Some(Api::Native), graces("0s".into()), "ended"),
        (Some(Api::Native), graces(Value::Null), "ended"),
        // What the server keeps nothing ends.
        (Some(Api::Splunk), graces(Value::Unknown), "kept"),
        (Some(Api::Splunk), graces("0s".into()), "kept"),
        // Which server it is tells the apply.
        (None, graces(Value::Unknown), "unknown"),
        (None, graces("0s".into()), "unknown"),
        (None, graces("48h".into()), "kept"),
    ] {
        let (found, planned) = of_former(api, &before, &after);
        assert_eq!(found, expected, "{api:?} {after:?}");
        let is_open = |reason: &Reason| matches!(reason, Reason::PossibleRevocation { .. });
        let grace_is_open = after.is_unknown() || after.get("grace_period").is_unknown();
        let told = planned.reasons.iter().any(is_open);
        assert_eq!(
            told,
            expected == "unknown" && grace_is_open,
            "{api:?} {after:?}"
        );
        let ends = |reason: &Reason| matches!(reason, Reason::Revocation { .. });
        let told = planned.reasons.iter().any(ends);
        assert_eq!(told, expected == "ended", "{api:?} {after:?}");
    }
    // There was none that could be taken away.
    let (found, _) = of_former(Some(Api::Native), &Value::Null, &graces(Value::Unknown));
    assert_eq!(found, "kept");
}

#[test]
fn a_secret_that_its_server_still_keeps_was_replaced_and_not_refused() {
    let config = rotating();
    let now = time("2026-11-23T10:00:00Z");
    let reason = |kept: Option<(&str, Value)>| {
        let mut state = create(&config, time(START));
        let kept = kept.map(|(id, end)| {
            let entry = [
                (
                    "id",
                    if id.is_empty() {
                        state.get("id").clone()
                    } else {
                        id.into()
                    },
                ),
                ("revoke_at", end),
                ("due", false.into()),
            ];
            Value::map(entry)
        });
        set(&mut state, "status", "revoked");
        set(
            &mut state,
            "retired",
            Value::List(kept.into_iter().collect()),
        );
        let planned = plan(&settle(Kind::AccessToken, state, now), &config).planned;
        planned.get("rotation_reason").as_str().map(str::to_owned)
    };
    let end = || "2026-11-24T10:00:00Z".into();
    // Of its own on the server, and found there: nobody knows since when.
    for kept in [("", end()), ("at_1@1", Value::Null)] {
        let replaced = reason(Some(kept));
        let expected = Some("the secret was replaced elsewhere");
        assert_eq!(replaced.as_deref(), expected);
    }
    // One of an earlier rotation says nothing of the last.
    let earlier = reason(Some(("at_1@1", end())));
    assert_eq!(earlier.as_deref(), Some("the secret is no longer accepted"));
    assert_eq!(
        reason(None).as_deref(),
        Some("the secret is no longer accepted")
    );
}

/// A token that never ends, with this rotation block.
fn by_age<const N: usize>(entries: [(&str, Value); N]) -> Value {
    token([("rotation", rotation(entries))])
}

#[test]
fn a_secret_that_never_ends_rotates_by_its_age() {
    let config = by_age([("every", "60d".into())]);
    let state = create(&config, time(START));
    assert_eq!(
        state.get("rotate_at").as_str(),
        Some("2027-01-21T10:00:00Z")
    );
    let early = read(&state, time("2027-01-21T09:59:59Z"));
    assert_eq!(plan(&early, &config).action, Action::NoOp);

    let due = read(&state, time("2027-01-21T10:00:00Z"));
    assert_eq!(due.get("status").as_str(), Some("expiring"));
    let planned = plan(&due, &config);
    assert!(rotates(&due, &planned.planned));
    assert_eq!(
        planned.planned.get("rotation_reason").as_str(),
        Some("issued 2026-11-22T10:00:00Z, and rotates every 60d")
    );
    // The count begins again with each secret, however late that was.
    let now = time("2027-02-01T10:00:00Z");
    let rotated = read(&apply(&due, &config, &planned, now), now);
    assert_eq!(plan(&rotated, &config).action, Action::NoOp);
    assert_eq!(
        rotated.get("rotate_at").as_str(),
        Some("2027-04-02T10:00:00Z")
    );

    // What the configuration now wants counts.
    for (entries, rotates_now) in [
        ([("every", Value::from("59d"))], true),
        ([("every", "61d".into())], false),
        ([("every", Value::Null)], false),
    ] {
        let planned = plan(&due, &by_age(entries.clone()));
        assert_eq!(rotates(&due, &planned.planned), rotates_now, "{entries:?}");
        assert_eq!(planned.diagnostics, []);
    }
    let open = plan(&due, &by_age([("every", Value::Unknown)]));
    assert!(matches!(
        open.reasons[..],
        [Reason::PossibleRotation { .. }]
    ));
}

/// A new secret would have the same end, and is as young all the same.
#[test]
fn a_fixed_end_does_not_keep_a_secret_from_getting_old() {
    let config = with(
        by_age([("every", "60d".into())]),
        "expires_at",
        "2030-01-01T00:00:00Z",
    );
    let state = create(&config, time(START));
    let due = read(&state, time("2027-02-01T10:00:00Z"));
    assert!(rotates(&due, &plan(&due, &config).planned));
}

#[test]
fn jitter_moves_a_rotation_by_age_to_an_earlier_day() {
    let at = |jitter: Value| {
        let config = by_age([("every", "60d".into()), ("jitter", jitter)]);
        let state = create(&config, time(START));
        time(state.get("rotate_at").as_str().unwrap())
    };
    let (exact, moved) = (at(Value::Null), at("10d".into()));
    let days = exact.duration_since(moved).as_hours() / 24;
    assert!((0..=10).contains(&days) && moved < exact, "{moved} {exact}");
}

#[test]
fn where_nobody_knows_when_a_secret_was_issued_a_rotation_by_age_says_so() {
    let config = by_age([("every", "60d".into())]);
    let mut state = create(&config, time(START));
    set(&mut state, "issued_at", Value::Null);
    let state = read(&state, time("2030-01-01T00:00:00Z"));
    let codes = |config: &Value| {
        let planned = plan(&state, config);
        assert!(!rotates(&state, &planned.planned));
        let told = planned.diagnostics.iter();
        told.map(|problem| problem.code.name()).collect::<Vec<_>>()
    };
    assert_eq!(codes(&config), ["secret-age-unknown"]);
    assert_eq!(codes(&by_age([])), [""; 0]);
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
fn an_end_moves_only_where_the_secret_works_and_is_open_until_that_is_known() {
    let state = create(&token([("ttl", "30d".into())]), time(START));
    let planned = |ttl: &str, disabled: Value| {
        let config = token([("ttl", ttl.into()), ("disabled", disabled)]);
        plan(&state, &config).planned.get("expires_at").clone()
    };
    let moved = Value::from("2027-02-20T10:00:00Z");
    assert_eq!(planned("90d", false.into()), moved);
    assert_eq!(planned("90d", true.into()), *state.get("expires_at"));
    assert_eq!(planned("90d", Value::Unknown), Value::Unknown);
    assert_eq!(planned("30d", Value::Unknown), *state.get("expires_at"));

    // Where only a rotation moves it, the rotation is open, too.
    let state = create(
        &token([("expires_at", "2027-06-01T00:00:00Z".into())]),
        time(START),
    );
    let config = token([("ttl", "90d".into()), ("expires_at", Value::Unknown)]);
    let server = capabilities(Api::Osmo);
    let planned = plan_resource(Kind::AccessToken, Some(server), &state, &config);
    let possible = |reason: &Reason| matches!(reason, Reason::PossibleRotation { .. });
    assert!(
        planned.reasons.iter().all(possible),
        "{:?}",
        planned.reasons
    );
    assert_eq!(planned.planned.get("generation"), &Value::Unknown);
}

#[test]
fn a_shorter_ttl_is_decided_when_it_is_applied() {
    let state = create(&rotating(), time(START));
    let shorter = with(rotating(), "ttl", "60d");
    let open = plan(&state, &shorter);
    assert!(waits_for_the_clock(&state, &open.planned), "{open:#?}");
    assert_eq!(
        open.reasons[0].to_string(),
        "may rotate: with a `ttl` of 60d it ends 2027-01-21T10:00:00Z, which may be past when this is applied"
    );
    let codes: Vec<_> = open
        .diagnostics
        .iter()
        .map(|found| found.code.name())
        .collect();
    assert_eq!(codes, ["may-rotate"]);
    for (now, reason) in [
        ("2026-12-22T10:00:00Z", None),
        (
            "2027-01-08T10:00:00Z",
            Some("with a `ttl` of 60d it expires 2027-01-21T10:00:00Z, inside before_expiry 14d"),
        ),
        (
            "2027-01-21T09:59:30Z",
            Some("with a `ttl` of 60d it would have ended 2027-01-21T10:00:00Z"),
        ),
    ] {
        let server = Some(capabilities(Api::Native));
        let decided = plan_at(Kind::AccessToken, server, &state, &shorter, time(now));
        let why = decided.planned.get("rotation_reason").as_str();
        assert_eq!(why, reason, "{now}");
        let expected = if reason.is_some() { 2 } else { 1 };
        assert_eq!(decided.planned.get("generation"), &expected.into(), "{now}");
        assert_eq!(decided.diagnostics, [], "{now}");
        let state = apply(&state, &shorter, &decided, time(now));
        let state = read(&state, time(now));
        assert_eq!(plan(&state, &shorter).action, Action::NoOp, "{now}");
    }

    // It works for nobody: its end is decided when it is enabled.
    let disabled = with(shorter, "disabled", true);
    let plan = plan(&state, &disabled);
    assert!(!rotates(&state, &plan.planned), "{plan:#?}");
    assert_eq!(plan.planned.get("expires_at"), state.get("expires_at"));
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

fn osmo(description: &str, ttl: &str) -> Value {
    let account = ("service_account", "ci".into());
    let roles = ("roles", Value::set(["osmo-user".into()]));
    let described = ("description", description.into());
    token([account, roles, described, ("ttl", ttl.into())])
}

/// OSMO does not tell when a secret was issued, so nobody knows which end a `ttl` would have given it.
#[test]
fn an_imported_secret_keeps_its_end() {
    let server = Some(capabilities(Api::Osmo));
    let mut imported = create(&osmo("a", "90d"), time(START));
    for hidden in ["ttl", "issued_at", "token", "rotate_at"] {
        set(&mut imported, hidden, Value::Null);
    }
    for ttl in ["90d", "30d"] {
        let config = osmo("a", ttl);
        let plan = plan_resource(Kind::AccessToken, server, &imported, &config);
        for kept in ["generation", "expires_at"] {
            assert_eq!(plan.planned.get(kept), imported.get(kept), "{plan:#?}");
        }
        assert_eq!(plan.planned.get("ttl"), &ttl.into());
        let again = plan_resource(Kind::AccessToken, server, &plan.planned, &config);
        assert_eq!(again.action, Action::NoOp, "{again:#?}");
    }
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

#[test]
fn a_secret_that_does_not_work_is_told_in_each_plan_that_does_not_mend_it() {
    let told = |state: &Value, config: &Value| {
        let planned = plan(state, config);
        let told = planned.diagnostics.iter();
        let told = told.map(|problem| problem.code.name()).collect::<Vec<_>>();
        (planned.action, told)
    };
    let is_told = (Action::NoOp, vec!["secret-does-not-work"]);
    let configs = [
        token([]),
        rotating(),
        // Its rotation is not asked for.
        token([("ttl", "90d".into())]),
    ];
    for config in &configs {
        let state = create(config, time(START));
        assert_eq!(told(&state, config), (Action::NoOp, vec![]));
        // Its account is disabled.
        let mut dead = state.clone();
        set(&mut dead, "status", "disabled");
        assert_eq!(told(&dead, config), is_told, "{config:#?}");
        // Whoever disables the token as well knows of it.
        let disabled = with(config.clone(), "disabled", true);
        assert_eq!(told(&dead, &disabled), (Action::Update, vec![]));
        set(&mut dead, "disabled", true);
        assert_eq!(told(&dead, &disabled).1, [""; 0]);
    }

    // Nobody here has its secret, and so nothing renews it.
    let mut imported = create(&token([]), time(START));
    set(&mut imported, "token", Value::Null);
    for status in ["expired", "revoked"] {
        set(&mut imported, "status", status);
        assert_eq!(told(&imported, &token([])), is_told, "{status}");
    }
    // The first secret after it does not work either.
    let mut due = create(&rotating(), time(START));
    set(&mut due, "status", "disabled");
    set(&mut due, "rotation_due", true);
    assert_eq!(
        told(&due, &rotating()),
        (Action::Update, vec!["secret-does-not-work"])
    );
}

#[test]
fn no_secret_of_a_disabled_token_works() {
    let asked_for = |grace: &str, before: bool, after: bool| {
        let config = |release: &str, disabled: bool| {
            let triggers = Value::map([("release", release.into())]);
            let rotation = rotation([("grace_period", grace.into()), ("triggers", triggers)]);
            token([("disabled", disabled.into()), ("rotation", rotation)])
        };
        let prior = create(&config("one", before), time(START));
        let config = config("two", after);
        let planned = plan(&prior, &config);
        let address = "lanyard_access_token.ci";
        let change = Change::new(address, Kind::AccessToken, prior, config, planned);
        let plan = Plan {
            changes: vec![change],
        };
        let masked = plan.masked();
        let circumstances = Circumstances::default();
        let review = Review::of(&masked, &circumstances, Context::default());
        let text = review.render(Format::Text, Options::default());
        text.lines().next().unwrap_or_default().to_owned()
    };
    let rotates = |old: &str| format!("~ lanyard_access_token.ci rotates in place: {old}");
    let neither = "but the token is disabled: neither works";
    let works = rotates("the old secret works for 48h more");
    let would_work = rotates(&format!(
        "the old secret would work for 48h more, {neither}"
    ));
    assert_eq!(asked_for("48h", false, false), works);
    assert_eq!(asked_for("48h", true, false), works);
    assert_eq!(asked_for("48h", true, true), would_work);
    assert_eq!(asked_for("48h", false, true), would_work);
    let first_use = "the old secret would work until the first use of the new one";
    let first_use = rotates(&format!("{first_use}, {neither}"));
    assert_eq!(asked_for("until_first_use", true, true), first_use);
    assert_eq!(
        asked_for("0s", true, true),
        rotates("the old secret ends at once")
    );
}

#[test]
fn the_plan_and_the_review_agree_on_which_secrets_do_not_work() {
    let imported = token([("service_account", "sa_1".into())]);
    let state = with(create(&imported, time(START)), "token", Value::Null);
    let kept = |id: &str, due: bool| {
        Value::List(vec![Value::map([
            ("id", Value::from(id)),
            ("revoke_at", "2026-12-01T00:00:00Z".into()),
            ("due", due.into()),
        ])])
    };
    let id = state.get("id").as_str().unwrap().to_owned();
    let retired = [kept(&id, false), kept(&id, true), kept("at_0", false)];
    let mut found = Vec::new();
    for status in Status::ALL {
        for (disabled, retired) in [false, true]
            .iter()
            .flat_map(|disabled| retired.iter().map(move |retired| (*disabled, retired)))
        {
            let config = with(imported.clone(), "disabled", disabled);
            let prior = with(state.clone(), "disabled", disabled);
            let prior = with(prior, "status", status.name());
            let prior = with(prior, "retired", retired.clone());
            let planned = plan(&prior, &config);
            let codes = planned.diagnostics.iter().map(|told| told.code);
            let told = codes.filter(|code| {
                matches!(
                    code,
                    Code::SecretDoesNotWork | Code::SecretReplacedElsewhere
                )
            });
            let told = told.count();
            let address = "lanyard_access_token.ci";
            let change = Change::new(address, Kind::AccessToken, prior, config, planned);
            let circumstances = Circumstances::default();
            let plan = Plan {
                changes: vec![change],
            };
            let masked = plan.masked();
            let review = Review::of(&masked, &circumstances, Context::default());
            let rules = review.rules_from(Level::Warning);
            let rules: Vec<_> = rules
                .into_iter()
                .filter(|rule| ["dead-secret", "secret-does-not-work"].contains(rule))
                .collect();
            let text = review.render(Format::Text, Options::default());
            assert_eq!(rules.len(), told, "{status:?} {disabled}: {text}");
            found.extend(rules);
        }
    }
    // Active and expiring ones work, and whoever disabled one wants that.
    let dead = ["dead-secret"; 6];
    let cut_off = ["secret-does-not-work"; 3];
    assert_eq!(found, [dead.as_slice(), &cut_off].concat());
}

#[test]
fn a_rotation_that_ends_what_somebody_put_in_place_of_a_secret_says_so() {
    let config = rotating();
    let state = create(&config, time(START));
    let id = state.get("id").as_str().unwrap().to_owned();
    let retired = |id: &str, end: Value| {
        Value::List(vec![Value::map([
            ("id", Value::from(id)),
            ("revoke_at", end),
            ("due", false.into()),
        ])])
    };
    let told = |status: &str, retired: Value, keeps: bool| {
        let prior = with(state.clone(), "status", status);
        let prior = with(prior, "rotation_due", true);
        let prior = with(prior, "retired", retired);
        let planned = match keeps {
            true => prior.clone(),
            false => plan(&prior, &config).planned,
        };
        let prior: State = State::read(Kind::AccessToken, &prior).unwrap();
        let planned = State::read(Kind::AccessToken, &planned).unwrap();
        let told = ends_successor(&prior, &planned);
        told.map(|told| told.detail.contains("may end at once"))
    };
    let none = || Value::List(Vec::new());
    let end: Value = "2026-12-01T00:00:00Z".into();
    assert_eq!(told("revoked", none(), false), Some(true));
    assert_eq!(told("revoked", retired(&id, end), false), Some(false));
    // It is a token of its own, and has the grace period.
    assert_eq!(told("revoked", retired("at_0", Value::Null), false), None);
    for status in ["active", "expiring", "expired"] {
        assert_eq!(told(status, none(), false), None, "{status}");
    }
    assert_eq!(told("revoked", none(), true), None);
}

#[test]
fn where_ends_are_kept_to_the_day_a_secret_stops_when_that_day_begins() {
    let config = token([
        ("expires_at", "2026-12-11T12:00:00Z".into()),
        ("rotation", rotation([("before_expiry", "6h".into())])),
    ]);
    let state = with(create(&config, time(START)), "status", Value::Null);
    let state: State = State::read(Kind::AccessToken, &state).unwrap();
    for (api, now, expected) in [
        (
            Api::Osmo,
            "2026-12-10T17:59:59Z",
            ("active", "2026-12-10T18:00:00Z"),
        ),
        (
            Api::Osmo,
            "2026-12-10T18:00:00Z",
            ("expiring", "2026-12-10T18:00:00Z"),
        ),
        (
            Api::Osmo,
            "2026-12-11T00:00:00Z",
            ("expired", "2026-12-10T18:00:00Z"),
        ),
        (
            Api::Splunk,
            "2026-12-11T00:00:00Z",
            ("active", "2026-12-11T06:00:00Z"),
        ),
    ] {
        let settled = lanyard_compiler::plan::rotation::settle(
            Some(capabilities(api)),
            state.clone(),
            time(now),
        )
        .write();
        let told = ["status", "rotate_at"].map(|name| settled.get(name).as_str().unwrap());
        assert_eq!((told[0], told[1]), expected, "{api:?} {now}");
    }
    // An import has the end that the server keeps: a new secret would have no other.
    for (status, codes) in [("expiring", vec![]), ("expired", vec![Code::EndIsPast])] {
        let mut imported = state.write();
        set(&mut imported, "expires_at", "2026-12-11T00:00:00Z");
        set(&mut imported, "status", status);
        set(&mut imported, "rotation_due", true);
        let osmo = Some(capabilities(Api::Osmo));
        let plan = plan_resource(Kind::AccessToken, osmo, &imported, &config);
        let told = plan.diagnostics.iter().filter(|told| !told.is_error());
        let told: Vec<Code> = told.map(|told| told.code).collect();
        assert_eq!((plan.reasons, told), (vec![], codes), "{status}");
    }
    // A plan gives the next secret the point that will be read.
    let later = with(config, "expires_at", "2026-12-20T12:00:00Z");
    let point = |server| {
        let plan = plan_resource(Kind::AccessToken, server, &state.write(), &later);
        plan.planned.get("rotate_at").clone()
    };
    assert_eq!(
        point(Some(capabilities(Api::Osmo))),
        "2026-12-19T18:00:00Z".into()
    );
    assert_eq!(
        point(Some(capabilities(Api::Splunk))),
        "2026-12-20T06:00:00Z".into()
    );
    assert_eq!(point(None), Value::Unknown);
}

#[test]
fn a_rotation_that_cannot_come_in_the_life_that_a_server_gave_is_told() {
    let told = |api: Api, settings: &[(&str, Value)], length: (&str, &str)| {
        let mut config = token([("rotation", rotation([(length.0, length.1.into())]))]);
        for (name, value) in settings {
            set(&mut config, name, value.clone());
        }
        let state = create(&token([("ttl", "30d".into())]), time(START));
        let state = with(state, "ttl", Value::Null);
        let plan = plan_resource(Kind::AccessToken, Some(capabilities(api)), &state, &config);
        let told = plan.diagnostics.iter().filter(|told| !told.is_error());
        told.map(|told| told.code).collect::<Vec<_>>()
    };
    let none: &[(&str, Value)] = &[];
    let ttl = &[("ttl", "90d".into())];
    for (length, code) in [
        (("before_expiry", "30d"), Some(Code::RotationBeforeIssue)),
        (("before_expiry", "29d"), None),
        (("every", "30d"), Some(Code::RotationAfterEnd)),
        (("every", "29d"), None),
    ] {
        assert_eq!(
            told(Api::Splunk, none, length),
            Vec::from_iter(code),
            "{length:?}"
        );
        assert_eq!(told(Api::Splunk, ttl, length), [], "{length:?}");
        assert_eq!(told(Api::Native, none, length), [], "{length:?}");
    }
}
