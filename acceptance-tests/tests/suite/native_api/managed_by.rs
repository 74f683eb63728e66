//! `managed_by`: what a tool owns is not changed from elsewhere by accident.

use serde_json::json;

use super::api::{TOKENS, TestApi, account_path, text, token_path};

#[test]
fn a_managed_object_changes_only_in_its_managers_name() {
    let api = TestApi::start();
    let account = api.create_account(json!({ "name": "ci", "managed_by": "terraform" }));
    let path = account_path(&account);
    let problem = api
        .merge(&path, json!({ "description": "x" }))
        .refused("managed_elsewhere");
    assert_eq!(problem["managed_by"], "terraform");
    assert!(text(&problem["detail"]).contains("Managed-By: terraform"));
    let other = api.with("managed-by", "pulumi");
    other.delete(&path).refused("managed_elsewhere");

    let manager = api.with("managed-by", "terraform");
    manager
        .merge(&path, json!({ "description": "x" }))
        .expect(200);
    assert_eq!(manager.delete(&path).status, 204);
}

#[test]
fn tokens_are_protected_from_change_rotation_deletion_and_the_end_of_grace() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t", "managed_by": "terraform" }));
    let path = token_path(&token);
    let manager = api.with("managed-by", "terraform");
    manager
        .post(
            &format!("{path}/rotate"),
            json!({ "grace_period_seconds": 60 }),
        )
        .expect(200);
    for reply in [
        api.merge(&path, json!({ "description": "x" })),
        api.post(&format!("{path}/rotate"), json!({})),
        api.delete(&format!("{path}/previous")),
        api.delete(&path),
    ] {
        reply.refused("managed_elsewhere");
    }
}

#[test]
fn a_star_overrides() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t", "managed_by": "terraform" }));
    let path = token_path(&token);
    let anybody = api.with("managed-by", "*");
    anybody
        .merge(&path, json!({ "managed_by": null }))
        .expect(200);
    assert_eq!(api.delete(&path).status, 204);
}

#[test]
fn what_nobody_manages_anybody_may_change() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    let caller = api.with("managed-by", "terraform");
    let adopted = caller
        .merge(&token_path(&token), json!({ "managed_by": "terraform" }))
        .expect(200);
    assert_eq!(adopted["managed_by"], "terraform");
}

#[test]
fn a_manager_is_named_in_visible_ascii() {
    let api = TestApi::start();
    for name in ["", "*", "a b", "é"] {
        let body = json!({ "name": "t", "managed_by": name });
        api.post(TOKENS, body).refused("validation_failed");
    }
    let token = api.create_token(json!({ "name": "t" }));
    let nobody = api.with("managed-by", "");
    nobody
        .delete(&token_path(&token))
        .refused("invalid_request");
}
