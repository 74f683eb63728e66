//! The rate limit: per credential, off unless asked for.

use lanyard_token_server::{Api, Options};
use serde_json::json;

use super::api::{TestApi, text};

#[test]
fn too_many_requests_are_429_until_a_second_has_passed() {
    let mut options = Options::new(Api::Native);
    options.rate_limit = Some(3);
    let api = TestApi::with(options);
    // A full bucket, whatever was spent on the way here.
    let token = api.create_token(json!({ "name": "t" }));
    let caller = api.bearer(text(&token["secret"]));
    // Real time passes between requests, too; a few more than the burst are always enough to empty the bucket.
    let refused = (0..50)
        .map(|_| caller.get("/v1/whoami"))
        .find(|reply| reply.status == 429);
    let refused = refused.expect("no request was refused");
    assert_eq!(refused.header("retry-after"), "1");
    refused.refused("rate_limited");
    api.get("/v1/whoami").expect(200);
    api.advance_seconds(1);
    assert!(caller.is_let_in());
}
