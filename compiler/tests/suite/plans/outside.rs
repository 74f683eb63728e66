//! What happened outside of a configuration, or only in its state.

use lanyard_compiler::review::{Context, Format, Review};
use serde_json::{Value as Json, json};

use super::{change, parse, plan, shown, text};

#[test]
fn what_comes_due_was_not_changed_outside() {
    let plan = |noticed: Json| {
        let before = json!({"name": "x", "generation": 1, "rotation_due": false, "status": "active", "description": "a"});
        let mut seen = before.clone();
        for (name, value) in noticed.as_object().unwrap() {
            seen[name] = value.clone();
        }
        let entry = |actions: &str, before: &Json, after: &Json| {
            json!({"address": "lanyard_access_token.x", "mode": "managed", "type": "lanyard_access_token",
                   "change": {"actions": [actions], "before": before, "after": after}})
        };
        let mut rotated = before.clone();
        rotated["generation"] = json!(2);
        json!({"format_version": "1.2",
            "resource_drift": [entry("update", &before, &seen)],
            "resource_changes": [entry("update", &seen, &rotated)]})
    };
    let due = json!({"rotation_due": true, "status": "expiring"});
    let over = json!({"rotation_due": true, "status": "expired"});
    assert!(!text(&plan(over)).contains("changed outside"));
    let told = text(&plan(due));
    assert!(told.contains("rotation_due = true -> false"), "{told}");
    assert!(!told.contains("outside"), "{told}");
    // What somebody did beside it is told, and that alone.
    let touched = json!({"rotation_due": true, "status": "expiring", "description": "b"});
    let told = text(&plan(touched));
    assert!(
        told.contains("was changed outside of this configuration: description \"a\" -> \"b\"\n"),
        "{told}"
    );
    assert!(
        told.contains("puts back what was changed outside: description\n"),
        "{told}"
    );
    let told = text(&plan(json!({"status": "revoked"})));
    assert!(
        told.contains("outside of this configuration: status"),
        "{told}"
    );
}

#[test]
fn an_old_secret_whose_time_is_over_was_not_changed_outside() {
    let told = |now: Json| {
        let entry = |after: &Json| {
            json!({"address": "lanyard_access_token.x", "mode": "managed", "type": "lanyard_access_token",
                   "change": {"actions": ["update"],
                       "before": {"name": "x", "retired": [{"id": "at_1", "revoke_at": null, "due": false}]},
                       "after": {"name": "x", "retired": after}}})
        };
        let plan = json!({"format_version": "1.2", "resource_changes": [], "resource_drift": [entry(&now)]});
        text(&plan)
    };
    let outside = "was changed outside";
    let due = json!([{"id": "at_1", "revoke_at": null, "due": true}]);
    assert!(!told(due).contains(outside));
    let another = json!([{"id": "at_9", "revoke_at": null, "due": true}]);
    assert!(told(another).contains(outside));
    let gone = told(json!([]));
    let words = "has no old secret \"at_1\" on its server any more, and an apply only takes it out of the state";
    assert!(gone.contains(words) && !gone.contains(outside), "{gone}");
}

#[test]
fn what_is_not_found_may_live_on_elsewhere() {
    let reviewed = parse(&plan("drift"));
    let masked = reviewed.plan.masked();
    let review = Review::of(&masked, &reviewed.circumstances, Context::default());
    let mut found = review.findings().iter();
    let found = found.find(|finding| finding.rule.name == "is-forgotten");
    let found = found.map(|finding| finding.address.as_str());
    assert_eq!(found, Some("lanyard_access_token.y"));
    let text = shown(&reviewed, Format::Text);
    assert!(
        !text.contains("was deleted") && text.contains("living on elsewhere"),
        "{text}"
    );
}

#[test]
fn a_plan_that_only_records_what_happened_outside_is_not_nothing() {
    let mut refresh = plan("drift");
    refresh["resource_changes"] = json!([]);
    let text = text(&refresh);
    assert!(
        text.contains("is not found on this server any more"),
        "{text}"
    );
    assert!(!text.contains("nothing to do"), "{text}");
    assert!(!parse(&refresh).is_empty());
    // An ordinary plan that leaves the state as it was.
    refresh["applyable"] = json!(false);
    assert!(parse(&refresh).is_empty());
}

