//! Ingestion tokens of an organization.

use reqwest::Method;
use serde_json::{Value, json};

use super::{EMAIL, INGESTION, refused, start};
use crate::support::caller::text;

#[test]
fn ingestion_tokens_are_shown_again_switched_and_never_deleted() {
    let openobserve = start();
    let list = || {
        openobserve.get(INGESTION).expect(200)["data"]
            .as_array()
            .unwrap()
            .clone()
    };
    let default = list().remove(0);
    assert_eq!(
        (&default["name"], &default["is_default"]),
        (&json!("default"), &json!(true))
    );
    assert_eq!(default["created_by"], "system");
    let create = |body: Value| openobserve.post(INGESTION, &body);
    let created = create(json!({ "name": " edge-1 ", "description": "d" })).expect(200);
    let token = text(&created, "/data/token");
    assert!(token.starts_with("o2oi_") && token.len() == 37);
    create(json!({ "name": "edge-2" })).expect(200);
    let names: Vec<_> = list().iter().map(|token| text(token, "/name")).collect();
    assert_eq!(names, ["default", "edge-2", "edge-1"]);
    assert_eq!(list()[2], created["data"]);
    for (name, message) in [
        (" ", "Token name cannot be empty"),
        (
            &*"x".repeat(257),
            "Token name must be 256 characters or fewer",
        ),
        (
            "a b",
            "Token name can only contain alphanumeric characters, hyphens, and underscores",
        ),
        (
            "edge-1",
            "Token with name 'edge-1' already exists in this org",
        ),
    ] {
        refused(create(json!({ "name": name })), 400, 400, message);
    }
    create(json!({ "name": "y", "description": 5 })).expect(422);
    create(json!({ "name": null })).expect(422);
    let edge = format!("{INGESTION}/edge-1");
    let deleted = openobserve.delete(&edge);
    assert_eq!((deleted.status, deleted.header("allow")), (405, "PATCH"));
    let off = openobserve.patch(&edge, json!({ "enabled": false }));
    refused(
        off,
        200,
        200,
        r#"{"message":"Token disabled successfully"}"#,
    );
    assert_eq!(list()[2]["enabled"], false);
    let nobody = openobserve.patch(&format!("{INGESTION}/nobody"), json!({ "enabled": true }));
    refused(nobody, 404, 404, "Token 'nobody' not found");
}

#[test]
fn an_ingestion_token_ingests_into_its_organization_and_does_nothing_else() {
    let openobserve = start();
    let other = openobserve.organization();
    // Of all texts, this one may be null.
    let created = openobserve
        .post(INGESTION, json!({ "name": "edge", "description": null }))
        .expect(200);
    let holder = openobserve.holding("anything", &text(&created, "/data/token"));
    let ingest = |organization: &str| {
        holder
            .post(&format!("/api/{organization}/logs/_json"), json!([]))
            .status
    };
    assert_eq!((ingest("default"), ingest(&other)), (200, 401));
    holder.get("/api/default/dashboards").expect(401);
    let switch = |enabled: bool| {
        let body = json!({ "enabled": enabled });
        openobserve
            .patch(&format!("{INGESTION}/edge"), &body)
            .expect(200);
    };
    switch(false);
    assert_eq!(ingest("default"), 401);
    switch(true);
    assert_eq!(ingest("default"), 200);
    let account = openobserve.create();
    let member = openobserve.holding(EMAIL, &account);
    // On the enterprise edition roles decide that, and none are enforced here.
    member.get(INGESTION).expect(200);
    openobserve.profile(json!({ "edition": "oss" }));
    refused(
        member.get(INGESTION),
        403,
        403,
        "Admin or Root role required to list ingestion tokens",
    );
    let rotated = member
        .call(Method::PUT, "/api/default/passcode")
        .expect(200);
    let shown = openobserve.get("/api/default/passcode").expect(200);
    assert_eq!(rotated["data"]["passcode"], shown["data"]["passcode"]);
    // The root user's is that of `default`, whatever the path says.
    let elsewhere = format!("/api/{other}/passcode");
    let rotated = openobserve.call(Method::PUT, &elsewhere).expect(200);
    let shown = openobserve.get("/api/default/passcode").expect(200);
    assert_eq!(rotated["data"]["passcode"], shown["data"]["passcode"]);
    assert_eq!(openobserve.get(&elsewhere).expect(200), shown);
}

#[test]
fn everybody_has_a_token_for_browsers() {
    let openobserve = start();
    let token = openobserve.create();
    let member = openobserve.holding(EMAIL, &token);
    let path = "/api/default/rumtoken";
    let own = text(&member.get(path).expect(200), "/data/rum_token");
    assert_eq!((own.len(), own.starts_with("rum")), (19, true));
    assert_eq!(text(&member.get(path).expect(200), "/data/rum_token"), own);
    let new = member.call(Method::PUT, path).expect(200);
    assert_ne!(text(&new, "/data/rum_token"), own);
    assert_eq!(text(&new, "/data/user"), EMAIL);
    let root = openobserve.get(path).expect(200);
    assert_ne!(
        text(&root, "/data/rum_token"),
        text(&new, "/data/rum_token")
    );
}
