//! Who may call, and what outlives a restart.

use lanyard_token_server::Api;
use reqwest::Method;
use serde_json::json;

use super::{DAY, Splunk, start};
use crate::support::caller::text;
use crate::vendor::Vendor;

#[test]
fn a_call_needs_a_token_that_lives_and_a_401_has_no_body() {
    let splunk = start();
    splunk.anonymous().get("/v2/token").expect_text(401, "");
    splunk.holding("").get("/v2/token").expect_text(401, "");
    splunk
        .holding("nonsense")
        .get("/v2/token")
        .expect_text(401, "");
}

#[test]
fn a_body_that_is_said_to_be_something_else_than_json_is_refused() {
    let splunk = start();
    let create = |name: &str, media_type: &str| {
        let body = json!({ "name": name }).to_string();
        splunk.send_as(Method::POST, "/v2/token", media_type, body)
    };
    create("a", "application/json; charset=utf-8").expect(200);
    let refused = create("b", "text/plain").expect(415);
    assert_eq!(refused["code"], 415);
    splunk.profile(json!({ "any_media_type": true }));
    create("b", "text/plain").expect(200);
}

#[test]
fn a_path_says_which_methods_it_has() {
    let splunk = start();
    let wrong = splunk.patch("/v2/token", json!({}));
    assert_eq!(
        (wrong.status, wrong.header("allow")),
        (405, "GET, HEAD, POST")
    );
}

#[test]
fn an_org_token_sees_only_itself_and_changes_nothing() {
    let splunk = start();
    splunk.create(&json!({ "name": "other" }));
    let own = splunk.create(&json!({ "name": "own", "authScopes": ["API"] }));
    let holder = splunk.holding(&text(&own, "/secret"));
    let listed = holder.get("/v2/token").expect(200);
    assert_eq!(
        (&listed["count"], &listed["results"][0]["name"]),
        (&json!(1), &json!("own"))
    );
    holder.get("/v2/token/other").expect(404);
    let unauthorized = json!({ "code": 403, "message": "Unauthorized update." });
    let create = holder.post("/v2/token", json!({ "name": "x" }));
    assert_eq!(create.expect(403), unauthorized);
    assert_eq!(holder.delete("/v2/token/own").expect(403), unauthorized);
    assert_eq!(
        holder
            .put("/v2/token/own", json!({ "name": "x" }))
            .expect(403),
        unauthorized
    );
    holder
        .call(Method::POST, "/v2/token/own/rotate")
        .expect(403);
    let ingest = splunk.create(&json!({ "name": "ingest", "authScopes": ["INGEST"] }));
    splunk
        .holding(&text(&ingest, "/secret"))
        .get("/v2/token?name=nobody")
        .expect(401);
}

#[test]
fn a_session_is_opened_with_a_password_used_and_ended() {
    let splunk = start();
    let server = &splunk.server;
    let sign_in = json!({
        "email": server.username, "password": server.password, "organizationId": server.organization,
    });
    splunk.holding("").post("/v2/session", &sign_in).expect(401);
    let session = splunk.anonymous().post("/v2/session", &sign_in).expect(200);
    let lifetime = session["expiryMs"].as_i64().unwrap() - session["createdMs"].as_i64().unwrap();
    assert_eq!(lifetime, 30 * DAY * 1000);
    assert_eq!(session["sessionType"], "ORG_USER");
    let caller = splunk.holding(&text(&session, "/accessToken"));
    caller.post("/v2/token", json!({ "name": "t" })).expect(200);
    caller.delete("/v2/session").expect_text(204, "");
    caller.get("/v2/token").expect(401);
    assert_eq!(caller.delete("/v2/session").expect(404)["code"], 404);
    let second = splunk.anonymous().post("/v2/session", &sign_in).expect(200);
    splunk.advance_seconds(30 * DAY + 1);
    splunk
        .holding(&text(&second, "/accessToken"))
        .get("/v2/token")
        .expect(401);
    splunk.get("/v2/organization").expect(200);
}

#[test]
fn faults_are_answered_in_the_vendors_form() {
    let splunk = start();
    splunk.fail_once("POST", "/v2/token", 429);
    let limited = splunk.post("/v2/token", json!({ "name": "t" }));
    assert_eq!(limited.header("retry-after"), "2");
    assert_eq!(limited.expect(429)["code"], 429);
    splunk.lose_one_answer("POST", "/v2/token");
    let body = ("application/json", json!({ "name": "t" }).to_string());
    assert!(
        splunk
            .try_send(Method::POST, "/v2/token", Some(body))
            .is_err()
    );
    let adopted = splunk.get("/v2/token/t").expect(200);
    assert!(
        splunk.ingests(&text(&adopted, "/secret")),
        "a lost secret is read again"
    );
}

#[test]
fn tokens_and_grace_periods_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.sqlite");
    let (old, new) = {
        let splunk = Splunk(Vendor::start_on(Api::Splunk, &file));
        let before = splunk.post("/v2/token", json!({ "name": "t" })).expect(200);
        let after = splunk
            .call(Method::POST, "/v2/token/t/rotate?graceful=600")
            .expect(200);
        (text(&before, "/secret"), text(&after, "/secret"))
    };
    let splunk = Splunk(Vendor::start_on(Api::Splunk, &file));
    assert!(splunk.ingests(&old) && splunk.ingests(&new));
    assert_eq!(text(&splunk.get("/v2/token/t").expect(200), "/secret"), new);
    splunk.advance_seconds(601);
    assert!(!splunk.ingests(&old));
}
