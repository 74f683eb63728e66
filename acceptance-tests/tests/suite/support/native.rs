//! The other hand on the server: what somebody does past Terraform, over the native API.

use reqwest::Method;
use reqwest::blocking::Client;
use serde_json::{Value, json};

use super::http;
use super::server::TokenServer;

/// A client of the native API, with the operator's credential unless told otherwise. Written without a line of the client under test.
#[derive(Debug)]
pub(crate) struct Native {
    url: String,
    token: String,
    client: Client,
}

/// A client that trusts this authority.
fn trusting(path: &str) -> Client {
    let pem = std::fs::read(path).expect("the server's certificate authority should be readable");
    let certificate =
        reqwest::Certificate::from_pem(&pem).expect("the certificate authority should be PEM");
    let builder = Client::builder().tls_certs_only([certificate]);
    builder
        .build()
        .expect("a client with plain settings can be built")
}

/// A status and the JSON beside it; null if there was none.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Native {
    pub(crate) fn of(server: &TokenServer) -> Self {
        Self::with_token(server, server.operator_token())
    }

    pub(crate) fn with_token(server: &TokenServer, token: &str) -> Self {
        Self {
            url: server.ready.url.clone(),
            token: token.to_owned(),
            client: match &server.ready.ca_file {
                Some(path) => trusting(path),
                None => http::blocking().clone(),
            },
        }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None)
    }

    /// Creates, and returns what was created.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self.send(Method::POST, path, Some(body));
        assert!(
            matches!(answer.status, 200 | 201),
            "POST {path} should succeed: {answer:?}"
        );
        answer.body
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) {
        let answer = self.send(Method::PATCH, path, Some(body));
        assert_eq!(
            answer.status, 200,
            "PATCH {path} should succeed: {answer:?}"
        );
    }

    pub(crate) fn put(&self, path: &str, body: &Value) {
        let answer = self.send(Method::PUT, path, Some(body));
        assert_eq!(answer.status, 200, "PUT {path} should succeed: {answer:?}");
    }

    pub(crate) fn delete(&self, path: &str) {
        let answer = self.send(Method::DELETE, path, None);
        assert_eq!(
            answer.status, 204,
            "DELETE {path} should succeed: {answer:?}"
        );
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
        self.send(Method::DELETE, "/-/requests", None);
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
            .unwrap_or_else(|| panic!("GET {path} should list items: {answer:?}"))
            .iter()
            .map(|item| item["name"].as_str().expect("a name is text").to_owned())
            .collect();
        names.sort();
        names
    }

    fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let mut request = self
            .client
            .request(method.clone(), format!("{}{path}", self.url))
            .bearer_auth(&self.token)
            // What Terraform owns is protected from others; here somebody overrides that.
            .header("Managed-By", "*");
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request
            .send()
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let status = response.status().as_u16();
        let text = response
            .text()
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        Answer {
            status,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
        }
    }
}
