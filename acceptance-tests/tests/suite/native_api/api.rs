//! A server and a caller for tests: requests in one line, answers as JSON.

use lanyard_token_server::{Api, Options, ReferenceServer};
use reqwest::Method;
use reqwest::blocking::Client;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::support::http;

/// A running server and its operator as caller.
pub(crate) struct TestApi {
    pub(crate) server: ReferenceServer,
    operator: Caller,
}

/// Somebody who makes requests; `with` adds headers to all of them.
#[derive(Clone)]
pub(crate) struct Caller {
    client: Client,
    url: String,
    secret: Option<String>,
    headers: Vec<(String, String)>,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// Null when there is no body.
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl TestApi {
    pub(crate) fn start() -> Self {
        Self::with(Options::new(Api::Native))
    }

    pub(crate) fn with(options: Options) -> Self {
        let server = ReferenceServer::start(options).unwrap();
        let operator = Caller {
            client: http::builder().build().unwrap(),
            url: server.url.clone(),
            secret: server.token.clone(),
            headers: Vec::new(),
        };
        Self { server, operator }
    }

    pub(crate) fn operator(&self) -> &Caller {
        &self.operator
    }

    pub(crate) fn anonymous(&self) -> Caller {
        let mut caller = self.operator.clone();
        caller.secret = None;
        caller
    }

    /// A caller with this secret.
    pub(crate) fn bearer(&self, secret: &str) -> Caller {
        let mut caller = self.operator.clone();
        caller.secret = Some(secret.to_owned());
        caller
    }

    /// A caller whose account has these roles and this restriction.
    pub(crate) fn account_with(&self, name: &str, roles: &[&str], restriction: Value) -> Caller {
        let account = self
            .create_account(json!({ "name": name, "roles": roles, "restriction": restriction }));
        let token = self.create_token(json!({ "name": "t", "service_account_id": account["id"] }));
        self.bearer(text(&token["secret"]))
    }

    pub(crate) fn create_account(&self, body: Value) -> Value {
        self.operator.post("/v1/service-accounts", body).expect(201)
    }

    pub(crate) fn create_token(&self, body: Value) -> Value {
        self.operator.post("/v1/access-tokens", body).expect(201)
    }

    /// The token as it is now.
    pub(crate) fn token(&self, token: &Value) -> Value {
        self.operator.get(&token_path(token)).expect(200)
    }

    pub(crate) fn advance_seconds(&self, seconds: i64) {
        self.server.clock().advance_seconds(seconds).unwrap();
    }
}

pub(crate) fn token_path(token: &Value) -> String {
    format!("/v1/access-tokens/{}", text(&token["id"]))
}

pub(crate) fn account_path(account: &Value) -> String {
    format!("/v1/service-accounts/{}", text(&account["id"]))
}

pub(crate) fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
}

impl Caller {
    pub(crate) fn with(&self, header: &str, value: &str) -> Self {
        let mut caller = self.clone();
        caller.headers.push((header.to_owned(), value.to_owned()));
        caller
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None)
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Reply {
        self.send(
            Method::POST,
            path,
            Some(("application/json", body.to_string())),
        )
    }

    pub(crate) fn put(&self, path: &str, body: Value) -> Reply {
        self.send(
            Method::PUT,
            path,
            Some(("application/json", body.to_string())),
        )
    }

    pub(crate) fn patch(&self, path: &str, body: Value) -> Reply {
        let body = Some(("application/merge-patch+json", body.to_string()));
        self.send(Method::PATCH, path, body)
    }

    pub(crate) fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None)
    }

    pub(crate) fn form(&self, path: &str, body: &str) -> Reply {
        let body = Some(("application/x-www-form-urlencoded", body.to_owned()));
        self.send(Method::POST, path, body)
    }

    /// Whether the credential is let in.
    pub(crate) fn is_let_in(&self) -> bool {
        match self.get("/v1/whoami").status {
            200 => true,
            401 => false,
            other => panic!("whoami answered {other}"),
        }
    }

    pub(crate) fn send(&self, method: Method, path: &str, body: Option<(&str, String)>) -> Reply {
        self.try_send(method, path, body).unwrap()
    }

    pub(crate) fn try_send(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, String)>,
    ) -> Result<Reply, reqwest::Error> {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if let Some(secret) = &self.secret {
            request = request.bearer_auth(secret);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some((media_type, body)) = body {
            request = request.header("content-type", media_type).body(body);
        }
        let response = request.send()?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text()?;
        Ok(Reply {
            status,
            headers,
            body: serde_json::from_str(&text).unwrap_or_default(),
            text,
        })
    }
}

impl Reply {
    /// The body of an answer with this status; anything else fails the test with what was answered.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.body
    }

    /// Fails unless it is this error, as problem details.
    #[track_caller]
    pub(crate) fn expect_problem(self, status: u16, code: &str) -> Value {
        assert_eq!(
            (self.status, self.body["code"].as_str()),
            (status, Some(code)),
            "{}",
            self.text
        );
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.body["status"], status);
        for member in ["type", "title", "detail"] {
            assert!(
                self.body[member].is_string(),
                "{member} is missing: {}",
                self.text
            );
        }
        self.body
    }

    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self
            .headers
            .get(name)
            .unwrap_or_else(|| panic!("no header {name}"));
        value.to_str().unwrap()
    }
}

/// The pointers of a problem's errors.
pub(crate) fn pointers(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"]
        .as_array()
        .unwrap_or_else(|| panic!("no errors in {problem}"));
    errors.iter().map(|error| text(&error["pointer"])).collect()
}
