//! What becomes of a secret when another one takes its place, and of one that does not work.

use lanyard_compiler::review::{Context, Format, Level, Review};
use serde_json::{Value as Json, json};

use super::{change, parse, plan, shown, text};

#[test]
fn a_retired_secret_that_ends_is_a_reason() {
    let told = |grace: &str, due: bool, kept: Json| {
        let plan = json!({"format_version": "1.2", "resource_changes": [{
            "address": "lanyard_access_token.x", "mode": "managed", "type": "lanyard_access_token",
            "change": {"actions": ["update"],
                "before": {"id": "at_2", "name": "x", "generation": 2, "rotation": {"grace_period": "48h"},
                    "retired": [{"id": "at_1", "revoke_at": null, "due": due}]},
                "after": {"id": "at_2", "name": "x", "generation": 2, "rotation": {"grace_period": grace}, "retired": kept},
                "after_unknown": {"retired": kept.is_null()}}}]});
        text(&plan)
    };
    let revokes = "ends the old secret at_1 of an earlier rotation";
    assert!(told("48h", true, json!([])).contains(revokes));
    assert!(told("0s", false, json!([])).contains(revokes));
    // Where a rotation decides the list anew.
    assert!(told("0s", false, Json::Null).contains(revokes));
    assert!(told("48h", true, Json::Null).contains(revokes));
    assert!(!told("48h", false, Json::Null).contains(revokes));
    let kept = json!([{"id": "at_1", "revoke_at": null, "due": false}]);
    assert!(!told("1h", false, kept).contains(revokes));
    let begins = "the grace period of at_1, found on the server, begins";
    assert!(told("48h", false, Json::Null).contains(begins));
    assert!(!told("0s", false, Json::Null).contains(begins));
}

#[test]
fn a_rotation_that_only_the_apply_decides_is_counted_as_that() {
    let told = |ttl: &str| {
        let plan = json!({"format_version": "1.2", "resource_changes": [
            {"address": "lanyard_access_token.x", "mode": "managed", "type": "lanyard_access_token",
             "change": {"actions": ["update"], "before": {"name": "x", "ttl": "30d", "token": "lyd_hunter1", "generation": 1},
                "after": {"name": "x", "ttl": ttl}, "after_unknown": {"token": true, "generation": true, "rotation_reason": true}}}]});
        text(&plan)
    };
    let shorter = told("20d");
    let why =
        "because: with a `ttl` of 20d it ends earlier, which may be past when this is applied\n";
    assert!(shorter.contains(why), "{shorter}");
    let counted = "1 to update (1 perhaps with a new secret)";
    assert!(shorter.contains(counted), "{shorter}");
    let longer = told("40d");
    assert!(longer.contains("values that are not known yet"), "{longer}");
}

#[test]
fn an_old_secret_is_told_with_its_end() {
    let told = |own: &str, end: Json, due: bool| {
        let plan = json!({"format_version": "1.2", "resource_changes": [{
            "address": "lanyard_access_token.x", "mode": "managed", "type": "lanyard_access_token",
            "change": {"actions": ["update"],
                "before": {"id": own, "name": "x", "retired": [{"id": "at_1", "revoke_at": end, "due": due}]},
                "after": {"id": own, "name": "x", "retired": []}}}]});
        text(&plan)
    };
    let end = json!("2026-03-04T00:00:00Z");
    for (told, words) in [
        (
            told("at_2", end.clone(), true),
            ", whose grace period was over at 2026-03-04T00:00:00Z\n",
        ),
        (
            told("at_2", end, false),
            " at once: it would stay until 2026-03-04T00:00:00Z\n",
        ),
        (told("at_2", Json::Null, false), " at once\n"),
        (
            told("at_2", Json::Null, true),
            " at once: `rotation` gives it no grace period\n",
        ),
        (
            told("at_1", Json::Null, false),
            " at once: it would stay until the first use of the new one\n",
        ),
    ] {
        let words = format!("ends the old secret at_1 of an earlier rotation{words}");
        assert!(told.contains(&words), "{told}");
    }
}

