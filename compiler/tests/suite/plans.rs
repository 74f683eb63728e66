//! Plans that Terraform 1.11.4 and 1.15.5 and OpenTofu 1.12.6 wrote, and what a reviewer reads of them. Ids, names and secrets in them are
//! replaced; nothing else is. Those named `terraform_*` are recorded by the acceptance test `compiler::terraform::recorded`, started with
//! `LANYARD_RECORD=write`, and only their secrets are replaced.

use std::fs;
use std::path::{Path, PathBuf};

use lanyard_compiler::review::{
    Context, Format, Level, Options, Review, Reviewed, render_reviewed, terraform,
};
use serde_json::{Value as Json, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/plans")
}

fn plan(name: &str) -> Json {
    let text =
        fs::read_to_string(folder().join(name).with_extension("json")).expect("the plan is there");
    serde_json::from_str(&text).expect("the plan is JSON")
}

fn parse(plan: &Json) -> Reviewed {
    terraform::parse(&plan.to_string()).expect("the plan is Terraform's")
}

fn shown(reviewed: &Reviewed, format: Format) -> String {
    render_reviewed(reviewed, format, Options::default())
}

fn text(plan: &Json) -> String {
    shown(&parse(plan), Format::Text)
}

/// The first change of a plan, and of it what a test changes.
fn change(plan: &mut Json) -> &mut Json {
    &mut plan["resource_changes"][0]
}

#[test]
fn every_recorded_plan_is_told_as_it_is() {
    let mut names: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    assert_eq!(names.len(), 16);
    for path in names {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let reviewed = parse(&plan(name));
        let json: Json = serde_json::from_str(&shown(&reviewed, Format::Json)).unwrap();
        let told = format!(
            "{}\ntrusted: {}, nothing to do: {}\nsummary: {}\n\n{}",
            shown(&reviewed, Format::Text),
            reviewed.can_be_trusted(),
            reviewed.is_empty(),
            json["summary"],
            shown(&reviewed, Format::Markdown),
        );
        assert!(!format!("{told}{json}").contains("hunter"), "{told}");
        insta::assert_snapshot!(name, told);
    }
}

#[test]
fn a_word_that_is_not_known_is_an_error_with_its_place() {
    let mut unknown = plan("targeted");
    change(&mut unknown)["change"]["actions"] = json!(["transmute"]);
    let error = terraform::parse(&unknown.to_string()).unwrap_err();
    assert!(
        error
            .detail
            .contains("`resource_changes[0].change.actions[0]`")
            && error.detail.contains("transmute"),
        "{error}"
    );
    let mut together = plan("targeted");
    change(&mut together)["change"]["actions"] = json!(["update", "delete"]);
    assert!(terraform::parse(&together.to_string()).is_err());
    for (place, field) in [("resource_changes", "action_reason"), ("checks", "status")] {
        let mut unknown = plan("errored");
        unknown[place][0][field] = json!("because_of_the_weather");
        let error = terraform::parse(&unknown.to_string()).unwrap_err();
        assert!(error.detail.contains("weather"), "{place}: {error}");
    }
}

#[test]
fn what_is_ours_and_not_known_is_an_error_with_its_place() {
    let told = |plan: &Json| terraform::parse(&plan.to_string()).unwrap_err().detail;
    let mut action = plan("an_invoked_action");
    action["action_invocations"][0]["type"] = json!("lanyard_burn_access_token");
    let error = told(&action);
    assert!(error.contains("`action_invocations[0].type`"), "{error}");
    assert!(error.contains("burn"), "{error}");
    for list in ["resource_changes", "resource_drift"] {
        let mut resource = plan("drift");
        resource[list][0]["type"] = json!("lanyard_certificate");
        let error = told(&resource);
        assert!(error.contains(&format!("`{list}[0].type`")), "{error}");
        assert!(error.contains("lanyard_certificate"), "{error}");
        // What others manage, and what is only looked up, ends no credential.
        resource[list][0]["type"] = json!("acme_certificate");
        assert!(terraform::parse(&resource.to_string()).is_ok());
        resource[list][0]["type"] = json!("lanyard_weather");
        resource[list][0]["mode"] = json!("data");
        assert!(terraform::parse(&resource.to_string()).is_ok());
    }
}

