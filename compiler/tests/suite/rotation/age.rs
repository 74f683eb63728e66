//! Rotation by age, and what nobody knows of it.

use super::*;

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
