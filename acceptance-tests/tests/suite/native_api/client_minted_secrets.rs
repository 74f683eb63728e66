//! Secrets that the client mints: the server sees a hash, and requests can be repeated without harm.

use lanyard_token_server::secret;
use serde_json::{Value, json};

use super::api::{TOKENS, TestApi, pointers, token_path};

fn hash_of(minted: &str) -> Value {
    json!(format!("sha256:{}", secret::hash(minted)))
}

#[test]
fn a_secret_that_the_server_never_saw_is_let_in() {
    let api = TestApi::start();
    let minted = secret::mint();
    let token = api.create_token(json!({ "name": "t", "secret_hash": hash_of(&minted) }));
    assert_eq!(token["secret"], json!(null));
    assert!(api.bearer(&minted).is_let_in());
    // Its form is the client's business.
    let odd = "not of the usual form";
    api.create_token(json!({ "name": "odd", "secret_hash": hash_of(odd) }));
    assert!(api.bearer(odd).is_let_in());
}

#[test]
fn a_rotation_takes_a_clients_secret_too() {
    let api = TestApi::start();
    let (first, second) = (secret::mint(), secret::mint());
    let token = api.create_token(json!({ "name": "t", "secret_hash": hash_of(&first) }));
    let path = format!("{}/rotate", token_path(&token));
    let rotated = api
        .post(&path, json!({ "secret_hash": hash_of(&second) }))
        .expect(200);
    assert_eq!(
        (&rotated["generation"], &rotated["secret"]),
        (&json!(2), &json!(null))
    );
    assert!(!api.bearer(&first).is_let_in());
    assert!(api.bearer(&second).is_let_in());
}

#[test]
fn a_rotation_to_the_present_secret_was_done_already_and_is_not_done_again() {
    let api = TestApi::start();
    let (first, second) = (secret::mint(), secret::mint());
    let token = api.create_token(json!({ "name": "t", "secret_hash": hash_of(&first) }));
    let path = format!("{}/rotate", token_path(&token));
    let body = json!({ "secret_hash": hash_of(&second), "grace_period_seconds": 60 });
    let done = api.post(&path, body.clone()).expect(200);
    assert_eq!(api.post(&path, body).expect(200), done);
    assert!(api.bearer(&first).is_let_in(), "its grace period goes on");
    assert!(api.bearer(&second).is_let_in());
}

#[test]
fn a_hash_in_use_is_422() {
    let api = TestApi::start();
    let minted = secret::mint();
    let token = api.create_token(json!({ "name": "t", "secret_hash": hash_of(&minted) }));
    let other = api.create_token(json!({ "name": "other" }));
    let operator = api.server.token.clone().unwrap();
    for hash in [hash_of(&minted), hash_of(&operator)] {
        let body = json!({ "name": "again", "secret_hash": hash });
        let problem = api.post(TOKENS, body).refused("validation_failed");
        assert_eq!(pointers(&problem), ["/secret_hash"]);
        let path = format!("{}/rotate", token_path(&other));
        api.post(&path, json!({ "secret_hash": hash }))
            .refused("validation_failed");
    }
    // The token's own former secret is no new one either.
    let path = format!("{}/rotate", token_path(&token));
    api.post(&path, json!({ "grace_period_seconds": 60 }))
        .expect(200);
    let back = json!({ "secret_hash": hash_of(&minted) });
    api.post(&path, back).refused("validation_failed");
}

#[test]
fn a_hash_is_sha256_in_lower_case_hex() {
    let api = TestApi::start();
    let right = secret::hash("x");
    for hash in [
        right.clone(),
        format!("sha256:{}", right.to_uppercase()),
        format!("sha256:{}", &right[1..]),
    ] {
        let body = json!({ "name": "t", "secret_hash": hash });
        let problem = api.post(TOKENS, body).refused("validation_failed");
        assert_eq!(pointers(&problem), ["/secret_hash"]);
    }
}
