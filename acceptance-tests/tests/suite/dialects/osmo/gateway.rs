//! The gateway and the exchange: who gets in, as whom.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};

use super::{USERS, claims, exchange, refused, start, try_exchange};
use crate::support::caller::text;

#[test]
fn an_access_token_is_exchanged_for_a_jwt_that_lives_five_minutes() {
    let osmo = start();
    osmo.user("svc", &["osmo-user"]);
    let secret = osmo.token("ci", "?expires_at=2026-12-23");
    assert_eq!(secret.len(), 43);
    let answer = try_exchange(&osmo, &secret).expect(200);
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
    let own = osmo.bearer(&jwt);
    own.get("/api/auth/access_token").expect(200);
    let in_header = osmo.anonymous().with("x-osmo-auth", &jwt);
    in_header.get("/api/auth/access_token").expect(200);
    osmo.advance_seconds(301);
    own.get("/api/auth/access_token")
        .expect_text(401, "Jwt is expired");
    assert_eq!(
        osmo.anonymous().get("/api/auth/keys").expect(200)["keys"][0]["kty"],
        "RSA"
    );
}

#[test]
fn the_gateway_wants_a_jwt_and_the_raw_token_is_none() {
    let osmo = start();
    osmo.anonymous()
        .get(USERS)
        .expect_text(401, "Jwt is missing");
    osmo.bearer(osmo.operator_token()).get(USERS).expect(401);
    for escaped in ["a%2Fb", "a%5cb"] {
        let path = format!("{USERS}/{escaped}");
        osmo.get(&path).expect_text(400, "");
        osmo.anonymous().get(&path).expect_text(400, "");
    }
    // The service says what is not there to those only whom the gateway lets through.
    osmo.anonymous()
        .get("/api/nothing")
        .expect_text(401, "Jwt is missing");
    osmo.get("/api/nothing").expect(404);
    for open in ["/api/version", "/client/version", "/api/auth/keys"] {
        osmo.anonymous().get(open).expect(200);
    }
}

#[test]
fn a_wrong_exchange_says_what_is_wrong() {
    let osmo = start();
    refused(
        try_exchange(&osmo, &"x".repeat(48)),
        "Access token has invalid length 48",
    );
    refused(
        try_exchange(&osmo, &"x".repeat(43)),
        "Access Token is invalid",
    );
    let wrong = json!({ "access_token": "x" });
    let missing = osmo
        .anonymous()
        .post("/api/auth/jwt/access_token", &wrong)
        .expect(422);
    assert_eq!(missing["detail"][0]["loc"], json!(["body", "token"]));
    let path = "/api/auth/jwt/access_token";
    let empty = osmo.anonymous().call(Method::POST, path).expect(422);
    assert_eq!(empty["detail"][0]["loc"], json!(["body"]));
}

#[test]
fn who_may_do_what_goes_by_the_roles_in_the_jwt() {
    let osmo = start();
    osmo.user("svc", &["osmo-user"]);
    let secret = osmo.token("ci", "?expires_at=2026-12-23");
    let user = osmo.bearer(&exchange(&osmo, &secret));
    user.get(USERS).expect_text(403, "access denied");
    user.get("/api/configs/role")
        .expect_text(403, "access denied");
    user.get("/api/auth/user/admin/access_token").expect(200);
    osmo.delete(&format!("{USERS}/svc/roles/osmo-user"))
        .expect(200);
    user.get("/api/auth/access_token").expect(200);
    let roleless = osmo.bearer(&exchange(&osmo, &secret));
    roleless
        .get("/api/auth/access_token")
        .expect_text(403, "access denied");
}

#[test]
fn the_default_administrator_is_a_user_with_a_token_of_its_own() {
    let osmo = start();
    let admin = osmo.get("/api/auth/user/admin").expect(200);
    assert_eq!(admin["roles"][0]["role_name"], "osmo-admin");
    let own = osmo.get("/api/auth/access_token").expect(200);
    assert_eq!(own[0]["token_name"], "default-admin-token");
    let path = "/api/auth/access_token/mine?expires_at=2026-12-23";
    let secret = text(&osmo.call(Method::POST, path).expect(200), "");
    assert_eq!(claims(&exchange(&osmo, &secret))["unique_name"], "admin");
    let roles = osmo.get("/api/auth/access_token/mine/roles").expect(200);
    assert_eq!(roles["roles"][0]["role_name"], "osmo-admin");
    assert_eq!(roles["roles"][0]["assigned_by"], "admin");
    let profile = osmo.get("/api/profile/settings").expect(200);
    assert_eq!(profile["profile"]["username"], "admin");
    assert_eq!(
        profile["token"],
        json!({ "name": "default-admin-token", "expires_at": own[0]["expires_at"] })
    );
    let nobody = osmo.get("/api/auth/access_token/nobody/roles");
    refused(
        nobody,
        "Token nobody not found or does not belong to current user",
    );
    osmo.delete("/api/auth/access_token/mine")
        .expect_text(200, "null");
}
