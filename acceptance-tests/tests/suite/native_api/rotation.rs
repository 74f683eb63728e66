//! Rotation: a new secret for the same token, and how long the old one lives on.

use reqwest::Method;
use serde_json::{Value, json};

use super::api::{Caller, TestApi, pointers, text, token_path};

struct Rotated {
    token: Value,
    old: Caller,
    new: Caller,
}

/// Creates a token with `create` and rotates it with `rotate`.
fn rotate(api: &TestApi, create: Value, rotate: Value) -> Rotated {
    let token = api.create_token(create);
    let old = api.bearer(text(&token["secret"]));
    let token = rotate_again(api, &token, rotate);
    let new = api.bearer(text(&token["secret"]));
    Rotated { token, old, new }
}

fn rotate_again(api: &TestApi, token: &Value, body: Value) -> Value {
    let path = format!("{}/rotate", token_path(token));
    api.post(&path, body).expect(200)
}

#[test]
fn the_token_stays_the_same_with_a_new_secret_and_the_next_generation() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t", "description": "d", "ttl_seconds": 3600 }));
    api.advance_seconds(60);
    let rotated = rotate_again(&api, &token, json!({}));
    for kept in ["id", "name", "description", "created_at", "expires_at"] {
        assert_eq!(rotated[kept], token[kept], "{kept}");
    }
    assert_eq!(
        (&rotated["generation"], &rotated["previous"]),
        (&json!(2), &json!(null))
    );
    assert_ne!(rotated["secret"], token["secret"]);
    assert_ne!(rotated["issued_at"], token["issued_at"]);
    assert_eq!(rotated["issued_at"], rotated["updated_at"]);
}

#[test]
fn the_body_may_be_left_out() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    let path = format!("{}/rotate", token_path(&token));
    assert_eq!(api.call(Method::POST, &path).expect(200)["generation"], 2);
}

#[test]
fn without_a_grace_period_the_old_secret_dies_at_once() {
    let api = TestApi::start();
    let rotated = rotate(&api, json!({ "name": "t" }), json!({}));
    assert!(!rotated.old.is_let_in());
    assert!(rotated.new.is_let_in());
}

#[test]
fn with_a_grace_period_the_old_secret_lives_until_its_end() {
    let api = TestApi::start();
    let rotated = rotate(
        &api,
        json!({ "name": "t" }),
        json!({ "grace_period_seconds": 60 }),
    );
    let previous = &rotated.token["previous"];
    assert!(previous["expires_at"].is_string());
    assert_eq!(previous["until_first_use"], false);
    assert!(rotated.new.is_let_in());
    api.advance_seconds(58);
    assert!(rotated.old.is_let_in());
    api.advance_seconds(2);
    assert!(!rotated.old.is_let_in());
    assert!(rotated.new.is_let_in());
    assert_eq!(api.token(&rotated.token)["previous"], json!(null));
}

#[test]
fn the_grace_period_never_outlasts_the_old_secrets_own_end() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t", "ttl_seconds": 30 }));
    let body = json!({ "grace_period_seconds": 600, "ttl_seconds": 3600 });
    let rotated = rotate_again(&api, &token, body);
    assert_eq!(rotated["previous"]["expires_at"], token["expires_at"]);
    api.advance_seconds(30);
    assert!(!api.bearer(text(&token["secret"])).is_let_in());
    assert!(api.bearer(text(&rotated["secret"])).is_let_in());
}

#[test]
fn until_first_use_the_old_secret_lives_however_long_that_takes() {
    let api = TestApi::start();
    let rotated = rotate(
        &api,
        json!({ "name": "t" }),
        json!({ "until_first_use": true }),
    );
    assert_eq!(
        rotated.token["previous"],
        json!({ "expires_at": null, "until_first_use": true })
    );
    api.advance_seconds(100_000_000);
    assert!(rotated.old.is_let_in());
    assert!(rotated.old.is_let_in(), "using the old one does not end it");
    assert!(rotated.new.is_let_in());
    assert!(!rotated.old.is_let_in());
    assert_eq!(api.token(&rotated.token)["previous"], json!(null));
}

