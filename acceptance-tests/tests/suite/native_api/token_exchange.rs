//! Token exchange (RFC 8693): a short-lived secret for a long-lived one.

use serde_json::{Value, json};

use super::api::{Reply, TOKENS, TestApi, text, token_path};

const TYPE: &str = "urn:ietf:params:oauth:token-type:access_token";

fn form(secret: &str, more: &str) -> String {
    format!(
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token={secret}&subject_token_type={TYPE}{more}"
    )
}

fn exchange(api: &TestApi, token: &Value, more: &str) -> Reply {
    api.anonymous()
        .form("/v1/token", form(text(&token["secret"]), more))
}

#[track_caller]
fn expect_error(reply: Reply, error: &str) {
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (400, "application/json"),
        "{}",
        reply.text
    );
    assert_eq!(reply.body["error"], error, "{}", reply.text);
    assert!(reply.body["error_description"].is_string());
}

#[test]
fn the_new_secret_is_the_same_token_for_fifteen_minutes() {
    let api = TestApi::start();
    let token =
        api.create_token(json!({ "name": "t", "roles": ["viewer"], "scopes": ["samples:read"] }));
    let answer = exchange(&api, &token, "").expect(200);
    assert_eq!(answer["expires_in"], 900);
    assert_eq!(
        (
            &answer["issued_token_type"],
            &answer["token_type"],
            &answer["scope"]
        ),
        (&json!(TYPE), &json!("Bearer"), &json!("samples:read"))
    );
    let caller = api.bearer(text(&answer["access_token"]));
    let identity = caller.get("/v1/whoami").expect(200);
    assert_eq!(identity["access_token"]["id"], token["id"]);
    caller.get("/v1/samples").expect(200);
    let listed = api.get(TOKENS).expect(200);
    assert_eq!(
        listed["items"].as_array().unwrap().len(),
        1,
        "it is not listed"
    );

    api.advance_seconds(898);
    assert!(caller.is_let_in());
    api.advance_seconds(2);
    assert!(!caller.is_let_in());
    assert!(api.bearer(text(&token["secret"])).is_let_in());
}

#[test]
fn the_new_secret_never_outlives_the_old_one() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t", "ttl_seconds": 100 }));
    let answer = exchange(&api, &token, "").expect(200);
    assert!(answer["expires_in"].as_i64().unwrap() <= 100, "{answer}");
    api.advance_seconds(100);
    assert!(!api.bearer(text(&answer["access_token"])).is_let_in());
}

#[test]
fn the_new_secret_dies_with_what_it_was_exchanged_for() {
    let api = TestApi::start();
    for (name, end) in [
        (
            "deleted",
            Box::new(|api: &TestApi, token: &Value| {
                api.delete(&token_path(token));
            }) as Box<dyn Fn(&TestApi, &Value)>,
        ),
        (
            "disabled",
            Box::new(|api: &TestApi, token: &Value| {
                api.merge(&token_path(token), json!({ "disabled": true }))
                    .expect(200);
            }),
        ),
        (
            "rotated",
            Box::new(|api: &TestApi, token: &Value| {
                api.post(&format!("{}/rotate", token_path(token)), json!({}))
                    .expect(200);
            }),
        ),
    ] {
        let token = api.create_token(json!({ "name": name }));
        let answer = exchange(&api, &token, "").expect(200);
        let caller = api.bearer(text(&answer["access_token"]));
        assert!(caller.is_let_in(), "{name}");
        end(&api, &token);
        assert!(!caller.is_let_in(), "{name}");
    }
}

#[test]
fn during_a_grace_period_it_lives_on_with_the_old_secret() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    let answer = exchange(&api, &token, "").expect(200);
    let caller = api.bearer(text(&answer["access_token"]));
    let path = format!("{}/rotate", token_path(&token));
    api.post(&path, json!({ "grace_period_seconds": 60 }))
        .expect(200);
    assert!(caller.is_let_in());
    api.advance_seconds(60);
    assert!(!caller.is_let_in());
}

#[test]
fn the_scope_can_be_narrowed_but_not_widened() {
    let api = TestApi::start();
    let wide = api.create_token(json!({ "name": "wide", "roles": ["admin"] }));
    let answer = exchange(&api, &wide, "&scope=samples:read%20credentials:read").expect(200);
    assert_eq!(answer["scope"], "credentials:read samples:read");
    let caller = api.bearer(text(&answer["access_token"]));
    caller.get(TOKENS).expect(200);
    caller.post(TOKENS, json!({})).refused("forbidden");

    let narrow = api.create_token(json!({ "name": "narrow", "scopes": ["samples:read"] }));
    expect_error(
        exchange(&api, &narrow, "&scope=samples:write"),
        "invalid_scope",
    );
    expect_error(exchange(&api, &narrow, "&scope=NO!"), "invalid_scope");
}

#[test]
fn what_the_token_loses_the_exchanged_secret_loses_too() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t", "roles": ["admin"] }));
    let wide = exchange(&api, &token, "").expect(200);
    let reading = exchange(&api, &token, "&scope=samples:read").expect(200);
    let patch = json!({ "scopes": ["samples:write"] });
    api.merge(&token_path(&token), patch).expect(200);

    let wide = api.bearer(text(&wide["access_token"]));
    assert_eq!(
        wide.get("/v1/whoami").expect(200)["scopes"],
        json!(["samples:write"])
    );
    wide.get(TOKENS).refused("forbidden");
    assert!(
        !api.bearer(text(&reading["access_token"])).is_let_in(),
        "nothing is left of it"
    );
}

#[test]
fn an_exchanged_secret_cannot_be_exchanged_again() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    let answer = exchange(&api, &token, "").expect(200);
    let again = json!({ "secret": answer["access_token"] });
    expect_error(exchange(&api, &again, ""), "invalid_grant");
}

#[test]
fn refusals_are_in_the_form_of_rfc_6749() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    let secret = text(&token["secret"]);
    let post = |body: &str| api.anonymous().form("/v1/token", body);
    expect_error(post("grant_type=password"), "unsupported_grant_type");
    expect_error(post(""), "invalid_request");
    expect_error(post(&form("lyd_unknown", "")), "invalid_grant");
    expect_error(post(&form("", "")), "invalid_request");
    expect_error(
        post(&form(
            secret,
            "&requested_token_type=urn:ietf:params:oauth:token-type:jwt",
        )),
        "invalid_request",
    );
    expect_error(post(&form(secret, "&scope=a&scope=b")), "invalid_request");
    expect_error(post(&form(secret, "&actor_token=x")), "invalid_request");
    let operator = api.server.token.clone().unwrap();
    expect_error(post(&form(&operator, "")), "invalid_grant");
    let body = post(&form(
        secret,
        &format!("&requested_token_type={TYPE}&audience=a&audience=b&unknown=1"),
    ));
    body.expect(200);
}

#[test]
fn an_exchange_is_a_use_of_the_new_secret_of_a_rotation() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    let path = format!("{}/rotate", token_path(&token));
    let rotated = api
        .post(&path, json!({ "until_first_use": true }))
        .expect(200);
    exchange(&api, &rotated, "").expect(200);
    assert!(!api.bearer(text(&token["secret"])).is_let_in());
}
