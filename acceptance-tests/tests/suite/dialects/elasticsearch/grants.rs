//! Who may do what, which bearer is granted upon a service token, and what else a cluster answers.

use lanyard_token_server::Api;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Cluster, FLEET, WORKER, refused, start};
use crate::support::caller::{Caller, text};
use crate::vendor::Vendor;

#[test]
fn who_manages_service_accounts_manages_the_built_in_ones_only() {
    let cluster = start();
    cluster.account(WORKER, &json!({ "roles": [] }));
    let admin = cluster.user("sa_admin", &["manage_service_account"]);
    let token = format!("{WORKER}/credential/token/t");
    for reply in [
        admin.put(WORKER, json!({ "roles": [] })),
        admin.delete(WORKER),
        admin.call(Method::POST, &token),
        admin.delete(&token),
        admin.call(Method::POST, &format!("{token}/_clear_cache")),
    ] {
        let reason = refused(reply, 403, "security_exception");
        assert!(reason.contains("for user [sa_admin]"), "{reason}");
    }
    admin
        .call(Method::POST, &format!("{FLEET}/credential/token/t"))
        .expect(200);
    admin.get("/_security/service").expect(200);
    let unknown = admin.call(
        Method::POST,
        "/_security/service/ELASTIC/foo/credential/token/t",
    );
    refused(unknown, 400, "illegal_argument_exception");
    let reader = cluster.user("reader", &["read_security"]);
    reader.get(&format!("{FLEET}/credential")).expect(200);
    reader
        .call(Method::POST, &format!("{FLEET}/credential/token/u"))
        .expect(403);
    cluster
        .user("monitor", &["monitor"])
        .get("/_security/service")
        .expect(403);
}

#[test]
fn an_edit_of_a_role_acts_at_once_and_roles_add_up() {
    let cluster = start();
    cluster.role("one", &["monitor"]);
    cluster.account(WORKER, &json!({ "roles": ["one", "later"] }));
    let holder = cluster.holding(&cluster.token(WORKER, "t"));
    let has = || {
        let asked = json!({
            "cluster": ["manage_security", "monitor"],
            "index": [{ "names": ["logs-x"], "privileges": ["read"] }],
        });
        let answer = holder
            .post("/_security/user/_has_privileges", &asked)
            .expect(200);
        (
            answer["cluster"].clone(),
            answer["index"]["logs-x"]["read"].clone(),
            answer["has_all_requested"].clone(),
        )
    };
    let nothing_yet = json!({ "manage_security": false, "monitor": true });
    assert_eq!(has(), (nothing_yet, json!(false), json!(false)));
    let later = json!({
        "cluster": ["manage_security"],
        "indices": [{ "names": ["logs-*"], "privileges": ["read"] }],
    });
    cluster.put("/_security/role/later", &later).expect(200);
    let all = json!({ "manage_security": true, "monitor": true });
    assert_eq!(has(), (all, json!(true), json!(true)));
    cluster.delete("/_security/role/one").expect(200);
    assert_eq!(has().0["monitor"], false);
}

#[test]
fn the_search_goes_by_query_sort_and_page_over_allowed_fields() {
    let cluster = start();
    for (name, roles, enabled) in [
        ("worker_1", ["a"], true),
        ("worker_2", ["b"], false),
        ("other", ["a"], true),
    ] {
        let path = format!("/_security/service/apps/{name}");
        cluster.account(&path, &json!({ "roles": roles, "enabled": enabled }));
    }
    let path = "/_security/_query/service";
    let all = cluster.call(Method::GET, path).expect(200);
    assert_eq!((&all["total"], &all["count"]), (&json!(3), &json!(3)));
    let names = |body: Value| -> Vec<String> {
        let found = cluster.post(path, &body).expect(200);
        let accounts = found["service_accounts"].as_array().unwrap().clone();
        accounts
            .iter()
            .map(|account| text(account, "/username"))
            .collect()
    };
    assert_eq!(
        names(json!({ "query": { "prefix": { "username": "elastic/" } } })),
        [""; 0]
    );
    assert_eq!(
        names(json!({ "query": { "term": { "enabled": false } } })),
        ["apps/worker_2"]
    );
    let both = json!({ "bool": { "must": [{ "term": { "roles": "a" } }], "must_not": [{ "prefix": { "username": "apps/w" } }] } });
    assert_eq!(names(json!({ "query": both })), ["apps/other"]);
    let terms = json!({ "terms": { "username": ["apps/worker_1", "apps/other"] } });
    let sort = json!([{ "username": { "order": "desc" } }]);
    assert_eq!(
        names(json!({ "query": terms, "sort": sort })),
        ["apps/worker_1", "apps/other"]
    );
    assert_eq!(
        names(json!({ "sort": ["username"], "from": 1, "size": 1 })),
        ["apps/worker_1"]
    );
    let after = json!({ "sort": ["username"], "size": 2, "search_after": ["apps/other"] });
    assert_eq!(names(after), ["apps/worker_1", "apps/worker_2"]);
    // Beside a filter nothing of what should be has to be; alone one of it has to.
    let should = json!([{ "match": { "username": "apps/other" } }, { "match": { "roles": { "query": "none" } } }]);
    let with_filter =
        json!({ "filter": [{ "prefix": { "username": "apps/worker" } }], "should": should });
    assert_eq!(names(json!({ "query": { "bool": with_filter } })).len(), 2);
    assert_eq!(
        names(json!({ "query": { "bool": { "should": should } } })),
        ["apps/other"]
    );
    let both = json!({ "should": should, "minimum_should_match": 2 });
    assert_eq!(names(json!({ "query": { "bool": both } })), [""; 0]);
    for (query, reason) in [
        (
            json!({ "term": { "user*": "x" } }),
            "Field name pattern [user*] is not allowed for querying or aggregation",
        ),
        (
            json!({ "terms": { "roles": { "index": "i", "id": "1", "path": "p" } } }),
            "terms query with terms lookup is not currently supported in this context",
        ),
    ] {
        let reply = cluster.post(path, json!({ "query": query }));
        assert_eq!(refused(reply, 400, "illegal_argument_exception"), reason);
    }
    for body in [
        json!({ "query": { "term": { "doc_type": "x" } } }),
        json!({ "query": { "term": { "password": "x" } } }),
        json!({ "query": { "regexp": { "username": "x" } } }),
        json!({ "sort": ["version"] }),
        json!({ "from": -1 }),
        json!({ "size": -1 }),
    ] {
        cluster.post(path, &body).expect(400);
    }
    for (privilege, status) in [
        ("read_security", 200),
        ("manage_service_account", 200),
        ("monitor", 403),
    ] {
        cluster
            .user(privilege, &[privilege])
            .call(Method::POST, path)
            .expect(status);
    }
}

