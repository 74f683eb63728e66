//! People beside the service accounts, and streams on which a credential can be tried.

use serde_json::{Value, json};

use super::{ACCOUNTS, EMAIL, start};
use crate::support::caller::text;

const USERS: &str = "/api/default/users";
const ALICE: &str = "alice@example.com";
const PASSWORD: &str = "Complexpass#123";

fn alice(role: &str) -> Value {
    json!({ "email": "Alice@Example.com", "password": PASSWORD, "first_name": "Alice", "role": role, "organization": "default" })
}

#[test]
fn people_are_members_with_a_role_and_a_password() {
    let openobserve = start();
    let root = &openobserve;
    let saved = json!({ "code": 200, "message": "User saved successfully" });
    assert_eq!(root.post(USERS, alice("admin")).expect(200), saved);
    let again = root.post(USERS, alice("admin")).expect(400);
    assert_eq!(again["message"], "User already exists");
    openobserve.create();
    let listed = root.get(USERS).expect(200);
    let emails = [
        text(&listed, "/data/0/email"),
        text(&listed, "/data/1/email"),
    ];
    assert_eq!(
        emails,
        [ALICE, "root@example.com"],
        "and no service account"
    );
    assert!(listed["data"][0].get("token").is_none());

    // An administrator may make accounts; whoever has another role may not.
    let admin = openobserve.holding(ALICE, PASSWORD);
    let other = json!({ "email": "other@sa.internal" });
    admin.post(ACCOUNTS, &other).expect(200);
    openobserve.holding(ALICE, "wrong").get(USERS).expect(401);
    let path = format!("{USERS}/{ALICE}");
    let viewer = json!({ "first_name": "Alicia", "role": "viewer" });
    root.put(&path, &viewer).expect(200);
    let more = json!({ "email": "more@sa.internal" });
    assert_eq!(
        admin.post(ACCOUNTS, &more).expect(403)["message"],
        "Not Allowed"
    );
    // What is wrong is said before who may not.
    let wrong = json!({ "email": "wrong" });
    assert_eq!(
        admin.post(ACCOUNTS, &wrong).expect(400)["message"],
        "Invalid email"
    );
    let listed = root.get(USERS).expect(200);
    assert_eq!(listed["data"][0]["first_name"], "Alicia");
    assert_eq!(listed["data"][0]["role"], "viewer");

    let removed = root.delete(&path).expect(200);
    assert_eq!(removed["message"], "User removed from organization");
    assert_eq!(
        root.put(&path, &viewer).expect(404)["message"],
        "User not found"
    );
    admin.get(USERS).expect(401);
}

#[test]
fn what_makes_no_person_is_refused() {
    let openobserve = start();
    let root = &openobserve;
    let with = |name: &str, value: &str| {
        let mut body = alice("admin");
        body[name] = json!(value);
        text(&root.post(USERS, &body).expect(400), "/message")
    };
    assert!(with("password", "123456").starts_with("Password must be 8-128 characters"));
    assert_eq!(with("role", "m"), "Custom role not found");
    assert_eq!(with("role", "root"), "Not allowed");
    assert_eq!(with("email", "alice"), "Invalid Email address");
    let add = root.post(&format!("{USERS}/{ALICE}"), alice("admin"));
    assert_eq!(add.expect(422)["message"], "User not found");
    root.post("/api/nowhere/users", alice("admin")).expect(404);
    root.put(&format!("{USERS}/{ALICE}"), json!({ "custom_role": ["r"] }))
        .expect(400);

    root.post(USERS, alice("user")).expect(200);
    let there = openobserve.organization();
    let path = format!("/api/{there}/users/{ALICE}");
    root.post(&path, json!({ "role": "user" })).expect(200);
    root.post(&path, json!({ "role": "user" })).expect(409);
}

#[test]
fn the_ways_of_service_accounts_reach_people_too() {
    let openobserve = start();
    let root = &openobserve;
    root.post(USERS, alice("admin")).expect(200);
    assert_eq!(root.get(ACCOUNTS).expect(200), json!({ "data": [] }));
    let taken = root.post(ACCOUNTS, json!({ "email": ALICE })).expect(400);
    assert_eq!(taken["message"], "User already exists");
    let path = format!("{ACCOUNTS}/{ALICE}");
    let rotated = root.put(&format!("{path}?rotateToken=true"), json!({}));
    assert_eq!(rotated.expect(200)["user"], ALICE);
    root.delete(&path).expect(200);
    let listed = root.get(USERS).expect(200);
    assert_eq!(listed["data"].as_array().unwrap().len(), 1, "{listed}");
}

#[test]
fn the_open_source_edition_makes_administrators_of_whoever_is_changed() {
    let openobserve = start();
    openobserve.profile(json!({ "edition": "oss" }));
    let root = &openobserve;
    assert_eq!(
        root.post(USERS, alice("m")).expect(400)["message"],
        "Custom roles not allowed"
    );
    let token = openobserve.create();
    let path = format!("{USERS}/{EMAIL}");
    root.put(&path, json!({ "first_name": "x" })).expect(200);
    assert_eq!(root.get(ACCOUNTS).expect(200), json!({ "data": [] }));
    let listed = root.get(USERS).expect(200);
    assert_eq!(listed["data"][0]["role"], "admin");
    assert!(!token.is_empty());
}

#[test]
fn records_are_counted_by_a_search() {
    let openobserve = start();
    let root = &openobserve;
    let records = json!([{ "message": "a" }, { "message": "b" }]);
    let sent = root.post("/api/default/logs/_json", &records).expect(200);
    assert_eq!(
        sent["status"],
        json!([{ "name": "logs", "successful": 2, "failed": 0 }])
    );
    let search = |sql: &str| {
        let body = json!({ "query": { "sql": sql, "from": 0, "size": 1 } });
        root.post("/api/default/_search?type=logs", &body)
            .expect(200)
    };
    let counted = search(r#"SELECT COUNT(*) AS c FROM "logs""#);
    assert_eq!(counted["hits"], json!([{ "c": 2 }]));
    let streams = || root.get("/api/default/summary").expect(200)["streams"].take();
    assert_eq!(streams()["num_streams"], 1);
    assert_eq!(streams()["total_records"], 2);
    root.delete("/api/default/streams/logs?type=logs")
        .expect(200);
    assert_eq!(
        search(r#"SELECT COUNT(*) AS c FROM "logs""#)["hits"],
        json!([{ "c": 0 }])
    );
    assert_eq!(streams()["num_streams"], 0);
    let tokens = root.get("/api/default/ingestion-tokens").expect(200);
    let ingester = openobserve.holding("x", &text(&tokens, "/data/0/token"));
    ingester
        .post("/api/default/logs/_json", json!([{}]))
        .expect(200);
    let search = json!({ "query": { "sql": "SELECT 1" } });
    ingester.post("/api/default/_search", &search).expect(401);
    // Whole files are sent: more than other servers take.
    let large = json!([{ "message": "x".repeat(2 * 1024 * 1024) }]);
    root.post("/api/default/logs/_json", &large).expect(200);
}