#[test]
fn of_grace_period_and_first_use_the_earlier_ends_the_old_secret() {
    let api = TestApi::start();
    let body = json!({ "until_first_use": true, "grace_period_seconds": 60 });
    let used = rotate(&api, json!({ "name": "used" }), body.clone());
    assert!(used.new.is_let_in());
    assert!(!used.old.is_let_in());

    let waited = rotate(&api, json!({ "name": "waited" }), body);
    api.advance_seconds(60);
    assert!(!waited.old.is_let_in());
    assert!(waited.new.is_let_in());
}

#[test]
fn a_second_rotation_ends_the_grace_period_of_the_first() {
    let api = TestApi::start();
    let first = rotate(
        &api,
        json!({ "name": "t" }),
        json!({ "grace_period_seconds": 600 }),
    );
    rotate_again(&api, &first.token, json!({ "grace_period_seconds": 600 }));
    assert!(!first.old.is_let_in());
    assert!(first.new.is_let_in(), "it is the previous one now");
}

#[test]
fn a_grace_period_can_be_ended_early() {
    let api = TestApi::start();
    let rotated = rotate(
        &api,
        json!({ "name": "t" }),
        json!({ "grace_period_seconds": 600 }),
    );
    let path = format!("{}/previous", token_path(&rotated.token));
    assert_eq!(api.delete(&path).status, 204);
    assert!(!rotated.old.is_let_in());
    assert!(rotated.new.is_let_in());
    api.delete(&path).refused("not_found");
}

#[test]
fn a_grace_period_that_is_over_cannot_be_ended() {
    let api = TestApi::start();
    let rotated = rotate(
        &api,
        json!({ "name": "t" }),
        json!({ "grace_period_seconds": 60 }),
    );
    api.advance_seconds(60);
    let path = format!("{}/previous", token_path(&rotated.token));
    api.delete(&path).refused("not_found");
}

#[test]
fn a_rotation_can_set_a_new_end() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t", "ttl_seconds": 60 }));
    let rotated = rotate_again(
        &api,
        &token,
        json!({ "expires_at": "2999-01-01T00:00:00Z" }),
    );
    assert_eq!(rotated["expires_at"], "2999-01-01T00:00:00Z");
    let path = format!("{}/rotate", token_path(&token));
    for body in [
        json!({ "expires_at": "2001-01-01T00:00:00Z" }),
        json!({ "expires_at": "2999-01-01T00:00:00Z", "ttl_seconds": 5 }),
        json!({ "grace_period_seconds": 5_184_001 }),
        json!({ "grace_period_seconds": -1 }),
    ] {
        api.post(&path, body).refused("validation_failed");
    }
    assert_eq!(
        api.token(&token)["generation"],
        2,
        "what was refused was not done"
    );
}

#[test]
fn an_expired_token_needs_a_new_end_to_be_rotated() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t", "ttl_seconds": 60 }));
    api.advance_seconds(60);
    let path = format!("{}/rotate", token_path(&token));
    let problem = api.post(&path, json!({})).refused("validation_failed");
    assert_eq!(pointers(&problem), ["/expires_at"]);

    let body = json!({ "ttl_seconds": 60, "grace_period_seconds": 60 });
    let rotated = rotate_again(&api, &token, body);
    assert_eq!(
        (&rotated["status"], &rotated["previous"]),
        (&json!("active"), &json!(null))
    );
    assert!(
        !api.bearer(text(&token["secret"])).is_let_in(),
        "grace does not bring a dead secret back"
    );
    assert!(api.bearer(text(&rotated["secret"])).is_let_in());
}

#[test]
fn a_disabled_token_can_be_rotated_and_stays_disabled() {
    let api = TestApi::start();
    let rotated = rotate(
        &api,
        json!({ "name": "t", "disabled": true }),
        json!({ "grace_period_seconds": 60 }),
    );
    assert_eq!(rotated.token["status"], "disabled");
    assert!(!rotated.old.is_let_in() && !rotated.new.is_let_in());
    api.merge(&token_path(&rotated.token), json!({ "disabled": false }))
        .expect(200);
    assert!(rotated.old.is_let_in() && rotated.new.is_let_in());
}

#[test]
fn a_deleted_token_ends_its_grace_period_too() {
    let api = TestApi::start();
    let rotated = rotate(
        &api,
        json!({ "name": "t" }),
        json!({ "grace_period_seconds": 600 }),
    );
    api.delete(&token_path(&rotated.token));
    assert!(!rotated.old.is_let_in() && !rotated.new.is_let_in());
}
