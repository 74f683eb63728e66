//! When a secret ends, and what is said of one that does not work.

use super::*;

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
