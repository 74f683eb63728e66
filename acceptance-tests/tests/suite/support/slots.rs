//! Secrets that are tokens of their own on the server (OSMO, Elasticsearch), one by one: past everything that takes them for one token.

use lanyard_token_server::store::TokenFilter;
use lanyard_token_server::{Api, ReferenceServer};
use serde_json::{Value, json};

/// What the server really has of the token with this name.
pub(crate) fn slots(server: &ReferenceServer, name: &str) -> Vec<String> {
    let all = server.store(|store| store.access_tokens(&TokenFilter::default(), 0, 1000));
    let all = all.expect("the store can be read");
    let names = all.into_iter().map(|token| token.name);
    let later = format!("{name}--");
    let mut names: Vec<String> = names
        .filter(|other| other == name || other.starts_with(&later))
        .collect();
    names.sort();
    names
}

/// Deletes one of them, as somebody does with the vendor's own client.
pub(crate) async fn delete_slot(server: &ReferenceServer, account: &str, slot: &str) {
    let client = super::http::asynchronous();
    let url = &server.url;
    let request = match server.api {
        Api::Elasticsearch => client
            .delete(format!(
                "{url}/_security/service/{account}/credential/token/{slot}"
            ))
            .basic_auth(
                server.username.as_deref().unwrap_or_default(),
                server.password.as_deref(),
            ),
        Api::Osmo => {
            let exchanged = client
                .post(format!("{url}/api/auth/jwt/access_token"))
                .json(&json!({ "token": server.token }))
                .send()
                .await
                .expect("the server answers");
            let exchanged: Value = exchanged.json().await.expect("the answer is JSON");
            client
                .delete(format!("{url}/api/auth/user/{account}/access_token/{slot}"))
                .bearer_auth(exchanged["token"].as_str().unwrap_or_default())
        }
        other => panic!("{} keeps one secret for each token", other.name()),
    };
    let answer = request.send().await.expect("the server answers");
    assert!(answer.status().is_success(), "{answer:?}");
}
