//! Secrets: lifetimes, rotation, grace.

use reqwest::Method;
use serde_json::json;

use super::start;
use crate::support::caller::text;

#[test]
fn a_new_lifetime_begins_when_it_is_sent_and_the_token_ends_with_it() {
    let splunk = start();
    let token = splunk.create(&json!({ "name": "t", "secondsUntilExpiry": 3600 }));
    let secret = text(&token, "/secret");
    splunk.advance_seconds(3000);
    let body = json!({ "name": "t", "secondsUntilExpiry": 3600 });
    splunk.put("/v2/token/t", &body).expect(200);
    splunk.advance_seconds(3000);
    assert!(splunk.ingests(&secret));
    splunk.advance_seconds(601);
    assert!(!splunk.ingests(&secret));
    assert_eq!(
        splunk.get("/v2/token").expect(200)["count"],
        1,
        "expired tokens stay listed"
    );
    splunk.post("/v2/token", &body).expect(400);
    for wrong in [0, -1, 5_676_000_001_i64] {
        let body = json!({ "name": "u", "secondsUntilExpiry": wrong });
        splunk.post("/v2/token", &body).expect(400);
    }
}

#[test]
fn a_rotation_with_grace_lets_both_secrets_work_until_the_grace_ends() {
    let splunk = start();
    let before = splunk.create(&json!({ "name": "t" }));
    splunk.advance_seconds(10);
    let path = "/v2/token/t/rotate?graceful=600&secondsUntilExpiry=7200";
    let after = splunk.call(Method::POST, path).expect(200);
    let (old, new) = (text(&before, "/secret"), text(&after, "/secret"));
    assert_eq!(after["id"], before["id"]);
    assert_ne!(after["latestRotation"], before["latestRotation"]);
    let lifetime = after["expiry"].as_i64().unwrap() - after["latestRotation"].as_i64().unwrap();
    assert_eq!(lifetime, 7_200_000);
    assert!(splunk.ingests(&old) && splunk.ingests(&new));
    splunk.advance_seconds(601);
    assert!(!splunk.ingests(&old) && splunk.ingests(&new));
}

#[test]
fn a_rotation_without_grace_ends_the_old_secret_at_once() {
    let splunk = start();
    let before = splunk.create(&json!({ "name": "t" }));
    let after = splunk.call(Method::POST, "/v2/token/t/rotate").expect(200);
    assert!(!splunk.ingests(&text(&before, "/secret")));
    assert!(splunk.ingests(&text(&after, "/secret")));
}

#[test]
fn a_second_rotation_within_the_grace_ends_the_oldest_secret() {
    let splunk = start();
    let rotate = || {
        splunk
            .call(Method::POST, "/v2/token/t/rotate?graceful=600")
            .expect(200)
    };
    let first = text(&splunk.create(&json!({ "name": "t" })), "/secret");
    let second = text(&rotate(), "/secret");
    let third = text(&rotate(), "/secret");
    assert!(!splunk.ingests(&first));
    assert!(splunk.ingests(&second) && splunk.ingests(&third));
}

#[test]
fn a_rotation_is_refused_when_the_token_expired_or_the_grace_is_too_long() {
    let splunk = start();
    splunk.create(&json!({ "name": "t", "secondsUntilExpiry": 60 }));
    let rotate = |query: &str| splunk.call(Method::POST, &format!("/v2/token/t/rotate{query}"));
    rotate("?graceful=5184001").expect(400);
    rotate("?graceful=-1").expect(400);
    rotate("?graceful=soon").expect(400);
    splunk.advance_seconds(61);
    rotate("").expect(400);
    splunk
        .call(Method::POST, "/v2/token/nobody/rotate")
        .expect(404);
}