#[test]
fn a_secret_that_is_dead_already_does_not_work_for_two_more_days() {
    let mut plan = plan("grace_period_unknown");
    let parts = &mut change(&mut plan)["change"];
    parts["before"]["status"] = json!("expired");
    parts["after"]["rotation"]["grace_period"] = json!("48h");
    parts["after_unknown"]["rotation"] = json!({});
    let text = text(&plan);
    assert!(
        text.contains("the old secret does not work any more, it is expired"),
        "{text}"
    );
    assert!(!text.contains("48h more"), "{text}");
}

/// The grace period is for the secret of the state, which is dead already.
#[test]
fn a_secret_that_somebody_put_in_place_may_end_at_once() {
    let mut plan = plan("grace_period_unknown");
    let parts = &mut change(&mut plan)["change"];
    parts["before"]["status"] = json!("revoked");
    parts["after"]["rotation"]["grace_period"] = json!("48h");
    parts["after_unknown"]["rotation"] = json!({});
    let text = text(&plan);
    let told = "the old secret is not accepted by the server any more; one that somebody put in its place may end at once";
    assert!(text.contains(told), "{text}");
}

#[test]
fn the_servers_reason_comes_before_terraforms() {
    let mut plan = plan("opentofu_forgets_on_request");
    let parts = &mut change(&mut plan)["change"];
    parts["actions"] = json!(["delete", "create"]);
    parts["before"]["status"] = json!("expired");
    parts["replace_paths"] = json!([["token"]]);
    let text = text(&plan);
    let (server, secret) = (text.find("it is expired"), text.find("`token`"));
    assert!(server.is_some() && server < secret, "{text}");
}

#[test]
fn a_replacement_that_somebody_asked_for_is_told_with_who_asked() {
    let told = |reason: &str, status: &str| {
        let plan = json!({"format_version": "1.2", "resource_changes": [{
            "address": "lanyard_access_token.x", "mode": "managed", "type": "lanyard_access_token", "action_reason": reason,
            "change": {"actions": ["delete", "create"], "before": {"id": "at_1", "name": "x", "status": status},
                "after": {"name": "x"}, "after_unknown": {"id": true, "status": true}}}]});
        let text = text(&plan);
        let why = text.lines();
        let why = why.filter_map(|line| line.trim().strip_prefix("because: "));
        why.collect::<Vec<_>>().join("; ")
    };
    let triggers = "`replace_triggered_by` asks for it";
    for (reason, status, expected) in [
        ("replace_by_triggers", "active", triggers.to_owned()),
        (
            "replace_by_triggers",
            "revoked",
            format!("{triggers}; the server does not accept it any more"),
        ),
        (
            "replace_by_request",
            "expired",
            "`-replace` asks for it; it is expired".to_owned(),
        ),
        (
            "replace_because_cannot_update",
            "revoked",
            "the server does not accept it any more".to_owned(),
        ),
    ] {
        assert_eq!(told(reason, status), expected);
    }
}

