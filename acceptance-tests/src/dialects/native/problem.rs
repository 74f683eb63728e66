//! Errors as problem details (RFC 9457). The `code` is for programs; title, detail and errors are for people and say
//! what to do.

use http::StatusCode;
use http::header::{HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::{Map, Value, json};

use crate::serving::call::{Answer, Call};
use crate::store::StoreError;

const MEDIA_TYPE: &str = "application/problem+json";

/// Boxed, because almost every function of the dialect may return one.
#[derive(Debug)]
pub(super) struct Problem(Box<Parts>);

#[derive(Debug)]
struct Parts {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: String,
    errors: Vec<FieldError>,
    members: Map<String, Value>,
    headers: Vec<(HeaderName, String)>,
    /// The whole body, where another standard than RFC 9457 prescribes it.
    foreign_body: Option<Value>,
}

/// What is wrong with one part of the request's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FieldError {
    /// A JSON pointer into the body.
    pub(super) pointer: String,
    pub(super) detail: String,
}

impl Problem {
    fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self(Box::new(Parts {
            status,
            code,
            title,
            detail: detail.into(),
            errors: Vec::new(),
            members: Map::new(),
            headers: Vec::new(),
            foreign_body: None,
        }))
    }

    pub(super) fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            "No valid credential",
            detail,
        )
        .with_header(
            WWW_AUTHENTICATE,
            r#"Bearer realm="token-server", error="invalid_token""#,
        )
    }

    pub(super) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", detail)
    }

    pub(super) fn not_found(what: &str, id: &str) -> Self {
        let detail = format!("there is no {what} {id:?}; it may have been deleted");
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found", detail)
    }

    pub(super) fn no_such_path(path: &str) -> Self {
        let detail =
            format!("this API has no path {path}; GET /openapi.json describes those it has");
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found", detail)
    }

    pub(super) fn method_not_allowed(call: &Call, allowed: &str) -> Self {
        let detail = format!(
            "{} does not answer to {}, but to {allowed}",
            call.path, call.method
        );
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "Method not allowed",
            detail,
        )
    }

    pub(super) fn invalid_request(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "The request cannot be read",
            detail,
        )
    }

    /// The body has fields that do not exist, are missing or have the wrong type.
    pub(super) fn malformed_fields(errors: Vec<FieldError>) -> Self {
        let mut problem = Self::invalid_request(summary(&errors));
        problem.0.errors = errors;
        problem
    }

    /// The body can be read, but asks for what cannot be.
    pub(super) fn validation_failed(errors: Vec<FieldError>) -> Self {
        let mut problem = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "validation_failed",
            "The request cannot be fulfilled",
            summary(&errors),
        );
        problem.0.errors = errors;
        problem
    }

    pub(super) fn name_taken(detail: String, existing: Value) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "name_taken",
            "The name is taken",
            detail,
        )
        .with_member("existing", existing)
    }

    pub(super) fn managed_elsewhere(detail: String, managed_by: &str) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "managed_elsewhere",
            "Managed by another tool",
            detail,
        )
        .with_member("managed_by", json!(managed_by))
    }

    pub(super) fn precondition_failed(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "precondition_failed",
            "Changed meanwhile",
            detail,
        )
    }

    pub(super) fn idempotency_key_reused() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency_key_reused",
            "The idempotency key belongs to another request",
            "this Idempotency-Key came with another request before; a key may only be repeated with the very same request",
        )
    }

    pub(super) fn unsupported_media_type(given: Option<&str>, accepted: &[&str]) -> Self {
        let given = given.unwrap_or("missing");
        let detail = format!(
            "the Content-Type is {given}; send {}",
            accepted.join(" or ")
        );
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "Unsupported media type",
            detail,
        )
    }

    pub(super) fn too_large(limit: usize) -> Self {
        let detail = format!("the body is larger than {limit} bytes");
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "payload_too_large",
            "The body is too large",
            detail,
        )
    }

    pub(super) fn rate_limited(retry_after_seconds: u64) -> Self {
        let detail =
            format!("this credential asks too often; come again in {retry_after_seconds} s");
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "rate_limited",
            "Too many requests",
            detail,
        )
        .with_header(RETRY_AFTER, &retry_after_seconds.to_string())
    }

    /// What a fault rule wants answered. A 404 is a proxy's: it lacks the code that says that an object is gone.
    pub(super) fn fault(status: StatusCode, retry_after_seconds: Option<u64>) -> Self {
        let code = match status {
            StatusCode::BAD_REQUEST => "invalid_request",
            StatusCode::UNAUTHORIZED => "unauthenticated",
            StatusCode::FORBIDDEN => "forbidden",
            StatusCode::CONFLICT => "name_taken",
            StatusCode::PRECONDITION_FAILED => "precondition_failed",
            StatusCode::TOO_MANY_REQUESTS => "rate_limited",
            _ => "unavailable",
        };
        let title = status.canonical_reason().unwrap_or("Fault");
        let problem = Self::new(
            status,
            code,
            title,
            "a fault rule of the reference server wants this answer",
        );
        match retry_after_seconds {
            Some(seconds) => problem.with_header(RETRY_AFTER, &seconds.to_string()),
            None => problem,
        }
    }

    /// An error of token exchange, in the form of RFC 6749.
    pub(super) fn oauth(error: &'static str, description: &str) -> Self {
        let mut problem = Self::new(StatusCode::BAD_REQUEST, "invalid_request", "", "");
        problem.0.foreign_body = Some(json!({ "error": error, "error_description": description }));
        problem
    }

    pub(super) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        self.0.headers.push((name, value.to_owned()));
        self
    }

    fn with_member(mut self, name: &str, value: Value) -> Self {
        self.0.members.insert(name.to_owned(), value);
        self
    }

    pub(super) fn into_answer(self) -> Answer {
        let parts = *self.0;
        let mut answer = match parts.foreign_body {
            Some(body) => Answer::json(parts.status, &body),
            None => {
                let mut body = json!({
                    "type": format!("https://lanyard.dev/problems/{}", parts.code),
                    "title": parts.title,
                    "status": parts.status.as_u16(),
                    "detail": parts.detail,
                    "code": parts.code,
                });
                if !parts.errors.is_empty() {
                    body["errors"] = parts
                        .errors
                        .iter()
                        .map(|error| json!({ "pointer": error.pointer, "detail": error.detail }))
                        .collect();
                }
                for (name, value) in parts.members {
                    body[name] = value;
                }
                Answer::text(parts.status, MEDIA_TYPE, body.to_string())
            }
        };
        for (name, value) in parts.headers {
            answer = answer.with(name, &value);
        }
        answer
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let detail = format!("the database refuses: {error}");
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "The server cannot work",
            detail,
        )
    }
}

fn summary(errors: &[FieldError]) -> String {
    let lines: Vec<String> = errors
        .iter()
        .map(|error| match error.pointer.as_str() {
            "" => error.detail.clone(),
            pointer => format!("{pointer}: {}", error.detail),
        })
        .collect();
    lines.join("; ")
}
