//! Service tokens: made, used, listed, deleted.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use reqwest::Method;
use serde_json::json;

use super::{FILE_TOKEN, FLEET, refused, start};
use crate::support::caller::text;

#[test]
fn a_token_of_a_built_in_account_goes_through_the_vendors_basic_test() {
    let cluster = start();
    let created = cluster
        .call(
            Method::POST,
            &format!("{FLEET}/credential/token/api-token-1"),
        )
        .expect(200);
    assert_eq!(
        (&created["created"], &created["token"]["name"]),
        (&json!(true), &json!("api-token-1"))
    );
    let value = text(&created, "/token/value");
    let decoded = STANDARD_NO_PAD.decode(&value).unwrap();
    assert_eq!(&decoded[..4], [0, 1, 0, 1]);
    assert!(decoded[4..].starts_with(b"elastic/fleet-server/api-token-1:"));
    let holder = cluster.holding(&value);
    let who = holder.get("/_security/_authenticate").expect(200);
    assert_eq!(who["username"], "elastic/fleet-server");
    assert_eq!(who["roles"], json!([]));
    assert_eq!(who["full_name"], "Service account - elastic/fleet-server");
    assert_eq!(who["token"]["name"], "api-token-1");
    assert_eq!(who["token"]["type"], "_service_account_index");
    let reason = refused(
        holder.delete("/_security/user/foo"),
        403,
        "security_exception",
    );
    assert_eq!(
        reason,
        "action [cluster:admin/xpack/security/user/delete] is unauthorized for service account \
         [elastic/fleet-server], this action is granted by the cluster privileges [manage_security,all]"
    );
    let credentials = cluster.get(&format!("{FLEET}/credential")).expect(200);
    assert_eq!(credentials["count"], 2);
    assert_eq!(credentials["tokens"], json!({ "api-token-1": {} }));
    assert_eq!(credentials["nodes_credentials"]["_nodes"]["failed"], 0);
    let file_tokens = &credentials["nodes_credentials"]["file_tokens"];
    assert_eq!(file_tokens["token1"]["nodes"][0], "yamlRestTest-0");
    for names in ["api-token-1", "api-token-1,does-not-exist", "*", ""] {
        let path = format!("{FLEET}/credential/token/{names}/_clear_cache");
        let cleared = cluster.call(Method::POST, &path).expect(200);
        assert_eq!(cleared["_nodes"]["failed"], 0);
    }
    let path = format!("{FLEET}/credential/token/api-token-1");
    cluster.delete(&path).expect_text(200, r#"{"found":true}"#);
    cluster.delete(&path).expect_text(404, r#"{"found":false}"#);
    assert!(!cluster.opens(&value));
}

#[test]
fn the_token_in_the_nodes_file_opens_the_same_account_beside_one_of_the_same_name() {
    let cluster = start();
    let own = cluster.token(FLEET, "token1");
    let who = cluster
        .holding(FILE_TOKEN)
        .get("/_security/_authenticate")
        .expect(200);
    assert_eq!(who["token"]["type"], "_service_account_file");
    assert!(cluster.opens(&own));
    let credentials = cluster.get(&format!("{FLEET}/credential")).expect(200);
    assert_eq!(credentials["count"], 2);
    cluster
        .delete(&format!("{FLEET}/credential/token/token1"))
        .expect(200);
    assert!(cluster.opens(FILE_TOKEN) && !cluster.opens(&own));
}

#[test]
fn a_secret_that_is_wrong_or_short_fails_as_a_service_token() {
    let cluster = start();
    cluster.token(FLEET, "ci-1");
    for secret in ["AbCdEfGhIjKlMnOpQrStUv", "short"] {
        let mut bytes = vec![0, 1, 0, 1];
        bytes.extend(format!("elastic/fleet-server/ci-1:{secret}").bytes());
        let presented = STANDARD_NO_PAD.encode(bytes);
        let reply = cluster.holding(&presented).get("/_security/_authenticate");
        let reason = refused(reply, 401, "security_exception");
        assert_eq!(
            reason,
            "failed to authenticate service account [elastic/fleet-server] with token name [ci-1]"
        );
    }
    cluster
        .basic("elastic/fleet-server", "x")
        .get("/")
        .expect(401);
}

#[test]
fn a_token_needs_an_account_a_good_name_and_a_free_one() {
    let cluster = start();
    let create = |path: &str| cluster.call(Method::POST, &format!("/_security/service/{path}"));
    for unknown in ["elastic/nope", "ELASTIC/foo", "apps/nobody"] {
        let reason = refused(
            create(&format!("{unknown}/credential/token/t")),
            400,
            "illegal_argument_exception",
        );
        assert_eq!(
            reason,
            format!("service account [{unknown}] does not exist")
        );
    }
    let kind = "action_request_validation_exception";
    for name in ["_x", "a.b", &"x".repeat(257)] {
        let reason = refused(
            create(&format!("elastic/fleet-server/credential/token/{name}")),
            400,
            kind,
        );
        assert!(reason.starts_with(&format!(
            "Validation Failed: 1: invalid service token name [{name}]."
        )));
    }
    create("elastic/fleet-server/credential/token/-ok_1").expect(200);
    let taken = create("elastic/fleet-server/credential/token/-ok_1");
    let reason = refused(taken, 409, "version_conflict_engine_exception");
    assert_eq!(
        reason,
        "[service_account_token-elastic/fleet-server/-ok_1]: version conflict, document already exists (current version [1])"
    );
    let named = create("elastic/fleet-server/credential/token").expect(200);
    assert!(text(&named, "/token/name").starts_with("token_"));
    let wrong = cluster
        .call(Method::PUT, &format!("{FLEET}/credential/token"))
        .expect(405);
    assert_eq!(
        wrong["error"],
        "Incorrect HTTP method for uri [/_security/service/elastic/fleet-server/credential/token] and method [PUT], allowed: [POST]"
    );
    let unknown = cluster
        .get("/_security/service/apps/nobody/credential")
        .expect(200);
    assert_eq!(unknown["count"], 0);
    refused(
        create("elastic/fleet-server/credential/token/t?refresh=maybe"),
        400,
        "illegal_argument_exception",
    );
}

#[test]
fn a_deletion_that_cannot_clear_the_cache_fails_though_the_token_is_gone() {
    let cluster = start();
    let tokens = ["used", "unused"].map(|name| cluster.token(FLEET, name));
    cluster.profile(json!({ "cache_clearing": false }));
    assert!(cluster.opens(&tokens[0]));
    for name in ["used", "unused"] {
        let path = format!("{FLEET}/credential/token/{name}");
        let reason = refused(cluster.delete(&path), 500, "exception");
        assert_eq!(
            reason,
            format!(
                "clearing the cache for service token [elastic/fleet-server/{name}] failed. please clear the cache manually"
            )
        );
        cluster.delete(&path).expect_text(404, r#"{"found":false}"#);
    }
    // A node lets in whom it knows, for twenty minutes more.
    assert!(cluster.opens(&tokens[0]) && !cluster.opens(&tokens[1]));
    let clear = |names: &str| {
        let path = format!("{FLEET}/credential/token/{names}/_clear_cache");
        cluster.call(Method::POST, &path).expect(200);
    };
    clear("unused");
    assert!(cluster.opens(&tokens[0]));
    clear("other,used");
    assert!(!cluster.opens(&tokens[0]));
}
