//! People beside service accounts: their bearers, their names, and which parts of an answer they want.

use reqwest::Method;
use serde_json::{Value, json};

use super::{FLEET, refused, start};
use crate::support::caller::{Caller, Reply, text};

const GRANT: &str = "/_security/oauth2/token";

fn granted(caller: &Caller, kind: &str, wanted: &Value) -> Reply {
    let mut body = json!({ "grant_type": kind });
    for (field, value) in wanted.as_object().unwrap() {
        body[field] = value.clone();
    }
    caller.post(GRANT, &body)
}

#[test]
fn a_user_gets_a_bearer_upon_the_password_and_another_upon_the_refresh_token_once() {
    let cluster = start();
    let admin = cluster.user("test_admin", &["all"]);
    let password = json!({ "username": "test_admin", "password": "x-pack-test-password" });
    let first = granted(&admin, "password", &password).expect(200);
    assert_eq!(first["type"], "Bearer");
    let who = cluster
        .holding(&text(&first, "/access_token"))
        .get("/_security/_authenticate")
        .expect(200);
    assert_eq!(
        (&who["username"], &who["authentication_type"]),
        (&json!("test_admin"), &json!("token"))
    );
    let refresh = json!({ "refresh_token": first["refresh_token"] });
    let second = granted(&admin, "refresh_token", &refresh).expect(200);
    let again = granted(&admin, "refresh_token", &refresh).expect(400);
    assert_eq!(again["error"], "invalid_grant");
    let bearer = text(&second, "/access_token");
    let body = json!({ "token": bearer }).to_string();
    let ended = admin.send(Method::DELETE, GRANT, body).expect(200);
    assert_eq!(ended["invalidated_tokens"], 1);
    assert!(!cluster.opens(&bearer) && cluster.opens(&text(&first, "/access_token")));
    cluster.advance_seconds(1201);
    assert!(!cluster.opens(&text(&first, "/access_token")));
    let wrong = json!({ "username": "test_admin", "password": "wrong" });
    granted(&admin, "password", &wrong).expect(401);
    granted(&admin, "password", &json!({})).expect(400);
}

#[test]
fn a_user_may_have_the_name_of_a_service_account_and_is_not_it() {
    let cluster = start();
    let body = json!({ "password": "x-pack-test-password", "roles": ["superuser"] });
    cluster
        .put("/_security/user/elastic%2Ffleet-server", &body)
        .expect(200);
    let who = cluster
        .basic("elastic/fleet-server", "x-pack-test-password")
        .get("/_security/_authenticate")
        .expect(200);
    assert_eq!(
        (&who["roles"], &who["authentication_type"], &who["metadata"]),
        (&json!(["superuser"]), &json!("realm"), &json!({}))
    );
}

#[test]
fn users_are_shown_without_what_opens_them_to_those_who_may_read_security() {
    let cluster = start();
    cluster.user("one", &["monitor"]);
    let reader = cluster.user("reader", &["read_security"]);
    let users = reader.get("/_security/user").expect(200);
    assert_eq!(users["one"]["roles"], json!(["one"]));
    assert!(users["one"].get("hash").is_none() && users["one"].get("password").is_none());
    let one = reader.get("/_security/user/one").expect(200);
    assert_eq!(one, json!({ "one": users["one"] }));
    reader.get("/_security/user/nobody").expect_text(404, "{}");
    let fleet = cluster.holding(&cluster.token(FLEET, "t"));
    let made = fleet
        .post("/_security/api_key", json!({ "name": "k" }))
        .expect(200);
    let key = format!("ApiKey {}", text(&made, "/encoded"));
    let key = cluster.with("authorization", &key);
    key.get("/").expect(200);
    let reason = refused(key.get("/_security/user"), 403, "security_exception");
    assert!(reason.contains("is unauthorized for API key"), "{reason}");
}

#[test]
fn an_answer_has_the_parts_that_are_asked_for() {
    let cluster = start();
    let path = format!("{FLEET}/credential/token/t?filter_path=token.name");
    cluster
        .call(Method::POST, &path)
        .expect_text(200, r#"{"token":{"name":"t"}}"#);
    let path = "/_security/service/apps/x/credential/token/t?filter_path=token.value";
    let reason = refused(
        cluster.call(Method::POST, path),
        400,
        "illegal_argument_exception",
    );
    assert_eq!(reason, "service account [apps/x] does not exist");
    let path = "/_security/service/apps/x/credential/token/t?filter_path=nothing";
    cluster.delete(path).expect_text(404, "{}");
}
