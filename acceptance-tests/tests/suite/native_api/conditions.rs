//! ETags: `If-Match` protects from overwriting, `If-None-Match` spares a transfer.

use serde_json::json;

use super::api::{TestApi, account_path, token_path};

#[test]
fn a_change_meant_for_another_version_is_412_and_not_done() {
    let api = TestApi::start();
    let account = api.create_account(json!({ "name": "ci" }));
    let path = account_path(&account);
    let operator = api.operator();
    let tag = operator.get(&path).header("etag").to_owned();
    let current = operator.with("if-match", &tag);
    let changed = current.patch(&path, json!({ "description": "one" }));
    assert_ne!(changed.header("etag"), tag);
    changed.expect(200);

    current
        .patch(&path, json!({ "description": "two" }))
        .expect_problem(412, "precondition_failed");
    current
        .delete(&path)
        .expect_problem(412, "precondition_failed");
    assert_eq!(operator.get(&path).expect(200)["description"], "one");
}

#[test]
fn rotation_and_deletion_of_tokens_are_protected_too() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    let path = token_path(&token);
    let stale = api
        .operator()
        .with("if-match", "\"000000000000000000000000\"");
    stale
        .post(&format!("{path}/rotate"), json!({}))
        .expect_problem(412, "precondition_failed");
    stale
        .patch(&path, json!({ "description": "x" }))
        .expect_problem(412, "precondition_failed");
    stale
        .delete(&path)
        .expect_problem(412, "precondition_failed");
    assert_eq!(api.token(&token)["generation"], 1);
}

#[test]
fn if_match_takes_several_tags_and_a_star_but_no_weak_ones() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    let path = token_path(&token);
    let tag = api.operator().get(&path).header("etag").to_owned();
    for (header, status) in [
        (format!("\"other\", {tag}"), 200),
        ("*".to_owned(), 200),
        (format!("W/{tag}"), 412),
    ] {
        let reply = api
            .operator()
            .with("if-match", &header)
            .patch(&path, json!({ "name": "t" }));
        assert_eq!(reply.status, status, "{header}");
    }
}

#[test]
fn an_object_that_the_client_has_already_is_304() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    let path = token_path(&token);
    let tag = api.operator().get(&path).header("etag").to_owned();
    let conditional = api.operator().with("if-none-match", &format!("W/{tag}"));
    let reply = conditional.get(&path);
    assert_eq!(
        (reply.status, reply.text.as_str(), reply.header("etag")),
        (304, "", tag.as_str())
    );
    api.operator()
        .patch(&path, json!({ "description": "new" }))
        .expect(200);
    conditional.get(&path).expect(200);
}

#[test]
fn a_tag_changes_when_time_changes_what_is_shown() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t", "ttl_seconds": 60 }));
    let path = token_path(&token);
    let tag = api.operator().get(&path).header("etag").to_owned();
    api.advance_seconds(60);
    let reply = api.operator().with("if-none-match", &tag).get(&path);
    assert_eq!(reply.expect(200)["status"], "expired");
}

#[test]
fn the_creations_tag_is_the_one_that_reading_shows() {
    let api = TestApi::start();
    let created = api
        .operator()
        .post("/v1/access-tokens", json!({ "name": "t" }));
    let tag = created.header("etag").to_owned();
    let token = created.expect(201);
    assert_eq!(api.operator().get(&token_path(&token)).header("etag"), tag);
}
