//! Access tokens: made by a query, ended by a day.

use reqwest::Method;
use serde_json::json;

use super::{DAY, USERS, exchange, refused, start, try_exchange};
use crate::support::caller::text;

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
    let reply = osmo.get(&format!("{USERS}/svc/access_token/ci"));
    // Only the first of the path's methods is named.
    assert_eq!(reply.header("allow"), "POST");
    assert_eq!(reply.expect(405), json!({ "detail": "Method Not Allowed" }));
    let head = osmo.call(Method::HEAD, USERS);
    assert_eq!((head.status, head.header("allow")), (405, "GET"));
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
        ("2027-02-30", "day is out of range for month"),
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
    refused(osmo.call(Method::POST, &nobody), none);
}

#[test]
fn a_token_ends_with_the_utc_day_before_its_date_and_keeps_its_name() {
    let osmo = start();
    osmo.user("svc", &["osmo-user"]);
    let secret = osmo.token("ci", "?expires_at=2026-11-23");
    osmo.advance_seconds(DAY / 2 - 60);
    exchange(&osmo, &secret);
    osmo.advance_seconds(120);
    refused(try_exchange(&osmo, &secret), "Access Token has expired");
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
    let holder = osmo.bearer(&exchange(&osmo, &secret));
    osmo.delete(&format!("{USERS}/svc/access_token/ci"))
        .expect(200);
    refused(try_exchange(&osmo, &secret), "Access Token is invalid");
    holder.get("/api/auth/access_token").expect(200);
}
