//! What a backend wants to send, and whether it may be sent again.

use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;

/// Whether a request may be sent again when its outcome is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It changes nothing.
    Freely,
    /// It changes something, and doing it twice is the same as doing it once: by its nature (an update to fixed values, a
    /// deletion) or by a key that the server remembers.
    Harmless,
    /// Doing it twice is not the same: it is repeated only if it provably was not done.
    Never,
}

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Below the server's address, encoded, starting with `/`.
    pub(crate) path: String,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) headers: HeaderMap,
    /// Content type and content.
    pub(crate) body: Option<(&'static str, Vec<u8>)>,
    pub(crate) repeat: Repeat,
}

impl Request {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path, Repeat::Freely)
    }

    pub(crate) fn new(method: Method, path: impl Into<String>, repeat: Repeat) -> Self {
        Self {
            method,
            path: path.into(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: None,
            repeat,
        }
    }

    #[must_use]
    pub(crate) fn query(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        self.query
            .extend(value.map(|value| (name, value.to_string())));
        self
    }

    #[must_use]
    pub(crate) fn header(mut self, name: &'static str, value: HeaderValue) -> Self {
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    /// Our own wire types always serialize: string keys, no failing implementations.
    #[must_use]
    pub(crate) fn body(mut self, content_type: &'static str, body: &impl Serialize) -> Self {
        self.body = serde_json::to_vec(body)
            .ok()
            .map(|body| (content_type, body));
        self
    }

    pub(crate) fn method_name(&self) -> &'static str {
        match self.method {
            Method::GET => "GET",
            Method::POST => "POST",
            Method::PUT => "PUT",
            Method::PATCH => "PATCH",
            Method::DELETE => "DELETE",
            _ => "request",
        }
    }
}
