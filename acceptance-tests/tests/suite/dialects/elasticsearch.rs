//! Elasticsearch's service accounts and tokens, as the vendor's own API tests go about them.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use lanyard_token_server::Api;
use reqwest::Method;
use serde_json::{Value, json};

use super::caller::{Caller, Reply, Vendor, text};

const FLEET: &str = "/_security/service/elastic/fleet-server";
const WORKER: &str = "/_security/service/apps/worker_1";
/// Of the vendor's own tests; the node's file holds it.
const FILE_TOKEN: &str = "AAEAAWVsYXN0aWMvZmxlZXQtc2VydmVyL3Rva2VuMTpyNXdkYmRib1FTZTl2R09Ld2FKR0F3";

struct Cluster {
    vendor: Vendor,
    elastic: Caller,
}

fn start() -> Cluster {
    let vendor = Vendor::start(Api::Elasticsearch);
    let elastic = vendor.operator_by_password();
    Cluster { vendor, elastic }
}

impl Cluster {
    /// With these cluster privileges, each role under the name of the privilege.
    fn role(&self, name: &str, privileges: &[&str]) {
        let path = format!("/_security/role/{name}");
        self.elastic
            .put(&path, &json!({ "cluster": privileges }))
            .expect(200);
    }

    /// A user with one role that has these privileges.
    fn user(&self, name: &str, privileges: &[&str]) -> Caller {
        self.role(name, privileges);
        let body = json!({ "password": "x-pack-test-password", "roles": [name] });
        self.elastic
            .put(&format!("/_security/user/{name}"), &body)
            .expect(200);
        self.vendor.anonymous().basic(name, "x-pack-test-password")
    }

    fn account(&self, path: &str, body: &Value) -> Value {
        self.elastic.put(path, body).expect(200)
    }

    fn token(&self, account: &str, name: &str) -> String {
        let path = format!("{account}/credential/token/{name}");
        text(
            &self.elastic.call(Method::PUT, &path).expect(200),
            "/token/value",
        )
    }

    fn holding(&self, value: &str) -> Caller {
        self.vendor.anonymous().bearer(value)
    }

    fn opens(&self, value: &str) -> bool {
        match self.holding(value).get("/_security/_authenticate").status {
            200 => true,
            401 => false,
            other => panic!("_authenticate answered {other}"),
        }
    }
}

/// Fails unless this kind of error was answered, in the common shape; returns its reason.
#[track_caller]
fn refused(reply: Reply, status: u16, kind: &str) -> String {
    let body = reply.expect(status);
    assert_eq!(body["error"]["type"], kind, "{body}");
    assert_eq!(body["error"]["root_cause"][0]["type"], kind);
    assert_eq!(body["status"], status);
    text(&body, "/error/reason")
}

fn keys(body: &Value) -> Vec<&String> {
    body.as_object().unwrap().keys().collect()
}

