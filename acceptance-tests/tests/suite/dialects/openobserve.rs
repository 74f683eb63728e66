//! OpenObserve's service accounts and ingestion tokens, in its editions and versions: one token per account and
//! organization, replaced without overlap.

use lanyard_token_server::Api;
use reqwest::Method;
use serde_json::{Value, json};

use super::caller::{Caller, Reply, Vendor, text};

const ACCOUNTS: &str = "/api/default/service_accounts";
const CI: &str = "/api/default/service_accounts/ci.default@sa.internal";
const EMAIL: &str = "ci.default@sa.internal";
const INGESTION: &str = "/api/default/ingestion-tokens";

struct OpenObserve {
    vendor: Vendor,
    root: Caller,
}

fn start() -> OpenObserve {
    let vendor = Vendor::start(Api::OpenObserve);
    let root = vendor.operator_by_password();
    OpenObserve { vendor, root }
}

impl OpenObserve {
    fn profile(&self, switches: &Value) {
        let secret = self.vendor.server.password.clone().unwrap();
        self.vendor.profile(&secret, switches);
    }

    fn create_in(&self, organization: &str, email: &str) -> String {
        let body = json!({ "email": email, "first_name": "CI", "last_name": "pipeline" });
        let path = format!("/api/{organization}/service_accounts");
        text(&self.root.post(&path, &body).expect(200), "/token")
    }

    fn create(&self) -> String {
        self.create_in("default", EMAIL)
    }

    fn organization(&self) -> String {
        let made = self
            .root
            .post("/api/organizations", &json!({ "name": "Other" }));
        text(&made.expect(200), "/identifier")
    }

    fn holding(&self, email: &str, token: &str) -> Caller {
        self.vendor.anonymous().basic(email, token)
    }

    fn opens(&self, organization: &str, token: &str) -> bool {
        let path = format!("/api/{organization}/dashboards");
        match self.holding(EMAIL, token).get(&path).status {
            200 => true,
            401 => false,
            other => panic!("dashboards answered {other}"),
        }
    }

    fn listed(&self, organization: &str) -> Vec<Value> {
        let path = format!("/api/{organization}/service_accounts");
        self.root.get(&path).expect(200)["data"]
            .as_array()
            .unwrap()
            .clone()
    }

    fn rotate(&self) -> Reply {
        self.root.put(&format!("{CI}?rotateToken=true"), &json!({}))
    }
}

#[track_caller]
fn refused(reply: Reply, status: u16, code: u16, message: &str) {
    assert_eq!(
        reply.expect(status),
        json!({ "code": code, "message": message })
    );
}

#[test]
fn a_create_is_a_200_with_the_token_and_the_address_in_lower_case() {
    let openobserve = start();
    let body = json!({ "email": " CI.Default@SA.internal ", "first_name": " CI ", "extra": 1 });
    let created = openobserve.root.post(ACCOUNTS, &body);
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
    let create = |body: Value| openobserve.root.post(ACCOUNTS, &body);
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
        holder.post(ACCOUNTS, &json!({ "email": "x@y.co" })),
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
        openobserve
            .root
            .try_send(Method::POST, ACCOUNTS, body)
            .unwrap()
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
        .root
        .call(Method::PUT, &format!("{CI}?rotateToken=true"))
        .expect(415);
    openobserve
        .root
        .call(Method::DELETE, &format!("{ACCOUNTS}/bulk"))
        .expect(415);
}

