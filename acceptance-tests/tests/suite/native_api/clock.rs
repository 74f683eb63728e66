//! The movable clock, from tests and over HTTP.

use serde_json::json;

use super::api::{TestApi, text};

#[test]
fn every_answers_date_follows_the_clock() {
    let api = TestApi::start();
    api.server
        .clock()
        .set("2030-01-02T03:04:05Z".parse().unwrap())
        .unwrap();
    for path in ["/healthz", "/v1/whoami", "/nowhere", "/-/clock"] {
        let reply = api.get(path);
        let date = reply.header("date");
        assert!(
            date.starts_with("Wed, 02 Jan 2030 03:04:0") && date.ends_with(" GMT"),
            "{path}: {date}"
        );
    }
}

#[test]
fn the_operator_can_move_the_clock_over_http() {
    let api = TestApi::start();
    let set = api
        .post("/-/clock", json!({ "now": "2030-01-01T00:00:00Z" }))
        .expect(200);
    assert!(text(&set["now"]).starts_with("2030-01-01T00:00:0"));
    let moved = api
        .post("/-/clock", json!({ "advance_seconds": 86_400 }))
        .expect(200);
    assert!(text(&moved["now"]).starts_with("2030-01-02T00:00:0"));
    let token = api.create_token(json!({ "name": "t" }));
    assert!(text(&token["created_at"]).starts_with("2030-01-02T00:00:0"));
    assert!(text(&api.get("/-/clock").expect(200)["now"]).starts_with("2030-01-02"));
}

#[test]
fn a_clock_cannot_go_where_times_cannot_be_written() {
    let api = TestApi::start();
    for body in [
        json!({ "advance_seconds": i64::MAX }),
        json!({ "now": "9999-12-31T23:59:59Z" }),
        json!({ "now": "soon" }),
        json!({ "now": "2030-01-01T00:00:00Z", "advance_seconds": 1 }),
        json!({}),
    ] {
        api.post("/-/clock", body).refused("invalid_request");
    }
}

#[test]
fn controls_are_for_the_operator_only() {
    let api = TestApi::start();
    let admin = api.create_token(json!({ "name": "t", "roles": ["admin"] }));
    for caller in [api.anonymous(), api.bearer(text(&admin["secret"]))] {
        for path in ["/-/clock", "/-/faults", "/-/requests"] {
            caller.get(path).refused("unauthenticated");
        }
    }
    api.get("/-/nothing").refused("not_found");
    api.put("/-/clock", json!({})).refused("method_not_allowed");
}
