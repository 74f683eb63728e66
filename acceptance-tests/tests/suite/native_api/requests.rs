//! The log of requests, for tests that count calls.

use lanyard_token_server::{Fault, FaultRule, When};
use reqwest::Method;
use serde_json::json;

use super::api::{TOKENS, TestApi};

#[test]
fn every_request_is_logged_and_counted_by_route() {
    let api = TestApi::start();
    let token = api.create_token(json!({ "name": "t" }));
    api.token(&token);
    api.get("/v1/access-tokens?limit=5").expect(200);
    api.get("/nowhere").refused("not_found");
    api.server
        .faults()
        .add(FaultRule::new(Fault::Cut { when: When::Before }))
        .unwrap();
    assert!(api.try_send(Method::GET, "/v1/whoami", None).is_err());
    api.server.faults().clear();

    let log = api.get("/-/requests").expect(200);
    let requests = log["requests"].as_array().unwrap();
    assert_eq!(
        requests[2],
        json!({ "method": "GET", "path": TOKENS, "query": "limit=5", "status": 200, "fault": null })
    );
    let cut = requests.iter().filter(|request| request["fault"] == "cut");
    assert!(cut.clone().count() >= 1);
    assert!(cut.clone().all(|request| request["status"].is_null()));
    let routes = &log["counters"]["by_route"];
    assert_eq!(routes["POST /v1/access-tokens"], 1);
    assert_eq!(routes["GET /v1/access-tokens/{id}"], 1);
    assert_eq!(routes["other"], 1);
    assert_eq!(api.server.requests().by_route()["GET /v1/access-tokens"], 1);

    assert_eq!(api.delete("/-/requests").status, 204);
    assert_eq!(api.server.requests().total(), 0);
}
