//! `Idempotency-Key`: repeating a request does not do it twice.

use lanyard_token_server::{Fault, FaultRule, When};
use reqwest::Method;
use serde_json::json;

use super::api::{ACCOUNTS, TOKENS, TestApi, text, token_path};

#[test]
fn a_repeated_creation_answers_the_same_and_creates_nothing() {
    let api = TestApi::start();
    let caller = api.with("idempotency-key", "key-1");
    let first = caller.post(TOKENS, json!({ "name": "t" }));
    assert!(first.headers.get("idempotency-replayed").is_none());
    let second = caller.post(TOKENS, json!({ "name": "t" }));
    assert_eq!(second.header("idempotency-replayed"), "true");
    for header in ["location", "etag", "content-type"] {
        assert_eq!(second.header(header), first.header(header));
    }
    let (first, second) = (first.expect(201), second.expect(201));
    assert_eq!(second, first);
    assert!(api.bearer(text(&second["secret"])).is_let_in());
    let listed = api.get(TOKENS).expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

#[test]
fn a_repeated_rotation_rotates_once() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    let caller = api.with("idempotency-key", "key-1");
    let path = format!("{}/rotate", token_path(&token));
    let first = caller.call(Method::POST, &path).expect(200);
    let second = caller.call(Method::POST, &path).expect(200);
    assert_eq!(second, first);
    assert_eq!(second["generation"], 2);
}

#[test]
fn a_key_with_another_request_is_422() {
    let api = TestApi::start();
    let caller = api.with("idempotency-key", "key-1");
    caller.post(TOKENS, json!({ "name": "t" })).expect(201);
    caller
        .post(TOKENS, json!({ "name": "other" }))
        .refused("idempotency_key_reused");
    caller
        .post(ACCOUNTS, json!({ "name": "t" }))
        .refused("idempotency_key_reused");
}

#[test]
fn each_credential_has_its_own_keys() {
    let api = TestApi::start();
    let admin = api.create_token(json!({ "name": "admin", "roles": ["admin"] }));
    let admin = api
        .bearer(text(&admin["secret"]))
        .with("idempotency-key", "key-1");
    let operator = api.with("idempotency-key", "key-1");
    operator.post(ACCOUNTS, json!({ "name": "a" })).expect(201);
    admin.post(ACCOUNTS, json!({ "name": "b" })).expect(201);
}

#[test]
fn a_request_that_failed_can_be_tried_again_under_its_key() {
    let api = TestApi::start();
    let caller = api.with("idempotency-key", "key-1");
    let account = api.create_account(json!({ "name": "ci" }));
    caller
        .post(ACCOUNTS, json!({ "name": "ci" }))
        .refused("name_taken");
    api.delete(&super::api::account_path(&account));
    caller.post(ACCOUNTS, json!({ "name": "ci" })).expect(201);
}

#[test]
fn after_ten_minutes_the_answer_comes_without_its_secret() {
    let api = TestApi::start();
    let caller = api.with("idempotency-key", "key-1");
    let create = || caller.post(TOKENS, json!({ "name": "t" })).expect(201);
    let first = create();
    api.advance_seconds(9 * 60);
    assert_eq!(create()["secret"], first["secret"]);
    api.advance_seconds(60);
    let late = create();
    assert_eq!((&late["id"], &late["secret"]), (&first["id"], &json!(null)));
}

#[test]
fn after_a_day_a_key_is_forgotten() {
    let api = TestApi::start();
    let caller = api.with("idempotency-key", "key-1");
    caller.post(TOKENS, json!({ "name": "t" })).expect(201);
    api.advance_seconds(24 * 3600 - 10);
    caller.post(TOKENS, json!({ "name": "t" })).expect(201);
    api.advance_seconds(10);
    caller
        .post(TOKENS, json!({ "name": "t" }))
        .refused("name_taken");
}

#[test]
fn a_key_is_visible_ascii_of_1_to_255_characters() {
    let api = TestApi::start();
    for key in ["", "a b", "é", "x".repeat(256).as_str()] {
        let caller = api.with("idempotency-key", key);
        caller
            .post(TOKENS, json!({ "name": "t" }))
            .refused("invalid_request");
    }
    let caller = api.with("idempotency-key", &"x".repeat(255));
    caller.post(TOKENS, json!({ "name": "t" })).expect(201);
}

#[test]
fn a_key_gives_no_answer_to_somebody_without_power() {
    let api = TestApi::start();
    let viewer = api.create_token(json!({ "name": "viewer", "roles": ["viewer"] }));
    let viewer = api
        .bearer(text(&viewer["secret"]))
        .with("idempotency-key", "key-1");
    api.with("idempotency-key", "key-1")
        .post(TOKENS, json!({ "name": "t" }))
        .expect(201);
    viewer
        .post(TOKENS, json!({ "name": "t" }))
        .refused("forbidden");
}

#[test]
fn a_creation_whose_answer_was_lost_is_found_by_repeating_it() {
    let api = TestApi::start();
    let lost = FaultRule::new(Fault::Cut { when: When::After });
    let lost = lost.on("POST", TOKENS).times(1);
    api.server.faults().add(lost).unwrap();
    let caller = api.with("idempotency-key", "key-1");
    let body = Some(("application/json", json!({ "name": "t" }).to_string()));
    let first = caller.try_send(Method::POST, TOKENS, body);
    assert!(first.is_err());
    let token = caller.post(TOKENS, json!({ "name": "t" }));
    let token = token.expect(201);
    assert!(api.bearer(text(&token["secret"])).is_let_in());
    assert_eq!(token["generation"], 1);
}

#[test]
fn of_many_requests_at_once_under_one_key_one_is_done() {
    let api = TestApi::start();
    let caller = api.with("idempotency-key", "key-1");
    let answers: Vec<String> = std::thread::scope(|scope| {
        let create = || {
            caller
                .post(TOKENS, json!({ "name": "t" }))
                .expect(201)
                .to_string()
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(create)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
}
