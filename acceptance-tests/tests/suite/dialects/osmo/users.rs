//! Users, and the roles that are assigned to them.

use reqwest::Method;
use serde_json::{Value, json};

use super::{USERS, claims, exchange, refused, start, try_exchange};
use crate::support::caller::text;

#[test]
fn a_user_is_made_without_roles_in_its_answer_and_read_with_them() {
    let osmo = start();
    let body =
        json!({ "id": "svc", "roles": ["osmo-user", "osmo-backend", "osmo-user"], "extra": 1 });
    let created = osmo.post(USERS, &body).expect(200);
    assert_eq!(created["created_by"], "admin");
    assert!(created.get("roles").is_none());
    assert!(text(&created, "/created_at").ends_with('Z'));
    let read = osmo.get(&format!("{USERS}/svc")).expect(200);
    let names: Vec<_> = read["roles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| &role["role_name"])
        .collect();
    assert_eq!(names, ["osmo-backend", "osmo-user"]);
    assert_eq!(read["roles"][0]["assigned_by"], "admin");
    osmo.put(&format!("{USERS}/svc"), json!({})).expect(405);
}

#[test]
fn what_makes_no_user_is_a_400_or_a_validation_error() {
    let osmo = start();
    osmo.user("svc", &[]);
    let create = |body: Value| osmo.post(USERS, &body);
    refused(create(json!({ "id": "svc" })), "User svc already exists");
    refused(
        create(json!({ "id": "new", "roles": ["nope"] })),
        "Role nope does not exist",
    );
    refused(osmo.get(&format!("{USERS}/new")), "User new not found");
    let pattern = "must match regex ^[a-zA-Z0-9]([a-zA-Z0-9_.@-]*[a-zA-Z0-9])?$";
    for id in ["-x", "a b", "a+b", "a/b"] {
        refused(
            create(json!({ "id": id })),
            &format!("Username {id} {pattern}"),
        );
    }
    assert_eq!(
        create(json!({})).expect(422)["detail"][0]["loc"],
        json!(["body", "id"])
    );
    create(json!({ "id": 1 })).expect(422);
    let empty = osmo.call(Method::POST, USERS).expect(422);
    assert_eq!(empty["detail"][0]["loc"], json!(["body"]));
    create(json!({ "id": "SVC" })).expect(200);
    create(json!({ "id": "x".repeat(300) })).expect(200);
    refused(
        osmo.get(&format!("{USERS}/%20")),
        "User ID must not be empty",
    );
}

#[test]
fn deleting_answers_null_and_a_user_made_again_starts_empty() {
    let osmo = start();
    osmo.user("svc", &["osmo-user"]);
    let secret = osmo.token("ci", "?expires_at=2026-12-23");
    osmo.delete(&format!("{USERS}/svc"))
        .expect_text(200, "null");
    refused(osmo.delete(&format!("{USERS}/svc")), "User svc not found");
    refused(try_exchange(&osmo, &secret), "Access Token is invalid");
    osmo.user("svc", &[]);
    assert_eq!(osmo.tokens(), json!([]));
    let read = osmo.get(&format!("{USERS}/svc")).expect(200);
    assert_eq!(read["roles"], json!([]));
}

#[test]
fn an_empty_id_is_redirected_to_the_list() {
    let osmo = start();
    let redirected = osmo.delete(&format!("{USERS}/"));
    assert_eq!(redirected.status, 307);
    let location = redirected.header("location");
    assert!(location.starts_with("http://127.0.0.1:"), "{location}");
    assert!(location.ends_with(USERS), "{location}");
    let nowhere = osmo.get("/api/auth/").expect(404);
    assert_eq!(nowhere, json!({ "detail": "Not Found" }));
}

#[test]
fn the_framework_names_every_mistake_of_a_body_with_its_place() {
    let osmo = start();
    let create = |body: Value| osmo.post(USERS, &body).expect(422);
    let text = "Input should be a valid string";
    let list = "Input should be a valid list";
    let object = "Input should be a valid dictionary or object to extract fields from";
    for (body, mistakes) in [
        (
            json!({ "id": 5, "roles": "x" }),
            json!([
                { "type": "string_type", "loc": ["body", "id"], "msg": text, "input": 5 },
                { "type": "list_type", "loc": ["body", "roles"], "msg": list, "input": "x" },
            ]),
        ),
        (
            json!({ "id": "a", "roles": ["osmo-user", null] }),
            json!([{ "type": "string_type", "loc": ["body", "roles", 1], "msg": text, "input": null }]),
        ),
        (
            json!([]),
            json!([{ "type": "model_attributes_type", "loc": ["body"], "msg": object, "input": [] }]),
        ),
    ] {
        assert_eq!(create(body), json!({ "detail": mistakes }));
    }
    // What does not call itself JSON is a text.
    let body = r#"{"id":"a"}"#;
    let plain = Some(("text/plain", body.to_owned()));
    let refused = osmo.try_send(Method::POST, USERS, plain).unwrap();
    assert_eq!(refused.expect(422)["detail"][0]["input"], body);
    osmo.get(&format!("{USERS}/a")).expect(400);
    let parameters = osmo.get(&format!("{USERS}?count=x&start_index=y"));
    let places = parameters.expect(422)["detail"].clone();
    assert_eq!(places[0]["loc"], json!(["query", "start_index"]));
    assert_eq!(places[1]["loc"], json!(["query", "count"]));
}

#[test]
fn a_name_that_is_taken_is_said_before_a_role_that_is_not_there() {
    let osmo = start();
    osmo.user("svc", &[]);
    let body = json!({ "id": "svc", "roles": ["nope"] });
    refused(osmo.post(USERS, &body), "User svc already exists");
    let blank = "User ID must not be empty";
    let roles = format!("{USERS}/%20/roles");
    refused(osmo.post(&roles, json!({ "role_name": "nope" })), blank);
    refused(osmo.delete(&format!("{roles}/nope")), blank);
}

#[test]
fn users_are_listed_newest_first_by_page_prefix_or_role() {
    let osmo = start();
    for (id, role) in [
        ("svc-a", "osmo-user"),
        ("svc.a", "osmo-backend"),
        ("svcb", "osmo-user"),
    ] {
        osmo.user(id, &[role]);
        osmo.advance_seconds(1);
    }
    let list = |query: &str| osmo.get(&format!("{USERS}{query}")).expect(200);
    let ids = |query: &str| -> Vec<String> {
        let users = list(query)["users"].as_array().unwrap().clone();
        users.iter().map(|user| text(user, "/id")).collect()
    };
    assert_eq!(ids(""), ["svcb", "svc.a", "svc-a", "admin"]);
    assert_eq!(ids("?start_index=2&count=2"), ["svc.a", "svc-a"]);
    assert_eq!(ids("?start_index=9&start_index=2.0&count=1"), ["svc.a"]);
    assert_eq!(list("?start_index=2&count=2")["total_results"], 4);
    assert_eq!(ids("?start_index=0&count=0"), ["svcb"]);
    assert_eq!(
        ids("?id_prefix=svc_a"),
        ["svc.a", "svc-a"],
        "an underscore is a wildcard"
    );
    assert_eq!(
        ids("?roles=osmo-backend&roles=osmo-admin"),
        ["svc.a", "admin"]
    );
    assert_eq!(ids("?roles=osmo-backend,osmo-admin"), [""; 0]);
    assert_eq!(
        ids("?id_prefix=svc&roles=osmo-user"),
        [""; 0],
        "broken upstream"
    );
    osmo.get(&format!("{USERS}?count=many")).expect(422);
}

#[test]
fn roles_are_assigned_and_taken_one_by_one_as_often_as_one_likes() {
    let osmo = start();
    osmo.user("svc", &[]);
    let roles = format!("{USERS}/svc/roles");
    let assign = |role: &str| osmo.post(&roles, json!({ "role_name": role }));
    let first = assign("osmo-user").expect(200);
    osmo.advance_seconds(5);
    assert_eq!(
        assign("osmo-user").expect(200),
        first,
        "the first assignment stays"
    );
    refused(assign("nope"), "Role nope does not exist");
    refused(
        osmo.post(
            &format!("{USERS}/nobody/roles"),
            json!({ "role_name": "osmo-user" }),
        ),
        "User nobody not found",
    );
    let holders = osmo.get("/api/auth/roles/osmo-user/users").expect(200);
    assert_eq!(holders["users"][0]["user_id"], "svc");
    assert!(text(&holders, "/users/0/assigned_at").ends_with("+00:00"));
    for path in [
        "svc/roles/osmo-user",
        "svc/roles/osmo-user",
        "svc/roles/nope",
        "nobody/roles/x",
    ] {
        osmo.delete(&format!("{USERS}/{path}"))
            .expect_text(200, "null");
    }
    assert_eq!(
        osmo.get(&roles).expect(200),
        json!({ "user_id": "svc", "roles": [] })
    );
    let many = json!({ "user_ids": ["svc", "nobody"] });
    let assigned = osmo
        .post("/api/auth/roles/osmo-user/users", &many)
        .expect(200);
    assert_eq!(
        (&assigned["assigned"], &assigned["failed"]),
        (&json!(["svc"]), &json!(["nobody"]))
    );
    let blank = json!({ "user_ids": [" "] });
    refused(
        osmo.post("/api/auth/roles/osmo-user/users", &blank),
        "User ID must not be empty",
    );
}

#[test]
fn a_role_taken_from_a_user_is_taken_from_the_tokens_for_good() {
    let osmo = start();
    osmo.user("svc", &["osmo-user", "osmo-backend"]);
    let secret = osmo.token("ci", "?expires_at=2026-12-23");
    assert_eq!(
        osmo.tokens()[0]["roles"],
        json!(["osmo-backend", "osmo-user"])
    );
    osmo.delete(&format!("{USERS}/svc/roles/osmo-user"))
        .expect(200);
    let roles = json!({ "role_name": "osmo-user" });
    osmo.post(&format!("{USERS}/svc/roles"), &roles).expect(200);
    assert_eq!(
        osmo.tokens()[0]["roles"],
        json!(["osmo-backend"]),
        "not given back"
    );
    osmo.delete(&format!("{USERS}/svc/roles/osmo-backend"))
        .expect(200);
    assert_eq!(claims(&exchange(&osmo, &secret))["roles"], json!([]));
}

#[test]
fn deleting_a_role_takes_it_from_users_and_tokens() {
    let osmo = start();
    let role = json!({ "configs": { "name": "custom", "description": "", "policies": [] } });
    osmo.put("/api/configs/role/custom", &role)
        .expect_text(200, "null");
    osmo.user("svc", &["custom", "osmo-user"]);
    osmo.token("ci", "?expires_at=2026-12-23");
    let path = "/api/configs/role/custom";
    osmo.delete(path).expect(422);
    let delete = || osmo.send(Method::DELETE, path, "{}");
    delete().expect_text(200, "null");
    assert_eq!(osmo.tokens()[0]["roles"], json!(["osmo-user"]));
    refused(delete(), "Role custom does not exist.");
    refused(osmo.get(path), "Role custom does not exist.");
    osmo.profile(json!({ "config_map": true }));
    let managed = osmo.put("/api/configs/role/custom", &role).expect(409);
    assert!(text(&managed, "/message").contains("managed by ConfigMap"));
}

#[test]
fn a_role_definition_is_checked_and_goes_by_its_own_name() {
    let osmo = start();
    let put = |role: Value| {
        let body = json!({ "configs": role });
        osmo.put("/api/configs/role/custom", &body)
    };
    let missing = put(json!({})).expect(422)["detail"].clone();
    let places: Vec<_> = missing.as_array().unwrap().iter().collect();
    assert_eq!(places.len(), 3, "{missing}");
    assert_eq!(places[2]["loc"], json!(["body", "configs", "policies"]));
    let bare = json!({ "name": "custom", "description": "", "policies": [] });
    let bare = osmo.put("/api/configs/role/custom", &bare);
    assert_eq!(
        bare.expect(422)["detail"][0]["loc"],
        json!(["body", "configs"])
    );
    let with = |action: &str, mode: &str| {
        json!({
            "name": "other", "description": "d", "sync_mode": mode,
            "policies": [{ "actions": [action], "resources": ["*"] }],
        })
    };
    let mode = put(with("pool:List", "never")).expect(422)["detail"][0].clone();
    assert_eq!(mode["msg"], "Input should be 'force', 'import' or 'ignore'");
    let action = put(with("pool", "force")).expect(400);
    assert!(text(&action, "/message").starts_with("Invalid action format: pool."));
    put(with("pool:List", "force")).expect_text(200, "null");
    let made = osmo.get("/api/configs/role/other").expect(200);
    assert_eq!(made["policies"][0]["effect"], "Allow");
    osmo.get("/api/configs/role/custom").expect(400);
}
