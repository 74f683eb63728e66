//! Errors: problem details everywhere, with what to do.

use reqwest::Method;
use serde_json::json;

use super::api::{TestApi, pointers, text};

#[test]
fn without_a_credential_the_answer_is_401_and_says_how_to_send_one() {
    let api = TestApi::start();
    let reply = api.anonymous().get("/v1/whoami");
    assert_eq!(
        reply.header("www-authenticate"),
        r#"Bearer realm="token-server", error="invalid_token""#
    );
    let problem = reply.expect_problem(401, "unauthenticated");
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
        reply.expect_problem(401, "unauthenticated");
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
        reply.expect_problem(401, "unauthenticated");
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
        api.anonymous().get(path).expect_problem(404, "not_found");
    }
}

#[test]
fn an_unknown_object_is_404() {
    let api = TestApi::start();
    let operator = api.operator();
    operator
        .get("/v1/service-accounts/sa_x")
        .expect_problem(404, "not_found");
    operator
        .patch("/v1/service-accounts/sa_x", json!({}))
        .expect_problem(404, "not_found");
    operator
        .delete("/v1/service-accounts/sa_x")
        .expect_problem(404, "not_found");
    operator
        .get("/v1/access-tokens/at_x")
        .expect_problem(404, "not_found");
    operator
        .patch("/v1/access-tokens/at_x", json!({}))
        .expect_problem(404, "not_found");
    operator
        .delete("/v1/access-tokens/at_x")
        .expect_problem(404, "not_found");
    operator
        .post("/v1/access-tokens/at_x/rotate", json!({}))
        .expect_problem(404, "not_found");
    operator
        .delete("/v1/access-tokens/at_x/previous")
        .expect_problem(404, "not_found");
    // What a path carries is text: it is decoded, looked up, and shown back as it was meant.
    let problem = operator
        .get("/v1/access-tokens/a%2Fb%22")
        .expect_problem(404, "not_found");
    assert!(text(&problem["detail"]).contains(r#""a/b\"""#), "{problem}");
}

#[test]
fn a_method_that_a_path_does_not_have_is_405_with_those_it_has() {
    let api = TestApi::start();
    for (method, path, allowed) in [
        (Method::OPTIONS, "/v1/access-tokens", "GET, HEAD, POST"),
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
        let reply = api.operator().send(method, path, None);
        assert_eq!(reply.header("allow"), allowed);
        reply.expect_problem(405, "method_not_allowed");
    }
}

#[test]
fn head_answers_as_get_without_the_body() {
    let api = TestApi::start();
    let get = api.operator().get("/v1/whoami");
    let head = api.operator().send(Method::HEAD, "/v1/whoami", None);
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    for header in ["content-type", "content-length"] {
        assert_eq!(head.header(header), get.header(header));
    }
}

#[test]
fn a_body_of_another_type_is_415() {
    let api = TestApi::start();
    let operator = api.operator();
    let body = r#"{"name":"ci"}"#.to_owned();
    for media_type in [
        "text/plain",
        "application/merge-patch+json",
        "application/x-www-form-urlencoded",
    ] {
        let body = Some((media_type, body.clone()));
        operator
            .send(Method::POST, "/v1/service-accounts", body)
            .expect_problem(415, "unsupported_media_type");
    }
    let body = Some(("application/json; charset=utf-8", body));
    operator
        .send(Method::POST, "/v1/service-accounts", body)
        .expect(201);
    operator
        .post("/v1/introspect", json!({}))
        .expect_problem(415, "unsupported_media_type");
}

#[test]
fn a_body_over_one_mebibyte_is_413_and_the_connection_lives_on() {
    let api = TestApi::start();
    let body = |length: usize| json!({ "name": "ci", "description": "x".repeat(length) });
    api.operator()
        .post("/v1/service-accounts", body(1024 * 1024))
        .expect_problem(413, "payload_too_large");
    api.operator()
        .post("/v1/service-accounts", body(1024 * 1024 - 100))
        .expect_problem(422, "validation_failed");
}

#[test]
fn what_is_no_json_object_is_400() {
    let api = TestApi::start();
    for body in [
        "{",
        "[]",
        "null",
        "\"name\"",
        "{\"name\":\"a\"} x",
        "\u{feff}{}",
    ] {
        let body = Some(("application/json", body.to_owned()));
        let reply = api
            .operator()
            .send(Method::POST, "/v1/service-accounts", body);
        reply.expect_problem(400, "invalid_request");
    }
    // Deep nesting must not exhaust the stack.
    let deep = "[".repeat(100_000);
    let reply = api.operator().send(
        Method::POST,
        "/v1/service-accounts",
        Some(("application/json", deep)),
    );
    reply.expect_problem(400, "invalid_request");
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
    let problem = api
        .operator()
        .post("/v1/service-accounts", body)
        .expect_problem(400, "invalid_request");
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
    let problem = api
        .operator()
        .post("/v1/service-accounts", body)
        .expect_problem(422, "validation_failed");
    assert_eq!(pointers(&problem), ["/name", "/roles/0"]);
}

#[test]
fn fields_that_the_server_decides_cannot_be_set() {
    let api = TestApi::start();
    let body = json!({ "name": "ci", "id": "sa_mine" });
    let problem = api
        .operator()
        .post("/v1/service-accounts", body)
        .expect_problem(400, "invalid_request");
    assert_eq!(pointers(&problem), ["/id"]);
    let account = api.create_account(json!({ "name": "ci" }));
    let path = super::api::account_path(&account);
    for patch in [
        json!({ "created_at": "2020-01-01T00:00:00Z" }),
        json!({ "id": null }),
    ] {
        api.operator()
            .patch(&path, patch)
            .expect_problem(400, "invalid_request");
    }
}

#[test]
fn every_answer_carries_a_request_id_and_keeps_the_callers() {
    let api = TestApi::start();
    let first = api
        .operator()
        .get("/healthz")
        .header("x-request-id")
        .to_owned();
    let second = api
        .operator()
        .get("/nowhere")
        .header("x-request-id")
        .to_owned();
    assert_ne!(first, second);
    let reply = api
        .operator()
        .with("x-request-id", "mine-42")
        .get("/healthz");
    assert_eq!(reply.header("x-request-id"), "mine-42");
}

#[test]
fn no_answer_may_be_kept_by_a_cache() {
    let api = TestApi::start();
    assert_eq!(
        api.operator().get("/v1/whoami").header("cache-control"),
        "no-store"
    );
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
        .expect_problem(401, "unauthenticated");
    let capabilities = api.operator().get("/v1/capabilities").expect(200);
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
