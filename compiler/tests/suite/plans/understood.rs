//! What is not understood in a plan is an error, or makes it one that cannot be trusted; what is understood is told as it is.

use lanyard_compiler::review::{Format, Options, render_reviewed, terraform};
use serde_json::{Value as Json, json};

use super::{change, parse, plan, shown, text};

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
fn opentofu_says_why_it_forgets() {
    for (reason, words) in [
        (
            "forgot_because_lifecycle_destroy_in_config",
            "its `lifecycle` says `destroy = false`",
        ),
        (
            "forgot_because_lifecycle_destroy_in_state",
            "its `lifecycle` said `destroy = false` when it was last applied",
        ),
    ] {
        let mut forgotten = plan("terraform_forgets");
        let changes = forgotten["resource_changes"].as_array_mut().unwrap();
        let mut changes = changes.iter_mut();
        let change = changes.find(|change| change["change"]["actions"] == json!(["forget"]));
        change.unwrap()["action_reason"] = json!(reason);
        let text = text(&forgotten);
        assert!(text.contains(words), "{text}");
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
fn what_a_state_says_twice_is_not_understood() {
    let plan = |values: &str, more: &str| {
        format!(
            r#"{{"format_version": "1.2", "planned_values": {{}}, "prior_state": {{"format_version": "1.0", "values": {{"root_module": {{
                "resources": [{{"address": "lanyard_access_token.a", "mode": "managed", "type": "lanyard_access_token",
                    "values": {{"id": "at_1"{values}}}}}]{more}}}}}}}}}"#
        )
    };
    for (values, more) in [
        (r#", "id": "at_2""#, ""),
        (r#", "token": "a", "token": "b""#, ""),
        (r#", "name": "a", "name": "b""#, ""),
        (r#", "rotation": {"every": "1d", "every": "2d"}"#, ""),
        (r#", "retired": [{"id": "a", "id": "b"}]"#, ""),
        ("", r#", "resources": []"#),
        (
            "",
            r#", "child_modules": [{"address": "a", "address": "b"}]"#,
        ),
    ] {
        let error = terraform::parse(&plan(values, more)).unwrap_err();
        assert!(
            error.detail.contains("is said twice"),
            "{values}{more}: {error}"
        );
    }
    for (values, more) in [
        ("", ""),
        (r#", "token": null"#, r#", "child_modules": null"#),
    ] {
        terraform::parse(&plan(values, more)).unwrap();
    }
}

#[test]
fn roles_that_an_account_loses_are_lost_by_its_tokens() {
    let told = |before: Json, after: Json, more: Json| {
        let mut change = json!({"actions": ["update"], "before": {"name": "x", "roles": before}, "after": {"name": "x", "roles": after}});
        for (name, value) in more.as_object().unwrap() {
            change[name] = value.clone();
        }
        let plan = json!({"format_version": "1.2", "resource_changes": [
            {"address": "lanyard_service_account.x", "mode": "managed", "type": "lanyard_service_account", "change": change}]});
        text(&plan)
    };
    let words = "its access tokens lose ";
    let swapped = told(json!(["viewer"]), json!(["editor"]), json!({}));
    assert!(swapped.contains(&format!("{words}viewer\n")), "{swapped}");
    let grown = told(json!(["viewer"]), json!(["viewer", "editor"]), json!({}));
    assert!(!grown.contains(words), "{grown}");
    let unknown = told(
        json!(["viewer"]),
        Json::Null,
        json!({"after_unknown": {"roles": true}}),
    );
    assert!(!unknown.contains(words), "{unknown}");
    let hidden = json!({"before_sensitive": {"roles": true}, "after_sensitive": {"roles": true}});
    let hidden = told(json!(["viewer"]), json!(["editor"]), hidden);
    assert!(
        hidden.contains(&format!("{words}roles that are hidden\n")),
        "{hidden}"
    );
    assert!(
        !hidden.contains("viewer") && !hidden.contains("editor"),
        "{hidden}"
    );
}
