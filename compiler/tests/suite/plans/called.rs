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

/// What the state says of the token that an action rotates, and what else happens to it.
#[test]
fn an_action_says_which_secrets_it_ends_beside_the_current_one() {
    let id = "at_0000000000000001";
    let kept = |due: bool| json!([{"id": id, "revoke_at": "2026-11-30T15:00:00Z", "due": due}]);
    let told = |api: Option<&str>, state: Json, twice: bool| {
        let mut plan = plan("an_invoked_action");
        let provider = &mut plan["configuration"]["provider_config"]["lanyard"];
        provider["expressions"] = match api {
            Some(api) => json!({"api": {"constant_value": api}}),
            None => json!({"api": {"references": ["var.api"]}}),
        };
        let invocations = &mut plan["action_invocations"];
        invocations[0]["type"] = json!("lanyard_rotate_access_token");
        invocations[0]["config_values"]["grace_period"] = json!("1h");
        if twice {
            let again = invocations[0].clone();
            invocations.as_array_mut().unwrap().push(again);
        }
        let resource = &mut plan["prior_state"]["values"]["root_module"]["resources"][0];
        for (name, value) in state.as_object().unwrap() {
            resource["values"][name] = value.clone();
        }
        let text = text(&plan);
        let told = text.split_once("\": ").unwrap().1;
        told.split_once(" (by `-invoke`)").unwrap().0.to_owned()
    };
    let works = "the old secret works for 1h more";
    let former = format!("{works}, and the one before it ends at once");
    let perhaps = format!("{works}; one before it that the server may still keep ends at once");
    let nothing = json!({"retired": []});
    assert_eq!(told(Some("native"), nothing.clone(), false), works);
    assert_eq!(told(Some("splunk"), nothing.clone(), false), perhaps);
    assert_eq!(told(None, nothing.clone(), false), perhaps);
    for api in [Some("native"), Some("splunk"), None] {
        assert_eq!(told(api, json!({"retired": kept(false)}), false), former);
    }
    // Nothing can be kept any longer of a rotation that long ago.
    let long_ago = json!({"retired": [], "issued_at": "2026-08-01T00:00:00Z"});
    assert_eq!(told(Some("splunk"), long_ago, false), works);
    // The action was invoked before, and what its server keeps is what the state holds.
    let invoked = json!({"retired": kept(false), "status": "revoked"});
    assert_eq!(
        told(Some("native"), invoked, false),
        "the secret in the state, which was replaced elsewhere, ends at once, and the one in its place works for 1h more"
    );
    let revoked = json!({"retired": [], "status": "revoked"});
    assert_eq!(
        told(Some("native"), revoked, false),
        "the secret in the state is not accepted by the server any more, and the one in its place works for 1h more"
    );
    let expired = json!({"retired": [], "status": "expired"});
    assert_eq!(
        told(Some("native"), expired, false),
        "the old secret does not work any more, it is expired"
    );
    let end = "2020-01-01T00:00:00Z";
    let of_itself = json!({"retired": [], "expires_at": end});
    assert_eq!(
        told(Some("native"), of_itself, false),
        format!("{works}, but not beyond its own end, {end}")
    );
    let off = "the old secret would work for 1h more, but";
    let disabled = json!({"retired": [], "status": "disabled", "disabled": true});
    assert_eq!(
        told(Some("native"), disabled, false),
        format!("{off} the token is disabled")
    );
    let of_account = json!({"retired": [], "status": "disabled", "disabled": false});
    assert_eq!(
        told(Some("native"), of_account, false),
        format!("{off} its service account is disabled")
    );
    assert_eq!(
        told(Some("native"), nothing, true),
        "the old secret works for at most 1h more"
    );
}

#[test]
fn a_rotation_says_that_an_action_of_the_same_plan_cuts_its_grace_period_short() {
    let mut plan = plan("an_invoked_action");
    plan["action_invocations"][0]["type"] = json!("lanyard_rotate_access_token");
    let rotation = json!({"grace_period": "48h"});
    let state = |generation: u8| json!({"id": "at_0000000000000001", "name": "team-x", "generation": generation, "rotation": rotation});
    plan["resource_changes"] = json!([{
        "address": "lanyard_access_token.x", "mode": "managed", "type": "lanyard_access_token",
        "change": {"actions": ["update"], "before": state(1), "after": state(2),
            "after_unknown": {"token": true, "status": true, "retired": true}}}]);
    let text = text(&plan);
    assert!(
        text.contains("works for 48h more") && text.contains("an action rotates it as well"),
        "{text}"
    );
}