#[test]
fn a_dead_secret_that_nothing_mends_is_more_than_nothing_to_do() {
    let unchanged = |kind: &str, state: Json| {
        json!({"address": format!("{kind}.ci"), "mode": "managed", "type": kind, "change": {
            "actions": ["no-op"], "before": state, "after": state, "after_unknown": {},
            "before_sensitive": {"token": true}, "after_sensitive": {"token": true},
        }})
    };
    let account = |due: bool| {
        let state =
            json!({"name": "ci", "token": "hunter2hunter2", "generation": 1, "rotation_due": due});
        unchanged("lanyard_service_account", state)
    };
    let token = |status: &str, secret: Json| {
        let due = status == "expiring";
        unchanged(
            "lanyard_access_token",
            json!({"name": "ci", "token": secret, "generation": 1, "status": status, "rotation_due": due}),
        )
    };
    let with = |mut change: Json, name: &str, value: Json| {
        for side in ["before", "after"] {
            change["change"][side][name] = value.clone();
            change["change"][side]["id"] = json!("at_1");
        }
        change
    };
    let user = json!({"root_module": {"outputs": {"ci": {"sensitive": true,
        "expression": {"references": ["lanyard_access_token.ci.token", "lanyard_access_token.ci"]}}}}});
    let secret = json!("hunter2hunter2");
    for (change, finds, headline) in [
        (account(false), None, "nothing to do, 1 unchanged."),
        (
            account(true),
            Some("the server has another one, and this plan issues no new one"),
            "nothing to do, 1 unchanged (1 in need of a new secret).",
        ),
        (
            token("active", secret.clone()),
            None,
            "nothing to do, 1 unchanged.",
        ),
        (
            token("disabled", secret.clone()),
            None,
            "nothing to do, 1 unchanged (1 of a disabled account).",
        ),
        (
            token("expiring", secret.clone()),
            Some("due for rotation"),
            "(1 in need",
        ),
        (
            token("revoked", secret.clone()),
            Some(
                "is not accepted by the server any more, and this plan issues no new one, and is used by output.ci",
            ),
            "(1 in need",
        ),
        // Each of the two says it once.
        (
            with(token("disabled", secret.clone()), "disabled", json!(false)),
            None,
            "nothing to do, 1 unchanged (1 of a disabled account).",
        ),
        // Whoever disabled it wants it to be refused, dead or not.
        (
            with(token("expired", secret.clone()), "disabled", json!(true)),
            None,
            "nothing to do, 1 unchanged.",
        ),
        (
            with(
                token("revoked", secret),
                "retired",
                json!([{"id": "at_1", "revoke_at": "2026-12-01T00:00:00Z", "due": false}]),
            ),
            Some(
                "its secret was replaced elsewhere and may work until 2026-12-01T00:00:00Z, and this plan issues no new one",
            ),
            "(1 in need",
        ),
        (
            token("active", Json::Null),
            Some("its secret is not known here, and is used by output.ci"),
            "nothing to do, 1 unchanged.",
        ),
    ] {
        let plan =
            json!({"format_version": "1.2", "resource_changes": [change], "configuration": user});
        let reviewed = parse(&plan);
        let masked = reviewed.plan.masked();
        let review = Review::of(&masked, &reviewed.circumstances, Context::default());
        let found = review.rules_from(Level::Warning).contains(&"dead-secret");
        let text = shown(&reviewed, Format::Text);
        assert_eq!(found, finds.is_some(), "{text}");
        assert!(finds.is_none_or(|words| text.contains(words)), "{text}");
        assert!(text.contains(headline), "{text}");
    }
}

#[test]
fn a_secret_that_was_replaced_elsewhere_with_a_grace_period_is_not_called_dead() {
    let told = |retired: Json| {
        let before = json!({"id": "at_1", "name": "ci", "token": "hunter2hunter2", "generation": 1,
            "status": "revoked", "rotation_due": true, "retired": retired,
            "rotation": {"grace_period": "48h"}});
        let after = json!({"id": "at_1", "name": "ci", "generation": 2, "rotation": {"grace_period": "48h"}});
        let plan = json!({"format_version": "1.2", "resource_changes": [
            {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token", "change": {
                "actions": ["update"], "before": before, "after": after,
                "after_unknown": {"token": true, "status": true, "retired": true}}}]});
        let reviewed = parse(&plan);
        let masked = reviewed.plan.masked();
        let review = Review::of(&masked, &reviewed.circumstances, Context::default());
        let at_once = review.rules_from(Level::Note).contains(&"rotates-at-once");
        (text(&plan), at_once)
    };
    let kept =
        |id: &str, due: bool| json!([{"id": id, "revoke_at": "2026-12-01T00:00:00Z", "due": due}]);
    let (text, at_once) = told(kept("at_1", false));
    let words = "the old secret was replaced elsewhere and may work until 2026-12-01T00:00:00Z; this ends it, and the one that somebody put in its place ends at once\n";
    assert!(text.contains(words) && at_once, "{text}");
    for gone in [kept("at_1", true), kept("at_0", false), json!([])] {
        let (text, at_once) = told(gone);
        assert!(
            text.contains("any more; one that somebody put in its place may end") && at_once,
            "{text}"
        );
    }
}