#[test]
fn what_changes_beside_credentials_is_not_nothing() {
    let token = json!({"name": "x", "token": "lyd_hunter2", "generation": 2});
    let told = |output: &str, other: &str| {
        let plan = json!({"format_version": "1.2",
            "resource_changes": [
                {"address": "lanyard_access_token.x", "mode": "managed", "type": "lanyard_access_token",
                 "change": {"actions": ["no-op"], "before": token, "after": token}},
                {"address": "vault_kv_secret_v2.x", "mode": "managed", "type": "vault_kv_secret_v2",
                 "change": {"actions": [other]}},
                {"address": "data.http.x", "mode": "data", "type": "http", "change": {"actions": ["read"]}}],
            "output_changes": {"secret": {"actions": [output], "before": "lyd_hunter1", "after": "lyd_hunter2",
                "before_sensitive": true, "after_sensitive": true}}});
        let reviewed = parse(&plan);
        (reviewed.is_empty(), shown(&reviewed, Format::Text))
    };
    for (output, other, nothing, headline) in [
        ("no-op", "no-op", true, "nothing to do, 1 unchanged."),
        (
            "update",
            "no-op",
            false,
            "no credential changes, but 1 output, 1 unchanged.",
        ),
        (
            "no-op",
            "update",
            false,
            "no credential changes, but 1 other resource, 1 unchanged.",
        ),
    ] {
        let (is_empty, text) = told(output, other);
        assert_eq!(is_empty, nothing, "{text}");
        assert!(text.contains(&format!("Plan: {headline}")), "{text}");
    }
}

#[test]
fn a_move_changes_the_state() {
    let mut moved = plan("imports");
    let parts = change(&mut moved);
    parts["previous_address"] = json!("lanyard_access_token.old");
    parts["change"]["actions"] = json!(["no-op"]);
    parts["change"]["after"] = parts["change"]["before"].clone();
    parts["change"].as_object_mut().unwrap().remove("importing");
    moved["resource_changes"]
        .as_array_mut()
        .unwrap()
        .truncate(1);
    let text = text(&moved);
    assert!(
        text.contains("was called lanyard_access_token.old"),
        "{text}"
    );
    assert!(!parse(&moved).is_empty());
}

#[test]
fn what_time_did_is_told_where_the_plan_does_nothing_about_it() {
    let at = "2026-12-01T00:00:00Z";
    let drift = |status: &str, more: Json| {
        let mut before =
            json!({"name": "ci", "status": "active", "rotation_due": false, "expires_at": at});
        let mut after = before.clone();
        after["status"] = json!(status);
        after["rotation_due"] = json!(true);
        for (name, value) in more.as_object().unwrap() {
            after[name] = value.clone();
            before[name] = json!("old");
        }
        json!([{"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
            "change": {"actions": ["update"], "before": before, "after": after}}])
    };
    let refresh = |drift: Json| json!({"format_version": "1.2", "planned_values": {}, "resource_drift": drift});
    let told = text(&refresh(drift("expired", json!({}))));
    let expired = "has expired at 2026-12-01T00:00:00Z: its secret does not work any more";
    assert!(
        told.contains(&format!("! lanyard_access_token.ci {expired}\n")),
        "{told}"
    );
    let told = text(&refresh(drift("expiring", json!({}))));
    assert!(
        told.contains("lanyard_access_token.ci is due for rotation\n"),
        "{told}"
    );
    let told = text(&refresh(drift("expired", json!({"description": "new"}))));
    let both = format!("description \"old\" -> \"new\"; {expired}");
    assert!(told.contains(&both), "{told}");
    assert!(!parse(&refresh(drift("expired", json!({})))).is_empty());
    // Where the plan has the token, it says what becomes of it.
    let mut plan = refresh(drift("expired", json!({})));
    plan["resource_changes"] = plan["resource_drift"].clone();
    let told = text(&plan);
    assert!(!told.contains("! lanyard"), "{told}");
}

