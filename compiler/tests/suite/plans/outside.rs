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
