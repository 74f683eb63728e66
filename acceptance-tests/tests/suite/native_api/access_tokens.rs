//! Access tokens: what can be stored, changed and deleted, and when they are valid.

use lanyard_token_server::secret;
use serde_json::json;

use super::api::{TOKENS, TestApi, account_path, pointers, text, token_path};

#[test]
fn a_new_token_shows_its_secret_once() {
    let api = TestApi::start();
    let reply = api.post(TOKENS, json!({ "name": "t" }));
    let location = reply.header("location").to_owned();
    let token = reply.expect(201);
    assert!(secret::well_formed(text(&token["secret"])), "{token}");
    assert!(api.bearer(text(&token["secret"])).is_let_in());

    let found = api.get(&location).expect(200);
    assert_eq!(found["id"], token["id"]);
    assert_eq!(found["secret"], json!(null));
    let listed = api.get(TOKENS);
    assert!(!listed.text.contains(text(&token["secret"])));
    assert_eq!(listed.expect(200)["items"][0], found);
}

#[test]
fn a_new_token_has_defaults() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    for (field, default) in [
        ("service_account_id", json!(null)),
        ("description", json!(null)),
        ("roles", json!([])),
        ("scopes", json!([])),
        ("visibility", json!(null)),
        ("disabled", json!(false)),
        ("expires_at", json!(null)),
        ("status", json!("active")),
        ("managed_by", json!(null)),
        ("generation", json!(1)),
        ("last_used_at", json!(null)),
        ("previous", json!(null)),
    ] {
        assert_eq!(token[field], default, "{field}");
    }
    assert_eq!(token["issued_at"], token["created_at"]);
}

#[test]
fn names_are_unique_within_an_account_and_among_tokens_without_one() {
    let api = TestApi::start();
    let first = api.create_account(json!({ "name": "first" }));
    let second = api.create_account(json!({ "name": "second" }));
    let create = |name: &str, account: &serde_json::Value| {
        api.post(
            TOKENS,
            json!({ "name": name, "service_account_id": account }),
        )
    };
    let existing = create("t", &first["id"]).expect(201);
    create("t", &second["id"]).expect(201);
    create("t", &json!(null)).expect(201);
    create("T", &json!(null)).expect(201);
    create("t", &json!(null)).refused("name_taken");
    let problem = create("t", &first["id"]).refused("name_taken");
    assert_eq!(problem["existing"]["id"], existing["id"]);
    assert_eq!(problem["existing"]["last_used_at"], json!(null));

    let other = create("other", &first["id"]).expect(201);
    let rename = api.merge(&token_path(&other), json!({ "name": "t" }));
    rename.refused("name_taken");
}

#[test]
fn left_out_roles_are_those_of_the_account_at_that_time() {
    let api = TestApi::start();
    let account = api.create_account(json!({ "name": "ci", "roles": ["viewer"] }));
    for roles in [json!({}), json!({ "roles": null })] {
        let mut body = roles;
        body["name"] = json!(secret::mint());
        body["service_account_id"] = account["id"].clone();
        assert_eq!(api.create_token(body)["roles"], json!(["viewer"]));
    }
    let none = json!({ "name": "none", "service_account_id": account["id"], "roles": [] });
    assert_eq!(api.create_token(none)["roles"], json!([]));
}

#[test]
fn a_token_has_no_role_that_its_account_has_not() {
    let api = TestApi::start();
    let account = api.create_account(json!({ "name": "ci", "roles": ["viewer", "reporter"] }));
    let body =
        json!({ "name": "t", "service_account_id": account["id"], "roles": ["viewer", "admin"] });
    let problem = api.post(TOKENS, body).refused("validation_failed");
    assert_eq!(pointers(&problem), ["/roles/1"]);

    let body = json!({ "name": "t", "service_account_id": account["id"], "roles": ["viewer"] });
    let token = api.create_token(body);
    let path = token_path(&token);
    let problem = api.merge(&path, json!({ "roles": ["admin"] }));
    problem.refused("validation_failed");
    let widened = api
        .merge(&path, json!({ "roles": ["viewer", "reporter"] }))
        .expect(200);
    assert_eq!(widened["roles"], json!(["reporter", "viewer"]));
    let cleared = api.merge(&path, json!({ "roles": null })).expect(200);
    assert_eq!(cleared["roles"], json!([]), "clearing must not give roles");
}

#[test]
fn an_unknown_account_is_422() {
    let api = TestApi::start();
    let body = json!({ "name": "t", "service_account_id": "sa_unknown" });
    let problem = api.post(TOKENS, body).refused("validation_failed");
    assert_eq!(pointers(&problem), ["/service_account_id"]);
}

#[test]
fn a_token_cannot_move_to_another_account() {
    let api = TestApi::start();
    let account = api.create_account(json!({ "name": "ci" }));
    let token = api.create_token(json!({ "name": "t", "service_account_id": account["id"] }));
    let path = token_path(&token);
    for target in [json!("sa_other"), json!(null)] {
        let patch = json!({ "service_account_id": target });
        let problem = api.merge(&path, patch).refused("validation_failed");
        assert_eq!(pointers(&problem), ["/service_account_id"]);
    }
}

