//! The other hand on the server: what somebody does past Terraform, over the native API.

use std::ops::Deref;

use reqwest::Certificate;
use reqwest::blocking::Client;
use serde_json::{Value, json};

use super::caller::Caller;
use super::http;
use super::server::TokenServer;

/// A client of the native API, with the operator's credential unless told otherwise. Written without a line of the client under test.
pub(crate) struct Native(Caller);

impl Deref for Native {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl Native {
    pub(crate) fn of(server: &TokenServer) -> Self {
        Self::with_token(server, server.operator_token())
    }

    pub(crate) fn with_token(server: &TokenServer, token: &str) -> Self {
        let client = match &server.ready.ca_file {
            Some(path) => {
                let pem = std::fs::read(path).expect("the server's authority should be readable");
                let authority = Certificate::from_pem(&pem).expect("the authority should be PEM");
                let builder = Client::builder().tls_certs_only([authority]);
                builder
                    .build()
                    .expect("a client with plain settings can be built")
            }
            None => http::blocking().clone(),
        };
        let caller = Caller::of(&server.ready.url, client).bearer(token);
        // What Terraform owns is protected from others; here somebody overrides that.
        Self(caller.with("managed-by", "*"))
    }

    /// Creates, and returns what was created.
    #[track_caller]
    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self.0.post(path, body);
        assert!(
            matches!(answer.status, 200 | 201),
            "POST {path} should succeed: {}",
            answer.text
        );
        answer.body
    }

    #[track_caller]
    pub(crate) fn patch(&self, path: &str, body: &Value) {
        self.0.patch(path, body).expect(200);
    }

    #[track_caller]
    pub(crate) fn put(&self, path: &str, body: &Value) {
        self.0.put(path, body).expect(200);
    }

    #[track_caller]
    pub(crate) fn delete(&self, path: &str) {
        self.0.delete(path).expect(204);
    }

    /// All accounts, by name.
    pub(crate) fn account_names(&self) -> Vec<String> {
        self.names("/v1/service-accounts")
    }

    /// All tokens, by name.
    pub(crate) fn token_names(&self) -> Vec<String> {
        self.names("/v1/access-tokens")
    }

    /// Moves the server's clock.
    pub(crate) fn advance_clock(&self, seconds: u64) {
        self.post("/-/clock", &json!({ "advance_seconds": seconds }));
    }

    /// Method and path of every request since the last call, Terraform's and ours.
    pub(crate) fn take_requests(&self) -> Vec<String> {
        let answer = self.get("/-/requests");
        self.0.delete("/-/requests");
        let text =
            |request: &Value, name: &str| request[name].as_str().unwrap_or_default().to_owned();
        answer.body["requests"]
            .as_array()
            .expect("the server should list its requests")
            .iter()
            .map(|request| format!("{} {}", text(request, "method"), text(request, "path")))
            .collect()
    }

    fn names(&self, path: &str) -> Vec<String> {
        let answer = self.get(&format!("{path}?limit=1000"));
        let mut names: Vec<String> = answer.body["items"]
            .as_array()
            .unwrap_or_else(|| panic!("GET {path} should list items: {}", answer.text))
            .iter()
            .map(|item| item["name"].as_str().expect("a name is text").to_owned())
            .collect();
        names.sort();
        names
    }
}
