//! What every client asks first: product, credentials, which accounts there are.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};

use super::{FLEET, WORKER, keys, refused, start};
use crate::support::caller::{Reply, text};

#[test]
fn every_answer_names_the_product() {
    let cluster = start();
    cluster.fail_once("GET", "/_cluster/health", 503);
    for reply in [
        cluster.get("/"),
        cluster.get("/_cluster/health"),
        cluster.get("/nothing/here"),
        cluster.anonymous().get("/"),
        cluster.put(&format!("{FLEET}/credential/token"), json!({})),
    ] {
        assert_eq!(
            reply.header("x-elastic-product"),
            "Elasticsearch",
            "{}",
            reply.text
        );
    }
}

#[test]
fn each_kind_of_credential_signs_in() {
    let cluster = start();
    let operator = cluster.operator_token();
    let key = STANDARD.encode(format!("any:{operator}"));
    for caller in [
        cluster.operator.clone(),
        cluster.holding(operator),
        cluster.with("authorization", &format!("ApiKey {key}")),
    ] {
        let who = caller.get("/_security/_authenticate").expect(200);
        assert_eq!(who["username"], "elastic");
        assert_eq!(who["metadata"], json!({ "_reserved": true }));
    }
    let nobody = cluster.anonymous().get("/_security/_authenticate");
    let challenges: Vec<_> = nobody.headers.get_all("www-authenticate").iter().collect();
    assert_eq!(challenges.len(), 3);
    let reason = refused(nobody, 401, "security_exception");
    assert_eq!(
        reason,
        "missing authentication credentials for REST request [/_security/_authenticate]"
    );
    // The path and the method are looked at after the credentials.
    for reply in [
        cluster.anonymous().get("/_nope?a=b"),
        cluster.anonymous().delete("/_nope?a=b"),
    ] {
        assert_eq!(
            refused(reply, 401, "security_exception"),
            "missing authentication credentials for REST request [/_nope?a=b]"
        );
    }
    assert_eq!(
        refused(
            cluster.holding("unknown").get("/"),
            401,
            "security_exception"
        ),
        "unable to authenticate with provided credentials and anonymous access is not allowed for this request"
    );
    let nothing = cluster.get("/_nope?a=b").expect(400);
    assert_eq!(
        nothing["error"],
        "no handler found for uri [/_nope?a=b] and method [GET]"
    );
    let wrong = cluster.basic("elastic", "wrong").get("/");
    assert_eq!(
        wrong.expect(401)["error"]["header"]["WWW-Authenticate"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn a_path_may_end_in_slashes_and_says_which_methods_it_has() {
    let cluster = start();
    for path in [
        "/_security/service/",
        "/_security/service//",
        "/_cluster/health/",
    ] {
        cluster.get(path).expect(200);
    }
    cluster.call(Method::HEAD, "/").expect(200);
    let head = cluster.call(Method::HEAD, "/_security/_authenticate");
    assert_eq!((head.status, head.header("allow")), (405, "GET"));
    let wrong = cluster.call(Method::POST, WORKER);
    assert_eq!(wrong.header("allow"), "GET,PUT,DELETE");
    let reason = text(&wrong.expect(405), "/error");
    assert!(reason.ends_with("allowed: [GET, PUT, DELETE]"), "{reason}");
    let options = cluster.anonymous().call(Method::OPTIONS, WORKER);
    assert_eq!(options.header("allow"), "GET,PUT,DELETE");
    options.expect_text(200, "");
    let nothing = cluster.anonymous().call(Method::OPTIONS, "/_nope");
    nothing.lacks("allow");
    nothing.expect_text(200, "");
}

#[test]
fn a_body_is_json_and_only_where_one_is_read() {
    let cluster = start();
    for (given, reason) in [
        (
            "text/plain",
            "Content-Type header [text/plain] is not supported",
        ),
        ("", "Content-Type header [] is not supported"),
    ] {
        let body = json!({ "roles": [] }).to_string();
        let reply = cluster.send_as(Method::PUT, WORKER, given, body);
        assert_eq!(reply.expect(406), json!({ "error": reason, "status": 406 }));
    }
    let body = json!({ "roles": [] }).to_string();
    cluster.send(Method::PUT, WORKER, body).expect(200);
    let path = format!("{WORKER}/credential/token/t");
    let unread = cluster.post(&path, json!({}));
    assert_eq!(
        refused(unread, 400, "illegal_argument_exception"),
        format!("request [POST {path}] does not support having a body")
    );
    let missing = cluster.call(Method::PUT, WORKER);
    assert_eq!(
        refused(missing, 400, "parse_exception"),
        "request body is required"
    );
}

/// The vendor's Java client reads no answer that lacks one of these.
#[test]
fn answers_have_what_strict_clients_require() {
    let cluster = start();
    let has = |body: &Value, fields: &[&str]| {
        for field in fields {
            assert!(body.get(field).is_some(), "{field} in {body}");
        }
    };
    let root = cluster.get("/").expect(200);
    has(
        &root["version"],
        &["build_date", "build_hash", "build_type"],
    );
    let health = cluster.get("/_cluster/health").expect(200);
    has(
        &health,
        &["active_primary_shards", "active_shards_percent_as_number"],
    );
    let role = json!({ "cluster": ["monitor"] });
    cluster.put("/_security/role/r", role).expect(200);
    let role = cluster.get("/_security/role/r").expect(200)["r"].take();
    has(
        &role,
        &[
            "indices",
            "applications",
            "run_as",
            "metadata",
            "transient_metadata",
        ],
    );
    assert_eq!(role["cluster"], json!(["monitor"]));
    let key = cluster.post("/_security/api_key", json!({ "name": "k" }));
    key.expect(200);
    let keys = cluster.get("/_security/api_key?name=k").expect(200);
    assert_eq!(keys["api_keys"][0]["type"], "rest");
}

#[test]
fn clients_ask_for_this_version_of_the_api_or_the_one_before_it() {
    let cluster = start();
    let version =
        |number: u8| format!("application/vnd.elasticsearch+json; compatible-with={number}");
    let wanting = |accept: &str| cluster.with("accept", accept);
    let body = json!({ "roles": [] }).to_string();
    let put =
        |accept: &str, sent: &str| wanting(accept).send_as(Method::PUT, WORKER, sent, body.clone());
    for (accept, sent, answered) in [
        (
            version(9),
            version(9),
            "application/vnd.elasticsearch+json;compatible-with=9",
        ),
        (
            version(8),
            version(8),
            "application/vnd.elasticsearch+json;compatible-with=8",
        ),
        (
            "application/json".to_owned(),
            "application/json".to_owned(),
            "application/json",
        ),
        (
            "*/*".to_owned(),
            "application/json".to_owned(),
            "application/json",
        ),
    ] {
        let reply = put(&accept, &sent);
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (200, answered)
        );
        let missing = wanting(&accept).get("/_security/nothing");
        assert_eq!(
            (missing.status, missing.header("content-type")),
            (400, answered)
        );
    }
    let caused = |reply: Reply| -> String {
        let body = reply.expect(400);
        assert_eq!(body["error"]["type"], "media_type_header_exception");
        text(&body, "/error/caused_by/reason")
    };
    assert_eq!(
        caused(wanting(&version(7)).get("/")),
        format!(
            "Accept version must be either version 9 or 8, but found 7. Accept={}",
            version(7)
        )
    );
    assert!(caused(put(&version(9), &version(10))).starts_with("Content-Type version must be"));
    assert!(caused(put(&version(9), &version(8))).contains("must match. Accept="));
    assert!(caused(put("*/*", &version(9))).contains("a compatible version. Accept=*/*"));
}

#[test]
fn a_cluster_before_user_managed_accounts_knows_nothing_of_them() {
    let cluster = start();
    cluster.profile(json!({ "user_managed": false }));
    let root = cluster.get("/").expect(200);
    assert_eq!(root["version"]["number"], "9.5.0");
    let fleet = cluster.get(FLEET).expect(200)["elastic/fleet-server"].take();
    assert_eq!(keys(&fleet), ["role_descriptor"]);
    let listed = cluster.get("/_security/service?type=user_managed");
    refused(listed, 400, "illegal_argument_exception");
    let path = "%2F_security%2Fservice%2F%7Bnamespace%7D%2F%7Bservice%7D";
    let path =
        format!("/_capabilities?method=PUT&path={path}&capabilities=user_managed_service_accounts");
    assert_eq!(cluster.get(&path).expect(200)["supported"], false);
    cluster.put(WORKER, json!({ "roles": [] })).expect(405);
    cluster
        .post("/_security/_query/service", json!({}))
        .expect(400);
    cluster.token(FLEET, "still-works");
}

#[test]
fn accounts_are_listed_by_kind_and_what_is_unknown_is_an_empty_map() {
    let cluster = start();
    cluster.account(WORKER, &json!({ "roles": ["b", "a", "b"] }));
    let get = |path: &str| {
        cluster
            .get(&format!("/_security/service{path}"))
            .expect(200)
    };
    assert_eq!(keys(&get("")).len(), 4);
    assert_eq!(keys(&get("?type=built_in,user_managed")).len(), 5);
    assert_eq!(keys(&get("?type=user_managed")), ["apps/worker_1"]);
    assert_eq!(get("?type=built_in")["elastic/kibana"]["type"], "built_in");
    let worker = json!({ "type": "user_managed", "roles": ["a", "b"], "enabled": true });
    assert_eq!(get("/apps"), json!({ "apps/worker_1": worker }));
    assert_eq!(get("/apps/worker_1"), json!({ "apps/worker_1": worker }));
    for nothing in [
        "/apps/worker_1?type=built_in",
        "/nobody",
        "/elastic/nobody",
        "/APPS/worker_1",
    ] {
        assert_eq!(get(nothing), json!({}), "{nothing}");
    }
    let remote = get("/elastic/fleet-server-remote");
    let descriptor = &remote["elastic/fleet-server-remote"]["role_descriptor"];
    assert_eq!(
        descriptor["cluster"],
        json!(["monitor", "manage_own_api_key"])
    );
    let reason = refused(
        cluster.get("/_security/service?type=x"),
        400,
        "illegal_argument_exception",
    );
    assert_eq!(
        reason,
        "invalid type value [x]; must be one of [built_in, user_managed]"
    );
    get("?format=json&human&error_trace=true");
    for (query, reason) in [
        ("tpye=x", "parameter: [tpye]"),
        ("foo=1&bar=2&foo=3", "parameters: [bar], [foo]"),
    ] {
        let reply = cluster.get(&format!("/_security/service?{query}"));
        assert_eq!(
            refused(reply, 400, "illegal_argument_exception"),
            format!("request [/_security/service] contains unrecognized {reason}")
        );
    }
}