#[test]
fn a_plan_of_which_a_part_cannot_be_read_is_not_to_be_trusted() {
    let mut plan = plan("grace_period_unknown");
    assert!(parse(&plan).can_be_trusted());
    change(&mut plan)["change"]["before"]["status"] = json!("dormant");
    let reviewed = parse(&plan);
    assert!(!reviewed.can_be_trusted());
    for format in Format::ALL {
        let shown = shown(&reviewed, format);
        assert!(
            shown.contains("Part of this plan cannot be read"),
            "{shown}"
        );
        assert!(shown.contains("dormant"), "{shown}");
    }
}

#[test]
fn what_this_version_does_not_know_of_ours_cannot_be_read() {
    let plan = |actions: Json, before: Json, after: Json, unknown: Json| {
        json!({"format_version": "1.2", "resource_changes": [{
            "address": "lanyard_access_token.x", "mode": "managed", "type": "lanyard_access_token",
            "change": {"actions": actions, "before": before, "after": after, "after_unknown": unknown}}]})
    };
    let level = |level: &str| json!({"name": "x", "visibility": {"level": level}});
    let known = plan(
        json!(["update"]),
        level("admins"),
        level("everyone"),
        json!({}),
    );
    assert!(parse(&known).can_be_trusted());
    let x = || json!({"name": "x"});
    for (plan, told) in [
        (
            plan(
                json!(["update"]),
                level("admins"),
                level("galaxy"),
                json!({}),
            ),
            "\"galaxy\" is none of",
        ),
        (
            plan(
                json!(["no-op"]),
                level("galaxy"),
                level("galaxy"),
                json!({}),
            ),
            "`visibility.level`",
        ),
        (
            plan(
                json!(["update"]),
                x(),
                json!({"name": "x", "newattr": "hunter2"}),
                json!({}),
            ),
            "no attribute `newattr`",
        ),
        (
            plan(json!(["create"]), Json::Null, x(), json!({"newattr": true})),
            "no attribute `newattr`",
        ),
        (
            plan(
                json!(["delete"]),
                json!({"name": "x", "rotation": {"newattr": 1}}),
                Json::Null,
                json!({}),
            ),
            "no attribute `rotation.newattr`",
        ),
    ] {
        let reviewed = parse(&plan);
        assert!(!reviewed.can_be_trusted(), "{told}");
        let text = text(&plan);
        assert!(
            text.starts_with("ERROR: Part of this plan cannot be read"),
            "{text}"
        );
        assert!(text.contains(told) && !text.contains("hunter"), "{text}");
        // So it is with what happened outside, and with what is put off.
        let mut outside = plan.clone();
        let mut drift = outside["resource_changes"][0].take();
        if drift["change"]["actions"] != json!(["create"]) {
            outside["resource_changes"] = json!([]);
            drift["change"]["actions"] = json!(["update"]);
            outside["resource_drift"] = json!([drift]);
            assert!(!parse(&outside).can_be_trusted(), "{told}");
        }
        let mut later = plan.clone();
        let change = later["resource_changes"][0].take();
        later["resource_changes"] = json!([]);
        later["deferred_changes"] =
            json!([{"reason": "deferred_prereq", "resource_change": change}]);
        assert!(terraform::parse(&later.to_string()).is_err(), "{told}");
    }
    // Likewise in the objects of an attribute.
    let retired = |more: Json| {
        let mut one = json!({"id": "at_1", "revoke_at": null, "due": false});
        one["newfield"] = more;
        json!({"name": "y", "retired": [one]})
    };
    let with = plan(json!(["update"]), x(), retired(json!("hunter2")), json!({}));
    assert!(!parse(&with).can_be_trusted());
    let shown = text(&with);
    assert!(shown.contains("no attribute `retired.newfield`"), "{shown}");
    assert!(!shown.contains("hunter2"), "{shown}");
    let null = plan(json!(["update"]), x(), retired(Json::Null), json!({}));
    assert!(parse(&null).can_be_trusted());
    let unset = plan(
        json!(["update"]),
        x(),
        json!({"name": "y", "newattr": null}),
        json!({"newattr": false}),
    );
    assert!(parse(&unset).can_be_trusted());
}

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
}

