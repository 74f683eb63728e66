//! Service accounts: made, named, rotated, deleted, and the shapes of refusals.

use reqwest::Method;
use serde_json::{Value, json};

use super::{ACCOUNTS, CI, EMAIL, refused, start};
use crate::support::caller::text;

#[test]
fn a_create_is_a_200_with_the_token_and_the_address_in_lower_case() {
    let openobserve = start();
    let body = json!({ "email": " CI.Default@SA.internal ", "first_name": " CI ", "extra": 1 });
    let created = openobserve.post(ACCOUNTS, &body);
    assert!(!created.header("x-api-node").is_empty());
    let created = created.expect(200);
    assert_eq!(created["message"], "User saved successfully");
    assert_eq!(
        (&created["code"], &created["user"]),
        (&json!(200), &json!(EMAIL))
    );
    let token = text(&created, "/token");
    assert_eq!(token.len(), 16);
    let listed = openobserve.listed("default");
    assert_eq!(listed.len(), 1);
    let account = &listed[0];
    assert_eq!(account["token"], format!("{}********", &token[..4]));
    assert_eq!(
        (&account["first_name"], &account["last_name"]),
        (&json!("CI"), &json!(""))
    );
    assert_eq!(
        (&account["role"], &account["is_external"]),
        (&json!("service_account"), &json!(false))
    );
    assert!(
        account["created_at"].as_i64().unwrap() > 1_000_000_000_000_000,
        "microseconds"
    );
    assert!(account.get("is_system").is_none());
    assert!(openobserve.opens("default", &token));
    assert!(
        openobserve.opens("default", &format!(" {token} ")),
        "white space is trimmed"
    );
}

#[test]
fn what_makes_no_account_is_refused_in_its_order() {
    let openobserve = start();
    let token = openobserve.create();
    let create = |body: Value| openobserve.post(ACCOUNTS, &body);
    for email in ["ci@localhost", "a'b@x.co", "a@x_y.co", "a@x.c", ""] {
        refused(create(json!({ "email": email })), 400, 400, "Invalid email");
    }
    refused(
        create(json!({ "email": EMAIL })),
        400,
        400,
        "User already exists",
    );
    refused(
        create(json!({ "email": "root@example.com" })),
        400,
        400,
        "User already exists",
    );
    let holder = openobserve.holding(EMAIL, &token);
    refused(
        holder.post(ACCOUNTS, json!({ "email": "x@y.co" })),
        403,
        403,
        "Not Allowed",
    );
}