fn rotation(before: Json) -> (String, bool) {
    let mut before = before;
    before["name"] = json!("x");
    before["generation"] = json!(2);
    before["rotation"] = json!({"grace_period": "48h"});
    let after = json!({"id": before["id"], "name": "x", "generation": 3, "rotation": {"grace_period": "48h"}});
    let plan = json!({"format_version": "1.2", "resource_changes": [{
        "address": "lanyard_access_token.x", "mode": "managed", "type": "lanyard_access_token",
        "change": {"actions": ["update"], "before": before, "after": after,
            "after_unknown": {"token": true, "status": true, "retired": true}}}]});
    let reviewed = parse(&plan);
    let masked = reviewed.plan.masked();
    let review = Review::of(&masked, &reviewed.circumstances, Context::default());
    let at_once = review.rules_from(Level::Note).contains(&"rotates-at-once");
    (text(&plan), at_once)
}

#[test]
fn a_second_rotation_ends_what_its_server_kept_from_the_first() {
    let end = "2026-12-01T00:00:00Z";
    let (text, at_once) = rotation(json!({"id": "at_1", "status": "active",
        "retired": [{"id": "at_1", "revoke_at": end, "due": false}]}));
    let words = "the old secret works for 48h more, and the one before it ends at once";
    let ends = format!(
        "ends the old secret at_1 of an earlier rotation at once: it would stay until {end}"
    );
    assert!(
        text.contains(words) && text.contains(&ends) && at_once,
        "{text}"
    );
}

#[test]
fn what_stands_beside_a_found_secret_on_its_server_gets_its_grace_period() {
    let (text, at_once) = rotation(json!({"id": "svc/x", "status": "revoked",
        "retired": [{"id": "svc/x@1", "revoke_at": null, "due": false}]}));
    assert!(
        text.contains("the old secret works for 48h more\n") && !at_once,
        "{text}"
    );
    assert!(
        text.contains("the grace period of svc/x@1, found on the server, begins"),
        "{text}"
    );
}

#[test]
fn an_old_secret_whose_grace_period_is_not_known_yet_may_end() {
    let told = |own: &str, known: Json, open: Json| {
        let mut unknown = json!({"retired": true, "previous_token": true});
        unknown["rotation"] = open;
        let plan = json!({"format_version": "1.2", "resource_changes": [{
            "address": "lanyard_access_token.x", "mode": "managed", "type": "lanyard_access_token",
            "change": {"actions": ["update"],
                "before": {"id": own, "name": "x", "generation": 2, "rotation": {"grace_period": "48h"},
                    "retired": [{"id": "at_1", "revoke_at": "2026-12-01T00:00:00Z", "due": false}]},
                "after": {"id": own, "name": "x", "generation": 2, "rotation": known}, "after_unknown": unknown}}]});
        text(&plan)
    };
    let may = "may end the old secret at_1 of an earlier rotation at once: its grace period is not known yet";
    // One that the server itself keeps, and one that is a token of its own.
    for own in ["at_1", "at_2"] {
        for (known, open) in [
            (json!({}), json!({"grace_period": true})),
            (Json::Null, json!(true)),
        ] {
            let told = told(own, known, open);
            assert!(told.contains(may), "{told}");
            assert!(!told.contains("ends the old secret"), "{told}");
        }
        let told = told(own, json!({"grace_period": "48h"}), json!({}));
        assert!(!told.contains("old secret"), "{told}");
    }
}

#[test]
fn nobody_ends_the_old_secrets_of_what_is_forgotten() {
    let told = |id: &str| {
        let plan = json!({"format_version": "1.2", "resource_changes": [{
            "address": "lanyard_access_token.x", "mode": "managed", "type": "lanyard_access_token",
            "change": {"actions": ["forget"], "after": null, "before": {"id": "svc/x", "name": "x", "expires_at": null,
                "retired": [{"id": id, "revoke_at": "2026-12-01T00:00:00Z", "due": false}]}}}]});
        text(&plan)
    };
    let words =
        "nobody manages or rotates it any more, or ends its old secrets, which work on: svc/x@1\n";
    assert!(told("svc/x@1").contains(words), "{}", told("svc/x@1"));
    assert!(!told("svc/x").contains("old secrets"), "{}", told("svc/x"));
}