#[test]
fn an_old_secret_is_told_with_its_end() {
    let told = |end: Json, due: bool| {
        let plan = json!({"format_version": "1.2", "resource_changes": [{
            "address": "lanyard_access_token.x", "mode": "managed", "type": "lanyard_access_token",
            "change": {"actions": ["update"],
                "before": {"id": "at_2", "name": "x", "retired": [{"id": "at_1", "revoke_at": end, "due": due}]},
                "after": {"id": "at_2", "name": "x", "retired": []}}}]});
        text(&plan)
    };
    let end = json!("2026-03-04T00:00:00Z");
    for (told, words) in [
        (
            told(end.clone(), true),
            ", whose grace period was over at 2026-03-04T00:00:00Z\n",
        ),
        (
            told(end, false),
            " at once: it would work until 2026-03-04T00:00:00Z\n",
        ),
        (
            told(Json::Null, false),
            " at once: it would work until the first use of the new one\n",
        ),
    ] {
        let words = format!("ends the old secret at_1 of an earlier rotation{words}");
        assert!(told.contains(&words), "{told}");
    }
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
        text(&plan).contains("was changed outside")
    };
    assert!(!told(
        json!([{"id": "at_1", "revoke_at": null, "due": true}])
    ));
    assert!(told(
        json!([{"id": "at_9", "revoke_at": null, "due": true}])
    ));
    assert!(told(json!([])));
}

#[test]
fn power_that_nobody_spoke_of_before_is_compared_too() {
    let told = |kind: &str, before: Json, after: Json| {
        let plan = json!({"format_version": "1.2", "resource_changes": [{
            "address": format!("lanyard_{kind}.x"), "mode": "managed", "type": format!("lanyard_{kind}"),
            "change": {"actions": ["update"], "before": before, "after": after}}]});
        text(&plan)
    };
    let disabled = |value: Json| json!({"id": "x", "name": "x", "disabled": value});
    let text = told("access_token", disabled(Json::Null), disabled(json!(true)));
    assert!(text.contains("loses: is disabled\n"), "{text}");
    let text = told("access_token", disabled(Json::Null), disabled(json!(false)));
    assert!(!text.contains("gains"), "{text}");
    let unrestricted = |value: Json| json!({"id": "x", "name": "x", "unrestricted": value});
    for before in [Json::Null, json!(false)] {
        let text = told(
            "service_account",
            unrestricted(before),
            unrestricted(json!(true)),
        );
        assert!(text.contains("gains: all data, unrestricted\n"), "{text}");
    }
}

