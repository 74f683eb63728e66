//! What differs by edition, version and setting.

use lanyard_token_server::Api;
use reqwest::Method;
use serde_json::{Value, json};

use super::{ACCOUNTS, CI, EMAIL, INGESTION, OpenObserve, refused, start};
use crate::support::caller::text;
use crate::vendor::Vendor;

#[test]
fn roles_change_by_deltas_and_forget_whoever_is_deleted() {
    let openobserve = start();
    openobserve.create();
    let roles = "/api/default/roles";
    let root = &openobserve;
    refused(
        root.post(roles, json!({ "role": "my reader!" })),
        200,
        200,
        "Role created successfully",
    );
    assert_eq!(root.get(roles).expect(200), json!(["my_reader_"]));
    root.post(roles, json!({ "role": "my_reader_" }))
        .expect(400);
    let standard = root.post(roles, json!({ "role": "Admin" }));
    refused(
        standard,
        400,
        400,
        "Custom role name cannot be empty or standard role",
    );
    let role = format!("{roles}/my_reader_");
    let permission = json!({ "object": "stream:_all_default", "permission": "AllowGet" });
    let change =
        json!({ "add": [permission], "remove": [], "add_users": [EMAIL], "remove_users": [] });
    refused(
        root.put(&role, &change),
        200,
        200,
        "Role updated successfully",
    );
    assert_eq!(
        root.get(&format!("{role}/users")).expect(200),
        json!([EMAIL])
    );
    assert_eq!(
        root.get(&format!("{role}/permissions")).expect(200),
        json!([permission])
    );
    let of_user = format!("/api/default/users/{EMAIL}/roles");
    assert_eq!(root.get(&of_user).expect(200), json!(["my_reader_"]));
    let all = root.get("/api/default/users/roles/all").expect(200);
    assert_eq!(all, json!({ EMAIL: ["my_reader_"] }));
    root.delete(CI).expect(200);
    assert_eq!(root.get(&format!("{role}/users")).expect(200), json!([]));
    refused(root.delete(&role), 200, 200, r#"{"successful":"true"}"#);
    root.post("/api/default/groups", json!({ "name": "empty" }))
        .expect(200);
    root.post(
        "/api/default/groups",
        json!({ "name": "full", "users": [EMAIL] }),
    )
    .expect(200);
    assert_eq!(
        root.get("/api/default/groups").expect(200),
        json!(["empty"])
    );
    let add =
        json!({ "add_users": [EMAIL], "remove_users": [], "add_roles": ["r"], "remove_roles": [] });
    root.put("/api/default/groups/empty", &add).expect(200);
    assert_eq!(
        root.get("/api/default/groups/empty").expect(200)["users"],
        json!([EMAIL])
    );
    root.get("/api/default/groups/nobody").expect(200);
    let of_user = root.get(&format!("/api/default/users/{EMAIL}/groups"));
    assert_eq!(of_user.expect(200), json!(["empty", "full"]));
    let group = root.delete("/api/default/groups/full");
    refused(group, 200, 200, r#"{"successful":"true"}"#);
}

#[test]
fn roles_groups_and_people_are_deleted_in_bulk_as_accounts_are() {
    let openobserve = start();
    let root = &openobserve;
    let bulk = |of: &str, ids: Value| {
        let path = format!("/api/default/{of}/bulk");
        let body = json!({ "ids": ids }).to_string();
        root.send(Method::DELETE, &path, body).expect(200)
    };
    root.post("/api/default/roles", json!({ "role": "bulk" }))
        .expect(200);
    let done = json!({ "successful": ["bulk"], "unsuccessful": [], "err": null });
    assert_eq!(bulk("roles", json!(["bulk"])), done);
    assert_eq!(root.get("/api/default/roles").expect(200), json!([]));
    root.post("/api/default/groups", json!({ "name": "bulk" }))
        .expect(200);
    assert_eq!(bulk("groups", json!(["bulk"])), done);
    assert_eq!(root.get("/api/default/groups").expect(200), json!([]));
    let alice = json!({ "email": "alice@x.co", "password": "Complexpass#123", "role": "admin" });
    root.post("/api/default/users", &alice).expect(200);
    assert_eq!(
        bulk(
            "users",
            json!(["alice@x.co", "root@example.com", "no@body.co"])
        ),
        json!({ "successful": ["alice@x.co"], "unsuccessful": ["root@example.com", "no@body.co"], "err": "Not Found" })
    );
    let roles = root.get("/api/default/users/roles").expect(200);
    assert_eq!(roles[1], json!({ "label": "Editor", "value": "editor" }));

    root.profile(json!({ "edition": "oss" }));
    let groups = root.send(
        Method::DELETE,
        "/api/default/groups/bulk",
        r#"{"ids":[]}"#.to_owned(),
    );
    refused(groups, 403, 403, "Not Supported");
    assert_eq!(bulk("users", json!([]))["successful"], json!([]));
    let roles = root.get("/api/default/users/roles").expect(200);
    assert_eq!(roles, json!([{ "label": "Admin", "value": "admin" }]));
}

#[test]
fn where_roles_are_enforced_an_account_without_one_may_do_nothing() {
    let openobserve = start();
    let token = openobserve.create();
    openobserve.profile(json!({ "rbac": true }));
    let holder = openobserve.holding(EMAIL, &token);
    holder.get(ACCOUNTS).expect_text(403, "Unauthorized Access");
    openobserve
        .post("/api/default/roles", json!({ "role": "r" }))
        .expect(200);
    let add = json!({ "add": [], "remove": [], "add_users": [EMAIL] });
    openobserve.put("/api/default/roles/r", &add).expect(200);
    holder.get(ACCOUNTS).expect(200);
}

#[test]
fn permissions_of_roles_decide_about_accounts_by_the_path_as_it_was_sent() {
    let openobserve = start();
    let token = openobserve.create();
    for email in ["a@x.co", "b@x.co"] {
        openobserve.create_in("default", email);
    }
    let holder = openobserve.holding(EMAIL, &token);
    openobserve
        .post("/api/default/roles", json!({ "role": "r" }))
        .expect(200);
    let permit = |object: &str, permission: &str| {
        let permission =
            json!({ "object": format!("service_accounts:{object}"), "permission": permission });
        let change = json!({ "add": [permission], "remove": [], "add_users": [EMAIL] });
        openobserve.put("/api/default/roles/r", &change).expect(200);
    };
    let seen = || -> Vec<String> {
        let listed = holder.get(ACCOUNTS).expect(200);
        let accounts = listed["data"].as_array().unwrap();
        accounts
            .iter()
            .map(|account| text(account, "/email"))
            .collect()
    };
    let refused = "Unauthorized Access";
    let one = |address: &str| format!("{ACCOUNTS}/{address}?rotateToken=true");
    let bulk = |ids: &[&str]| {
        let body = json!({ "ids": ids }).to_string();
        holder.send(Method::DELETE, &format!("{ACCOUNTS}/bulk"), body)
    };
    permit("a@x.co", "AllowGet");
    permit("a@x.co", "AllowPut");
    assert_eq!(seen(), ["a@x.co"]);
    holder.put(&one("a@x.co"), json!({})).expect(200);
    holder
        .put(&one("a%40x.co"), json!({}))
        .expect_text(403, refused);
    holder
        .put(&one("b@x.co"), json!({}))
        .expect_text(403, refused);
    let new = json!({ "email": "c@x.co" });
    holder.post(ACCOUNTS, &new).expect_text(403, refused);
    holder
        .delete(&format!("{ACCOUNTS}/a@x.co"))
        .expect_text(403, refused);
    permit("a@x.co", "AllowDelete");
    bulk(&["a@x.co", "b@x.co"]).expect_text(403, refused);
    bulk(&["a@x.co"]).expect(200);
    permit("_all_default", "AllowAll");
    assert_eq!(seen().len(), 2);
    holder.post(ACCOUNTS, &new).expect(200);
    holder.put(&one("b%40x.co"), json!({})).expect(200);
    holder.delete(&format!("{ACCOUNTS}/b@x.co")).expect(200);
}

#[test]
fn the_open_source_edition_has_no_roles_and_no_single_sign_on() {
    let openobserve = start();
    openobserve.profile(json!({ "edition": "oss" }));
    let config = openobserve.anonymous().get("/config").expect(200);
    assert_eq!(
        (&config["build_type"], &config["rbac_enabled"]),
        (&json!("opensource"), &json!(false))
    );
    let roles = openobserve.get("/api/default/roles");
    refused(roles, 403, 403, "Not Supported");
    refused(
        openobserve.post("/api/default/groups", json!({ "name": "g" })),
        403,
        403,
        "Not Supported",
    );
    openobserve
        .put("/api/default/roles/r", json!({ "add": [] }))
        .expect(422);
    for (path, body, status) in [
        ("/api/default/groups/g", json!({ "add_users": [] }), 403),
        ("/api/default/groups/g", json!({ "add_users": 1 }), 422),
        ("/api/default/roles/r", json!("x"), 403),
    ] {
        openobserve.put(path, body).expect(status);
    }
    let role = openobserve.call(Method::POST, "/api/default/roles");
    role.expect(415);
    let body = json!({ "token": "x", "token_type": "IdToken" });
    openobserve
        .anonymous()
        .post("/config/token", &body)
        .expect_text(404, "");
    let bearer = openobserve.bearer("x").get(ACCOUNTS);
    assert_eq!(
        bearer.header("www-authenticate"),
        r#"Bearer realm="openobserve""#
    );
    bearer.expect_text(401, "Not Supported");
    let token = openobserve.create();
    assert!(openobserve.opens("default", &token));
}

#[test]
fn the_whole_feature_can_be_off() {
    let openobserve = start();
    let token = openobserve.create();
    openobserve.profile(json!({ "service_accounts": false }));
    let off = "Service Accounts Not Enabled";
    refused(openobserve.get(ACCOUNTS), 403, 403, off);
    refused(
        openobserve.post(ACCOUNTS, json!({ "email": "a@x.co" })),
        403,
        403,
        off,
    );
    openobserve.post(ACCOUNTS, json!({})).expect(422);
    refused(openobserve.rotate(), 403, 403, off);
    refused(openobserve.delete(CI), 403, 403, off);
    assert!(!openobserve.opens("default", &token));
    let config = openobserve.anonymous().get("/config").expect(200);
    assert_eq!(config["service_account_enabled"], false);
}

#[test]
fn versions_before_0_80_show_a_token_again_and_not_when_it_is_made() {
    let openobserve = start();
    openobserve.profile(json!({ "version": "v0.70.3" }));
    let created = openobserve
        .post(ACCOUNTS, json!({ "email": EMAIL }))
        .expect(200);
    assert_eq!(
        created,
        json!({ "code": 200, "message": "User saved successfully" })
    );
    assert!(openobserve.listed("default")[0].get("token").is_none());
    let shown = openobserve.get(CI).expect(200);
    assert!(openobserve.opens("default", &text(&shown, "/token")));
    openobserve
        .get(&format!("{ACCOUNTS}/no@body.co"))
        .expect(404);
    assert_eq!(
        openobserve.anonymous().get("/config").expect(200)["version"],
        "v0.70.3"
    );
}

#[test]
fn version_0_91_rotates_the_default_ingestion_token_instead() {
    let openobserve = start();
    openobserve.profile(json!({ "version": "v0.91.2" }));
    let token = openobserve.create();
    let without_default = text(&openobserve.rotate().expect(200), "/token");
    assert!(!without_default.starts_with("o2oi_"));
    assert!(!openobserve.opens("default", &token));
    openobserve.get(INGESTION).expect(200);
    let wrong = text(&openobserve.rotate().expect(200), "/token");
    assert!(wrong.starts_with("o2oi_"));
    assert!(
        openobserve.opens("default", &without_default),
        "the account's own is untouched"
    );
    let tokens = openobserve.get(INGESTION).expect(200);
    assert_eq!(tokens["data"][0]["token"], wrong);
}

#[test]
fn a_swallowed_duplicate_is_answered_with_a_token_that_never_works() {
    let openobserve = start();
    openobserve.profile(json!({ "swallowed_duplicates": true }));
    let (first, second) = (openobserve.create(), openobserve.create());
    assert_eq!(second.len(), 16);
    assert!(openobserve.opens("default", &first) && !openobserve.opens("default", &second));
    let listed = openobserve.listed("default");
    assert_eq!(listed.len(), 1);
    assert!(text(&listed[0], "/token").starts_with(&first[..4]));
}

#[test]
fn with_a_cache_lag_lists_and_token_checks_are_late() {
    let openobserve = start();
    openobserve.profile(json!({ "cache_lag_milliseconds": 60_000 }));
    let old = openobserve.create();
    assert!(openobserve.listed("default").is_empty());
    assert!(!openobserve.opens("default", &old));
    openobserve.advance_seconds(61);
    assert_eq!(openobserve.listed("default").len(), 1);
    assert!(openobserve.opens("default", &old));
    let new = text(&openobserve.rotate().expect(200), "/token");
    let prefix = || text(&openobserve.listed("default")[0], "/token")[..4].to_owned();
    assert!(openobserve.opens("default", &old) && !openobserve.opens("default", &new));
    assert_eq!(prefix(), old[..4]);
    openobserve.advance_seconds(61);
    assert!(!openobserve.opens("default", &old) && openobserve.opens("default", &new));
    assert_eq!(prefix(), new[..4]);
}

#[test]
fn the_system_account_is_listed_last_and_left_alone() {
    let openobserve = start();
    openobserve.create();
    openobserve.profile(json!({ "system_account": true }));
    let listed = openobserve.listed("default");
    let system = listed.last().unwrap();
    assert_eq!(
        (&system["role"], &system["is_system"]),
        (&json!("sre_agent"), &json!(true))
    );
    let path = format!("{ACCOUNTS}/{}", text(system, "/email"));
    let modified = "System service accounts cannot be modified";
    refused(openobserve.put(&path, json!({})), 403, 403, modified);
    refused(
        openobserve.put(&format!("{path}?rotateToken=true"), json!({})),
        403,
        403,
        modified,
    );
    let deleted = "System service accounts cannot be deleted";
    refused(openobserve.delete(&path), 403, 403, deleted);
    let bulk = json!({ "ids": [system["email"]] }).to_string();
    let done = openobserve.send(Method::DELETE, &format!("{ACCOUNTS}/bulk"), bulk);
    assert_eq!(done.expect(200)["err"], deleted);
}

#[test]
fn the_password_check_knows_no_account_tokens() {
    let openobserve = start();
    let token = openobserve.create();
    let login = |name: &str, password: &str| {
        let body = json!({ "name": name, "password": password });
        openobserve.anonymous().post("/auth/login", &body)
    };
    let password = openobserve.server.password.clone().unwrap();
    assert_eq!(
        login("root@example.com", &password).expect(200)["status"],
        true
    );
    let refused = login(EMAIL, &token).expect(401);
    assert_eq!(
        refused,
        json!({ "status": false, "message": "Invalid credentials" })
    );
}

#[test]
fn an_account_of_meta_assumes_one_whose_own_token_never_works() {
    let openobserve = start();
    let token = openobserve.create_in("_meta", EMAIL);
    let body = json!({ "name": "Other", "service_account": EMAIL });
    let made = openobserve.post("/api/organizations", &body).expect(200);
    let organization = text(&made, "/identifier");
    let holder = openobserve.holding(EMAIL, &token);
    let path = "/api/_meta/organizations/assume_service_account";
    let wanted = json!({ "org_id": organization, "duration_seconds": 100_000 });
    let session = holder.post(path, &wanted).expect(200);
    assert_eq!(
        (
            &session["org_id"],
            &session["role_name"],
            &session["expires_in"]
        ),
        (
            &json!(organization),
            &json!("service_account"),
            &json!(86400)
        )
    );
    assert!(text(&session, "/expires_at").ends_with("+00:00"));
    let session = format!("session {}", text(&session, "/session_id"));
    let within = openobserve.anonymous().with("authorization", &session);
    let dashboards = |organization: &str| within.get(&format!("/api/{organization}/dashboards"));
    dashboards(&organization).expect(200);
    dashboards("_meta").expect(401);
    openobserve.advance_seconds(86400);
    dashboards(&organization).expect(401);
    let nowhere = json!({ "org_id": "default" });
    holder.post(path, &nowhere).expect(403);
    openobserve.post(path, &wanted).expect(403);
    let elsewhere = openobserve.post("/api/default/organizations/assume_service_account", &wanted);
    refused(
        elsewhere,
        400,
        400,
        "Assume service account API must be called on _meta organization",
    );
    openobserve.profile(json!({ "edition": "oss" }));
    let enterprise = json!({ "error": "This feature is only available in the enterprise version" });
    assert_eq!(holder.post(path, &wanted).expect(501), enterprise);
}

#[test]
fn who_signs_in_gets_a_cookie_which_wins_over_the_header() {
    let openobserve = start();
    let password = "Complexpass#123";
    let person = json!({ "email": "alice@x.co", "password": password, "role": "admin" });
    openobserve.post("/api/default/users", &person).expect(200);
    let login = json!({ "name": "alice@x.co", "password": password });
    let login = openobserve.anonymous().post("/auth/login", &login);
    let cookie = login.header("set-cookie").split(';').next().unwrap();
    assert!(cookie.starts_with("auth_tokens="), "{cookie}");
    let signed_in = openobserve.anonymous().with("cookie", cookie);
    signed_in.get(ACCOUNTS).expect(200);
    signed_in.basic("nobody", "x").get(ACCOUNTS).expect(200);
    let wrong = openobserve.with("cookie", "a=b; auth_tokens=e30=");
    wrong.get(ACCOUNTS).expect(401);
    // Without a body the header is taken.
    openobserve.call(Method::POST, "/auth/login").expect(200);
    openobserve.profile(json!({ "edition": "oss" }));
    openobserve.call(Method::POST, "/auth/login").expect(401);
}

#[test]
fn faults_have_the_vendors_form_and_a_lost_create_leaves_an_account() {
    let openobserve = start();
    openobserve.fail_once("GET", ACCOUNTS, 429);
    assert_eq!(openobserve.get(ACCOUNTS).expect(429)["code"], 429);
    openobserve.lose_one_answer("POST", ACCOUNTS);
    let body = ("application/json", json!({ "email": EMAIL }).to_string());
    assert!(
        openobserve
            .try_send(Method::POST, ACCOUNTS, Some(body))
            .is_err()
    );
    assert_eq!(openobserve.listed("default").len(), 1);
    let recovered = text(&openobserve.rotate().expect(200), "/token");
    assert!(openobserve.opens("default", &recovered));
}

#[test]
fn accounts_and_ingestion_tokens_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("openobserve.sqlite");
    let token = { OpenObserve(Vendor::start_on(Api::OpenObserve, &file)).create() };
    let openobserve = OpenObserve(Vendor::start_on(Api::OpenObserve, &file));
    assert!(openobserve.opens("default", &token));
}