#[test]
fn each_kind_of_401_404_and_405_has_its_own_shape() {
    let openobserve = start();
    openobserve.create();
    let missing = openobserve.vendor.anonymous().get(ACCOUNTS);
    refused(missing, 401, 401, "Unauthorized Access");
    let wrong = openobserve.holding(EMAIL, "wrong").get(ACCOUNTS);
    assert!(wrong.header("www-authenticate").starts_with("Bearer "));
    assert_eq!(wrong.header("content-type"), "");
    wrong.expect_text(401, "Unauthorized Access");
    openobserve
        .root
        .get("/api/nowhere/service_accounts")
        .expect_text(404, "Organization not found");
    openobserve
        .holding(EMAIL, "wrong")
        .get("/api/nowhere/service_accounts")
        .expect(401);
    openobserve
        .root
        .get(&format!("{ACCOUNTS}/"))
        .expect_text(404, "");
    openobserve
        .vendor
        .anonymous()
        .get("/api/default/nothing")
        .expect_text(404, "");
    let one = openobserve.root.get(CI);
    assert_eq!(one.header("allow"), "PUT,DELETE");
    one.expect_text(405, "");
    openobserve.vendor.anonymous().get(CI).expect(401);
}

#[test]
fn an_update_replaces_both_names_and_a_rotation_neither() {
    let openobserve = start();
    openobserve.create();
    let names = || {
        let account = openobserve.listed("default").remove(0);
        (text(&account, "/first_name"), text(&account, "/last_name"))
    };
    let updated = openobserve
        .root
        .put(&CI.replace('@', "%40"), &json!({ "first_name": "new" }));
    refused(updated, 200, 200, "User updated successfully");
    assert_eq!(names(), ("new".to_owned(), String::new()));
    let empty = json!({ "first_name": "", "last_name": "" });
    openobserve
        .root
        .put(&format!("{CI}?rotateToken=TRUE"), &empty)
        .expect(200);
    assert_eq!(names().0, "new");
    openobserve.root.put(CI, &json!({})).expect(200);
    assert_eq!(names().0, "");
    let nobody = openobserve
        .root
        .put(&format!("{ACCOUNTS}/no@body.co"), &json!({}));
    refused(nobody, 404, 404, "User not found");
    refused(
        openobserve.root.put(&format!("{ACCOUNTS}/bad"), &json!({})),
        400,
        400,
        "Invalid email",
    );
    let root = openobserve
        .root
        .put(&format!("{ACCOUNTS}/root@example.com"), &json!({}));
    refused(root, 400, 400, "Root user cannot be updated");
    let odd = openobserve
        .root
        .put(&format!("{CI}?rotateToken=maybe"), &json!({}));
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
        .put(&format!("{CI}?rotateToken=true"), &json!({}));
    refused(
        own,
        403,
        403,
        "Admin or Root role required to rotate service account tokens",
    );
    let nobody = openobserve.root.put(
        &format!("{ACCOUNTS}/no@body.co?rotateToken=true"),
        &json!({}),
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
        openobserve.root.delete(CI),
        200,
        200,
        "User removed from organization",
    );
    assert!(!openobserve.opens("default", &token));
    refused(
        openobserve.root.delete(CI),
        404,
        404,
        "User for the organization not found",
    );
    let root = openobserve
        .root
        .delete(&format!("{ACCOUNTS}/root@example.com"));
    refused(root, 403, 403, "Not Allowed");
}