#[test]
fn what_is_said_twice_is_not_understood() {
    let plan = |actions: &str| {
        format!(
            r#"{{"format_version": "1.2", "resource_changes": [{{"address": "lanyard_access_token.x", "mode": "managed",
               "type": "lanyard_access_token", "change": {{{actions}, "before": {{"name": "x"}}, "after": null}}}}]}}"#
        )
    };
    assert!(terraform::parse(&plan(r#""actions": ["delete"]"#)).is_ok());
    let twice = plan(r#""actions": ["delete"], "actions": ["no-op"]"#);
    let error = terraform::parse(&twice).unwrap_err();
    assert!(
        error.detail.contains("\"actions\" is said twice"),
        "{error}"
    );
    let list = r#"{"format_version": "1.2", "resource_changes": [],
        "deferred_changes": [{"reason": "unknown", "reason": "absent_prereq"}]}"#;
    assert!(terraform::parse(list).is_err());
}

#[test]
fn what_cannot_be_read_is_not_told_as_if_it_were() {
    let plan = json!({"format_version": "1.2", "resource_changes": [{
        "address": "lanyard_access_token.x", "mode": "managed", "type": "lanyard_access_token",
        "change": {"actions": ["update"], "before": {"name": "x", "status": "active"}, "after": {"name": "x", "status": "odd"}}}]});
    let text = text(&plan);
    assert!(
        text.starts_with("ERROR: Part of this plan cannot be read"),
        "{text}"
    );
    assert!(
        text.contains("lanyard_access_token.x changes, and what that means cannot be read"),
        "{text}"
    );
    assert!(
        !text.contains("the plan failed") && !text.contains("updated in place"),
        "{text}"
    );
}

#[test]
fn no_letter_ends_a_line_or_hides_another_one_unseen() {
    for letter in [
        '\u{2028}',
        '\u{2029}',
        '\u{ad}',
        '\u{61c}',
        '\u{e0041}',
        '\u{fff9}',
    ] {
        let name = format!("a{letter}b");
        let plan = json!({"format_version": "1.2", "resource_changes": [{
            "address": format!("lanyard_access_token.x[{name:?}]"), "mode": "managed", "type": "lanyard_access_token",
            "change": {"actions": ["create"], "before": null, "after": {"name": name, "description": name}}}]});
        for format in [Format::Text, Format::Markdown, Format::Html] {
            let text = render_reviewed(&parse(&plan), format, Options::default());
            assert!(!text.contains(letter), "{format:?} {letter:?}: {text}");
        }
    }
}

#[test]
fn what_happened_outside_and_is_not_understood_is_an_error() {
    for actions in [
        json!(["update", "delete"]),
        json!(["create"]),
        json!(["forget"]),
        json!([]),
    ] {
        let mut plan = plan("drift");
        plan["resource_drift"][0]["change"]["actions"] = actions.clone();
        let error = terraform::parse(&plan.to_string()).unwrap_err();
        assert!(error.detail.contains("`resource_drift`"), "{error}");
    }
}

#[test]
fn the_grace_period_of_an_action_counts_by_its_meaning() {
    let told = |grace: Json, unknown: bool| {
        let mut plan = plan("an_invoked_action");
        let action = &mut plan["action_invocations"][0];
        action["type"] = json!("lanyard_rotate_access_token");
        action["config_values"]["grace_period"] = grace;
        action["config_unknown"] = json!({"grace_period": unknown});
        terraform::parse(&plan.to_string()).map(|reviewed| shown(&reviewed, Format::Text))
    };
    for (grace, unknown, expected) in [
        (Json::Null, false, "the old secret ends at once"),
        (json!("0s"), false, "the old secret ends at once"),
        (json!("2880m"), false, "the old secret works for 2d more"),
        (
            json!("until_first_use"),
            false,
            "the old secret works until the first use of the new one",
        ),
        (Json::Null, true, "the old secret may end at once"),
    ] {
        let text = told(grace, unknown).unwrap();
        assert!(text.contains(expected), "{expected}: {text}");
    }
    for wrong in [json!("0h"), json!("soon"), json!(0)] {
        assert!(told(wrong, false).is_err());
    }
}

#[test]
fn what_terraform_hides_is_neither_shown_nor_taken_for_equal() {
    let mut plan = plan("grace_period_unknown");
    let parts = &mut change(&mut plan)["change"];
    // The block as a whole, as `rotation = sensitive(...)` of a module's object marks it.
    parts["before_sensitive"]["rotation"] = json!(true);
    parts["after_sensitive"]["rotation"] = json!(true);
    parts["after_unknown"]["rotation"] = json!({});
    parts["before"]["rotation"]["triggers"] = json!({"a": "hunter1"});
    parts["after"]["rotation"] = json!({"triggers": {"a": "hunter2"}, "grace_period": "1h"});
    let reviewed = parse(&plan);
    for format in Format::ALL {
        let shown = shown(&reviewed, format);
        assert!(!shown.contains("hunter"), "{shown}");
    }
    let text = shown(&reviewed, Format::Text);
    assert!(text.contains("rotation.triggers"), "{text}");
    assert!(text.contains("(changes, hidden)"), "{text}");
    assert!(text.contains("may end at once"), "{text}");
}

#[test]
fn what_becomes_hidden_does_not_show_what_it_was() {
    let mut plan = plan("imports");
    let parts = &mut change(&mut plan)["change"];
    parts["before"]["description"] = json!("hunter2");
    parts["after"]["description"] = json!("hunter2");
    parts["after_sensitive"]["description"] = json!(true);
    let reviewed = parse(&plan);
    for format in Format::ALL {
        let shown = shown(&reviewed, format);
        assert!(!shown.contains("hunter"), "{shown}");
        // What formats themselves call so is no attribute.
        let told = shown.replace("\"description\":", "");
        assert!(
            !told.contains("description"),
            "its mark alone changes: {shown}"
        );
    }
}

#[test]
fn hidden_power_that_changes_may_be_a_gain() {
    let mut plan = plan("imports");
    let parts = &mut change(&mut plan)["change"];
    parts["before"]["roles"] = json!(["viewer"]);
    parts["after"]["roles"] = json!(["hunter"]);
    parts["after_sensitive"]["roles"] = json!([true]);
    let text = text(&plan);
    assert!(
        text.contains("gains: roles, hidden: maybe more than before"),
        "{text}"
    );
    assert!(!text.contains("hunter"), "{text}");
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
fn what_is_deleted_has_nothing_to_come() {
    for name in ["opentofu_enabled_false", "one_deposed"] {
        let text = text(&plan(name));
        assert!(!text.contains("never-expires"), "{text}");
    }
}

#[test]
fn what_is_left_over_is_a_finding_of_its_own() {
    let reviewed = parse(&plan("one_deposed"));
    let report: Json = serde_json::from_str(&shown(&reviewed, Format::Codequality)).unwrap();
    let told: Vec<(&str, &str)> = report
        .as_array()
        .unwrap()
        .iter()
        .filter(|issue| issue["check_name"] == "ends")
        .map(|issue| {
            let text = |field: &str| issue[field].as_str().unwrap();
            (text("description"), text("fingerprint"))
        })
        .collect();
    let [(live, one), (left_over, other)] = told[..] else {
        panic!("{told:?}");
    };
    assert_ne!(one, other);
    assert!(!live.contains("deposed"), "{live}");
    assert!(
        left_over.contains("not the live object: deposed "),
        "{left_over}"
    );
}

#[test]
fn creating_first_is_not_deleting_first() {
    let mut plan = plan("opentofu_forgets_on_request");
    change(&mut plan)["change"]["actions"] = json!(["create", "delete"]);
    let text = text(&plan);
    assert!(text.contains("+/- lanyard_access_token.x"), "{text}");
    assert!(
        text.contains("created anew before the old one is deleted"),
        "{text}"
    );
}

#[test]
fn actions_of_a_trigger_are_told_and_what_they_hide_is_not() {
    let mut plan = plan("an_invoked_action");
    let invocation = &mut plan["action_invocations"][0];
    let taken = invocation.as_object_mut().unwrap();
    taken.remove("invoke_action_trigger");
    taken.insert(
        "lifecycle_action_trigger".to_owned(),
        json!({"triggering_resource_address": "terraform_data.incident", "action_trigger_event": "AfterUpdate"}),
    );
    taken.insert(
        "config_values".to_owned(),
        json!({"access_token": "at_hunter"}),
    );
    taken.insert("config_sensitive".to_owned(), json!({"access_token": true}));
    let text = text(&plan);
    assert!(
        text.contains("revokes the access token (sensitive) at once"),
        "{text}"
    );
    assert!(
        text.contains("`action_trigger` of terraform_data.incident"),
        "{text}"
    );
    assert!(!text.contains("hunter"), "{text}");
}

#[test]
fn an_action_is_told_with_the_token_that_it_ends_and_who_uses_it() {
    let mut plan = plan("terraform_invokes");
    let text = |plan: &Json| text(plan);
    let address = "revokes the access token lanyard_access_token.x, \"at_";
    assert!(text(&plan).contains(address), "{}", text(&plan));
    assert!(!text(&plan).contains("is used by"), "{}", text(&plan));
    let user = json!({"address": "acme_secret.a", "expressions": {
        "value": {"references": ["lanyard_access_token.x.token", "lanyard_access_token.x"]}}});
    let resources = &mut plan["configuration"]["root_module"]["resources"];
    resources.as_array_mut().unwrap().push(user);
    assert!(
        text(&plan).contains("(by `-invoke`); it is used by acme_secret.a.value"),
        "{}",
        text(&plan)
    );
    // Another one, which this state does not have.
    plan["action_invocations"][0]["config_values"]["access_token"] = json!("at_other");
    let other = "revokes the access token \"at_other\" at once (by `-invoke`)\n";
    assert!(text(&plan).contains(other), "{}", text(&plan));
}

#[test]
fn what_a_failed_plan_counts_is_not_all() {
    let reviewed = parse(&plan("errored"));
    for format in [Format::Text, Format::Markdown, Format::Html] {
        let shown = shown(&reviewed, format);
        assert!(
            shown.contains("2 to create, the rest is not known"),
            "{shown}"
        );
    }
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
fn what_is_put_off_is_said_first() {
    let mut plan = plan("targeted");
    let put_off = plan["resource_changes"].as_array_mut().unwrap().remove(0);
    let address = put_off["address"].as_str().unwrap().to_owned();
    plan["deferred_changes"] =
        json!([{"reason": "provider_config_unknown", "resource_change": put_off}]);
    let text = text(&plan);
    assert!(text.starts_with("WARNING: Changes are put off"), "{text}");
    assert!(
        text.contains(&format!(
            "{address} is created (its provider's arguments are not known yet)"
        )),
        "{text}"
    );
}

#[test]
fn what_is_put_off_is_told_with_what_it_would_do_and_is_never_nothing() {
    let change = |actions: Json| {
        json!({"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
               "change": {"actions": actions, "before": {"name": "ci", "id": "tok_1"}, "after": null, "after_unknown": {}}})
    };
    let action = json!({"address": "action.lanyard_revoke_access_token.ci", "type": "lanyard_revoke_access_token",
                        "config_values": {"access_token": "tok_1"}});
    for (list, entry, told, rule) in [
        (
            "deferred_changes",
            json!({"reason": "resource_config_unknown", "resource_change": change(json!(["delete"]))}),
            "lanyard_access_token.ci is revoked: its secret ends at once (its arguments are not known yet)",
            "ends",
        ),
        (
            "deferred_changes",
            json!({"reason": "deferred_prereq", "resource_change": change(json!(["delete", "create"]))}),
            "lanyard_access_token.ci is replaced: deleted and created anew (what it depends on is put off)",
            "is-replaced",
        ),
        (
            "deferred_action_invocations",
            json!({"reason": "deferred_prereq", "action_invocation": action}),
            "revokes the access token \"tok_1\" at once (what it depends on is put off)",
            "invoked-action",
        ),
    ] {
        let plan = json!({"format_version": "1.2", "resource_changes": [], list: [entry]});
        for format in [Format::Text, Format::Markdown, Format::Html] {
            let text = render_reviewed(&parse(&plan), format, Options::default());
            assert!(!text.contains("nothing to do"), "{text}");
            assert!(text.contains("not known, this is only a part"), "{text}");
        }
        assert!(text(&plan).contains(told), "{}", text(&plan));
        assert!(!parse(&plan).is_empty());
        // Whoever lets the rules decide hears of it now, in every format.
        let reviewed = parse(&plan);
        let masked = reviewed.plan.masked();
        let review = Review::of(&masked, &reviewed.circumstances, Context::default());
        assert!(review.rules_from(Level::Note).contains(&rule), "{rule}");
        for format in Format::ALL {
            let text = review.render(format, Options::default());
            // Where the review of a change says it, its rule does not say it again.
            let words = match format {
                Format::Text | Format::Markdown | Format::Html => "Changes are put off",
                Format::Json | Format::Sarif | Format::Codequality => {
                    "(put off: a later plan does it)"
                }
            };
            assert!(text.contains(words), "{text}");
        }
        assert!(parse(&plan).can_be_trusted());
        for reason in ["excluded", "excluded_prereq", "not_included"] {
            let mut left_out = plan.clone();
            left_out[list][0]["reason"] = json!(reason);
            assert!(text(&left_out).contains("(this plan was "), "{reason}");
        }
        let mut unknown = plan.clone();
        unknown[list][0]["reason"] = json!("moon_phase");
        let error = terraform::parse(&unknown.to_string()).unwrap_err();
        assert!(
            error.detail.contains(&format!("{list}[0].reason")),
            "{error}"
        );
    }
}

#[test]
fn a_new_token_without_roles_has_all_that_its_account_has() {
    let mut plan = plan("opentofu_forgets_and_creates");
    let text = |plan: &Json| text(plan);
    // Which account is not known yet.
    assert!(
        text(&plan).contains("gains: every role of its account\n"),
        "{}",
        text(&plan)
    );
    let id = plan["resource_changes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|change| change["change"]["actions"] == json!(["no-op"]))
        .unwrap()["change"]["after"]["id"]
        .clone();
    let token = plan["resource_changes"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .find(|change| change["type"] == "lanyard_access_token")
        .unwrap();
    token["change"]["after_unknown"]["service_account"] = json!(false);
    token["change"]["after"]["service_account"] = id;
    assert!(
        text(&plan).contains("gains: every role of its account (viewer)"),
        "{}",
        text(&plan)
    );
}

#[test]
fn a_secret_that_stands_in_clear_is_hidden_and_told() {
    const SECRET: &str = "lyd_hunter2hunter2hunter2";
    let note = format!("{SECRET} is for the pipeline");
    let token = |address: &str, before: Json, after: Json, action: &str| {
        json!({"address": address, "mode": "managed", "type": "lanyard_access_token", "change": {
            "actions": [action], "before": before, "after": after, "after_unknown": {},
            "before_sensitive": {"token": true}, "after_sensitive": {"token": true},
        }})
    };
    let ci = json!({"id": "at_1", "name": "ci", "token": SECRET, "generation": 1});
    let other = |description: Json| json!({"id": "at_2", "name": "other", "description": description, "generation": 1});
    let configuration = json!({"root_module": {}});
    let holder = token("lanyard_access_token.ci", ci.clone(), ci.clone(), "no-op");
    let state = json!({"values": {"root_module": {"resources": [
        {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token", "values": ci},
    ]}}});
    let output = |value: Json, sensitive: Json| {
        json!({"actions": ["create"], "before": null, "after": value, "after_unknown": false,
               "before_sensitive": false, "after_sensitive": sensitive})
    };
    let address = "lanyard_access_token.other";
    let updated = token(address, other(json!("old")), other(json!(note)), "update");
    let created = token(address, Json::Null, other(json!(note)), "create");
    let drifted = token(address, other(json!("old")), other(json!(note)), "update");
    let mended = token(address, other(json!(note)), other(json!("old")), "update");
    let told = |place: &str| format!("{place}: shows a secret");
    let description = format!("{address}.description");
    for (changes, drift, outputs, finds) in [
        (
            json!([holder, updated]),
            json!([]),
            json!({}),
            Some(description.as_str()),
        ),
        // The holder stands behind, or only in the state: it is not in a plan that was targeted.
        (
            json!([updated, holder]),
            json!([]),
            json!({}),
            Some(&description),
        ),
        (json!([updated]), json!([]), json!({}), Some(&description)),
        (json!([created]), json!([]), json!({}), Some(&description)),
        // Whoever takes it out again is not stopped.
        (json!([mended]), json!([drifted]), json!({}), None),
        (
            json!([holder]),
            json!([]),
            json!({"x": output(json!(SECRET), json!(false))}),
            Some("output.x"),
        ),
        (
            json!([holder]),
            json!([]),
            json!({"x": output(json!([{"a": note}]), json!([{}]))}),
            Some("output.x"),
        ),
        (
            json!([holder]),
            json!([]),
            json!({"x": output(json!(SECRET), json!(true))}),
            None,
        ),
        (
            json!([holder]),
            json!([]),
            json!({"x": output(json!({"a": SECRET}), json!({"a": true}))}),
            None,
        ),
    ] {
        let plan = json!({"format_version": "1.2", "resource_changes": changes, "resource_drift": drift,
            "output_changes": outputs, "prior_state": state, "configuration": configuration});
        let reviewed = parse(&plan);
        for format in Format::ALL {
            let text = shown(&reviewed, format);
            assert!(!text.contains("hunter2"), "{format:?}: {text}");
        }
        let masked = reviewed.plan.masked();
        let review = Review::of(&masked, &reviewed.circumstances, Context::default());
        let found = review.rules_from(Level::Error).contains(&"secret-shown");
        assert_eq!(found, finds.is_some(), "{plan}");
        let text = shown(&reviewed, Format::Text);
        assert!(
            finds.is_none_or(|place| text.contains(&told(place))),
            "{text}"
        );
    }
    let plan = json!({"format_version": "1.2", "resource_changes": [holder, updated]});
    assert!(
        text(&plan).contains("description = \"old\" -> \"(a secret, hidden) is for the pipeline\""),
        "{}",
        text(&plan)
    );
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
            Some("it was replaced elsewhere, and this plan issues no new one"),
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
            Some("it is revoked, and this plan issues no new one, and is used by output.ci"),
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
    let words = "the old secret was replaced elsewhere and may work until 2026-12-01T00:00:00Z, and this ends it";
    assert!(text.contains(words) && at_once, "{text}");
    for gone in [kept("at_1", true), kept("at_0", false), json!([])] {
        let (text, at_once) = told(gone);
        assert!(text.contains("it is revoked") && !at_once, "{text}");
    }
}

#[test]
fn the_credential_that_terraform_itself_signs_in_with_is_not_ended_unseen() {
    let ended = |kind: &str, state: Json| {
        json!({"address": format!("{kind}.ci"), "mode": "managed", "type": kind, "change": {
            "actions": ["delete"], "before": state, "after": null,
            "before_sensitive": {"token": true}, "after_sensitive": false}})
    };
    let token = |token: &str| {
        let state = json!({"id": "at_1", "name": "ci", "service_account": "sa_1", "token": token});
        ended("lanyard_access_token", state)
    };
    let account = || {
        ended(
            "lanyard_service_account",
            json!({"id": "sa_1", "name": "ci"}),
        )
    };
    let found = |expression: Json, identity: Json, held: &str| {
        let plan = json!({"format_version": "1.2", "resource_changes": [token(held), account()],
            "variables": {"key": {"value": "hunter2hunter2"}, "other": {"value": "hunter3hunter3"}},
            "prior_state": {"format_version": "1.0", "values": {"root_module": {"resources": [
                {"address": "data.lanyard_identity.me", "mode": "data", "type": "lanyard_identity", "values": identity}]}}},
            "configuration": {"provider_config": {"lanyard": {"name": "lanyard",
                "full_name": "registry.terraform.io/lanyard/lanyard", "expressions": {"token": expression}}}}});
        let reviewed = parse(&plan);
        let masked = reviewed.plan.masked();
        let review = Review::of(&masked, &reviewed.circumstances, Context::default());
        let found = review.findings().iter();
        let found = found.filter(|finding| finding.rule.name == "credential-in-use");
        let found: Vec<String> = found.map(|finding| finding.message.clone()).collect();
        assert!(!shown(&reviewed, Format::Json).contains("hunter"));
        found.join("; ")
    };
    let by = |name: &str| json!({"references": [name]});
    let nobody = json!({});
    let held = "hunter2hunter2";
    let by_block = "ends, and provider[\"lanyard\"] signs in with it; \
                    ends, and provider[\"lanyard\"] signs in with a token of it";
    assert_eq!(found(by("var.key"), nobody.clone(), held), by_block);
    let constant = json!({"constant_value": "hunter2hunter2"});
    assert_eq!(found(constant, nobody.clone(), held), by_block);
    for other in ["var.other", "var.absent", "local.key"] {
        assert_eq!(found(by(other), nobody.clone(), held), "");
    }
    let identity = |token: Json, account: Json| json!({"id": "sa_1", "access_token": token, "service_account": account});
    let told = |identity: Json| found(json!({}), identity, held);
    let said = "Terraform, as data.lanyard_identity.me was told, signs in with";
    let of_account = format!("ends, and {said} a token of it");
    assert_eq!(
        told(identity("at_1".into(), "sa_1".into())),
        format!("ends, and {said} it; {of_account}")
    );
    // Another token of the same account.
    assert_eq!(told(identity("at_2".into(), "sa_1".into())), of_account);
    assert_eq!(
        told(identity(Json::Null, "sa_1".into())),
        format!("ends, and {said} it")
    );
    assert_eq!(told(identity("at_2".into(), "sa_2".into())), "");
}
