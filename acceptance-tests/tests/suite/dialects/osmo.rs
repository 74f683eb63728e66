//! NVIDIA OSMO's users and access tokens through its gateway: everything is 200 or 400, tokens end on a day, and taking a
//! role away is for good.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use lanyard_token_server::Api;
use reqwest::Method;
use serde_json::{Value, json};

use super::caller::{Caller, Reply, Vendor, text};

const DAY: i64 = 24 * 3600;
const USERS: &str = "/api/auth/user";

struct Osmo {
    vendor: Vendor,
    admin: Caller,
}

/// At noon of a known day, so that dates can be written down.
fn start() -> Osmo {
    let vendor = Vendor::start(Api::Osmo);
    at_noon(&vendor);
    let admin = vendor
        .anonymous()
        .bearer(&exchange(&vendor, vendor.token()));
    Osmo { vendor, admin }
}

fn at_noon(vendor: &Vendor) {
    let noon = "2026-11-22T12:00:00Z".parse().unwrap();
    vendor.server.clock().set(noon).unwrap();
}

fn try_exchange(vendor: &Vendor, secret: &str) -> Reply {
    let body = json!({ "token": secret });
    vendor.anonymous().post("/api/auth/jwt/access_token", &body)
}

fn exchange(vendor: &Vendor, secret: &str) -> String {
    text(&try_exchange(vendor, secret).expect(200), "/token")
}

/// What a JWT says.
fn claims(jwt: &str) -> Value {
    let payload = jwt.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

impl Osmo {
    fn user(&self, id: &str, roles: &[&str]) {
        let body = json!({ "id": id, "roles": roles });
        self.admin.post(USERS, &body).expect(200);
    }

    /// Tries to make a token of the user `svc`; the parameters are a query.
    fn try_token(&self, name: &str, query: &str) -> Reply {
        let path = format!("{USERS}/svc/access_token/{name}{query}");
        self.admin.call(Method::POST, &path)
    }

    fn token(&self, name: &str, query: &str) -> String {
        text(&self.try_token(name, query).expect(200), "")
    }

    fn tokens(&self) -> Value {
        self.admin
            .get(&format!("{USERS}/svc/access_token"))
            .expect(200)
    }

    /// With an administrator's JWT that has not ended since.
    fn renewed(&self) -> Caller {
        let jwt = exchange(&self.vendor, self.vendor.token());
        self.vendor.anonymous().bearer(&jwt)
    }
}

#[track_caller]
fn refused(reply: Reply, message: &str) {
    let expected = json!({ "message": message, "error_code": "USER", "workflow_id": null });
    assert_eq!(reply.expect(400), expected);
}

#[test]
fn an_access_token_is_exchanged_for_a_jwt_that_lives_five_minutes() {
    let osmo = start();
    osmo.user("svc", &["osmo-user"]);
    let secret = osmo.token("ci", "?expires_at=2026-12-23");
    assert_eq!(secret.len(), 43);
    let answer = try_exchange(&osmo.vendor, &secret).expect(200);
    let jwt = text(&answer, "/token");
    let head = jwt.split('.').next().unwrap();
    let head: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head).unwrap()).unwrap();
    assert_eq!(head, json!({ "alg": "RS256", "typ": "JWT" }));
    let claims = claims(&jwt);
    assert_eq!(claims["exp"], answer["expires_at"]);
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        300
    );
    for (claim, value) in [
        ("iss", json!("osmo")),
        ("aud", json!("osmo")),
        ("unique_name", json!("svc")),
        ("roles", json!(["osmo-user"])),
        ("osmo_token_name", json!("ci")),
    ] {
        assert_eq!(claims[claim], value, "{claim}");
    }
    let own = osmo.vendor.anonymous().bearer(&jwt);
    own.get("/api/auth/access_token").expect(200);
    let in_header = osmo.vendor.anonymous().with("x-osmo-auth", &jwt);
    in_header.get("/api/auth/access_token").expect(200);
    osmo.vendor.advance_seconds(301);
    own.get("/api/auth/access_token")
        .expect_text(401, "Jwt is expired");
    assert_eq!(
        osmo.vendor.anonymous().get("/api/auth/keys").expect(200)["keys"][0]["kty"],
        "RSA"
    );
}

