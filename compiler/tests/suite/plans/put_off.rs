//! Plans that are not all that is to do.

use lanyard_compiler::review::{
    Context, Format, Level, Options, Review, render_reviewed, terraform,
};
use serde_json::{Value as Json, json};

use super::{parse, plan, shown, text};

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
fn an_opentofu_that_leaves_something_out_is_told_by_what_is_missing() {
    let told = |complete: Json, held: &str, changes: Json| {
        let mut plan = json!({"format_version": "1.2", "resource_changes": changes,
            "planned_values": {},
            "prior_state": {"values": {"root_module": {"child_modules": [{"resources": [
                {"address": held, "mode": "managed", "type": "lanyard_access_token", "values": {"id": "at_1"}},
                {"address": "terraform_data.x", "mode": "managed", "type": "terraform_data", "values": {"id": "at_1"}}]}]}}}});
        if !complete.is_null() {
            plan["complete"] = complete;
        }
        let reviewed = parse(&plan);
        let is_part = shown(&reviewed, Format::Text).contains(&format!(
            "It was made with `-target` or `-exclude`, and says nothing of {held}."
        ));
        assert_eq!(reviewed.is_empty(), !is_part);
        is_part
    };
    let state = json!({"id": "at_1", "name": "ci"});
    let same = json!([{"address": "lanyard_access_token.a", "mode": "managed", "type": "lanyard_access_token",
        "change": {"actions": ["no-op"], "before": state, "after": state}}]);
    let (a, b) = ("lanyard_access_token.a", "lanyard_access_token.b");
    assert!(told(Json::Null, b, same.clone()));
    assert!(!told(Json::Null, a, same.clone()));
    // Terraform says itself whether it is all.
    assert!(!told(json!(true), b, same));
    // Only what happened outside is asked for.
    assert!(!told(Json::Null, b, json!([])));
}
