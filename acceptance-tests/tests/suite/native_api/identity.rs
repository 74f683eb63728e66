//! Who am I, and what is this secret worth.

use serde_json::json;

use super::api::{TestApi, text, token_path};

#[test]
fn the_operator_is_told_so() {
    let api = TestApi::start();
    let mut identity = api.get("/v1/whoami").expect(200);
    assert!(text(&identity["id"]).starts_with("op_"));
    identity["id"] = json!("op_…");
    assert_eq!(
        identity,
        json!({
            "kind": "operator", "id": "op_…", "name": "operator", "service_account": null, "access_token": null,
            "roles": ["admin"], "scopes": [], "restriction": null,
        })
    );
}

#[test]
fn an_accounts_token_is_told_account_token_and_power() {
    let api = TestApi::start();
    let restriction = json!({ "permission": "READ", "labels": { "team": "a" } });
    let account = api
        .create_account(json!({ "name": "ci", "roles": ["viewer"], "restriction": restriction }));
    let token = api.create_token(json!({
        "name": "t", "service_account_id": account["id"], "scopes": ["samples:read"], "ttl_seconds": 60,
    }));
    let identity = api
        .bearer(text(&token["secret"]))
        .get("/v1/whoami")
        .expect(200);
    assert_eq!(
        identity,
        json!({
            "kind": "service_account",
            "id": account["id"],
            "name": "ci",
            "service_account": { "id": account["id"], "name": "ci" },
            "access_token": { "id": token["id"], "name": "t", "expires_at": token["expires_at"], "generation": 1 },
            "roles": ["viewer"],
            "scopes": ["samples:read"],
            "restriction": restriction,
        })
    );
}

#[test]
fn a_token_without_account_is_its_own_identity() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t", "roles": ["admin"] }));
    let identity = api
        .bearer(text(&token["secret"]))
        .get("/v1/whoami")
        .expect(200);
    assert_eq!(
        (
            &identity["kind"],
            &identity["id"],
            &identity["service_account"]
        ),
        (&json!("access_token"), &token["id"], &json!(null))
    );
}

#[test]
fn a_secret_in_its_grace_period_is_told_its_own_end_and_generation() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    let path = format!("{}/rotate", token_path(&token));
    let rotated = api
        .post(&path, json!({ "grace_period_seconds": 60 }))
        .expect(200);
    let old = api
        .bearer(text(&token["secret"]))
        .get("/v1/whoami")
        .expect(200);
    assert_eq!(old["access_token"]["generation"], 1);
    assert_eq!(
        old["access_token"]["expires_at"],
        rotated["previous"]["expires_at"]
    );
    let new = api
        .bearer(text(&rotated["secret"]))
        .get("/v1/whoami")
        .expect(200);
    assert_eq!(new["access_token"]["generation"], 2);
}

#[test]
fn introspection_tells_what_a_valid_secret_is_worth() {
    let api = TestApi::start();
    let account = api.create_account(json!({ "name": "ci", "roles": ["viewer"] }));
    let token = api.create_token(json!({
        "name": "t", "service_account_id": account["id"], "scopes": ["b:x", "a:x"], "ttl_seconds": 60,
    }));
    let form = format!(
        "token={}&token_type_hint=access_token",
        text(&token["secret"])
    );
    let seen = api.form("/v1/introspect", &form).expect(200);
    let seconds =
        |time: &serde_json::Value| text(time).parse::<jiff::Timestamp>().unwrap().as_second();
    assert_eq!(
        seen,
        json!({
            "active": true,
            "sub": account["id"],
            "client_id": token["id"],
            "username": "ci",
            "scope": "a:x b:x",
            "iat": seconds(&token["issued_at"]),
            "token_type": "Bearer",
            "exp": seconds(&token["expires_at"]),
        })
    );
    assert_eq!(
        api.token(&token)["last_used_at"],
        json!(null),
        "looking at a secret is no use of it"
    );
}

#[test]
fn introspection_tells_nothing_about_any_other_secret() {
    let api = TestApi::start();
    let expired = api.create_token(json!({ "name": "expired", "ttl_seconds": 60 }));
    let disabled = api.create_token(json!({ "name": "disabled", "disabled": true }));
    api.advance_seconds(60);
    for secret in [
        text(&expired["secret"]),
        text(&disabled["secret"]),
        "lyd_unknown",
    ] {
        let seen = api
            .form("/v1/introspect", format!("token={secret}"))
            .expect(200);
        assert_eq!(seen, json!({ "active": false }));
    }
    api.form("/v1/introspect", "tokn=x")
        .refused("invalid_request");
}

#[test]
fn introspection_needs_the_power_to_read_credentials() {
    let api = TestApi::start();
    let viewer = api.create_token(json!({ "name": "t", "roles": ["viewer"] }));
    let viewer = api.bearer(text(&viewer["secret"]));
    viewer
        .form("/v1/introspect", "token=x")
        .refused("forbidden");
    api.anonymous()
        .form("/v1/introspect", "token=x")
        .refused("unauthenticated");
}