#[test]
fn the_gateway_wants_a_jwt_and_the_raw_token_is_none() {
    let osmo = start();
    osmo.vendor
        .anonymous()
        .get(USERS)
        .expect_text(401, "Jwt is missing");
    osmo.vendor
        .anonymous()
        .bearer(osmo.vendor.token())
        .get(USERS)
        .expect(401);
    osmo.admin.get("/api/auth/user/a%2Fb").expect(404);
    for open in ["/api/version", "/client/version", "/api/auth/keys"] {
        osmo.vendor.anonymous().get(open).expect(200);
    }
}

#[test]
fn a_wrong_exchange_says_what_is_wrong() {
    let osmo = start();
    refused(
        try_exchange(&osmo.vendor, &"x".repeat(48)),
        "Access token has invalid length 48",
    );
    refused(
        try_exchange(&osmo.vendor, &"x".repeat(43)),
        "Access Token is invalid",
    );
    let wrong = json!({ "access_token": "x" });
    let missing = osmo
        .vendor
        .anonymous()
        .post("/api/auth/jwt/access_token", &wrong)
        .expect(422);
    assert_eq!(missing["detail"][0]["loc"], json!(["body", "token"]));
}

#[test]
fn who_may_do_what_goes_by_the_roles_in_the_jwt() {
    let osmo = start();
    osmo.user("svc", &["osmo-user"]);
    let secret = osmo.token("ci", "?expires_at=2026-12-23");
    let user = osmo
        .vendor
        .anonymous()
        .bearer(&exchange(&osmo.vendor, &secret));
    user.get(USERS).expect_text(403, "access denied");
    user.get("/api/configs/role")
        .expect_text(403, "access denied");
    user.get("/api/auth/user/admin/access_token").expect(200);
    osmo.admin
        .delete(&format!("{USERS}/svc/roles/osmo-user"))
        .expect(200);
    user.get("/api/auth/access_token").expect(200);
    let roleless = osmo
        .vendor
        .anonymous()
        .bearer(&exchange(&osmo.vendor, &secret));
    roleless
        .get("/api/auth/access_token")
        .expect_text(403, "access denied");
}

#[test]
fn the_default_administrator_is_a_user_with_a_token_of_its_own() {
    let osmo = start();
    let admin = osmo.admin.get("/api/auth/user/admin").expect(200);
    assert_eq!(admin["roles"][0]["role_name"], "osmo-admin");
    let own = osmo.admin.get("/api/auth/access_token").expect(200);
    assert_eq!(own[0]["token_name"], "default-admin-token");
    let path = "/api/auth/access_token/mine?expires_at=2026-12-23";
    let secret = text(&osmo.admin.call(Method::POST, path).expect(200), "");
    assert_eq!(
        claims(&exchange(&osmo.vendor, &secret))["unique_name"],
        "admin"
    );
    let roles = osmo
        .admin
        .get("/api/auth/access_token/mine/roles")
        .expect(200);
    assert_eq!(roles["roles"][0]["role_name"], "osmo-admin");
    let nobody = osmo.admin.get("/api/auth/access_token/nobody/roles");
    refused(
        nobody,
        "Token nobody not found or does not belong to current user",
    );
    osmo.admin
        .delete("/api/auth/access_token/mine")
        .expect_text(200, "null");
}

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

#[test]
fn a_token_is_made_by_the_query_and_listed_with_its_day() {
    let osmo = start();
    osmo.user("svc", &["osmo-user"]);
    let query = "?expires_at=2027-1-1&description=CI+token&roles=osmo-user";
    let created = osmo.try_token("ci", query);
    assert!(
        created.text.starts_with('"'),
        "a JSON string: {}",
        created.text
    );
    osmo.token("b", "?expires_at=2026-11-23");
    assert_eq!(
        osmo.tokens(),
        json!([
            { "user_name": "svc", "token_name": "b", "expires_at": "2026-11-23T00:00:00",
              "description": "", "roles": ["osmo-user"] },
            { "user_name": "svc", "token_name": "ci", "expires_at": "2027-01-01T00:00:00",
              "description": "CI token", "roles": ["osmo-user"] },
        ])
    );
    let detail = osmo
        .admin
        .get(&format!("{USERS}/svc/access_token/ci"))
        .expect(405);
    assert_eq!(detail, json!({ "detail": "Method Not Allowed" }));
}

