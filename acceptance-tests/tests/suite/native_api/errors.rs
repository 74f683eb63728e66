//! Errors: problem details everywhere, with what to do.

use reqwest::Method;
use serde_json::json;

use super::api::{ACCOUNTS, TOKENS, TestApi, pointers, text};

#[test]
fn without_a_credential_the_answer_is_401_and_says_how_to_send_one() {
    let api = TestApi::start();
    let reply = api.anonymous().get("/v1/whoami");
    assert_eq!(
        reply.header("www-authenticate"),
        r#"Bearer realm="token-server", error="invalid_token""#
    );
    let problem = reply.refused("unauthenticated");
    assert!(text(&problem["detail"]).contains("Authorization: Bearer"));
}

#[test]
fn an_unknown_secret_is_401_also_when_it_is_well_formed() {
    let api = TestApi::start();
    for secret in ["lyd_x", &lanyard_token_server::secret::mint(), "ключ"] {
        let reply = api
            .anonymous()
            .with("authorization", &format!("Bearer {secret}"))
            .get("/v1/whoami");
        reply.refused("unauthenticated");
    }
}

#[test]
fn other_authorization_schemes_are_401() {
    let api = TestApi::start();
    for authorization in ["Basic bHlkOng=", "Bearer", "Bearer ", "Token abc"] {
        let reply = api
            .anonymous()
            .with("authorization", authorization)
            .get("/v1/whoami");
        reply.refused("unauthenticated");
    }
}

#[test]
fn an_unknown_path_is_404_also_without_a_credential() {
    let api = TestApi::start();
    for path in [
        "/",
        "/v2/whoami",
        "/v1/whoami/",
        "/v1/access-tokens//rotate",
        "/V1/WHOAMI",
    ] {
        api.anonymous().get(path).refused("not_found");
    }
}

#[test]
fn an_unknown_object_is_404() {
    let api = TestApi::start();
    api.get("/v1/service-accounts/sa_x").refused("not_found");
    api.merge("/v1/service-accounts/sa_x", json!({}))
        .refused("not_found");
    api.delete("/v1/service-accounts/sa_x").refused("not_found");
    api.get("/v1/access-tokens/at_x").refused("not_found");
    api.merge("/v1/access-tokens/at_x", json!({}))
        .refused("not_found");
    api.delete("/v1/access-tokens/at_x").refused("not_found");
    api.post("/v1/access-tokens/at_x/rotate", json!({}))
        .refused("not_found");
    api.delete("/v1/access-tokens/at_x/previous")
        .refused("not_found");
    // What a path carries is text: it is decoded, looked up, and shown back as it was meant.
    let problem = api.get("/v1/access-tokens/a%2Fb%22").refused("not_found");
    assert!(text(&problem["detail"]).contains(r#""a/b\"""#), "{problem}");
}

#[test]
fn a_method_that_a_path_does_not_have_is_405_with_those_it_has() {
    let api = TestApi::start();
    for (method, path, allowed) in [
        (Method::OPTIONS, TOKENS, "GET, HEAD, POST"),
        (
            Method::PUT,
            "/v1/service-accounts/sa_x",
            "GET, HEAD, PATCH, DELETE",
        ),
        (Method::GET, "/v1/token", "POST"),
        (
            Method::from_bytes(b"BREW").unwrap(),
            "/healthz",
            "GET, HEAD",
        ),
    ] {
        let reply = api.call(method, path);
        assert_eq!(reply.header("allow"), allowed);
        reply.refused("method_not_allowed");
    }
}

#[test]
fn head_answers_as_get_without_the_body() {
    let api = TestApi::start();
    let get = api.get("/v1/whoami");
    let head = api.call(Method::HEAD, "/v1/whoami");
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    for header in ["content-type", "content-length"] {
        assert_eq!(head.header(header), get.header(header));
    }
}

#[test]
fn a_body_of_another_type_is_415() {
    let api = TestApi::start();
    let create_as = |media_type| {
        let body = r#"{"name":"ci"}"#.to_owned();
        api.send_as(Method::POST, ACCOUNTS, media_type, body)
    };
    for media_type in [
        "text/plain",
        "application/merge-patch+json",
        "application/x-www-form-urlencoded",
    ] {
        create_as(media_type).refused("unsupported_media_type");
    }
    create_as("application/json; charset=utf-8").expect(201);
    api.post("/v1/introspect", json!({}))
        .refused("unsupported_media_type");
}

#[test]
fn a_body_over_one_mebibyte_is_413_and_the_connection_lives_on() {
    let api = TestApi::start();
    let body = |length: usize| json!({ "name": "ci", "description": "x".repeat(length) });
    api.post(ACCOUNTS, body(1024 * 1024))
        .refused("payload_too_large");
    api.post(ACCOUNTS, body(1024 * 1024 - 100))
        .refused("validation_failed");
}

#[test]
fn what_is_no_json_object_is_400() {
    let api = TestApi::start();
    // Deep nesting must not exhaust the stack.
    let deep = "[".repeat(100_000);
    for body in [
        "{",
        "[]",
        "null",
        "\"name\"",
        "{\"name\":\"a\"} x",
        "\u{feff}{}",
        &deep,
    ] {
        let reply = api.send(Method::POST, ACCOUNTS, body);
        reply.refused("invalid_request");
    }
}

#[test]
fn every_mistake_in_a_body_is_reported_at_once() {
    let api = TestApi::start();
    let body = json!({
        "nme": "ci",
        "roles": ["viewer", 7, "Admin"],
        "restriction": { "permission": "READ", "labels": { "a/b": 1 }, "level": "x" },
        "disabled": "yes",
    });
    let problem = api.post(ACCOUNTS, body).refused("invalid_request");
    let mut found = pointers(&problem);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "/disabled",
            "/name",
            "/nme",
            "/restriction/labels/a~1b",
            "/restriction/level",
            "/roles/1",
            "/roles/2"
        ]
    );
}