#[test]
fn a_broker_exchanges_a_service_token_for_a_bearer() {
    let cluster = start();
    cluster.account(WORKER, &json!({ "roles": [] }));
    let value = cluster.token(WORKER, "t");
    let grant = |caller: &Caller, token: Value| {
        let body = json!({ "grant_type": "_user_managed_service_account", "service_account_token": token });
        caller.post("/_security/oauth2/token", &body)
    };
    grant(&cluster.holding(&value), json!(value)).expect(403);
    let broker = cluster.user("broker", &["manage_token"]);
    let issued = grant(&broker, json!(value)).expect(200);
    assert_eq!(
        (&issued["type"], &issued["authentication"]["username"]),
        (&json!("Bearer"), &json!("apps/worker_1"))
    );
    assert!(issued.get("refresh_token").is_none());
    let bearer = text(&issued, "/access_token");
    cluster.account(WORKER, &json!({ "roles": [], "enabled": false }));
    grant(&broker, json!(value)).expect(401);
    let who = cluster
        .holding(&bearer)
        .get("/_security/_authenticate")
        .expect(200);
    assert_eq!(who["username"], "apps/worker_1");
    let fleet = cluster.token(FLEET, "t");
    let error = grant(&broker, json!(fleet)).expect(400);
    assert_eq!(error["error"], "invalid_grant");
    assert_eq!(
        error["error_description"],
        "service_account_token must belong to a user-managed service account"
    );
    let malformed = grant(&broker, json!("obviously-not-a-service-account-token"));
    assert_eq!(
        malformed.expect(400),
        json!({
            "error": "invalid_grant",
            "error_description": "service_account_token is not a valid service account token",
        })
    );
    assert_eq!(
        grant(&broker, Value::Null).expect(400)["error"],
        "invalid_request"
    );
    let ended = broker.send(
        Method::DELETE,
        "/_security/oauth2/token",
        json!({ "token": bearer }).to_string(),
    );
    assert_eq!(ended.expect(200)["invalidated_tokens"], 1);
    assert!(!cluster.opens(&bearer));
}

#[test]
fn capabilities_are_asked_with_the_paths_placeholders() {
    let cluster = start();
    let ask = |path: &str, capability: &str| {
        let path = format!("/_capabilities?method=PUT&path={path}&capabilities={capability}");
        cluster.get(&path).expect(200)["supported"].clone()
    };
    let path = "%2F_security%2Fservice%2F%7Bnamespace%7D%2F%7Bservice%7D";
    assert_eq!(ask(path, "user_managed_service_accounts"), true);
    assert_eq!(ask(path, "telepathy"), false);
    assert_eq!(ask("%2F_nothing", "user_managed_service_accounts"), false);
}

#[test]
fn faults_have_the_vendors_form_and_a_lost_create_is_a_conflict() {
    let cluster = start();
    cluster.fail_once("GET", FLEET, 429);
    let failed = cluster.get(FLEET);
    assert_eq!(failed.header("retry-after"), "2");
    assert_eq!(failed.expect(429)["status"], 429);
    let path = format!("{FLEET}/credential/token/ci");
    cluster.lose_one_answer("PUT", &path);
    assert!(cluster.try_send(Method::PUT, &path, None).is_err());
    cluster.call(Method::PUT, &path).expect(409);
}

#[test]
fn accounts_and_tokens_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cluster.sqlite");
    let value = {
        let cluster = Cluster(Vendor::start_on(Api::Elasticsearch, &file));
        cluster.account(WORKER, &json!({ "roles": [] }));
        cluster.token(WORKER, "t")
    };
    let cluster = Cluster(Vendor::start_on(Api::Elasticsearch, &file));
    assert!(cluster.opens(&value));
}