/// A token with what the plan does with its account beside it.
fn with_account(token: Json, account: Json) -> Json {
    let of = |kind: &str, change: Json| json!({"address": format!("lanyard_{kind}.a"), "mode": "managed", "type": format!("lanyard_{kind}"), "change": change});
    json!({"format_version": "1.2", "timestamp": "2026-11-01T00:00:00Z", "resource_changes": [
        of("access_token", token), of("service_account", account)]})
}

fn account(actions: &[&str], disabled: bool, after: Option<bool>) -> Json {
    let state = |disabled: bool| json!({"id": "sa_1", "name": "a", "roles": ["editor"], "disabled": disabled});
    json!({"actions": actions, "before": state(disabled), "after": after.map(state)})
}

/// What is said of the token; its state with `more`.
fn of_token(forgets: bool, more: &[(&str, Json)], account: &Json) -> String {
    let mut before = json!({"id": "at_1", "name": "a", "service_account": "sa_1", "roles": ["editor"], "generation": 1,
        "status": "active", "expires_at": "2027-01-01T00:00:00Z", "rotation": {"grace_period": "48h"}});
    for (name, value) in more {
        before[*name] = value.clone();
    }
    let mut after = before.clone();
    after["generation"] = json!(2);
    after
        .as_object_mut()
        .expect("it is an object")
        .remove("token");
    let token = match forgets {
        true => json!({"actions": ["forget"], "before": before, "after": null}),
        false => {
            json!({"actions": ["update"], "before": before, "after": after, "after_unknown": {"token": true}})
        }
    };
    let told = text(&with_account(token, account.clone()));
    let line = told
        .lines()
        .find(|line| line.contains("lanyard_access_token.a "));
    let line = line.unwrap_or_else(|| panic!("{told}"));
    let (_, told) = line
        .split_once("lanyard_access_token.a ")
        .expect("it is told");
    told.to_owned()
}

#[test]
fn a_secret_does_not_outlive_its_account() {
    let none = account(&["no-op"], false, Some(false));
    let gone = account(&["delete"], false, None);
    let replaced = account(&["delete", "create"], false, Some(false));
    let disabled = account(&["update"], false, Some(true));
    let off = account(&["no-op"], true, Some(true));
    let enabled = account(&["update"], true, Some(false));
    let was_off = [("status", json!("disabled"))];
    let works = "rotates in place: the old secret works for 48h more";
    let ends =
        "rotates in place: the old secret ends with its service account, and so does the new one";
    let neither = "rotates in place: the old secret would work for 48h more, but its service account is disabled: neither works";
    for (more, account, told) in [
        (&[][..], &none, works),
        (&[], &gone, ends),
        (&[], &replaced, ends),
        (&[], &disabled, neither),
        (&was_off, &off, neither),
        (&was_off, &none, neither),
        (&was_off, &enabled, works),
    ] {
        assert_eq!(of_token(false, more, account), told, "{account}");
    }
    let nobody = "and nobody manages or rotates it any more";
    let works = format!("is forgotten: its secret works until 2027-01-01T00:00:00Z, {nobody}");
    let ends = "is forgotten, and ends with its service account".to_owned();
    let off_with = |why: &str| {
        format!("is forgotten: its secret does not work while {why} is disabled, {nobody}")
    };
    let dead = format!("is forgotten: its secret does not work any more, it is expired, {nobody}");
    let itself = [("status", json!("disabled")), ("disabled", json!(true))];
    let expired = [("status", json!("expired"))];
    for (more, account, told) in [
        (&[][..], &none, works.clone()),
        (&[], &gone, ends.clone()),
        (&[], &replaced, ends),
        (&[], &disabled, off_with("its service account")),
        (&was_off, &off, off_with("its service account")),
        (&was_off, &enabled, works),
        (&itself, &none, off_with("the token")),
        (&expired, &none, dead),
    ] {
        assert_eq!(of_token(true, more, account), told, "{account}");
    }
}