/// What a review finds in a plan, with the address of each.
fn found(plan: &Json) -> Vec<(&'static str, String)> {
    let reviewed = parse(plan);
    let masked = reviewed.plan.masked();
    let review = Review::of(&masked, &reviewed.circumstances, Context::default());
    let findings = review.findings().iter();
    findings
        .map(|finding| (finding.rule.name, finding.address.clone()))
        .collect()
}

#[test]
fn a_plan_that_only_refreshes_tells_a_secret_that_does_not_work() {
    let resource = |kind: &str, values: Json| {
        json!({"address": format!("{kind}.x"), "mode": "managed", "type": kind, "name": "x", "values": values,
               "sensitive_values": {"token": true}})
    };
    let (account, token) = ("lanyard_service_account", "lanyard_access_token");
    let refresh = |resource: Json| {
        json!({"format_version": "1.2", "planned_values": {"root_module": {}}, "applyable": true, "complete": true,
               "prior_state": {"format_version": "1.0", "values": {"root_module": {"child_modules": [{"resources": [resource]}]}}}})
    };
    let held = |due: bool| json!({"id": "a", "name": "x", "disabled": false, "rotation_due": due, "token": "lyd_hunter2"});
    let with = |status: &str, disabled: bool| {
        json!({"id": "t", "name": "x", "disabled": disabled, "rotation_due": false, "status": status, "token": "lyd_hunter2",
               "retired": []})
    };
    for (kind, values, rule) in [
        (account, held(true), Some("dead-secret")),
        (account, held(false), None),
        (token, with("revoked", false), Some("dead-secret")),
        (token, with("expired", false), Some("dead-secret")),
        (token, with("disabled", false), Some("secret-does-not-work")),
        (token, with("disabled", true), None),
        (token, with("active", false), None),
    ] {
        let mut plan = refresh(resource(kind, values.clone()));
        let expected: Vec<_> = rule
            .map(|rule| (rule, format!("{kind}.x")))
            .into_iter()
            .collect();
        assert_eq!(found(&plan), expected, "{values}");
        let told = text(&plan);
        assert!(!told.contains("hunter"), "{told}");
        assert_eq!(
            told.contains("in need of a new secret"),
            rule == Some("dead-secret"),
            "{told}"
        );
        // An action that is invoked alone may be what renews it.
        let mut invokes = plan.clone();
        invokes["action_invocations"] = json!([]);
        assert_eq!(found(&invokes), [], "{values}");
        // What the other changes say nothing of was left out by `-target`, and not read.
        plan["resource_changes"] = json!([{"address": "lanyard_access_token.y", "mode": "managed", "type": token,
            "change": {"actions": ["no-op"], "before": {"name": "y"}, "after": {"name": "y"}}}]);
        assert_eq!(found(&plan), [], "{values}");
    }
}

#[test]
fn who_takes_the_clear_secret_of_a_token_with_a_recipient_takes_null() {
    let plan = |recipient: Option<&str>, taken: &[&str]| {
        let before =
            json!({"name": "x", "generation": 1, "status": "active", "token": "lyd_hunter2"});
        let mut after =
            json!({"name": "x", "generation": 2, "status": "active", "recipient": recipient});
        let unknown = match recipient {
            Some(_) => json!({"encrypted_token": true}),
            None => json!({"token": true}),
        };
        after["encrypted_token"] = Json::Null;
        let references: Vec<String> = taken
            .iter()
            .map(|name| format!("lanyard_access_token.x.{name}"))
            .collect();
        json!({"format_version": "1.2",
            "resource_changes": [{"address": "lanyard_access_token.x", "mode": "managed", "type": "lanyard_access_token",
                "change": {"actions": ["update"], "before": before, "after": after, "after_unknown": unknown}}],
            "configuration": {"root_module": {"resources": [{"address": "terraform_data.user", "mode": "managed", "type": "terraform_data",
                "expressions": {"input": {"references": references}}}]}}})
    };
    let is_found = |plan: &Json| found(plan).iter().any(|(rule, _)| *rule == "dead-secret");
    let key = Some("age1x");
    assert!(is_found(&plan(key, &["token"])));
    for (recipient, taken) in [
        (None, &["token"][..]),
        (key, &["encrypted_token"]),
        (key, &["token", "encrypted_token"]),
        (key, &["id"]),
        (key, &[]),
    ] {
        assert!(
            !is_found(&plan(recipient, taken)),
            "{recipient:?} {taken:?}"
        );
    }
}

