//! Service accounts: what can be stored, changed and deleted.

use serde_json::json;

use super::api::{ACCOUNTS, TestApi, account_path, pointers, text, token_path};

#[test]
fn a_new_account_has_defaults_and_can_be_found_where_location_says() {
    let api = TestApi::start();
    let reply = api.post(ACCOUNTS, json!({ "name": "ci" }));
    let location = reply.header("location").to_owned();
    let tag = reply.header("etag").to_owned();
    let account = reply.expect(201);
    assert!(text(&account["id"]).starts_with("sa_"));
    assert_eq!(account["created_at"], account["updated_at"]);
    for (field, default) in [
        ("description", json!(null)),
        ("roles", json!([])),
        ("disabled", json!(false)),
        ("restriction", json!(null)),
        ("managed_by", json!(null)),
    ] {
        assert_eq!(account[field], default, "{field}");
    }
    let found = api.get(&location);
    assert_eq!(found.header("etag"), tag);
    assert_eq!(found.expect(200), account);
}

#[test]
fn roles_are_a_set_shown_sorted() {
    let api = TestApi::start();
    let account = api.create_account(
        json!({ "name": "ci", "roles": ["viewer", "admin", "my_role-2", "admin"] }),
    );
    assert_eq!(account["roles"], json!(["admin", "my_role-2", "viewer"]));
}

#[test]
fn names_are_128_characters_without_control_characters_or_outer_spaces() {
    let api = TestApi::start();
    for name in [
        "a",
        "é".repeat(128).as_str(),
        "a b",
        "Ünï 名",
        "a/b?c#d",
        "\"quoted\"",
    ] {
        api.create_account(json!({ "name": name }));
    }
    for name in [
        "",
        "a".repeat(129).as_str(),
        " a",
        "a ",
        "a\nb",
        "\u{7f}",
        "a\u{85}",
    ] {
        let reply = api.post(ACCOUNTS, json!({ "name": name }));
        assert_eq!(
            pointers(&reply.refused("validation_failed")),
            ["/name"],
            "{name:?}"
        );
    }
}

#[test]
fn a_taken_name_is_409_and_tells_about_the_one_who_has_it() {
    let api = TestApi::start();
    let account =
        api.create_account(json!({ "name": "ci", "roles": ["viewer"], "managed_by": "terraform" }));
    let token = api.create_token(json!({ "name": "t", "service_account_id": account["id"] }));
    assert!(api.bearer(text(&token["secret"])).is_let_in());
    let used_at = api.token(&token)["last_used_at"].clone();
    assert!(used_at.is_string());

    let problem = api
        .post(ACCOUNTS, json!({ "name": "ci" }))
        .refused("name_taken");
    assert_eq!(
        problem["existing"],
        json!({
            "id": account["id"],
            "created_at": account["created_at"],
            "last_used_at": used_at,
            "managed_by": "terraform",
        })
    );
    // Names are compared by case.
    api.create_account(json!({ "name": "CI" }));
}

#[test]
fn an_account_can_be_renamed_but_not_to_a_taken_name() {
    let api = TestApi::start();
    let account = api.create_account(json!({ "name": "ci" }));
    api.create_account(json!({ "name": "other" }));
    let path = account_path(&account);
    api.merge(&path, json!({ "name": "other" }))
        .refused("name_taken");
    api.merge(&path, json!({ "name": null }))
        .refused("invalid_request");
    let renamed = api.merge(&path, json!({ "name": "builder" })).expect(200);
    assert_eq!(
        (&renamed["id"], &renamed["name"]),
        (&account["id"], &json!("builder"))
    );
    api.create_account(json!({ "name": "ci" }));
}

#[test]
fn a_patch_changes_what_it_names_and_null_clears() {
    let api = TestApi::start();
    let account = api.create_account(json!({
        "name": "ci",
        "description": "builds",
        "roles": ["viewer"],
        "disabled": true,
        "restriction": { "permission": "READ", "labels": { "a": "1", "b": "2" } },
    }));
    let path = account_path(&account);
    api.advance_seconds(60);
    let changed = api
        .merge(&path, json!({ "description": null, "restriction": { "permission": "WRITE", "labels": { "a": null } } }))
        .expect(200);
    let mut expected = account.clone();
    expected["description"] = json!(null);
    expected["restriction"] = json!({ "permission": "WRITE", "labels": { "b": "2" } });
    expected["updated_at"] = changed["updated_at"].clone();
    assert_eq!(changed, expected);
    assert_ne!(changed["updated_at"], account["updated_at"]);

    let cleared = api
        .merge(
            &path,
            json!({ "roles": null, "disabled": null, "restriction": null }),
        )
        .expect(200);
    assert_eq!(
        (
            &cleared["roles"],
            &cleared["disabled"],
            &cleared["restriction"]
        ),
        (&json!([]), &json!(false), &json!(null))
    );
}