#[test]
fn a_readable_body_that_asks_for_the_impossible_is_422() {
    let api = TestApi::start();
    let body = json!({ "name": " ci", "roles": ["Admin"] });
    let problem = api.post(ACCOUNTS, body).refused("validation_failed");
    assert_eq!(pointers(&problem), ["/name", "/roles/0"]);
}

#[test]
fn fields_that_the_server_decides_cannot_be_set() {
    let api = TestApi::start();
    let body = json!({ "name": "ci", "id": "sa_mine" });
    let problem = api.post(ACCOUNTS, body).refused("invalid_request");
    assert_eq!(pointers(&problem), ["/id"]);
    let account = api.create_account(json!({ "name": "ci" }));
    let path = super::api::account_path(&account);
    for patch in [
        json!({ "created_at": "2020-01-01T00:00:00Z" }),
        json!({ "id": null }),
    ] {
        api.merge(&path, patch).refused("invalid_request");
    }
}

#[test]
fn every_answer_carries_a_request_id_and_keeps_the_callers() {
    let api = TestApi::start();
    let first = api.get("/healthz").header("x-request-id").to_owned();
    let second = api.get("/nowhere").header("x-request-id").to_owned();
    assert_ne!(first, second);
    let reply = api.with("x-request-id", "mine-42").get("/healthz");
    assert_eq!(reply.header("x-request-id"), "mine-42");
}

#[test]
fn no_answer_may_be_kept_by_a_cache() {
    let api = TestApi::start();
    assert_eq!(api.get("/v1/whoami").header("cache-control"), "no-store");
}

#[test]
fn health_and_capabilities_tell_what_clients_rely_on() {
    let api = TestApi::start();
    assert_eq!(
        api.anonymous().get("/healthz").expect(200),
        json!({ "status": "ok" })
    );
    api.anonymous()
        .get("/v1/capabilities")
        .refused("unauthenticated");
    let capabilities = api.get("/v1/capabilities").expect(200);
    assert_eq!(
        (&capabilities["api"], &capabilities["version"]),
        (&json!("native"), &json!("1.0"))
    );
    assert_eq!(
        capabilities["limits"],
        json!({ "name_length": 128, "labels": 2, "page_size": 1000, "max_grace_period_seconds": 5_184_000 })
    );
    assert_eq!(capabilities["roles"], json!(["viewer", "editor", "admin"]));
}