#[test]
fn a_lifetime_is_given_as_end_or_in_seconds_but_not_both() {
    let api = TestApi::start();
    let create = |body| api.post(TOKENS, body);
    let token =
        create(json!({ "name": "end", "expires_at": "2999-01-02T03:04:05.678+01:00" })).expect(201);
    assert_eq!(token["expires_at"], "2999-01-02T02:04:05Z");

    let token = create(json!({ "name": "seconds", "ttl_seconds": 90 })).expect(201);
    let issued: jiff::Timestamp = text(&token["issued_at"]).parse().unwrap();
    let expires: jiff::Timestamp = text(&token["expires_at"]).parse().unwrap();
    assert_eq!(expires.duration_since(issued).as_secs(), 90);

    for (body, pointer) in [
        (
            json!({ "expires_at": "2999-01-01T00:00:00Z", "ttl_seconds": 1 }),
            "/ttl_seconds",
        ),
        (
            json!({ "expires_at": "2001-01-01T00:00:00Z" }),
            "/expires_at",
        ),
        (json!({ "expires_at": "tomorrow" }), "/expires_at"),
        (json!({ "expires_at": "2999-01-01" }), "/expires_at"),
        (json!({ "ttl_seconds": 0 }), "/ttl_seconds"),
        (json!({ "ttl_seconds": -5 }), "/ttl_seconds"),
        (json!({ "ttl_seconds": i64::MAX }), "/ttl_seconds"),
    ] {
        let mut given = body.clone();
        given["name"] = json!("refused");
        let problem = create(given).refused("validation_failed");
        assert_eq!(pointers(&problem), [pointer], "{body}");
    }
    create(json!({ "name": "fraction", "ttl_seconds": 1.5 })).refused("invalid_request");
}

#[test]
fn an_expired_token_is_refused_and_shown_as_expired_until_it_gets_a_new_end() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t", "ttl_seconds": 60 }));
    let caller = api.bearer(text(&token["secret"]));
    api.advance_seconds(58);
    assert!(caller.is_let_in());
    api.advance_seconds(2);
    assert!(!caller.is_let_in());
    assert_eq!(api.token(&token)["status"], "expired");

    let path = token_path(&token);
    // Its past end is no obstacle to other changes, but no new end may be in the past.
    api.merge(&path, json!({ "description": "old" }))
        .expect(200);
    let past = json!({ "expires_at": "2020-01-01T00:00:00Z" });
    api.merge(&path, past).refused("validation_failed");
    api.merge(&path, json!({ "expires_at": null })).expect(200);
    assert!(caller.is_let_in());
    assert_eq!(api.token(&token)["status"], "active");
}

#[test]
fn a_disabled_token_is_refused_until_it_is_enabled() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    let caller = api.bearer(text(&token["secret"]));
    let path = token_path(&token);
    let disabled = api.merge(&path, json!({ "disabled": true })).expect(200);
    assert_eq!(disabled["status"], "disabled");
    assert!(!caller.is_let_in());
    api.merge(&path, json!({ "disabled": false })).expect(200);
    assert!(caller.is_let_in());
}

#[test]
fn a_deleted_token_is_refused_and_gone() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    let caller = api.bearer(text(&token["secret"]));
    assert_eq!(api.delete(&token_path(&token)).status, 204);
    assert!(!caller.is_let_in());
    api.get(&token_path(&token)).refused("not_found");
    api.create_token(json!({ "name": "t" }));
}

#[test]
fn use_is_noted_without_changing_the_token() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    let before = api.get(&token_path(&token));
    let tag = before.header("etag").to_owned();
    api.advance_seconds(30);
    assert!(api.bearer(text(&token["secret"])).is_let_in());
    let after = api.get(&token_path(&token));
    assert_eq!(after.header("etag"), tag);
    let after = after.expect(200);
    assert!(after["last_used_at"].is_string());
    assert_eq!(after["updated_at"], token["updated_at"]);
}

#[test]
fn a_patch_changes_what_it_names_and_keeps_the_secret() {
    let api = TestApi::start();
    let token = api.create_token(json!({
        "name": "t",
        "scopes": ["samples:read", "credentials:read"],
        "visibility": { "level": "selected", "users": ["ann"], "teams": ["platform"] },
        "ttl_seconds": 600,
    }));
    assert_eq!(token["scopes"], json!(["credentials:read", "samples:read"]));
    api.advance_seconds(60);
    let patch = json!({
        "name": "renamed",
        "description": "for the report",
        "scopes": ["samples:read"],
        "visibility": { "users": null },
        "managed_by": "terraform",
    });
    let changed = api.merge(&token_path(&token), patch).expect(200);
    let mut expected = token.clone();
    expected["name"] = json!("renamed");
    expected["description"] = json!("for the report");
    expected["scopes"] = json!(["samples:read"]);
    expected["visibility"] = json!({ "level": "selected", "users": [], "teams": ["platform"] });
    expected["managed_by"] = json!("terraform");
    expected["secret"] = json!(null);
    expected["updated_at"] = changed["updated_at"].clone();
    assert_eq!(changed, expected);
    assert!(api.bearer(text(&token["secret"])).is_let_in());
}

#[test]
fn scopes_and_visibility_are_checked() {
    let api = TestApi::start();
    for (field, value, pointer) in [
        ("scopes", json!(["Samples"]), "/scopes/0"),
        ("scopes", json!(["ok", "a b"]), "/scopes/1"),
        (
            "visibility",
            json!({ "level": "nobody" }),
            "/visibility/level",
        ),
        (
            "visibility",
            json!({ "level": "selected", "users": [""] }),
            "/visibility/users/0",
        ),
    ] {
        let mut body = json!({ "name": "t" });
        body[field] = value;
        let problem = api.post(TOKENS, body).refused("validation_failed");
        assert_eq!(pointers(&problem), [pointer]);
    }
}

#[test]
fn a_renamed_account_keeps_its_tokens() {
    let api = TestApi::start();
    let account = api.create_account(json!({ "name": "ci" }));
    let token = api.create_token(json!({ "name": "t", "service_account_id": account["id"] }));
    api.merge(&account_path(&account), json!({ "name": "builder" }))
        .expect(200);
    assert!(api.bearer(text(&token["secret"])).is_let_in());
    assert_eq!(api.token(&token)["service_account_id"], account["id"]);
}
