//! A reference server and its callers, for tests of what it answers: requests in one line, answers as JSON. Each caller brings headers,
//! which is how every server authenticates.

use std::borrow::Borrow;
use std::ops::Deref;

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

/// A running server, which its operator calls.
pub(crate) struct Vendor {
    pub(crate) server: ReferenceServer,
    pub(crate) operator: Caller,
}

/// A vendor's server, for a test to give words of its own.
macro_rules! vendor {
    ($name:ident) => {
        struct $name(crate::caller::Vendor);

        impl std::ops::Deref for $name {
            type Target = crate::caller::Vendor;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }
    };
}
pub(crate) use vendor;

impl Deref for Vendor {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.operator
    }
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
        let api = options.api;
        let server = ReferenceServer::start(options).unwrap();
        let anonymous = Caller {
            client: http::builder().redirect(Policy::none()).build().unwrap(),
            url: server.url.clone(),
            headers: Vec::new(),
        };
        let [token, name, password] = [&server.token, &server.username, &server.password]
            .map(|part| part.as_deref().unwrap_or_default());
        let operator = match api {
            Api::Native => anonymous.bearer(token),
            Api::Chronosphere => anonymous.with("api-token", token),
            Api::Splunk => anonymous.with("x-sf-token", token),
            Api::Elasticsearch | Api::OpenObserve => anonymous.basic(name, password),
            // Wants an exchange first, which the tests make when they have set the clock.
            Api::Osmo => anonymous,
        };
        Self { server, operator }
    }

    pub(crate) fn anonymous(&self) -> Caller {
        Caller {
            headers: Vec::new(),
            ..self.operator.clone()
        }
    }

    /// The operator's token, where the vendor has one.
    pub(crate) fn operator_token(&self) -> &str {
        self.server.token.as_deref().unwrap()
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

    /// Sets the switches of the vendor's edition, version and defects.
    pub(crate) fn profile(&self, switches: impl Borrow<Value>) {
        let Self { server, operator } = self;
        let secret = server.token.as_ref().or(server.password.as_ref()).unwrap();
        let control = operator.bearer(secret);
        control.put("/-/profile", switches).expect(200);
    }
}

impl Caller {
    /// With this header, and no other of the name.
    pub(crate) fn with(&self, header: &str, value: &str) -> Self {
        let mut caller = self.clone();
        caller.headers.retain(|(name, _)| name != header);
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
        self.call(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str, body: impl Borrow<Value>) -> Reply {
        self.json(Method::POST, path, body.borrow())
    }

    pub(crate) fn put(&self, path: &str, body: impl Borrow<Value>) -> Reply {
        self.json(Method::PUT, path, body.borrow())
    }

    pub(crate) fn patch(&self, path: &str, body: impl Borrow<Value>) -> Reply {
        self.json(Method::PATCH, path, body.borrow())
    }

    /// A JSON merge patch.
    pub(crate) fn merge(&self, path: &str, patch: impl Borrow<Value>) -> Reply {
        let patch = patch.borrow().to_string();
        self.send_as(Method::PATCH, path, "application/merge-patch+json", patch)
    }

    pub(crate) fn form(&self, path: &str, form: impl Into<String>) -> Reply {
        let form_type = "application/x-www-form-urlencoded";
        self.send_as(Method::POST, path, form_type, form.into())
    }

    pub(crate) fn delete(&self, path: &str) -> Reply {
        self.call(Method::DELETE, path)
    }

    /// Without a body.
    pub(crate) fn call(&self, method: Method, path: &str) -> Reply {
        self.try_send(method, path, None).unwrap()
    }

    /// With this body as it is, said to be JSON.
    pub(crate) fn send(&self, method: Method, path: &str, body: impl Into<String>) -> Reply {
        self.send_as(method, path, "application/json", body.into())
    }

    fn json(&self, method: Method, path: &str, body: &Value) -> Reply {
        self.send(method, path, body.to_string())
    }

    /// With this body, said to be of this media type.
    pub(crate) fn send_as(
        &self,
        method: Method,
        path: &str,
        media_type: &str,
        body: String,
    ) -> Reply {
        let body = Some((media_type, body));
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

    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        let value = value.unwrap_or_else(|| panic!("no header {name}"));
        value.to_str().unwrap()
    }

    /// Fails if the answer has this header.
    #[track_caller]
    pub(crate) fn lacks(&self, name: &str) {
        assert_eq!(self.headers.get(name), None, "{name}");
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