#[test]
fn an_account_of_two_organizations_has_two_tokens_and_one_name() {
    let openobserve = start();
    let other = openobserve.organization();
    let first = openobserve.create();
    let body = json!({ "email": EMAIL, "first_name": "dropped" });
    let path = format!("/api/{other}/service_accounts");
    let second = text(&openobserve.root.post(&path, &body).expect(200), "/token");
    assert!(openobserve.opens("default", &first) && openobserve.opens(&other, &second));
    assert!(!openobserve.opens("default", &second) && !openobserve.opens(&other, &first));
    assert_eq!(openobserve.listed(&other)[0]["first_name"], "CI");
    openobserve
        .root
        .put(CI, &json!({ "first_name": "new" }))
        .expect(200);
    assert_eq!(openobserve.listed(&other)[0]["first_name"], "new");
    openobserve.root.delete(CI).expect(200);
    assert!(openobserve.opens(&other, &second));
    openobserve.root.delete(CI).expect(200);
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
    let done = openobserve
        .root
        .send(Method::DELETE, &path, Some(body))
        .expect(200);
    assert_eq!(
        done,
        json!({ "successful": [EMAIL], "unsuccessful": ["no@body.co"], "err": "Not Found" })
    );
    let nothing = openobserve.root.send(
        Method::DELETE,
        &path,
        Some(json!({ "ids": [] }).to_string()),
    );
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
        &openobserve
            .root
            .post("/api/organizations", &body)
            .expect(200),
        "/identifier",
    );
    let prefix = || text(&openobserve.listed(&organization)[0], "/token");
    let before = prefix();
    assert_eq!(before.len(), 12);
    let path = format!("/api/{organization}/service_accounts/{EMAIL}?rotateToken=true");
    let rotated = openobserve.root.put(&path, &json!({})).expect(200);
    assert_eq!(rotated["token"], "NOT_AVAILABLE");
    assert_ne!(prefix(), before, "replaced all the same");
}