#[test]
fn checks_on_a_new_token_come_in_the_vendors_order() {
    let osmo = start();
    osmo.user("svc", &["osmo-user"]);
    osmo.token("taken", "?expires_at=2026-12-23");
    let missing = osmo.try_token("1bad", "").expect(422);
    assert_eq!(missing["detail"][0]["loc"], json!(["query", "expires_at"]));
    for (date, said) in [
        ("soon", "time data 'soon' does not match format '%Y-%m-%d'"),
        (
            "2026-12-23T00:00:00Z",
            "unconverted data remains: T00:00:00Z",
        ),
    ] {
        let error = osmo
            .try_token("1bad", &format!("?expires_at={date}"))
            .expect(500);
        assert_eq!(error["message"], format!("Internal server error: {said}"));
    }
    let too_far = "Access token expiration date cannot be more than 365d from now";
    refused(osmo.try_token("1bad", "?expires_at=2027-11-23"), too_far);
    osmo.token("longest", "?expires_at=2027-11-22");
    let pattern = "Token name 1bad must match regex ^[a-zA-Z]([a-zA-Z0-9_-]*[a-zA-Z0-9])?$";
    refused(osmo.try_token("1bad", "?expires_at=2026-11-22"), pattern);
    let past = "Expiration date must be past the current date (2026-11-22)";
    refused(
        osmo.try_token("taken", "?expires_at=2026-11-22&roles=nope"),
        past,
    );
    let not_held = "User does not have all the requested roles. Token creation failed.";
    for roles in [
        "roles=nope",
        "roles=osmo-user&roles=osmo-user",
        "roles=",
        "roles=osmo-user,x",
    ] {
        refused(
            osmo.try_token("taken", &format!("?expires_at=2026-12-23&{roles}")),
            not_held,
        );
    }
    refused(
        osmo.try_token("taken", "?expires_at=2026-12-23"),
        "Token name taken already exists.",
    );
    let none = "At least one role must be specified for the access token.";
    let nobody = format!("{USERS}/nobody/access_token/t?expires_at=2026-12-23");
    refused(osmo.admin.call(Method::POST, &nobody), none);
}

#[test]
fn a_token_ends_with_the_utc_day_before_its_date_and_keeps_its_name() {
    let osmo = start();
    osmo.user("svc", &["osmo-user"]);
    let secret = osmo.token("ci", "?expires_at=2026-11-23");
    osmo.vendor.advance_seconds(DAY / 2 - 60);
    exchange(&osmo.vendor, &secret);
    osmo.vendor.advance_seconds(120);
    refused(
        try_exchange(&osmo.vendor, &secret),
        "Access Token has expired",
    );
    let admin = osmo.renewed();
    let path = format!("{USERS}/svc/access_token/ci");
    let again = admin.call(Method::POST, &format!("{path}?expires_at=2026-12-23"));
    refused(again, "Token name ci already exists.");
    admin.delete(&path).expect_text(200, "null");
    refused(admin.delete(&path), "Access token ci does not exist.");
    let again = admin.call(Method::POST, &format!("{path}?expires_at=2026-12-23"));
    assert_ne!(text(&again.expect(200), ""), secret);
}

#[test]
fn deleting_a_token_ends_its_exchange_but_not_what_was_exchanged() {
    let osmo = start();
    osmo.user("svc", &["osmo-user"]);
    let secret = osmo.token("ci", "?expires_at=2026-12-23");
    let holder = osmo
        .vendor
        .anonymous()
        .bearer(&exchange(&osmo.vendor, &secret));
    osmo.admin
        .delete(&format!("{USERS}/svc/access_token/ci"))
        .expect(200);
    refused(
        try_exchange(&osmo.vendor, &secret),
        "Access Token is invalid",
    );
    holder.get("/api/auth/access_token").expect(200);
}

