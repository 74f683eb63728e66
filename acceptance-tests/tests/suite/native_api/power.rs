//! What a token may do: roles give, scopes and restrictions take.

use serde_json::{Value, json};

use super::api::{Caller, TOKENS, TestApi, text};

/// A caller whose token, without account, has these roles and scopes.
fn caller(api: &TestApi, roles: &[&str], scopes: &[&str]) -> Caller {
    let name = format!("{roles:?} {scopes:?}");
    let token = api.create_token(json!({ "name": name, "roles": roles, "scopes": scopes }));
    api.bearer(text(&token["secret"]))
}

/// Whether the caller may: read samples, write samples, read credentials, write credentials.
fn may(caller: &Caller) -> [bool; 4] {
    let statuses = [
        caller.get("/v1/samples").status,
        // Allowed callers fail on the empty body, after they were let through.
        caller.post("/v1/samples", json!({})).status,
        caller.get(TOKENS).status,
        caller.post(TOKENS, json!({})).status,
    ];
    statuses.map(|status| match status {
        200 | 400 => true,
        403 => false,
        other => panic!("answered {other}"),
    })
}

#[test]
fn roles_give_power() {
    let api = TestApi::start();
    for (roles, expected) in [
        (&[] as &[&str], [false, false, false, false]),
        (&["viewer"], [true, false, false, false]),
        (&["editor"], [true, true, false, false]),
        (&["admin"], [true, true, true, true]),
        (&["auditor"], [false, false, false, false]),
        (&["auditor", "viewer"], [true, false, false, false]),
    ] {
        assert_eq!(may(&caller(&api, roles, &[])), expected, "{roles:?}");
    }
    assert_eq!(may(&api), [true; 4]);
}

#[test]
fn scopes_narrow_what_roles_give() {
    let api = TestApi::start();
    for (scopes, expected) in [
        (&["samples:read"] as &[&str], [true, false, false, false]),
        (&["samples:write"], [false, true, false, false]),
        (&["credentials:read"], [false, false, true, false]),
        (
            &["credentials:write", "samples:read"],
            [true, false, false, true],
        ),
        (&["something:else"], [false, false, false, false]),
    ] {
        assert_eq!(
            may(&caller(&api, &["admin"], scopes)),
            expected,
            "{scopes:?}"
        );
    }
    assert_eq!(
        may(&caller(&api, &["viewer"], &["samples:write"])),
        [false; 4],
        "scopes give nothing"
    );
}

#[test]
fn what_is_missing_is_named() {
    let api = TestApi::start();
    let problem = caller(&api, &["viewer"], &[])
        .get(TOKENS)
        .refused("forbidden");
    assert!(
        text(&problem["detail"]).contains("needs the role admin"),
        "{problem}"
    );
    let problem = caller(&api, &["admin"], &["samples:read"])
        .get(TOKENS)
        .refused("forbidden");
    assert!(
        text(&problem["detail"]).contains("needs the scope credentials:read"),
        "{problem}"
    );
}

#[test]
fn a_restriction_limits_reading_and_writing() {
    let api = TestApi::start();
    for (permission, expected) in [
        ("READ", [true, false, false, false]),
        ("WRITE", [false, true, false, false]),
        ("READ_AND_WRITE", [true, true, false, false]),
    ] {
        let restricted =
            api.account_with(permission, &["editor"], json!({ "permission": permission }));
        assert_eq!(may(&restricted), expected, "{permission}");
    }
}

#[test]
fn a_restriction_hides_samples_without_its_labels() {
    let api = TestApi::start();
    let sample = |labels: Value| {
        let body = json!({ "labels": labels, "value": "21.5" });
        let sample = api.post("/v1/samples", body).expect(201);
        format!("/v1/samples/{}", text(&sample["id"]))
    };
    let inside = sample(json!({ "team": "a", "stage": "test", "more": "x" }));
    let outside = [
        sample(json!({ "team": "a" })),
        sample(json!({ "team": "A", "stage": "test" })),
        sample(json!({ "team": "b", "stage": "test" })),
        sample(json!({})),
    ];
    let restriction =
        json!({ "permission": "READ_AND_WRITE", "labels": { "team": "a", "stage": "test" } });
    let restricted = api.account_with("r", &["editor"], restriction);

    let listed = restricted.get("/v1/samples").expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    restricted.get(&inside).expect(200);
    let value = json!({ "labels": { "team": "a", "stage": "test" }, "value": "22" });
    restricted.put(&inside, value.clone()).expect(200);
    for path in &outside {
        restricted.get(path).refused("not_found");
        restricted.put(path, value.clone()).refused("forbidden");
        restricted.delete(path).refused("forbidden");
    }
    // Nor can a sample be put, or moved, out of its own sight.
    let elsewhere = json!({ "labels": { "team": "b" }, "value": "22" });
    restricted
        .post("/v1/samples", elsewhere.clone())
        .refused("forbidden");
    restricted.put(&inside, elsewhere).refused("forbidden");
    assert_eq!(restricted.delete(&inside).status, 204);
}

#[test]
fn a_changed_restriction_holds_at_once() {
    let api = TestApi::start();
    let account = api.create_account(json!({ "name": "a", "roles": ["viewer"] }));
    let token = api.create_token(json!({ "name": "t", "service_account_id": account["id"] }));
    let caller = api.bearer(text(&token["secret"]));
    caller.get("/v1/samples").expect(200);
    let path = super::api::account_path(&account);
    let patch = json!({ "restriction": { "permission": "WRITE" } });
    api.merge(&path, patch).expect(200);
    caller.get("/v1/samples").refused("forbidden");
}

#[test]
fn pages_of_samples_skip_what_is_hidden() {
    let api = TestApi::start();
    for number in 0..10 {
        let team = if number % 5 == 4 { "a" } else { "b" };
        let body = json!({ "labels": { "team": team }, "value": number.to_string() });
        api.post("/v1/samples", body).expect(201);
    }
    let restriction = json!({ "permission": "READ", "labels": { "team": "a" } });
    let restricted = api.account_with("r", &["viewer"], restriction);
    let first = restricted.get("/v1/samples?limit=1").expect(200);
    assert_eq!(first["items"][0]["value"], "4");
    let path = format!("/v1/samples?limit=1&cursor={}", text(&first["next_cursor"]));
    let second = restricted.get(&path).expect(200);
    assert_eq!(
        (&second["items"][0]["value"], &second["next_cursor"]),
        (&json!("9"), &json!(null))
    );
}

#[test]
fn a_sample_can_be_put_under_a_name_of_ones_own() {
    let api = TestApi::start();
    let body = json!({ "value": "1" });
    let created = api.put("/v1/samples/mine", body.clone());
    assert_eq!(created.header("location"), "/v1/samples/mine");
    assert_eq!(
        created.expect(201),
        json!({ "id": "mine", "labels": {}, "value": "1" })
    );
    api.put("/v1/samples/mine", body.clone()).expect(200);
    api.put("/v1/samples/a%20b", body)
        .refused("invalid_request");
    assert_eq!(api.delete("/v1/samples/mine").status, 204);
    api.get("/v1/samples/mine").refused("not_found");
}

#[test]
fn even_a_token_without_any_power_may_ask_who_it_is() {
    let api = TestApi::start();
    let nobody = caller(&api, &[], &["something:else"]);
    nobody.get("/v1/whoami").expect(200);
    nobody.get("/v1/capabilities").expect(200);
}