#[test]
fn ingestion_tokens_are_shown_again_switched_and_never_deleted() {
    let openobserve = start();
    let list = || {
        openobserve.root.get(INGESTION).expect(200)["data"]
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
    let create = |body: Value| openobserve.root.post(INGESTION, &body);
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
    create(json!({ "name": "x", "description": null })).expect(422);
    let edge = format!("{INGESTION}/edge-1");
    let deleted = openobserve.root.delete(&edge);
    assert_eq!((deleted.status, deleted.header("allow")), (405, "PATCH"));
    let off = openobserve.root.patch(&edge, &json!({ "enabled": false }));
    refused(
        off,
        200,
        200,
        r#"{"message":"Token disabled successfully"}"#,
    );
    assert_eq!(list()[2]["enabled"], false);
    let nobody = openobserve
        .root
        .patch(&format!("{INGESTION}/nobody"), &json!({ "enabled": true }));
    refused(nobody, 404, 404, "Token 'nobody' not found");
}

#[test]
fn an_ingestion_token_ingests_into_its_organization_and_does_nothing_else() {
    let openobserve = start();
    let other = openobserve.organization();
    let created = openobserve
        .root
        .post(INGESTION, &json!({ "name": "edge" }))
        .expect(200);
    let holder = openobserve.holding("anything", &text(&created, "/data/token"));
    let ingest = |organization: &str| {
        holder
            .post(&format!("/api/{organization}/logs/_json"), &json!([]))
            .status
    };
    assert_eq!((ingest("default"), ingest(&other)), (200, 401));
    holder.get("/api/default/dashboards").expect(401);
    let switch = |enabled: bool| {
        let body = json!({ "enabled": enabled });
        openobserve
            .root
            .patch(&format!("{INGESTION}/edge"), &body)
            .expect(200);
    };
    switch(false);
    assert_eq!(ingest("default"), 401);
    switch(true);
    assert_eq!(ingest("default"), 200);
    let account = openobserve.create();
    let member = openobserve.holding(EMAIL, &account);
    refused(
        member.get(INGESTION),
        403,
        403,
        "Admin or Root role required to list ingestion tokens",
    );
    let rotated = member
        .call(Method::PUT, "/api/default/passcode")
        .expect(200);
    let shown = openobserve.root.get("/api/default/passcode").expect(200);
    assert_eq!(rotated["data"]["passcode"], shown["data"]["passcode"]);
}

#[test]
fn roles_change_by_deltas_and_forget_whoever_is_deleted() {
    let openobserve = start();
    openobserve.create();
    let roles = "/api/default/roles";
    let root = &openobserve.root;
    refused(
        root.post(roles, &json!({ "role": "my reader!" })),
        200,
        200,
        "Role created successfully",
    );
    assert_eq!(root.get(roles).expect(200), json!(["my_reader_"]));
    root.post(roles, &json!({ "role": "my_reader_" }))
        .expect(400);
    let standard = root.post(roles, &json!({ "role": "Admin" }));
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
    root.post("/api/default/groups", &json!({ "name": "empty" }))
        .expect(200);
    root.post(
        "/api/default/groups",
        &json!({ "name": "full", "users": [EMAIL] }),
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
}

#[test]
fn where_roles_are_enforced_an_account_without_one_may_do_nothing() {
    let openobserve = start();
    let token = openobserve.create();
    openobserve.profile(&json!({ "rbac": true }));
    let holder = openobserve.holding(EMAIL, &token);
    holder.get(ACCOUNTS).expect_text(403, "Unauthorized Access");
    openobserve
        .root
        .post("/api/default/roles", &json!({ "role": "r" }))
        .expect(200);
    let add = json!({ "add": [], "remove": [], "add_users": [EMAIL] });
    openobserve
        .root
        .put("/api/default/roles/r", &add)
        .expect(200);
    holder.get(ACCOUNTS).expect(200);
}

#[test]
fn the_open_source_edition_has_no_roles_and_no_single_sign_on() {
    let openobserve = start();
    openobserve.profile(&json!({ "edition": "oss" }));
    let config = openobserve.vendor.anonymous().get("/config").expect(200);
    assert_eq!(
        (&config["build_type"], &config["rbac_enabled"]),
        (&json!("opensource"), &json!(false))
    );
    let roles = openobserve.root.get("/api/default/roles");
    refused(roles, 403, 403, "Not Supported");
    refused(
        openobserve
            .root
            .post("/api/default/groups", &json!({ "name": "g" })),
        403,
        403,
        "Not Supported",
    );
    openobserve
        .root
        .put("/api/default/roles/r", &json!({ "add": [] }))
        .expect(422);
    let body = json!({ "token": "x", "token_type": "IdToken" });
    openobserve
        .vendor
        .anonymous()
        .post("/config/token", &body)
        .expect_text(404, "");
    let bearer = openobserve.vendor.anonymous().bearer("x").get(ACCOUNTS);
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
    openobserve.profile(&json!({ "service_accounts": false }));
    let off = "Service Accounts Not Enabled";
    refused(openobserve.root.get(ACCOUNTS), 403, 403, off);
    refused(
        openobserve
            .root
            .post(ACCOUNTS, &json!({ "email": "a@x.co" })),
        403,
        403,
        off,
    );
    openobserve.root.post(ACCOUNTS, &json!({})).expect(422);
    refused(openobserve.rotate(), 403, 403, off);
    refused(openobserve.root.delete(CI), 403, 403, off);
    assert!(!openobserve.opens("default", &token));
    let config = openobserve.vendor.anonymous().get("/config").expect(200);
    assert_eq!(config["service_account_enabled"], false);
}

#[test]
fn versions_before_0_80_show_a_token_again_and_not_when_it_is_made() {
    let openobserve = start();
    openobserve.profile(&json!({ "version": "v0.70.3" }));
    let created = openobserve
        .root
        .post(ACCOUNTS, &json!({ "email": EMAIL }))
        .expect(200);
    assert_eq!(
        created,
        json!({ "code": 200, "message": "User saved successfully" })
    );
    assert!(openobserve.listed("default")[0].get("token").is_none());
    let shown = openobserve.root.get(CI).expect(200);
    assert!(openobserve.opens("default", &text(&shown, "/token")));
    openobserve
        .root
        .get(&format!("{ACCOUNTS}/no@body.co"))
        .expect(404);
    assert_eq!(
        openobserve.vendor.anonymous().get("/config").expect(200)["version"],
        "v0.70.3"
    );
}

#[test]
fn version_0_91_rotates_the_default_ingestion_token_instead() {
    let openobserve = start();
    openobserve.profile(&json!({ "version": "v0.91.2" }));
    let token = openobserve.create();
    let without_default = text(&openobserve.rotate().expect(200), "/token");
    assert!(!without_default.starts_with("o2oi_"));
    assert!(!openobserve.opens("default", &token));
    openobserve.root.get(INGESTION).expect(200);
    let wrong = text(&openobserve.rotate().expect(200), "/token");
    assert!(wrong.starts_with("o2oi_"));
    assert!(
        openobserve.opens("default", &without_default),
        "the account's own is untouched"
    );
    let tokens = openobserve.root.get(INGESTION).expect(200);
    assert_eq!(tokens["data"][0]["token"], wrong);
}

#[test]
fn with_a_cache_lag_lists_and_token_checks_are_late() {
    let openobserve = start();
    openobserve.profile(&json!({ "cache_lag_milliseconds": 60_000 }));
    let old = openobserve.create();
    assert!(openobserve.listed("default").is_empty());
    assert!(!openobserve.opens("default", &old));
    openobserve.vendor.advance_seconds(61);
    assert_eq!(openobserve.listed("default").len(), 1);
    assert!(openobserve.opens("default", &old));
    let new = text(&openobserve.rotate().expect(200), "/token");
    let prefix = || text(&openobserve.listed("default")[0], "/token")[..4].to_owned();
    assert!(openobserve.opens("default", &old) && !openobserve.opens("default", &new));
    assert_eq!(prefix(), old[..4]);
    openobserve.vendor.advance_seconds(61);
    assert!(!openobserve.opens("default", &old) && openobserve.opens("default", &new));
    assert_eq!(prefix(), new[..4]);
}

#[test]
fn the_system_account_is_listed_last_and_left_alone() {
    let openobserve = start();
    openobserve.create();
    openobserve.profile(&json!({ "system_account": true }));
    let listed = openobserve.listed("default");
    let system = listed.last().unwrap();
    assert_eq!(
        (&system["role"], &system["is_system"]),
        (&json!("sre_agent"), &json!(true))
    );
    let path = format!("{ACCOUNTS}/{}", text(system, "/email"));
    let modified = "System service accounts cannot be modified";
    refused(openobserve.root.put(&path, &json!({})), 403, 403, modified);
    refused(
        openobserve
            .root
            .put(&format!("{path}?rotateToken=true"), &json!({})),
        403,
        403,
        modified,
    );
    let deleted = "System service accounts cannot be deleted";
    refused(openobserve.root.delete(&path), 403, 403, deleted);
    let bulk = json!({ "ids": [system["email"]] }).to_string();
    let done = openobserve
        .root
        .send(Method::DELETE, &format!("{ACCOUNTS}/bulk"), Some(bulk));
    assert_eq!(done.expect(200)["err"], deleted);
}

#[test]
fn the_password_check_knows_no_account_tokens() {
    let openobserve = start();
    let token = openobserve.create();
    let login = |name: &str, password: &str| {
        let body = json!({ "name": name, "password": password });
        openobserve.vendor.anonymous().post("/auth/login", &body)
    };
    let password = openobserve.vendor.server.password.clone().unwrap();
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
fn faults_have_the_vendors_form_and_a_lost_create_leaves_an_account() {
    let openobserve = start();
    openobserve.vendor.fail_once("GET", ACCOUNTS, 429);
    assert_eq!(openobserve.root.get(ACCOUNTS).expect(429)["code"], 429);
    openobserve.vendor.lose_one_answer("POST", ACCOUNTS);
    let body = ("application/json", json!({ "email": EMAIL }).to_string());
    assert!(
        openobserve
            .root
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
    let token = {
        let vendor = Vendor::start_on(Api::OpenObserve, &file);
        let root = vendor.operator_by_password();
        OpenObserve { vendor, root }.create()
    };
    let vendor = Vendor::start_on(Api::OpenObserve, &file);
    let root = vendor.operator_by_password();
    assert!(OpenObserve { vendor, root }.opens("default", &token));
}
