//! What a token holds, and what a change keeps of it.

use serde_json::{Value, json};

use super::{DAY, start};
use crate::support::caller::text;

#[test]
fn a_minimal_create_is_answered_200_with_the_defaults_and_the_secret() {
    let splunk = start();
    let token = splunk.create(&json!({ "name": "min-token" }));
    assert_eq!(token["authScopes"], json!(["API", "INGEST"]));
    assert_eq!(token["disabled"], false);
    assert_eq!(token["permissions"], Value::Null);
    assert_eq!(token["notifications"], json!([]));
    assert_eq!(token["roles"][0]["title"], "power");
    assert!(token.get("limits").is_none(), "no limits, no key: {token}");
    assert_eq!(token["created"], token["latestRotation"]);
    let lifetime = token["expiry"].as_i64().unwrap() - token["created"].as_i64().unwrap();
    assert_eq!(lifetime, 30 * DAY * 1000);
    assert!(splunk.ingests(&text(&token, "/secret")));
}

#[test]
fn reads_lists_and_updates_show_the_same_secret_again() {
    let splunk = start();
    let token = splunk.create(&json!({ "name": "t" }));
    let read = splunk.get("/v2/token/t").expect(200);
    assert_eq!(read, token);
    let listed = splunk.get("/v2/token/").expect(200);
    assert_eq!(listed["results"], json!([token]));
    let updated = splunk.put("/v2/token/t", json!({ "name": "t" }));
    assert_eq!(updated.expect(200)["secret"], token["secret"]);
}

#[test]
fn a_put_replaces_what_it_leaves_out_and_keeps_identity_and_expiry() {
    let splunk = start();
    let before = splunk.create(&json!({
        "name": "T", "authScopes": ["INGEST"], "description": "d", "disabled": true,
        "limits": {"categoryQuota": {"1": 100, "3": 1000}, "categoryNotificationThreshold": {"1": 90}},
        "notifications": [{"type": "Email", "email": "foo@example.com"}],
        "roles": [{"title": "usage"}],
        "permissions": {"acl": [{"principalId": "T1", "principalType": "TEAM", "actions": ["READ"]}]},
    }));
    assert_eq!(before["limits"]["categoryQuota"]["3"], 1000);
    assert_eq!(before["permissions"]["parent"], Value::Null);
    assert!(!splunk.ingests(&text(&before, "/secret")), "disabled");
    let body = json!({ "name": "T", "authScopes": ["RUM"] });
    let after = splunk.put("/v2/token/T", &body).expect(200);
    assert_eq!(after["description"], Value::Null);
    assert_eq!(after["disabled"], false);
    assert_eq!(after["notifications"], json!([]));
    assert!(after.get("limits").is_none());
    for kept in [
        "id",
        "secret",
        "created",
        "expiry",
        "latestRotation",
        "authScopes",
        "roles",
        "permissions",
    ] {
        assert_eq!(after[kept], before[kept], "{kept}");
    }
    assert!(splunk.ingests(&text(&before, "/secret")), "enabled again");
    let body = json!({ "name": "T", "permissions": null });
    let hidden = splunk.put("/v2/token/T", &body).expect(200);
    assert_eq!(hidden["permissions"], Value::Null);
}

#[test]
fn scopes_change_in_place_only_when_the_switch_for_it_is_on() {
    let splunk = start();
    splunk.create(&json!({ "name": "t", "authScopes": ["INGEST"] }));
    splunk.profile(json!({ "scopes_change": true }));
    let body = json!({ "name": "t", "authScopes": ["API"] });
    let changed = splunk.put("/v2/token/t", &body).expect(200);
    assert_eq!(changed["authScopes"], json!(["API"]));
}
