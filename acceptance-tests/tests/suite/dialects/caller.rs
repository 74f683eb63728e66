//! A vendor's server and callers for tests: each caller brings headers, which is how every vendor authenticates.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lanyard_token_server::store::Database;
use lanyard_token_server::{Api, Fault, FaultRule, Options, ReferenceServer, When};
use reqwest::Method;
use reqwest::blocking::Client;
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use serde_json::Value;

use crate::support::http;

pub(crate) struct Vendor {
    pub(crate) server: ReferenceServer,
}

#[derive(Clone)]
pub(crate) struct Caller {
    client: Client,
    url: String,
    headers: Vec<(String, String)>,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// Null when the body is no JSON.
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl Vendor {
    pub(crate) fn start(api: Api) -> Self {
        Self::with(Options::new(api))
    }

    /// A server that keeps its data in this file.
    pub(crate) fn start_on(api: Api, file: &std::path::Path) -> Self {
        let mut options = Options::new(api);
        options.database = Database::File(file.to_owned());
        Self::with(options)
    }

    pub(crate) fn with(options: Options) -> Self {
        Self {
            server: ReferenceServer::start(options).unwrap(),
        }
    }

    pub(crate) fn anonymous(&self) -> Caller {
        Caller {
            client: http::builder().redirect(Policy::none()).build().unwrap(),
            url: self.server.url.clone(),
            headers: Vec::new(),
        }
    }

    /// The operator's token, where the vendor has one.
    pub(crate) fn token(&self) -> &str {
        self.server.token.as_deref().unwrap()
    }

    /// The operator as user with a password.
    pub(crate) fn operator_by_password(&self) -> Caller {
        let name = self.server.username.as_deref().unwrap();
        self.anonymous()
            .basic(name, self.server.password.as_deref().unwrap())
    }

    pub(crate) fn advance_seconds(&self, seconds: i64) {
        self.server.clock().advance_seconds(seconds).unwrap();
    }

    /// The next request with this method and path is done, and its answer is lost.
    pub(crate) fn lose_one_answer(&self, method: &str, path: &str) {
        let rule = FaultRule::new(Fault::Cut { when: When::After });
        let faults = self.server.faults();
        faults.add(rule.on(method, path).times(1)).unwrap();
    }

    /// The next request with this method and path is answered with this status, and nothing is done.
    pub(crate) fn fail_once(&self, method: &str, path: &str, status: u16) {
        let fault = Fault::Status {
            status,
            retry_after: Some(2),
            before_work: true,
        };
        let rule = FaultRule::new(fault).on(method, path).times(1);
        self.server.faults().add(rule).unwrap();
    }

    /// Sets the switches of the vendor's edition, version and defects, with this token of the operator.
    pub(crate) fn profile(&self, operator_secret: &str, switches: &Value) {
        self.anonymous()
            .bearer(operator_secret)
            .put("/-/profile", switches)
            .expect(200);
    }
}

impl Caller {
    pub(crate) fn with(&self, header: &str, value: &str) -> Self {
        let mut caller = self.clone();
        caller.headers.push((header.to_owned(), value.to_owned()));
        caller
    }

    pub(crate) fn basic(&self, name: &str, password: &str) -> Self {
        let pair = STANDARD.encode(format!("{name}:{password}"));
        self.with("authorization", &format!("Basic {pair}"))
    }

    pub(crate) fn bearer(&self, secret: &str) -> Self {
        self.with("authorization", &format!("Bearer {secret}"))
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::POST, path, Some(body.to_string()))
    }

    pub(crate) fn put(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::PUT, path, Some(body.to_string()))
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::PATCH, path, Some(body.to_string()))
    }

    pub(crate) fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None)
    }

    /// Without a body.
    pub(crate) fn call(&self, method: Method, path: &str) -> Reply {
        self.send(method, path, None)
    }

    /// With this body as it is, said to be JSON.
    pub(crate) fn send(&self, method: Method, path: &str, body: Option<String>) -> Reply {
        let body = body.map(|body| ("application/json", body));
        self.try_send(method, path, body).unwrap()
    }

    pub(crate) fn try_send(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, String)>,
    ) -> Result<Reply, reqwest::Error> {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
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

    /// Fails unless this was answered, to the letter.
    #[track_caller]
    pub(crate) fn expect_text(self, status: u16, text: &str) {
        assert_eq!((self.status, self.text.as_str()), (status, text));
    }

    /// The header's value; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }
}

/// The text at this JSON pointer.
#[track_caller]
pub(crate) fn text(value: &Value, pointer: &str) -> String {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found
        .unwrap_or_else(|| panic!("no text at {pointer} in {value}"))
        .to_owned()
}
