//! Users, and the roles that are assigned to them.

use reqwest::Method;
use serde_json::{Value, json};

use super::super::caller::text;
use super::{USERS, claims, exchange, refused, start, try_exchange};

#[test]
fn a_user_is_made_without_roles_in_its_answer_and_read_with_them() {
    let osmo = start();
    let body =
        json!({ "id": "svc", "roles": ["osmo-user", "osmo-backend", "osmo-user"], "extra": 1 });
    let created = osmo.admin.post(USERS, &body).expect(200);
    assert_eq!(created["created_by"], "admin");
    assert!(created.get("roles").is_none());
    assert!(text(&created, "/created_at").ends_with('Z'));
    let read = osmo.admin.get(&format!("{USERS}/svc")).expect(200);
    let names: Vec<_> = read["roles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| &role["role_name"])
        .collect();
    assert_eq!(names, ["osmo-backend", "osmo-user"]);
    assert_eq!(read["roles"][0]["assigned_by"], "admin");
    osmo.admin
        .put(&format!("{USERS}/svc"), &json!({}))
        .expect(405);
}

#[test]
fn what_makes_no_user_is_a_400_or_a_validation_error() {
    let osmo = start();
    osmo.user("svc", &[]);
    let create = |body: Value| osmo.admin.post(USERS, &body);
    refused(create(json!({ "id": "svc" })), "User svc already exists");
    refused(
        create(json!({ "id": "new", "roles": ["nope"] })),
        "Role nope does not exist",
    );
    refused(
        osmo.admin.get(&format!("{USERS}/new")),
        "User new not found",
    );
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
    let empty = osmo.admin.call(Method::POST, USERS).expect(422);
    assert_eq!(empty["detail"][0]["loc"], json!(["body"]));
    create(json!({ "id": "SVC" })).expect(200);
    create(json!({ "id": "x".repeat(300) })).expect(200);
    refused(
        osmo.admin.get(&format!("{USERS}/%20")),
        "User ID must not be empty",
    );
}

#[test]
fn deleting_answers_null_and_a_user_made_again_starts_empty() {
    let osmo = start();
    osmo.user("svc", &["osmo-user"]);
    let secret = osmo.token("ci", "?expires_at=2026-12-23");
    osmo.admin
        .delete(&format!("{USERS}/svc"))
        .expect_text(200, "null");
    refused(
        osmo.admin.delete(&format!("{USERS}/svc")),
        "User svc not found",
    );
    refused(
        try_exchange(&osmo.vendor, &secret),
        "Access Token is invalid",
    );
    osmo.user("svc", &[]);
    assert_eq!(osmo.tokens(), json!([]));
    let read = osmo.admin.get(&format!("{USERS}/svc")).expect(200);
    assert_eq!(read["roles"], json!([]));
}

#[test]
fn an_empty_id_is_redirected_to_the_list() {
    let osmo = start();
    let redirected = osmo.admin.delete(&format!("{USERS}/"));
    assert_eq!(
        (redirected.status, redirected.header("location")),
        (307, USERS)
    );
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
        osmo.vendor.advance_seconds(1);
    }
    let list = |query: &str| osmo.admin.get(&format!("{USERS}{query}")).expect(200);
    let ids = |query: &str| -> Vec<String> {
        let users = list(query)["users"].as_array().unwrap().clone();
        users.iter().map(|user| text(user, "/id")).collect()
    };
    assert_eq!(ids(""), ["svcb", "svc.a", "svc-a", "admin"]);
    assert_eq!(ids("?start_index=2&count=2"), ["svc.a", "svc-a"]);
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
    osmo.admin.get(&format!("{USERS}?count=many")).expect(422);
}

#[test]
fn roles_are_assigned_and_taken_one_by_one_as_often_as_one_likes() {
    let osmo = start();
    osmo.user("svc", &[]);
    let roles = format!("{USERS}/svc/roles");
    let assign = |role: &str| osmo.admin.post(&roles, &json!({ "role_name": role }));
    let first = assign("osmo-user").expect(200);
    osmo.vendor.advance_seconds(5);
    assert_eq!(
        assign("osmo-user").expect(200),
        first,
        "the first assignment stays"
    );
    refused(assign("nope"), "Role nope does not exist");
    refused(
        osmo.admin.post(
            &format!("{USERS}/nobody/roles"),
            &json!({ "role_name": "osmo-user" }),
        ),
        "User nobody not found",
    );
    let holders = osmo
        .admin
        .get("/api/auth/roles/osmo-user/users")
        .expect(200);
    assert_eq!(holders["users"][0]["user_id"], "svc");
    assert!(text(&holders, "/users/0/assigned_at").ends_with("+00:00"));
    for path in [
        "svc/roles/osmo-user",
        "svc/roles/osmo-user",
        "svc/roles/nope",
        "nobody/roles/x",
    ] {
        osmo.admin
            .delete(&format!("{USERS}/{path}"))
            .expect_text(200, "null");
    }
    assert_eq!(
        osmo.admin.get(&roles).expect(200),
        json!({ "user_id": "svc", "roles": [] })
    );
    let many = json!({ "user_ids": ["svc", "nobody"] });
    let assigned = osmo
        .admin
        .post("/api/auth/roles/osmo-user/users", &many)
        .expect(200);
    assert_eq!(
        (&assigned["assigned"], &assigned["failed"]),
        (&json!(["svc"]), &json!(["nobody"]))
    );
    let blank = json!({ "user_ids": [" "] });
    refused(
        osmo.admin.post("/api/auth/roles/osmo-user/users", &blank),
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
    osmo.admin
        .delete(&format!("{USERS}/svc/roles/osmo-user"))
        .expect(200);
    let roles = json!({ "role_name": "osmo-user" });
    osmo.admin
        .post(&format!("{USERS}/svc/roles"), &roles)
        .expect(200);
    assert_eq!(
        osmo.tokens()[0]["roles"],
        json!(["osmo-backend"]),
        "not given back"
    );
    osmo.admin
        .delete(&format!("{USERS}/svc/roles/osmo-backend"))
        .expect(200);
    assert_eq!(claims(&exchange(&osmo.vendor, &secret))["roles"], json!([]));
}

#[test]
fn deleting_a_role_takes_it_from_users_and_tokens() {
    let osmo = start();
    let role = json!({ "configs": { "policies": [] } });
    osmo.admin
        .put("/api/configs/role/custom", &role)
        .expect_text(200, "null");
    osmo.user("svc", &["custom", "osmo-user"]);
    osmo.token("ci", "?expires_at=2026-12-23");
    osmo.admin
        .delete("/api/configs/role/custom")
        .expect_text(200, "null");
    assert_eq!(osmo.tokens()[0]["roles"], json!(["osmo-user"]));
    refused(
        osmo.admin.get("/api/configs/role/custom"),
        "Role custom does not exist",
    );
    let operator = osmo.vendor.token().to_owned();
    osmo.vendor
        .profile(&operator, &json!({ "config_map": true }));
    let managed = osmo
        .admin
        .put("/api/configs/role/custom", &role)
        .expect(409);
    assert!(text(&managed, "/message").contains("managed by ConfigMap"));
}
