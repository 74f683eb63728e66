//! Accounts that users manage.

use reqwest::Method;
use serde_json::json;

use super::{WORKER, refused, start};

#[test]
fn a_user_managed_account_lives_as_in_the_vendors_test() {
    let cluster = start();
    cluster.role("monitor_role", &["monitor"]);
    cluster.role("key_role", &["manage_own_api_key"]);
    assert_eq!(
        cluster.account(WORKER, &json!({ "roles": ["monitor_role"] }))["created"],
        true
    );
    let value = cluster.token(WORKER, "t1");
    let holder = cluster.holding(&value);
    let who = holder.get("/_security/_authenticate").expect(200);
    assert_eq!(who["roles"], json!(["monitor_role"]));
    assert_eq!(
        who["full_name"],
        "User-managed service account - apps/worker_1"
    );
    assert_eq!(who["metadata"]["_user_managed_service_account"], true);
    let has = |privilege: &str| {
        let asked = json!({ "cluster": [privilege] });
        let answer = holder
            .post("/_security/user/_has_privileges", &asked)
            .expect(200);
        answer["cluster"][privilege].as_bool().unwrap()
    };
    assert!(has("monitor") && !has("manage_own_api_key"));
    assert_eq!(
        cluster.account(WORKER, &json!({ "roles": ["key_role"] }))["created"],
        false
    );
    assert!(!has("monitor") && has("manage_own_api_key"));
    let reason = refused(cluster.delete(WORKER), 400, "illegal_argument_exception");
    assert_eq!(
        reason,
        "cannot delete service account [apps/worker_1] because it has service tokens; delete the tokens first, \
         or set force=true to delete the account and leave its tokens in place"
    );
    cluster
        .delete(&format!("{WORKER}?force=true"))
        .expect_text(200, r#"{"found":true}"#);
    assert!(!cluster.opens(&value));
    let reason = refused(
        cluster.put(WORKER, json!({ "roles": [] })),
        400,
        "illegal_argument_exception",
    );
    assert_eq!(
        reason,
        "cannot create service account [apps/worker_1] because it has leftover service tokens; delete the tokens first"
    );
    assert_eq!(
        cluster.get(&format!("{WORKER}/credential")).expect(200)["count"],
        1
    );
    cluster
        .delete(&format!("{WORKER}/credential/token/t1"))
        .expect(200);
    assert_eq!(
        cluster.account(WORKER, &json!({ "roles": [] }))["created"],
        true
    );
    assert!(!cluster.opens(&value));
    assert!(cluster.opens(&cluster.token(WORKER, "t1")));
    cluster
        .delete("/_security/service/apps/nobody")
        .expect_text(404, r#"{"found":false}"#);
}

#[test]
fn a_put_replaces_the_whole_and_all_its_faults_are_said_at_once() {
    let cluster = start();
    cluster.account(
        WORKER,
        &json!({ "roles": [], "enabled": false, "description": "d" }),
    );
    cluster.account(WORKER, &json!({ "roles": [] }));
    let shown = cluster.get(WORKER).expect(200);
    let expected = json!({ "type": "user_managed", "roles": [], "enabled": true });
    assert_eq!(shown["apps/worker_1"], expected);
    let kind = "action_request_validation_exception";
    let body = json!({ "roles": [" x", ""] });
    let reason = refused(
        cluster.put("/_security/service/-apps/worker", &body),
        400,
        kind,
    );
    assert!(
        reason.contains("1: ") && reason.contains("2: ") && reason.contains("3: "),
        "{reason}"
    );
    let reason = refused(
        cluster.put(WORKER, json!({})),
        400,
        "illegal_argument_exception",
    );
    assert_eq!(reason, "Required [roles]");
    let many: Vec<_> = (0..1001).map(|role| format!("r{role}")).collect();
    let many = json!({ "roles": many });
    let reason = refused(cluster.put(WORKER, &many), 400, "validation_exception");
    assert!(reason.contains("[1000]"), "{reason}");
    let unprivileged = cluster.user("reader", &["monitor"]).put(WORKER, &many);
    refused(unprivileged, 403, "security_exception");
    for namespace in ["elastic", "ELASTIC"] {
        let path = format!("/_security/service/{namespace}/mine");
        refused(cluster.put(&path, json!({ "roles": [] })), 400, kind);
        refused(cluster.delete(&path), 400, kind);
    }
    let unknown = "{\n  \"colour\": \"red\", \"roles\": [] }";
    let reason = refused(
        cluster.send(Method::PUT, WORKER, unknown),
        400,
        "x_content_parse_exception",
    );
    assert_eq!(
        reason,
        "[2:3] [put_user_managed_service_account_request] unknown field [colour]"
    );
    let lenient = json!({ "roles": "r1", "enabled": "false" });
    cluster.put(WORKER, &lenient).expect(200);
    let shown = cluster.get(WORKER).expect(200);
    let expected = json!({ "type": "user_managed", "roles": ["r1"], "enabled": false });
    assert_eq!(shown["apps/worker_1"], expected);
    cluster
        .put(WORKER, json!({ "roles": [], "enabled": "yes" }))
        .expect(400);
}

#[test]
fn a_disabled_account_lets_nobody_in_until_it_is_enabled_again() {
    let cluster = start();
    cluster.account(WORKER, &json!({ "roles": [] }));
    let before = cluster.token(WORKER, "before");
    cluster.account(WORKER, &json!({ "roles": [], "enabled": false }));
    assert!(!cluster.opens(&before));
    let meanwhile = cluster.token(WORKER, "meanwhile");
    assert!(!cluster.opens(&meanwhile));
    cluster.account(WORKER, &json!({ "roles": [], "enabled": true }));
    assert!(cluster.opens(&before) && cluster.opens(&meanwhile));
}
