//! Actions that a plan calls.

use lanyard_compiler::review::{Format, terraform};
use serde_json::{Value as Json, json};

use super::{plan, shown, text};

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