/// What is said of a forgotten token on a kind of server.
fn of_forgotten(api: &str, end: Json, account: Json) -> String {
    let before = json!({"id": "a/a", "name": "a", "service_account": "sa_1", "expires_at": end});
    let forgets = json!({"actions": ["forget"], "before": before, "after": null});
    let mut plan = with_account(forgets, account);
    plan["configuration"] = json!({"provider_config": {"lanyard": {"name": "lanyard",
        "full_name": "registry.terraform.io/lanyard/lanyard",
        "expressions": {"api": {"constant_value": api}}}}});
    let told = text(&plan);
    let line = told.lines().find(|line| line.starts_with("x "));
    line.expect("it is told").to_owned()
}

#[test]
fn a_forgotten_secret_is_told_as_its_server_keeps_it() {
    let forgotten = "x lanyard_access_token.a is forgotten: its secret works";
    let nobody = "and nobody manages or rotates it any more";
    // The account stays while it has tokens.
    let gone = account(&["delete"], false, None);
    assert_eq!(
        of_forgotten("elasticsearch", Json::Null, gone),
        format!(
            "{forgotten} on without an end, {nobody}; its service account, which this plan deletes, cannot end before it: the apply fails"
        )
    );
    // Ends are whole days.
    let none = account(&["no-op"], false, Some(false));
    let end = json!("2027-01-01T12:00:00Z");
    for (api, ends) in [
        ("native", "2027-01-01T12:00:00Z"),
        ("osmo", "2027-01-01T00:00:00Z"),
    ] {
        assert_eq!(
            of_forgotten(api, end.clone(), none.clone()),
            format!("{forgotten} until {ends}, {nobody}")
        );
    }
}

#[test]
fn what_does_not_change_and_does_not_work_after_the_plan_is_counted() {
    let counted = |status: &str, account: Json| {
        let state = json!({"id": "at_1", "name": "a", "service_account": "sa_1", "status": status, "disabled": false});
        let stays = json!({"actions": ["no-op"], "before": state, "after": state});
        let told = text(&with_account(stays, account));
        let line = told.lines().find(|line| line.starts_with("Plan: "));
        line.expect("it is told").to_owned()
    };
    let disabled = account(&["update"], false, Some(true));
    for (status, account, told) in [
        (
            "active",
            account(&["delete"], false, None),
            "Plan: 1 to delete, 1 unchanged (1 ending with a service account).",
        ),
        (
            "active",
            disabled.clone(),
            "Plan: 1 to update, 1 unchanged (1 of a disabled account).",
        ),
        (
            "disabled",
            account(&["no-op"], true, Some(true)),
            "Plan: nothing to do, 2 unchanged (1 of a disabled account).",
        ),
        (
            "expired",
            disabled,
            "Plan: 1 to update, 1 unchanged (1 in need of a new secret).",
        ),
        (
            "disabled",
            account(&["update"], true, Some(false)),
            "Plan: 1 to update, 1 unchanged.",
        ),
    ] {
        assert_eq!(counted(status, account), told);
    }
}

#[test]
fn a_grace_period_does_not_keep_a_secret_beyond_its_own_end() {
    let none = account(&["no-op"], false, Some(false));
    let told = |end: &str, grace: &str| {
        let rotation = json!({"grace_period": grace});
        of_token(
            false,
            &[("expires_at", json!(end)), ("rotation", rotation)],
            &none,
        )
    };
    let old = "rotates in place: the old secret works";
    let near = "2026-11-01T12:00:00Z";
    assert_eq!(
        told(near, "48h"),
        format!("{old} for 48h more, but not beyond its own end, {near}")
    );
    assert_eq!(
        told(near, "until_first_use"),
        format!("{old} until the first use of the new one, but not beyond its own end, {near}")
    );
    // A plan may be applied on the next day.
    let next = "2026-11-03T12:00:00Z";
    assert_eq!(
        told(next, "48h"),
        format!("{old} for 48h more, but not beyond its own end, {next}")
    );
    let later = "2026-11-04T00:00:00Z";
    assert_eq!(told(later, "48h"), format!("{old} for 48h more"));
    assert_eq!(
        told(near, "0s"),
        "rotates in place: the old secret ends at once"
    );
}
