//! ETags: `If-Match` protects from overwriting, `If-None-Match` spares a transfer.

use serde_json::json;

use super::api::{TOKENS, TestApi, account_path, token_path};

#[test]
fn a_change_meant_for_another_version_is_412_and_not_done() {
    let api = TestApi::start();
    let account = api.create_account(json!({ "name": "ci" }));
    let path = account_path(&account);
    let tag = api.get(&path).header("etag").to_owned();
    let current = api.with("if-match", &tag);
    let changed = current.merge(&path, json!({ "description": "one" }));
    assert_ne!(changed.header("etag"), tag);
    changed.expect(200);

    current
        .merge(&path, json!({ "description": "two" }))
        .refused("precondition_failed");
    current.delete(&path).refused("precondition_failed");
    assert_eq!(api.get(&path).expect(200)["description"], "one");
}

#[test]
fn rotation_and_deletion_of_tokens_are_protected_too() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    let path = token_path(&token);
    let stale = api.with("if-match", "\"000000000000000000000000\"");
    stale
        .post(&format!("{path}/rotate"), json!({}))
        .refused("precondition_failed");
    stale
        .merge(&path, json!({ "description": "x" }))
        .refused("precondition_failed");
    stale.delete(&path).refused("precondition_failed");
    assert_eq!(api.token(&token)["generation"], 1);
}

#[test]
fn if_match_takes_several_tags_and_a_star_but_no_weak_ones() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    let path = token_path(&token);
    let tag = api.get(&path).header("etag").to_owned();
    for (header, status) in [
        (format!("\"other\", {tag}"), 200),
        ("*".to_owned(), 200),
        (format!("W/{tag}"), 412),
    ] {
        let reply = api
            .with("if-match", &header)
            .merge(&path, json!({ "name": "t" }));
        assert_eq!(reply.status, status, "{header}");
    }
}

#[test]
fn an_object_that_the_client_has_already_is_304() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    let path = token_path(&token);
    let tag = api.get(&path).header("etag").to_owned();
    let conditional = api.with("if-none-match", &format!("W/{tag}"));
    let reply = conditional.get(&path);
    assert_eq!(
        (reply.status, reply.text.as_str(), reply.header("etag")),
        (304, "", tag.as_str())
    );
    api.merge(&path, json!({ "description": "new" }))
        .expect(200);
    conditional.get(&path).expect(200);
}

#[test]
fn a_tag_changes_when_time_changes_what_is_shown() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t", "ttl_seconds": 60 }));
    let path = token_path(&token);
    let tag = api.get(&path).header("etag").to_owned();
    api.advance_seconds(60);
    let reply = api.with("if-none-match", &tag).get(&path);
    assert_eq!(reply.expect(200)["status"], "expired");
}

#[test]
fn the_creations_tag_is_the_one_that_reading_shows() {
    let api = TestApi::start();
    let created = api.post(TOKENS, json!({ "name": "t" }));
    let tag = created.header("etag").to_owned();
    let token = created.expect(201);
    assert_eq!(api.get(&token_path(&token)).header("etag"), tag);
}