#[test]
fn the_framework_refuses_bodies_as_plain_text() {
    let openobserve = start();
    let send = |media_type: &str, body: &str| {
        let body = Some((media_type, body.to_owned()));
        openobserve.try_send(Method::POST, ACCOUNTS, body).unwrap()
    };
    send("text/plain", "{}").expect_text(
        415,
        "Expected request with `Content-Type: application/json`",
    );
    send("application/json", "").expect_text(
        400,
        "Failed to parse the request body as JSON: EOF while parsing a value at line 1 column 0",
    );
    send("application/json; charset=utf-8", "{}").expect_text(
        422,
        "Failed to deserialize the JSON body into the target type: missing field `email` at line 1 column 2",
    );
    let null = send("application/json", r#"{"email":null}"#);
    assert_eq!(null.header("content-type"), "text/plain; charset=utf-8");
    null.expect_text(
        422,
        "Failed to deserialize the JSON body into the target type: email: invalid type: null, expected a string \
         at line 1 column 13",
    );
    openobserve
        .call(Method::PUT, &format!("{CI}?rotateToken=true"))
        .expect(415);
    openobserve
        .call(Method::DELETE, &format!("{ACCOUNTS}/bulk"))
        .expect(415);
}

#[test]
fn each_kind_of_401_404_and_405_has_its_own_shape() {
    let openobserve = start();
    openobserve.create();
    let missing = openobserve.anonymous().get(ACCOUNTS);
    refused(missing, 401, 401, "Unauthorized Access");
    let wrong = openobserve.holding(EMAIL, "wrong").get(ACCOUNTS);
    assert!(wrong.header("www-authenticate").starts_with("Bearer "));
    wrong.lacks("content-type");
    wrong.expect_text(401, "Unauthorized Access");
    openobserve
        .get("/api/nowhere/service_accounts")
        .expect_text(404, "Organization not found");
    openobserve
        .holding(EMAIL, "wrong")
        .get("/api/nowhere/service_accounts")
        .expect(401);
    openobserve
        .get(&format!("{ACCOUNTS}/"))
        .expect_text(404, "");
    openobserve
        .anonymous()
        .get("/api/default/nothing")
        .expect_text(404, "");
    let one = openobserve.get(CI);
    assert_eq!(one.header("allow"), "PUT,DELETE");
    one.expect_text(405, "");
    let patched = openobserve.patch(ACCOUNTS, json!({}));
    assert_eq!(patched.header("allow"), "GET,HEAD,POST");
    let asked = openobserve.anonymous().with("origin", "http://ui.example");
    let asked = asked.call(Method::OPTIONS, CI);
    assert_eq!(
        asked.header("access-control-allow-origin"),
        "http://ui.example"
    );
    asked.expect_text(200, "");
    openobserve.anonymous().get(CI).expect(401);
}

#[test]
fn an_update_replaces_both_names_and_a_rotation_neither() {
    let openobserve = start();
    openobserve.create();
    let names = || {
        let account = openobserve.listed("default").remove(0);
        (text(&account, "/first_name"), text(&account, "/last_name"))
    };
    let updated = openobserve.put(&CI.replace('@', "%40"), json!({ "first_name": "new" }));
    refused(updated, 200, 200, "User updated successfully");
    assert_eq!(names(), ("new".to_owned(), String::new()));
    let empty = json!({ "first_name": "", "last_name": "" });
    openobserve
        .put(&format!("{CI}?rotateToken=TRUE"), &empty)
        .expect(200);
    assert_eq!(names().0, "new");
    openobserve.put(CI, json!({})).expect(200);
    assert_eq!(names().0, "");
    let nobody = openobserve.put(&format!("{ACCOUNTS}/no@body.co"), json!({}));
    refused(nobody, 404, 404, "User not found");
    refused(
        openobserve.put(&format!("{ACCOUNTS}/bad"), json!({})),
        400,
        400,
        "Invalid email",
    );
    let root = openobserve.put(&format!("{ACCOUNTS}/root@example.com"), json!({}));
    refused(root, 400, 400, "Root user cannot be updated");
    let path = format!("{CI}?rotateToken=true&rotateToken=false");
    let merged = "application/merge-patch+json";
    openobserve
        .send_as(Method::PUT, &path, merged, "{}".to_owned())
        .expect(200);
    assert_eq!(
        openobserve.listed("default")[0]["first_name"],
        "",
        "no rotation"
    );
    let odd = openobserve.put(&format!("{CI}?rotateToken=maybe"), json!({}));
    refused(
        odd,
        400,
        400,
        " 'rotateToken' query param with value 'true' or 'false' allowed",
    );
}

#[test]
fn a_rotation_ends_the_old_token_at_once() {
    let openobserve = start();
    let old = openobserve.create();
    let rotated = openobserve.rotate().expect(200);
    assert_eq!(rotated["user"], EMAIL);
    assert!(rotated.get("code").is_none());
    let new = text(&rotated, "/token");
    assert!(!openobserve.opens("default", &old) && openobserve.opens("default", &new));
    assert!(text(&openobserve.listed("default")[0], "/token").starts_with(&new[..4]));
    let own = openobserve
        .holding(EMAIL, &new)
        .put(&format!("{CI}?rotateToken=true"), json!({}));
    refused(
        own,
        403,
        403,
        "Admin or Root role required to rotate service account tokens",
    );
    let nobody = openobserve.put(
        &format!("{ACCOUNTS}/no@body.co?rotateToken=true"),
        json!({}),
    );
    refused(nobody, 404, 404, "User not found");
}

#[test]
fn a_deleted_account_is_gone_with_its_token() {
    let openobserve = start();
    let token = openobserve.create();
    let holder = openobserve.holding(EMAIL, &token);
    refused(holder.delete(CI), 403, 401, "Not Allowed");
    refused(
        openobserve.delete(CI),
        200,
        200,
        "User removed from organization",
    );
    assert!(!openobserve.opens("default", &token));
    refused(
        openobserve.delete(CI),
        404,
        404,
        "User for the organization not found",
    );
    let root = openobserve.delete(&format!("{ACCOUNTS}/root@example.com"));
    refused(root, 403, 403, "Not Allowed");
}

#[test]
fn an_account_of_two_organizations_has_two_tokens_and_one_name() {
    let openobserve = start();
    let other = openobserve.organization();
    let first = openobserve.create();
    let body = json!({ "email": EMAIL, "first_name": "dropped" });
    let path = format!("/api/{other}/service_accounts");
    let second = text(&openobserve.post(&path, &body).expect(200), "/token");
    assert!(openobserve.opens("default", &first) && openobserve.opens(&other, &second));
    assert!(!openobserve.opens("default", &second) && !openobserve.opens(&other, &first));
    assert_eq!(openobserve.listed(&other)[0]["first_name"], "CI");
    openobserve
        .put(CI, json!({ "first_name": "new" }))
        .expect(200);
    assert_eq!(openobserve.listed(&other)[0]["first_name"], "new");
    openobserve.delete(CI).expect(200);
    assert!(openobserve.opens(&other, &second));
    openobserve.delete(CI).expect(200);
    assert!(
        !openobserve.opens(&other, &second),
        "the last membership goes wherever it is"
    );
}

#[test]
fn a_bulk_delete_says_200_and_what_became_of_each() {
    let openobserve = start();
    openobserve.create();
    let body = json!({ "ids": [EMAIL, "no@body.co"] }).to_string();
    let path = format!("{ACCOUNTS}/bulk");
    let done = openobserve.send(Method::DELETE, &path, body).expect(200);
    assert_eq!(
        done,
        json!({ "successful": [EMAIL], "unsuccessful": ["no@body.co"], "err": "Not Found" })
    );
    let nothing = openobserve.send(Method::DELETE, &path, json!({ "ids": [] }).to_string());
    assert_eq!(nothing.expect(200)["err"], Value::Null);
}

#[test]
fn the_newest_account_is_listed_first() {
    let openobserve = start();
    for number in 0..3 {
        openobserve.create_in("default", &format!("a{number}@x.co"));
    }
    let emails: Vec<_> = openobserve
        .listed("default")
        .iter()
        .map(|account| text(account, "/email"))
        .collect();
    assert_eq!(emails, ["a2@x.co", "a1@x.co", "a0@x.co"]);
}

#[test]
fn the_account_an_organization_was_made_with_has_a_token_that_never_works() {
    let openobserve = start();
    let body = json!({ "name": "Other", "service_account": EMAIL });
    let organization = text(
        &openobserve.post("/api/organizations", &body).expect(200),
        "/identifier",
    );
    let prefix = || text(&openobserve.listed(&organization)[0], "/token");
    let before = prefix();
    assert_eq!(before.len(), 12);
    let path = format!("/api/{organization}/service_accounts/{EMAIL}?rotateToken=true");
    let rotated = openobserve.put(&path, json!({})).expect(200);
    assert_eq!(rotated["token"], "NOT_AVAILABLE");
    assert_ne!(prefix(), before, "replaced all the same");
}
