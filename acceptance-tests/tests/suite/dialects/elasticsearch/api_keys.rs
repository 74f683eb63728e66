//! API keys that service accounts make, and that others make for them with one of their tokens.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Cluster, FLEET, WORKER, refused, start};
use crate::support::caller::{Caller, text};

const GRANT: &str = "/_security/api_key/grant";

fn holding_key(cluster: &Cluster, encoded: &str) -> Caller {
    let value = format!("ApiKey {encoded}");
    cluster.with("authorization", &value)
}

fn granted_upon(token: &str, key: &Value) -> Value {
    json!({
        "grant_type": "_user_managed_service_account",
        "service_account_token": token,
        "api_key": key,
    })
}

#[test]
fn an_api_key_is_granted_upon_a_service_token_and_can_do_no_more_than_the_account() {
    let cluster = start();
    cluster.role("monitor_role", &["monitor"]);
    cluster.account(WORKER, &json!({ "roles": ["monitor_role"] }));
    let value = cluster.token(WORKER, "t");
    let kibana = cluster.holding(&cluster.token("/_security/service/elastic/kibana", "t"));
    let wanted = json!({ "name": "k", "role_descriptors": { "r": { "cluster": ["all"] } } });
    let body = granted_upon(&value, &wanted);
    let granted = kibana.post(GRANT, &body).expect(200);
    let encoded = text(&granted, "/encoded");
    let key = holding_key(&cluster, &encoded);
    let who = key.get("/_security/_authenticate").expect(200);
    assert_eq!(
        (&who["username"], &who["api_key"]["name"]),
        (&json!("apps/worker_1"), &json!("k"))
    );
    let asked = json!({ "cluster": ["monitor", "manage_security"] });
    let has = key
        .post("/_security/user/_has_privileges", &asked)
        .expect(200);
    assert_eq!(
        has["cluster"],
        json!({ "monitor": true, "manage_security": false })
    );
    assert_eq!(who["metadata"]["_user_managed_service_account"], true);
    let listed = format!("/_security/api_key?id={}", text(&granted, "/id"));
    let listed = &cluster.get(&listed).expect(200)["api_keys"][0];
    assert_eq!(
        (&listed["realm"], &listed["realm_type"]),
        (&json!("_service_account"), &json!("_service_account"))
    );
    cluster.holding(&value).post(GRANT, &body).expect(403);
    cluster.account(WORKER, &json!({ "roles": [], "enabled": false }));
    let reason = refused(kibana.post(GRANT, &body), 403, "security_exception");
    assert_eq!(reason, "Failed to authenticate api key grant");
}

#[test]
fn a_service_account_manages_the_keys_it_owns_and_only_those() {
    let cluster = start();
    let fleet = cluster.holding(&cluster.token(FLEET, "t"));
    let created = fleet
        .post(
            "/_security/api_key",
            json!({ "name": "own", "expiration": "1h" }),
        )
        .expect(200);
    let encoded = text(&created, "/encoded");
    let key = holding_key(&cluster, &encoded);
    key.get("/_security/_authenticate").expect(200);
    fleet.get("/_security/api_key").expect(403);
    let own = fleet.get("/_security/api_key?owner=true").expect(200);
    assert_eq!(own["api_keys"][0]["name"], "own");
    assert!(own["api_keys"][0].get("hash").is_none());
    let end = |body: Value| fleet.send(Method::DELETE, "/_security/api_key", body.to_string());
    end(json!({ "ids": [created["id"]] })).expect(403);
    let ended = end(json!({ "ids": [created["id"]], "owner": true })).expect(200);
    assert_eq!(ended["invalidated_api_keys"], json!([created["id"]]));
    key.get("/_security/_authenticate").expect(401);
}

#[test]
fn what_a_key_cannot_be_granted_upon_is_said_in_the_vendors_words() {
    let cluster = start();
    let broker = cluster.user("broker", &["grant_api_key"]);
    let fleet = cluster.token(FLEET, "t");
    for (token, expected) in [
        (
            fleet.as_str(),
            "[service_account_token] must belong to a user-managed service account",
        ),
        (
            "obviously-not-a-service-account-token",
            "[service_account_token] is not a valid service account token",
        ),
    ] {
        let body = granted_upon(token, &json!({ "name": "k" }));
        let reason = refused(broker.post(GRANT, &body), 400, "security_exception");
        assert_eq!(reason, expected);
    }
    let mut body = granted_upon("anything", &json!({ "name": "k" }));
    body["run_as"] = json!("someone");
    let reason = refused(
        broker.post(GRANT, &body),
        400,
        "action_request_validation_exception",
    );
    assert_eq!(
        reason,
        "Validation Failed: 1: [run_as] is not supported for grant_type [_user_managed_service_account];"
    );
}

#[test]
fn a_granted_key_reads_what_the_accounts_roles_let_it_read_and_no_more() {
    let cluster = start();
    let reader = json!({ "indices": [{ "names": ["umsa-grant-*"], "privileges": ["read"] }] });
    cluster.put("/_security/role/reader", &reader).expect(200);
    cluster.account(WORKER, &json!({ "roles": ["reader"] }));
    let kibana = cluster.holding(&cluster.token("/_security/service/elastic/kibana", "k"));
    let body = granted_upon(&cluster.token(WORKER, "t"), &json!({ "name": "k" }));
    let encoded = text(&kibana.post(GRANT, &body).expect(200), "/encoded");
    let key = holding_key(&cluster, &encoded);
    let document = json!({ "message": "visible to the worker" });
    cluster
        .put("/umsa-grant-index/_doc/1?refresh=true", &document)
        .expect(201);
    let search = "/umsa-grant-index/_search?rest_total_hits_as_int=true";
    let found = key.call(Method::POST, search).expect(200);
    assert_eq!(found["hits"]["total"], 1);
    assert_eq!(found["hits"]["hits"][0]["_source"], document);
    let refusal = refused(
        key.put("/umsa-grant-index/_doc/2", &document),
        403,
        "security_exception",
    );
    assert!(
        refusal.contains("on indices [umsa-grant-index]"),
        "{refusal}"
    );
    key.call(Method::POST, "/another-index/_search").expect(403);
    cluster.delete("/umsa-grant-index").expect(200);
    refused(
        cluster.delete("/umsa-grant-index"),
        404,
        "index_not_found_exception",
    );
}

#[test]
fn clearing_the_cache_of_keys_reports_no_failed_node() {
    let cluster = start();
    let path = "/_security/api_key/some-id/_clear_cache";
    let cleared = cluster.call(Method::POST, path).expect(200);
    assert_eq!(cleared["_nodes"]["failed"], 0);
    cluster
        .user("monitor", &["monitor"])
        .call(Method::POST, path)
        .expect(403);
}
