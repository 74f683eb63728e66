//! What stands around users and tokens: versions, modes, hazards, restarts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lanyard_token_server::Api;
use reqwest::Method;
use serde_json::json;

use super::{USERS, at_noon, exchange, refused, start};
use crate::support::caller::text;
use crate::vendor::Vendor;

#[test]
fn the_client_version_header_warns_of_the_end_and_refuses_what_is_no_version() {
    let osmo = start();
    osmo.user("svc", &["osmo-user"]);
    let secret = osmo.token("ci", "?expires_at=2026-11-29");
    let holder = osmo.bearer(&exchange(&osmo, &secret));
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
    let unversioned = holder.get("/api/auth/access_token");
    unversioned.lacks("x-osmo-warning");
    let older = list("6.3.0");
    assert_eq!(older.header("x-osmo-service-version"), "6.4.0");
    let warning = STANDARD.decode(older.header("x-osmo-warning")).unwrap();
    let warning = String::from_utf8(warning).unwrap();
    assert!(warning.starts_with("WARNING: New client 6.4.0 available.\nCurrent version: 6.3.0.\n"));
    assert!(warning.ends_with("is expiring on 2026-11-29 at 12AM UTC."));
    let six = "Internal server error: Version should be of the format major.minor.revision";
    assert_eq!(list("six").expect(500)["message"], six);
    let noon = "2026-11-28T23:58:00Z".parse().unwrap();
    osmo.server.clock().set(noon).unwrap();
    let holder = osmo.bearer(&exchange(&osmo, &secret));
    osmo.advance_seconds(180);
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
    let named = osmo.anonymous().with("x-osmo-user", "dev");
    let passed_over = osmo.anonymous().with("x-osmo-user", "admin").get(USERS);
    passed_over.expect_text(401, "Jwt is missing");
    osmo.profile(json!({ "development": true }));
    assert_eq!(
        named.post(USERS, json!({ "id": "a" })).expect(200)["created_by"],
        "dev"
    );
    let unnamed = osmo.anonymous().post(USERS, json!({ "id": "b" }));
    assert_eq!(unnamed.expect(200)["created_by"], "testuser");
    // The own tokens of somebody who is no user are none.
    assert_eq!(named.get("/api/auth/access_token").expect(200), json!([]));
    refused(
        named.delete("/api/auth/access_token/ci"),
        "Access token ci does not exist.",
    );
}

#[test]
fn the_services_hazards_can_be_switched_on() {
    let osmo = start();
    osmo.fail_once("POST", USERS, 400);
    let passing = osmo.post(USERS, json!({ "id": "svc" })).expect(400);
    assert_eq!(passing["error_code"], "DATABASE");
    osmo.profile(json!({ "roleless_create": true, "false_not_found": true }));
    let body = json!({ "id": "svc", "roles": ["osmo-user"] });
    assert_eq!(
        osmo.post(USERS, &body).expect(400)["error_code"],
        "DATABASE"
    );
    assert_eq!(
        osmo.get(&format!("{USERS}/svc")).expect(200)["roles"],
        json!([])
    );
    let assign = || {
        osmo.post(
            &format!("{USERS}/svc/roles"),
            json!({ "role_name": "osmo-user" }),
        )
    };
    refused(assign(), "User svc not found");
    osmo.profile(json!({}));
    assign().expect(200);
}

#[test]
fn the_api_is_described_without_login_and_keys() {
    let osmo = start();
    let description = osmo.get("/api/openapi.json").expect(200);
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
        let jwt = exchange(&vendor, vendor.operator_token());
        let admin = vendor.bearer(&jwt);
        let body = json!({ "id": "svc", "roles": ["osmo-user"] });
        admin.post(USERS, &body).expect(200);
        let path = format!("{USERS}/svc/access_token/ci?expires_at=2026-12-23");
        (text(&admin.call(Method::POST, &path).expect(200), ""), jwt)
    };
    let vendor = Vendor::start_on(Api::Osmo, &file);
    at_noon(&vendor);
    exchange(&vendor, &secret);
    let users = vendor.bearer(&jwt).get(USERS).expect(200);
    assert_eq!(users["total_results"], 2, "the administrator is made once");
}