#[test]
fn every_answer_names_the_product() {
    let cluster = start();
    cluster.vendor.fail_once("GET", "/_cluster/health", 503);
    for reply in [
        cluster.elastic.get("/"),
        cluster.elastic.get("/_cluster/health"),
        cluster.elastic.get("/nothing/here"),
        cluster.vendor.anonymous().get("/"),
        cluster
            .elastic
            .put(&format!("{FLEET}/credential/token"), &json!({})),
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
    let operator = cluster.vendor.token();
    let key = STANDARD.encode(format!("any:{operator}"));
    for caller in [
        cluster.elastic.clone(),
        cluster.holding(operator),
        cluster
            .vendor
            .anonymous()
            .with("authorization", &format!("ApiKey {key}")),
    ] {
        assert_eq!(
            caller.get("/_security/_authenticate").expect(200)["username"],
            "elastic"
        );
    }
    let nobody = cluster.vendor.anonymous().get("/_security/_authenticate");
    let challenges: Vec<_> = nobody.headers.get_all("www-authenticate").iter().collect();
    assert_eq!(challenges.len(), 3);
    let reason = refused(nobody, 401, "security_exception");
    assert_eq!(
        reason,
        "missing authentication credentials for REST request [/_security/_authenticate]"
    );
    let wrong = cluster
        .vendor
        .anonymous()
        .basic("elastic", "wrong")
        .get("/");
    assert_eq!(
        wrong.expect(401)["error"]["header"]["WWW-Authenticate"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn accounts_are_listed_by_kind_and_what_is_unknown_is_an_empty_map() {
    let cluster = start();
    cluster.account(WORKER, &json!({ "roles": ["b", "a", "b"] }));
    let get = |path: &str| {
        cluster
            .elastic
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
        cluster.elastic.get("/_security/service?type=x"),
        400,
        "illegal_argument_exception",
    );
    assert_eq!(
        reason,
        "invalid type value [x]; must be one of [built_in, user_managed]"
    );
    refused(
        cluster.elastic.get("/_security/service?tpye=x"),
        400,
        "illegal_argument_exception",
    );
}

#[test]
fn a_token_of_a_built_in_account_goes_through_the_vendors_basic_test() {
    let cluster = start();
    let created = cluster
        .elastic
        .call(
            Method::POST,
            &format!("{FLEET}/credential/token/api-token-1"),
        )
        .expect(200);
    assert_eq!(
        (&created["created"], &created["token"]["name"]),
        (&json!(true), &json!("api-token-1"))
    );
    let value = text(&created, "/token/value");
    let decoded = STANDARD_NO_PAD.decode(&value).unwrap();
    assert_eq!(&decoded[..4], [0, 1, 0, 1]);
    assert!(decoded[4..].starts_with(b"elastic/fleet-server/api-token-1:"));
    let holder = cluster.holding(&value);
    let who = holder.get("/_security/_authenticate").expect(200);
    assert_eq!(who["username"], "elastic/fleet-server");
    assert_eq!(who["roles"], json!([]));
    assert_eq!(who["full_name"], "Service account - elastic/fleet-server");
    assert_eq!(who["token"]["name"], "api-token-1");
    assert_eq!(who["token"]["type"], "_service_account_index");
    let reason = refused(
        holder.delete("/_security/user/foo"),
        403,
        "security_exception",
    );
    assert_eq!(
        reason,
        "action [cluster:admin/xpack/security/user/delete] is unauthorized for service account \
         [elastic/fleet-server], this action is granted by the cluster privileges [manage_security,all]"
    );
    let credentials = cluster
        .elastic
        .get(&format!("{FLEET}/credential"))
        .expect(200);
    assert_eq!(credentials["count"], 2);
    assert_eq!(credentials["tokens"], json!({ "api-token-1": {} }));
    assert_eq!(credentials["nodes_credentials"]["_nodes"]["failed"], 0);
    assert!(credentials["nodes_credentials"]["file_tokens"]["token1"]["nodes"][0].is_string());
    for names in ["api-token-1", "api-token-1,does-not-exist", "*", ""] {
        let path = format!("{FLEET}/credential/token/{names}/_clear_cache");
        let cleared = cluster.elastic.call(Method::POST, &path).expect(200);
        assert_eq!(cleared["_nodes"]["failed"], 0);
    }
    let path = format!("{FLEET}/credential/token/api-token-1");
    cluster
        .elastic
        .delete(&path)
        .expect_text(200, r#"{"found":true}"#);
    cluster
        .elastic
        .delete(&path)
        .expect_text(404, r#"{"found":false}"#);
    assert!(!cluster.opens(&value));
}

#[test]
fn the_token_in_the_nodes_file_opens_the_same_account_beside_one_of_the_same_name() {
    let cluster = start();
    let own = cluster.token(FLEET, "token1");
    let who = cluster
        .holding(FILE_TOKEN)
        .get("/_security/_authenticate")
        .expect(200);
    assert_eq!(who["token"]["type"], "_service_account_file");
    assert!(cluster.opens(&own));
    let credentials = cluster
        .elastic
        .get(&format!("{FLEET}/credential"))
        .expect(200);
    assert_eq!(credentials["count"], 2);
    cluster
        .elastic
        .delete(&format!("{FLEET}/credential/token/token1"))
        .expect(200);
    assert!(cluster.opens(FILE_TOKEN) && !cluster.opens(&own));
}

#[test]
fn a_secret_that_is_wrong_or_short_fails_as_a_service_token() {
    let cluster = start();
    cluster.token(FLEET, "ci-1");
    for secret in ["AbCdEfGhIjKlMnOpQrStUv", "short"] {
        let mut bytes = vec![0, 1, 0, 1];
        bytes.extend(format!("elastic/fleet-server/ci-1:{secret}").bytes());
        let presented = STANDARD_NO_PAD.encode(bytes);
        let reply = cluster.holding(&presented).get("/_security/_authenticate");
        let reason = refused(reply, 401, "security_exception");
        assert_eq!(
            reason,
            "failed to authenticate service account [elastic/fleet-server] with token name [ci-1]"
        );
    }
    cluster
        .vendor
        .anonymous()
        .basic("elastic/fleet-server", "x")
        .get("/")
        .expect(401);
}

#[test]
fn a_token_needs_an_account_a_good_name_and_a_free_one() {
    let cluster = start();
    let create = |path: &str| {
        cluster
            .elastic
            .call(Method::POST, &format!("/_security/service/{path}"))
    };
    for unknown in ["elastic/nope", "ELASTIC/foo", "apps/nobody"] {
        let reason = refused(
            create(&format!("{unknown}/credential/token/t")),
            400,
            "illegal_argument_exception",
        );
        assert_eq!(
            reason,
            format!("service account [{unknown}] does not exist")
        );
    }
    let kind = "action_request_validation_exception";
    for name in ["_x", "a.b", &"x".repeat(257)] {
        let reason = refused(
            create(&format!("elastic/fleet-server/credential/token/{name}")),
            400,
            kind,
        );
        assert!(reason.starts_with(&format!(
            "Validation Failed: 1: invalid service token name [{name}]."
        )));
    }
    create("elastic/fleet-server/credential/token/-ok_1").expect(200);
    let taken = create("elastic/fleet-server/credential/token/-ok_1");
    let reason = refused(taken, 409, "version_conflict_engine_exception");
    assert_eq!(
        reason,
        "[service_account_token-elastic/fleet-server/-ok_1]: version conflict, document already exists (current version [1])"
    );
    let named = create("elastic/fleet-server/credential/token").expect(200);
    assert!(text(&named, "/token/name").starts_with("token_"));
    let wrong = cluster
        .elastic
        .call(Method::PUT, &format!("{FLEET}/credential/token"))
        .expect(405);
    assert_eq!(
        wrong["error"],
        "Incorrect HTTP method for uri [/_security/service/elastic/fleet-server/credential/token] and method [PUT], allowed: [POST]"
    );
    let unknown = cluster
        .elastic
        .get("/_security/service/apps/nobody/credential")
        .expect(200);
    assert_eq!(unknown["count"], 0);
    refused(
        create("elastic/fleet-server/credential/token/t?refresh=maybe"),
        400,
        "illegal_argument_exception",
    );
}

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
    let reason = refused(
        cluster.elastic.delete(WORKER),
        400,
        "illegal_argument_exception",
    );
    assert_eq!(
        reason,
        "cannot delete service account [apps/worker_1] because it has service tokens; delete the tokens first, \
         or set force=true to delete the account and leave its tokens in place"
    );
    cluster
        .elastic
        .delete(&format!("{WORKER}?force=true"))
        .expect_text(200, r#"{"found":true}"#);
    assert!(!cluster.opens(&value));
    let reason = refused(
        cluster.elastic.put(WORKER, &json!({ "roles": [] })),
        400,
        "illegal_argument_exception",
    );
    assert_eq!(
        reason,
        "cannot create service account [apps/worker_1] because it has leftover service tokens; delete the tokens first"
    );
    assert_eq!(
        cluster
            .elastic
            .get(&format!("{WORKER}/credential"))
            .expect(200)["count"],
        1
    );
    cluster
        .elastic
        .delete(&format!("{WORKER}/credential/token/t1"))
        .expect(200);
    assert_eq!(
        cluster.account(WORKER, &json!({ "roles": [] }))["created"],
        true
    );
    assert!(!cluster.opens(&value));
    assert!(cluster.opens(&cluster.token(WORKER, "t1")));
    cluster
        .elastic
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
    let shown = cluster.elastic.get(WORKER).expect(200);
    let expected = json!({ "type": "user_managed", "roles": [], "enabled": true });
    assert_eq!(shown["apps/worker_1"], expected);
    let kind = "action_request_validation_exception";
    let body = json!({ "roles": [" x", ""] });
    let reason = refused(
        cluster
            .elastic
            .put("/_security/service/-apps/worker", &body),
        400,
        kind,
    );
    assert!(
        reason.contains("1: ") && reason.contains("2: ") && reason.contains("3: "),
        "{reason}"
    );
    refused(cluster.elastic.put(WORKER, &json!({})), 400, kind);
    for namespace in ["elastic", "ELASTIC"] {
        let path = format!("/_security/service/{namespace}/mine");
        refused(
            cluster.elastic.put(&path, &json!({ "roles": [] })),
            400,
            kind,
        );
        refused(cluster.elastic.delete(&path), 400, kind);
    }
    let unknown = json!({ "roles": [], "colour": "red" });
    refused(
        cluster.elastic.put(WORKER, &unknown),
        400,
        "x_content_parse_exception",
    );
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

#[test]
fn who_manages_service_accounts_manages_the_built_in_ones_only() {
    let cluster = start();
    cluster.account(WORKER, &json!({ "roles": [] }));
    let admin = cluster.user("sa_admin", &["manage_service_account"]);
    let token = format!("{WORKER}/credential/token/t");
    for reply in [
        admin.put(WORKER, &json!({ "roles": [] })),
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
    cluster
        .elastic
        .put("/_security/role/later", &later)
        .expect(200);
    let all = json!({ "manage_security": true, "monitor": true });
    assert_eq!(has(), (all, json!(true), json!(true)));
    cluster.elastic.delete("/_security/role/one").expect(200);
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
    let all = cluster.elastic.call(Method::GET, path).expect(200);
    assert_eq!((&all["total"], &all["count"]), (&json!(3), &json!(3)));
    let names = |body: Value| -> Vec<String> {
        let found = cluster.elastic.post(path, &body).expect(200);
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
    for body in [
        json!({ "query": { "term": { "doc_type": "x" } } }),
        json!({ "query": { "term": { "password": "x" } } }),
        json!({ "query": { "regexp": { "username": "x" } } }),
        json!({ "sort": ["version"] }),
        json!({ "from": -1 }),
        json!({ "size": -1 }),
    ] {
        cluster.elastic.post(path, &body).expect(400);
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
    assert_eq!(
        grant(&broker, json!("garbage")).expect(400)["error"],
        "invalid_grant"
    );
    assert_eq!(
        grant(&broker, Value::Null).expect(400)["error"],
        "invalid_request"
    );
    let ended = broker.send(
        Method::DELETE,
        "/_security/oauth2/token",
        Some(json!({ "token": bearer }).to_string()),
    );
    assert_eq!(ended.expect(200)["invalidated_tokens"], 1);
    assert!(!cluster.opens(&bearer));
}

#[test]
fn an_api_key_is_granted_upon_a_service_token_and_can_do_no_more_than_the_account() {
    let cluster = start();
    cluster.role("monitor_role", &["monitor"]);
    cluster.account(WORKER, &json!({ "roles": ["monitor_role"] }));
    let value = cluster.token(WORKER, "t");
    let kibana = cluster.holding(&cluster.token("/_security/service/elastic/kibana", "t"));
    let body = json!({
        "grant_type": "_user_managed_service_account",
        "service_account_token": value,
        "api_key": { "name": "k", "role_descriptors": { "r": { "cluster": ["all", "monitor"] } } },
    });
    let granted = kibana.post("/_security/api_key/grant", &body).expect(200);
    let encoded = text(&granted, "/encoded");
    let key = cluster
        .vendor
        .anonymous()
        .with("authorization", &format!("ApiKey {encoded}"));
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
    let mut run_as = body.clone();
    run_as["run_as"] = json!("someone");
    kibana.post("/_security/api_key/grant", &run_as).expect(400);
    cluster
        .holding(&value)
        .post("/_security/api_key/grant", &body)
        .expect(403);
    cluster.account(WORKER, &json!({ "roles": [], "enabled": false }));
    let reason = refused(
        kibana.post("/_security/api_key/grant", &body),
        403,
        "security_exception",
    );
    assert_eq!(reason, "Failed to authenticate api key grant");
}

#[test]
fn a_service_account_manages_the_keys_it_owns_and_only_those() {
    let cluster = start();
    let fleet = cluster.holding(&cluster.token(FLEET, "t"));
    let created = fleet
        .post(
            "/_security/api_key",
            &json!({ "name": "own", "expiration": "1h" }),
        )
        .expect(200);
    let encoded = text(&created, "/encoded");
    let key = cluster
        .vendor
        .anonymous()
        .with("authorization", &format!("ApiKey {encoded}"));
    key.get("/_security/_authenticate").expect(200);
    fleet.get("/_security/api_key").expect(403);
    let own = fleet.get("/_security/api_key?owner=true").expect(200);
    assert_eq!(own["api_keys"][0]["name"], "own");
    assert!(own["api_keys"][0].get("hash").is_none());
    let end =
        |body: Value| fleet.send(Method::DELETE, "/_security/api_key", Some(body.to_string()));
    end(json!({ "ids": [created["id"]] })).expect(403);
    let ended = end(json!({ "ids": [created["id"]], "owner": true })).expect(200);
    assert_eq!(ended["invalidated_api_keys"], json!([created["id"]]));
    key.get("/_security/_authenticate").expect(401);
}

#[test]
fn capabilities_are_asked_with_the_paths_placeholders() {
    let cluster = start();
    let ask = |path: &str, capability: &str| {
        let path = format!("/_capabilities?method=PUT&path={path}&capabilities={capability}");
        cluster.elastic.get(&path).expect(200)["supported"].clone()
    };
    let path = "%2F_security%2Fservice%2F%7Bnamespace%7D%2F%7Bservice%7D";
    assert_eq!(ask(path, "user_managed_service_accounts"), true);
    assert_eq!(ask(path, "telepathy"), false);
    assert_eq!(ask("%2F_nothing", "user_managed_service_accounts"), false);
}

#[test]
fn faults_have_the_vendors_form_and_a_lost_create_is_a_conflict() {
    let cluster = start();
    cluster.vendor.fail_once("GET", FLEET, 429);
    let failed = cluster.elastic.get(FLEET);
    assert_eq!(failed.header("retry-after"), "2");
    assert_eq!(failed.expect(429)["status"], 429);
    let path = format!("{FLEET}/credential/token/ci");
    cluster.vendor.lose_one_answer("PUT", &path);
    assert!(cluster.elastic.try_send(Method::PUT, &path, None).is_err());
    cluster.elastic.call(Method::PUT, &path).expect(409);
}

#[test]
fn accounts_and_tokens_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cluster.sqlite");
    let value = {
        let vendor = Vendor::start_on(Api::Elasticsearch, &file);
        let elastic = vendor.operator_by_password();
        let cluster = Cluster { vendor, elastic };
        cluster.account(WORKER, &json!({ "roles": [] }));
        cluster.token(WORKER, "t")
    };
    let vendor = Vendor::start_on(Api::Elasticsearch, &file);
    let elastic = vendor.operator_by_password();
    let cluster = Cluster { vendor, elastic };
    assert!(cluster.opens(&value));
}