#[test]
fn a_patch_that_changes_nothing_leaves_the_time_of_the_last_change() {
    let api = TestApi::start();
    let account = api.create_account(json!({ "name": "ci" }));
    api.advance_seconds(60);
    let path = account_path(&account);
    assert_eq!(
        api.merge(&path, json!({ "name": "ci" })).expect(200),
        account
    );
}

#[test]
fn a_restriction_has_one_of_three_permissions_and_at_most_two_labels() {
    let api = TestApi::start();
    let create = |restriction| {
        let body = json!({ "name": "ci", "restriction": restriction });
        api.post(ACCOUNTS, body)
    };
    let refused = create(json!({ "permission": "read" })).refused("validation_failed");
    assert_eq!(pointers(&refused), ["/restriction/permission"]);
    let three = json!({ "permission": "READ", "labels": { "a": "1", "b": "2", "c": "3" } });
    let refused = create(three).refused("validation_failed");
    assert_eq!(pointers(&refused), ["/restriction/labels"]);
    let account = create(json!({ "permission": "READ_AND_WRITE" })).expect(201);
    assert_eq!(
        account["restriction"],
        json!({ "permission": "READ_AND_WRITE", "labels": {} })
    );
}

#[test]
fn a_deleted_account_takes_its_tokens_with_it() {
    let api = TestApi::start();
    let account = api.create_account(json!({ "name": "ci", "roles": ["viewer"] }));
    let token = api.create_token(
        json!({ "name": "t", "service_account_id": account["id"], "managed_by": "terraform" }),
    );
    let other = api.create_token(json!({ "name": "t" }));
    let caller = api.bearer(text(&token["secret"]));
    assert!(caller.is_let_in());

    let deleted = api.delete(&account_path(&account));
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    assert!(!caller.is_let_in());
    api.get(&token_path(&token)).refused("not_found");
    api.get(&token_path(&other)).expect(200);
    api.delete(&account_path(&account)).refused("not_found");
    // The name is free again, and the id is not used again.
    assert_ne!(
        api.create_account(json!({ "name": "ci" }))["id"],
        account["id"]
    );
}

#[test]
fn a_disabled_account_shuts_out_its_tokens_until_it_is_enabled() {
    let api = TestApi::start();
    let account = api.create_account(json!({ "name": "ci", "roles": ["viewer"] }));
    let token = api.create_token(json!({ "name": "t", "service_account_id": account["id"] }));
    let caller = api.bearer(text(&token["secret"]));
    let path = account_path(&account);

    api.merge(&path, json!({ "disabled": true })).expect(200);
    assert!(!caller.is_let_in());
    let shown = api.token(&token);
    assert_eq!(
        (&shown["status"], &shown["disabled"]),
        (&json!("disabled"), &json!(false))
    );

    api.merge(&path, json!({ "disabled": false })).expect(200);
    assert!(caller.is_let_in());
    assert_eq!(api.token(&token)["status"], "active");
}

#[test]
fn a_role_that_an_account_loses_its_tokens_lose_too() {
    let api = TestApi::start();
    let account = api.create_account(json!({ "name": "ci", "roles": ["editor", "viewer"] }));
    let token = api.create_token(json!({ "name": "t", "service_account_id": account["id"] }));
    assert_eq!(token["roles"], json!(["editor", "viewer"]));
    api.advance_seconds(60);

    let path = account_path(&account);
    let shrunk = api
        .merge(&path, json!({ "roles": ["viewer", "admin"] }))
        .expect(200);
    let after = api.token(&token);
    assert_eq!(
        after["roles"],
        json!(["viewer"]),
        "a role that the account gains is not given to its tokens"
    );
    assert_eq!(after["updated_at"], shrunk["updated_at"]);
}
