//! What becomes of the secret that was replaced, and what is said of it.

use super::*;

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
