//! The OpenAPI document: what the server hands out is what `docs/` shows.

use std::path::Path;

use lanyard_token_server::Api;

use super::api::TestApi;

#[test]
fn the_copy_in_docs_is_what_the_server_describes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/native-api.openapi.json");
    let described = Api::Native.description().unwrap();
    let wanted = serde_json::to_string_pretty(&described).unwrap() + "\n";
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    if found != wanted && std::env::var_os("CI").is_some() {
        panic!(
            "docs/native-api.openapi.json is stale; run `cargo test -p lanyard-acceptance-tests the_copy_in_docs` and commit it"
        );
    }
    if found != wanted {
        std::fs::write(&path, wanted).unwrap();
    }
}

#[test]
fn anybody_may_read_the_document() {
    let api = TestApi::start();
    let reply = api.anonymous().get("/openapi.json");
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body, Api::Native.description().unwrap());
}
