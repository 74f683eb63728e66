//! Somebody who calls a server, for tests of what it answers: requests in one line, answers as JSON. Each caller brings headers, which is
//! how every server authenticates.

use std::borrow::Borrow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use reqwest::blocking::Client;
use reqwest::header::HeaderMap;
use serde_json::Value;

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

impl Caller {
    /// Somebody without credentials.
    pub(crate) fn of(url: &str, client: Client) -> Self {
        Self {
            client,
            url: url.to_owned(),
            headers: Vec::new(),
        }
    }

    /// Without any header.
    pub(crate) fn anonymous(&self) -> Self {
        Self {
            headers: Vec::new(),
            ..self.clone()
        }
    }

    /// Whether the native server lets the credential in.
    pub(crate) fn is_let_in(&self) -> bool {
        match self.get("/v1/whoami").status {
            200 => true,
            401 => false,
            other => panic!("whoami answered {other}"),
        }
    }

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
        self.try_send(method, path, None)
            .expect("the server should answer")
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
        self.try_send(method, path, body)
            .expect("the server should answer")
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
        value.to_str().expect("a header should be text")
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
