//! The OpenAPI document: what the server hands out is what `docs/` shows.

use std::path::Path;

use lanyard_token_server::Api;

use super::api::TestApi;

#[test]
fn anybody_may_read_the_contract_in_docs() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/native-api.openapi.json");
    let contract = std::fs::read_to_string(path).unwrap();
    let reply = TestApi::start().anonymous().get("/openapi.json");
    assert_eq!(reply.status, 200);
    assert_eq!(reply.text, contract);
    assert_eq!(reply.body, Api::Native.description().unwrap());
}
