//! A request as a dialect sees it, with its body read, and the answer it gives.

use std::fmt;

use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use hyper::body::Bytes;
use jiff::Timestamp;
use serde_json::Value;

/// One request.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// As sent: still percent-encoded.
    pub(crate) path: String,
    /// As sent, without the question mark.
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The server's clock when the work on it began.
    pub(crate) now: Timestamp,
    /// A fault wants lists as they were at this time.
    pub(crate) lists_as_of: Option<Timestamp>,
}

impl Call {
    /// The header's value, when it is there and visible ASCII.
    pub(crate) fn header(&self, name: impl http::header::AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The parameters of the query, decoded, in order.
    pub(crate) fn parameters(&self) -> form_urlencoded::Parse<'_> {
        form_urlencoded::parse(self.query.as_deref().unwrap_or_default().as_bytes())
    }

    /// The secret in `Authorization: Bearer …`.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let (scheme, secret) = self.header(http::header::AUTHORIZATION)?.split_once(' ')?;
        let secret = secret.trim();
        (scheme.eq_ignore_ascii_case("bearer") && !secret.is_empty()).then_some(secret)
    }

    /// What the caller presents, in whichever header the API has for it; the same text each time, never shown.
    pub(crate) fn credential(&self) -> Option<&str> {
        let own = ["api-token", "x-sf-token", "x-osmo-auth"];
        let own = own.into_iter().find_map(|name| self.header(name));
        own.or_else(|| self.header(http::header::AUTHORIZATION))
    }

    /// Whether the body may be JSON: it is said to be, or nothing is said of it.
    pub(crate) fn may_be_json(&self) -> bool {
        let media_type = self.media_type();
        let is_json = |it: String| it == "application/json" || it.ends_with("+json");
        self.body.is_empty() || media_type.is_none_or(is_json)
    }

    /// The media type of the body, in lower case and without parameters.
    pub(crate) fn media_type(&self) -> Option<String> {
        let value = self.header(CONTENT_TYPE)?;
        let essence = value.split(';').next().unwrap_or_default();
        Some(essence.trim().to_ascii_lowercase())
    }
}

/// What a dialect answers.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    pub(crate) fn json(status: StatusCode, body: &Value) -> Self {
        Self::text(status, "application/json", body.to_string())
    }

    pub(crate) fn text(status: StatusCode, media_type: &'static str, body: String) -> Self {
        let mut answer = Self::empty(status);
        answer
            .headers
            .insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        answer.body = Bytes::from(body);
        answer
    }

    /// Adds a header; a value that no header can carry is left out.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }
}

/// Without headers and body, which may hold a secret.
impl fmt::Debug for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method, self.path)
    }
}

/// Without headers and body, which may hold a secret.
impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.status)
    }
}