/// What a value shows is told from what only a reference says, and nobody is named whose value shows that no null is in it.
#[test]
fn the_value_of_a_user_tells_whether_it_gets_null_of_a_secret_for_a_recipient() {
    let token = json!({"name": "x", "generation": 1, "status": "active", "recipient": "age1x", "token": null, "encrypted_token": "sealed"});
    let references = |names: &[&str]| {
        let names: Vec<String> = names
            .iter()
            .map(|name| format!("lanyard_access_token.x.{name}"))
            .collect();
        json!({"references": names})
    };
    let plan = |user: (Json, Json), configuration: Json| {
        let (changes, outputs) = user;
        let mut all = vec![
            json!({"address": "lanyard_access_token.x", "mode": "managed", "type": "lanyard_access_token",
            "change": {"actions": ["no-op"], "before": token, "after": token}}),
        ];
        all.extend(changes.as_array().cloned().unwrap_or_default());
        json!({"format_version": "1.2", "resource_changes": all, "output_changes": outputs,
               "configuration": {"root_module": configuration}})
    };
    let output = |change: Json, names: &[&str]| {
        let outputs = json!({"o": change});
        let expression = references(names);
        plan(
            (json!([]), outputs),
            json!({"outputs": {"o": {"expression": expression, "sensitive": true}}}),
        )
    };
    let argument = |name: &str, actions: &[&str], before: Json, after: Json, names: &[&str]| {
        let user = json!({"address": "aws_x.u", "mode": "managed", "type": "aws_x",
            "change": {"actions": actions, "before": before, "after": after}});
        plan(
            (json!([user]), json!({})),
            json!({"resources": [{"address": "aws_x.u", "mode": "managed", "type": "aws_x",
                "expressions": {name: references(names)}}]}),
        )
    };
    let known = |after: Json| json!({"actions": ["no-op"], "after": after, "after_unknown": false});
    let part = |after: Json, unknown: Json| json!({"actions": ["create"], "after": after, "after_unknown": unknown});
    let told = |plan: &Json| {
        let told = text(plan);
        let mut lines = told.lines();
        let line = lines.find(|line| line.starts_with("warning[dead-secret]"));
        line.map(|line| {
            let (certain, perhaps) = line
                .split_once("it is not known here")
                .unwrap_or((line, ""));
            (
                certain.contains("and is used by"),
                perhaps.contains("whether it is null"),
            )
        })
    };
    let (used, perhaps) = (Some((true, false)), Some((false, true)));
    let (clear, both) = (&["token"][..], &["token", "encrypted_token"][..]);
    let armored = "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n";
    for (plan, expected) in [
        (output(known(Json::Null), clear), used),
        (output(known(json!("clear or not")), clear), None),
        (output(known(json!(r#"{"token":null}"#)), clear), perhaps),
        (output(known(json!({"a": null})), both), perhaps),
        (output(known(json!({"a": "sealed"})), both), None),
        // A whole token.
        (output(known(token.clone()), clear), None),
        (
            output(
                part(json!({"token": null}), json!({"encrypted_token": true})),
                clear,
            ),
            None,
        ),
        (output(part(Json::Null, json!(true)), clear), perhaps),
        (output(part(Json::Null, json!(true)), both), None),
        (
            output(part(json!([null, null]), json!([false, true])), both),
            perhaps,
        ),
        (
            output(part(json!([null, "a"]), json!([true, false])), both),
            None,
        ),
        (
            argument("p", &["create"], Json::Null, json!({"p": null}), clear),
            used,
        ),
        (
            argument("p", &["create"], Json::Null, json!({"p": "a"}), clear),
            None,
        ),
        // Its provider may keep what was there, where it is given null.
        (
            argument("p", &["no-op"], json!({"p": "a"}), json!({"p": "a"}), clear),
            perhaps,
        ),
        (
            argument(
                "p",
                &["no-op"],
                json!({"p": armored}),
                json!({"p": armored}),
                clear,
            ),
            None,
        ),
        (
            argument(
                "p_wo",
                &["create"],
                Json::Null,
                json!({"p_wo": null}),
                clear,
            ),
            perhaps,
        ),
    ] {
        assert_eq!(told(&plan), expected, "{plan}");
    }
}

#[test]
fn a_token_that_ends_soon_is_found_in_a_plan_that_keeps_it() {
    let token = |rotate_at: Option<&str>, status: &str| {
        json!({"id": "t", "name": "x", "disabled": false, "status": status, "token": "lyd_hunter2", "retired": [],
               "issued_at": "2026-12-10T08:00:00Z", "expires_at": "2027-03-10T08:00:00Z", "rotate_at": rotate_at,
               "rotation_due": false})
    };
    let address = "lanyard_access_token.x";
    let resource = |values: &Json| {
        json!({"address": address, "mode": "managed", "type": "lanyard_access_token", "name": "x", "values": values,
               "sensitive_values": {"token": true}})
    };
    let plan = |verb: &str, at: &str, before: &Json, after: &Json, unknown: Json| {
        let change = json!({"address": address, "mode": "managed", "type": "lanyard_access_token",
            "change": {"actions": [verb], "before": before, "after": after, "after_unknown": unknown,
                "before_sensitive": {"token": true}, "after_sensitive": {"token": true}}});
        json!({"format_version": "1.2", "timestamp": at, "resource_changes": [change]})
    };
    let (soon, early) = ("2027-03-01T08:00:00Z", "2027-02-01T08:00:00Z");
    let active = token(None, "active");
    let mut described = active.clone();
    described["description"] = json!("two");
    let mut longer = active.clone();
    longer["expires_at"] = json!("2027-06-10T08:00:00Z");
    let ends = |plan: &Json| found(plan).contains(&("token-ends-soon", address.to_owned()));
    for (expected, plan) in [
        (true, plan("no-op", soon, &active, &active, json!({}))),
        (false, plan("no-op", early, &active, &active, json!({}))),
        (true, plan("update", soon, &active, &described, json!({}))),
        (false, plan("update", soon, &active, &longer, json!({}))),
        // A rotation block comes, or a new secret.
        (
            false,
            plan(
                "update",
                soon,
                &active,
                &described,
                json!({"rotate_at": true}),
            ),
        ),
        (false, plan("delete", soon, &active, &Json::Null, json!({}))),
    ] {
        assert_eq!(ends(&plan), expected, "{plan}");
    }
    let refresh = |values: &Json, at: &str| {
        json!({"format_version": "1.2", "timestamp": at, "planned_values": {"root_module": {}}, "applyable": true,
               "prior_state": {"format_version": "1.0", "values": {"root_module": {"resources": [resource(values)]}}}})
    };
    let told = text(&refresh(&active, soon));
    let expected = "warning[token-ends-soon] lanyard_access_token.x.expires_at: ends in 9 days, at 2027-03-10T08:00:00Z, and nothing rotates it\n";
    assert!(told.contains(expected), "{told}");
    let rotates = token(Some("2027-03-05T08:00:00Z"), "active");
    for (values, at) in [
        (&active, early),
        (&rotates, soon),
        (&token(None, "disabled"), soon),
    ] {
        assert!(!ends(&refresh(values, at)), "{values}");
    }
}

#[test]
fn a_role_that_a_token_lost_with_its_account_was_not_changed_outside() {
    let told = |lost: [&str; 2], held: &[&str]| {
        let token = |roles: &[&str]| json!({"id": "t", "name": "x", "service_account": "sa_1", "disabled": false, "roles": roles});
        let drift = json!({"address": "lanyard_access_token.x", "mode": "managed", "type": "lanyard_access_token",
            "change": {"actions": ["update"], "before": token(&["editor", "viewer"]), "after": token(&lost[..1])}});
        let account = json!({"address": "lanyard_service_account.a", "mode": "managed", "type": "lanyard_service_account",
            "values": {"id": "sa_1", "name": "a", "roles": held}, "sensitive_values": {"roles": []}});
        text(
            &json!({"format_version": "1.2", "planned_values": {}, "resource_drift": [drift],
            "prior_state": {"format_version": "1.0", "values": {"root_module": {"resources": [account]}}}}),
        )
    };
    let followed = told(["editor", ""], &["editor"]);
    let expected = "! lanyard_access_token.x has lost roles that its account does not have any more: roles [\"editor\", \"viewer\"] -> [\"editor\"]\n";
    assert!(followed.contains(expected), "{followed}");
    let outside = "was changed outside of this configuration: roles";
    // Somebody took it from the token alone, or gave it another.
    assert!(told(["editor", ""], &["editor", "viewer"]).contains(outside));
    assert!(told(["admin", ""], &["admin"]).contains(outside));
}

#[test]
fn a_secret_of_an_account_that_somebody_replaced_is_not_the_doing_of_time() {
    let change = json!({"address": "lanyard_service_account.x", "mode": "managed", "type": "lanyard_service_account",
        "change": {"actions": ["update"], "before": {"name": "x", "rotation_due": false},
            "after": {"name": "x", "rotation_due": true}}});
    let mut plan =
        json!({"format_version": "1.2", "planned_values": {}, "resource_drift": [change]});
    let outside = "was changed outside of this configuration: its server has another secret, and does not accept the one in the state any more\n";
    let told = text(&plan);
    assert!(told.contains(outside), "{told}");
    plan["resource_changes"] = json!([]);
    assert!(text(&plan).contains(outside));
    let mut stays = plan["resource_drift"][0].clone();
    stays["change"]["actions"] = json!(["no-op"]);
    stays["change"]["before"] = stays["change"]["after"].clone();
    plan["resource_changes"] = json!([stays]);
    assert!(text(&plan).contains(outside), "{}", text(&plan));
    let mut renewed = plan["resource_drift"][0].clone();
    renewed["change"]["before"] = renewed["change"]["after"].clone();
    renewed["change"]["after"] = json!({"name": "x", "rotation_due": false});
    plan["resource_changes"] = json!([renewed]);
    assert!(!text(&plan).contains("puts back"), "{}", text(&plan));
}

#[test]
fn power_that_moved_outside_is_found_where_the_plan_leaves_it() {
    let token = |roles: &[&str]| json!({"name": "ci", "disabled": false, "service_account": "sa_1", "roles": roles});
    let entry = |verb: &str, before: Json, after: Json| {
        json!({"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
               "change": {"actions": [verb], "before": before, "after": after}})
    };
    let account = json!({"id": "sa_1", "name": "ci", "roles": ["viewer", "editor"]});
    let account = json!({"address": "lanyard_service_account.ci", "mode": "managed", "type": "lanyard_service_account",
               "change": {"actions": ["no-op"], "before": account, "after": account}});
    let told = |drift: [Json; 2], change: Option<Json>| {
        let [before, now] = drift;
        let changes: Vec<Json> = change.into_iter().chain([account.clone()]).collect();
        let plan = json!({"format_version": "1.2", "resource_drift": [entry("update", before, now)], "resource_changes": changes});
        let text = text(&plan);
        let mut lines = text
            .lines()
            .filter(|line| line.contains("[power-changed-outside]"));
        let told = lines.next().map(|line| {
            let (_, told) = line
                .split_once(": can do ")
                .expect("it says what it can do");
            let (told, _) = told
                .split_once(": ")
                .expect("and that the plan leaves it so");
            told.to_owned()
        });
        assert_eq!(lines.next(), None);
        told.unwrap_or_default()
    };
    let (few, many) = (token(&["viewer"]), token(&["editor", "viewer"]));
    let (none, other) = (token(&[]), token(&["admin", "viewer"]));
    let stays = |state: &Json| Some(entry("no-op", state.clone(), state.clone()));
    let becomes =
        |before: &Json, after: &Json| Some(entry("update", before.clone(), after.clone()));
    let more = "more than before (role editor)";
    let less = "less than before (role editor)";
    assert_eq!(told([few.clone(), many.clone()], stays(&many)), more);
    // A plan that only refreshes.
    assert_eq!(told([few.clone(), many.clone()], None), more);
    assert_eq!(told([many.clone(), few.clone()], stays(&few)), less);
    let both = "more than before (role admin), and less than before (role editor)";
    assert_eq!(told([many.clone(), other.clone()], stays(&other)), both);
    // What its account does not have went with it, and without any role it is told as that.
    assert_eq!(told([other.clone(), few.clone()], stays(&few)), "");
    assert_eq!(told([many.clone(), none.clone()], stays(&none)), "");
    // Put back, or wanted otherwise.
    assert_eq!(told([few.clone(), many.clone()], becomes(&many, &few)), "");
    let also = token(&["editor", "operator", "viewer"]);
    assert_eq!(
        told([few.clone(), many.clone()], becomes(&many, &also)),
        more
    );
    // The secret ends.
    let gone = Some(entry("delete", many.clone(), Json::Null));
    assert_eq!(told([few.clone(), many.clone()], gone), "");
    // Only imported: nothing was known of it before.
    let sparse = json!({"name": "ci"});
    assert_eq!(told([sparse, many.clone()], stays(&many)), "");
}

#[test]
fn power_that_was_taken_on_the_server_and_is_given_back_is_gained() {
    let entry = |before: &Json, after: &Json| {
        json!({"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
               "change": {"actions": ["update"], "before": before, "after": after}})
    };
    let whole = json!({"name": "ci", "disabled": false, "roles": ["editor", "viewer"], "scopes": ["samples:read", "samples:write"]});
    for (attribute, taken, gains) in [
        ("disabled", json!(true), "is enabled again"),
        ("roles", json!(["viewer"]), "role editor"),
        ("scopes", json!(["samples:read"]), "scope samples:write"),
    ] {
        let mut now = whole.clone();
        now[attribute] = taken;
        let told = |was: &Json, now: &Json| {
            let plan = json!({"format_version": "1.2", "resource_drift": [entry(was, now)],
                "resource_changes": [entry(now, was)]});
            let plan = parse(&plan);
            shown(&plan, Format::Text) + &shown(&plan, Format::Markdown)
        };
        let given = told(&whole, &now);
        let note = format!("puts back what was changed outside: {attribute}\n");
        assert!(given.contains(&note), "{given}");
        assert!(given.contains("`gains-power`"), "{given}");
        assert!(given.contains(&format!("gains: {gains}\n")), "{given}");
        let taken = told(&now, &whole);
        assert!(!taken.contains("gains-power"), "{taken}");
        assert!(taken.contains("loses: "), "{taken}");
    }
}

#[test]
fn scopes_that_moved_outside_are_found_with_the_attribute_that_puts_them_back() {
    let entry = |verb: &str, before: &Json, after: &Json| {
        json!({"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
               "change": {"actions": [verb], "before": before, "after": after}})
    };
    let told = |before: Json, now: Json| {
        let plan = json!({"format_version": "1.2", "resource_drift": [entry("update", &before, &now)],
            "resource_changes": [entry("no-op", &now, &now)]});
        text(&plan)
    };
    let token = |roles: &[&str], scopes: &[&str]| json!({"name": "ci", "disabled": false, "roles": roles, "scopes": scopes});
    let all = token(&["viewer"], &[]);
    let few = token(&["viewer"], &["samples:read"]);
    let gained = told(few.clone(), all.clone());
    assert!(
        gained.contains("can do more than before (every scope):"),
        "{gained}"
    );
    assert!(
        gained.contains("say in `scopes` of the configuration what"),
        "{gained}"
    );
    let lost = told(all, few.clone());
    let but = "can do less than before (every scope but samples:read):";
    assert!(lost.contains(but), "{lost}");
    let both = told(
        few,
        token(&["admin", "viewer"], &["samples:read", "samples:write"]),
    );
    let told = "can do more than before (role admin, scope samples:write):";
    assert!(both.contains(told), "{both}");
    assert!(both.contains("in `roles` and `scopes`"), "{both}");
}