#[test]
fn the_client_version_header_warns_of_the_end_and_refuses_what_is_no_version() {
    let osmo = start();
    osmo.user("svc", &["osmo-user"]);
    let secret = osmo.token("ci", "?expires_at=2026-11-29");
    let holder = osmo
        .vendor
        .anonymous()
        .bearer(&exchange(&osmo.vendor, &secret));
    let list = |version: &str| {
        holder
            .with("x-osmo-client-version", version)
            .get("/api/auth/access_token")
    };
    let warned = list("6.4.0");
    let warning = STANDARD.decode(warned.header("x-osmo-warning")).unwrap();
    assert_eq!(
        String::from_utf8(warning).unwrap(),
        "WARNING: Access token ci is expiring on 2026-11-29 at 12AM UTC."
    );
    warned.expect(200);
    assert_eq!(
        holder
            .get("/api/auth/access_token")
            .header("x-osmo-warning"),
        ""
    );
    assert_eq!(list("6.3.0").header("x-osmo-service-version"), "6.4.0");
    list("six").expect(500);
    let noon = "2026-11-28T23:58:00Z".parse().unwrap();
    osmo.vendor.server.clock().set(noon).unwrap();
    let holder = osmo
        .vendor
        .anonymous()
        .bearer(&exchange(&osmo.vendor, &secret));
    osmo.vendor.advance_seconds(180);
    holder.get("/api/auth/access_token").expect(200);
    let ended = holder
        .with("x-osmo-client-version", "6.4.0")
        .get("/api/auth/access_token");
    let expected = json!({ "message": "Access token ci has expired.", "error_code": "OSMO_ERROR" });
    assert_eq!(ended.expect(400), expected);
}

#[test]
fn in_development_a_header_names_the_caller() {
    let osmo = start();
    let named = osmo.vendor.anonymous().with("x-osmo-user", "dev");
    assert_eq!(
        named.post(USERS, &json!({ "id": "a" })).expect(200)["created_by"],
        "dev"
    );
    let operator = osmo.vendor.token().to_owned();
    osmo.vendor
        .profile(&operator, &json!({ "development": true }));
    let unnamed = osmo.vendor.anonymous().post(USERS, &json!({ "id": "b" }));
    assert_eq!(unnamed.expect(200)["created_by"], "testuser");
}

#[test]
fn the_services_hazards_can_be_switched_on() {
    let osmo = start();
    let operator = osmo.vendor.token().to_owned();
    osmo.vendor.fail_once("POST", USERS, 400);
    let passing = osmo.admin.post(USERS, &json!({ "id": "svc" })).expect(400);
    assert_eq!(passing["error_code"], "DATABASE");
    osmo.vendor.profile(
        &operator,
        &json!({ "roleless_create": true, "false_not_found": true }),
    );
    let body = json!({ "id": "svc", "roles": ["osmo-user"] });
    assert_eq!(
        osmo.admin.post(USERS, &body).expect(400)["error_code"],
        "DATABASE"
    );
    assert_eq!(
        osmo.admin.get(&format!("{USERS}/svc")).expect(200)["roles"],
        json!([])
    );
    let assign = || {
        osmo.admin.post(
            &format!("{USERS}/svc/roles"),
            &json!({ "role_name": "osmo-user" }),
        )
    };
    refused(assign(), "User svc not found");
    osmo.vendor.profile(&operator, &json!({}));
    assign().expect(200);
}

#[test]
fn the_api_is_described_without_login_and_keys() {
    let osmo = start();
    let description = osmo.admin.get("/api/openapi.json").expect(200);
    assert!(description["paths"]["/api/auth/user/{id}"]["delete"].is_object());
    assert!(description["paths"].get("/api/auth/keys").is_none());
}

#[test]
fn tokens_and_the_signing_key_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("osmo.sqlite");
    let (secret, jwt) = {
        let vendor = Vendor::start_on(Api::Osmo, &file);
        at_noon(&vendor);
        let jwt = exchange(&vendor, vendor.token());
        let admin = vendor.anonymous().bearer(&jwt);
        let body = json!({ "id": "svc", "roles": ["osmo-user"] });
        admin.post(USERS, &body).expect(200);
        let path = format!("{USERS}/svc/access_token/ci?expires_at=2026-12-23");
        (text(&admin.call(Method::POST, &path).expect(200), ""), jwt)
    };
    let vendor = Vendor::start_on(Api::Osmo, &file);
    at_noon(&vendor);
    exchange(&vendor, &secret);
    let users = vendor.anonymous().bearer(&jwt).get(USERS).expect(200);
    assert_eq!(users["total_results"], 2, "the administrator is made once");
}
