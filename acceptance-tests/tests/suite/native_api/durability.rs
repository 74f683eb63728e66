//! What a database file keeps, and what it never holds.

use std::path::Path;

use lanyard_token_server::store::Database;
use lanyard_token_server::{Api, Options};
use serde_json::json;

use super::api::{TOKENS, TestApi, text};

fn on_file(path: &Path) -> TestApi {
    let mut options = Options::new(Api::Native);
    options.database = Database::File(path.to_owned());
    TestApi::with(options)
}

#[test]
fn a_restarted_server_knows_tokens_operators_and_its_clock() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.db");
    let first = on_file(&path);
    let operator = first.server.token.clone().unwrap();
    let token = first.create_token(json!({ "name": "t" }));
    first.advance_seconds(1_000_000);
    let then = first.server.clock().now();
    drop(first);

    let second = on_file(&path);
    assert!(second.bearer(text(&token["secret"])).is_let_in());
    assert_ne!(second.server.token.as_ref(), Some(&operator));
    second.bearer(&operator).get(TOKENS).expect(200);
    assert!(second.server.clock().now() >= then);
}

#[test]
fn after_a_restart_a_repeated_request_is_answered_without_its_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.db");
    let first = on_file(&path);
    let operator = first.server.token.clone().unwrap();
    let create = |api: &TestApi| {
        let caller = api.bearer(&operator).with("idempotency-key", "key-1");
        caller.post(TOKENS, json!({ "name": "t" })).expect(201)
    };
    let created = create(&first);
    drop(first);
    let replayed = create(&on_file(&path));
    assert_eq!(
        (&replayed["id"], &replayed["secret"]),
        (&created["id"], &json!(null))
    );
}

#[test]
fn no_secret_reaches_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.db");
    let log = folder.path().join("secrets.log");
    let mut options = Options::new(Api::Native);
    options.database = Database::File(path.clone());
    options.secret_log = Some(log.clone());
    let api = TestApi::with(options);

    let keyed = api.with("idempotency-key", "key-1");
    let token = keyed
        .post(TOKENS, json!({ "name": "t", "roles": ["admin"] }))
        .expect(201);
    let rotate = format!("{}/rotate", super::api::token_path(&token));
    let rotated = api
        .with("idempotency-key", "key-2")
        .post(&rotate, json!({}))
        .expect(200);
    let exchange = format!(
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token={}\
         &subject_token_type=urn:ietf:params:oauth:token-type:access_token",
        text(&rotated["secret"])
    );
    let exchanged = api.anonymous().form("/v1/token", &exchange).expect(200);
    let minted = lanyard_token_server::secret::mint();
    let hash = format!("sha256:{}", lanyard_token_server::secret::hash(&minted));
    api.create_token(json!({ "name": "minted", "secret_hash": hash }));
    assert!(api.bearer(&minted).is_let_in());
    drop(api);

    let logged = std::fs::read_to_string(&log).unwrap();
    let secrets: Vec<&str> = logged.lines().collect();
    for issued in [
        &token["secret"],
        &rotated["secret"],
        &exchanged["access_token"],
        &json!(minted),
    ] {
        assert!(secrets.contains(&text(issued)), "the secret log misses one");
    }
    assert_eq!(secrets.len(), 5, "each of them once, and the operator's");
    let mut searched = 0;
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap().path();
        if file == log {
            continue;
        }
        searched += 1;
        let bytes = std::fs::read(&file).unwrap();
        for secret in &secrets {
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{} holds a secret", file.display());
        }
    }
    assert!(searched > 0);
}

#[test]
fn a_file_from_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.db");
    drop(on_file(&path));
    let database = rusqlite::Connection::open(&path).unwrap();
    database.pragma_update(None, "user_version", 999).unwrap();
    let mut options = Options::new(Api::Native);
    options.database = Database::File(path);
    let error = lanyard_token_server::ReferenceServer::start(options)
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.contains("newer version") && error.contains("999"),
        "{error}"
    );
}

#[test]
fn a_stopped_server_answers_no_more_and_leaves_its_port() {
    let api = TestApi::start();
    let caller = api.clone();
    let address = api.server.url.strip_prefix("http://").unwrap().to_owned();
    drop(api);
    assert!(
        caller
            .try_send(reqwest::Method::GET, "/healthz", None)
            .is_err()
    );
    std::net::TcpListener::bind(address).unwrap();
}
