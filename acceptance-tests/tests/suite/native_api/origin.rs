//! `origin`: a tool's own word for where its records of an object are kept. The server keeps it and gives it no meaning.

use serde_json::{Value, json};

use super::api::{TOKENS, TestApi, account_path, token_path};

#[test]
fn an_origin_is_kept_shown_and_changed() {
    let api = TestApi::start();
    let draft = json!({ "name": "ci", "origin": "3f8a" });
    for path in [
        account_path(&api.create_account(draft.clone())),
        token_path(&api.create_token(draft)),
    ] {
        assert_eq!(api.get(&path).expect(200)["origin"], "3f8a");
        let patch = |body| api.merge(&path, body).expect(200)["origin"].clone();
        assert_eq!(patch(json!({ "description": "x" })), "3f8a");
        assert_eq!(patch(json!({ "origin": "9c1d" })), "9c1d");
        assert_eq!(patch(json!({ "origin": null })), Value::Null);
    }
}

#[test]
fn an_origin_is_visible_ascii() {
    let api = TestApi::start();
    for origin in ["", "a b", "é"] {
        let body = json!({ "name": "t", "origin": origin });
        api.post(TOKENS, body).refused("validation_failed");
    }
}
