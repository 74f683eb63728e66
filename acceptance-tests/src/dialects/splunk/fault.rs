//! Splunk Observability's errors: `{"code": <status>, "message": string}`; a 401 has no body.

use http::StatusCode;
use http::header::RETRY_AFTER;
use serde_json::json;

use crate::dialects::Failure;
use crate::serving::call::Answer;
use crate::store::StoreError;

#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    message: String,
}

impl Refusal {
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn undecodable(place: impl std::fmt::Display) -> Self {
        Self::bad_request(format!("Failed to deserialize payload at: {place}"))
    }

    pub(super) fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "")
    }

    pub(super) fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Unauthorized update.")
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Token not found.")
    }

    pub(super) fn no_such_session() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Session not found.")
    }

    pub(super) fn no_such_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found.")
    }

    pub(super) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed.")
    }

    pub(super) fn unsupported_media_type() -> Self {
        let message = "Unsupported media type.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
    }

    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
        }
    }

    pub(super) fn into_answer(self) -> Answer {
        if self.message.is_empty() {
            return Answer::empty(self.status);
        }
        let body = json!({ "code": self.status.as_u16(), "message": self.message });
        Answer::json(self.status, &body)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("The store failed: {error}"),
        )
    }
}

pub(super) fn before_work(failure: &Failure) -> Answer {
    let (status, message, retry_after) = match failure {
        Failure::BodyTooLarge { .. } => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "The payload is too large.",
            None,
        ),
        Failure::RateLimited { retry_after } => (
            StatusCode::TOO_MANY_REQUESTS,
            "Too many requests.",
            Some(*retry_after),
        ),
        Failure::Fault {
            status,
            retry_after,
        } => (*status, "Please try again later.", *retry_after),
    };
    let answer = Refusal::new(status, message).into_answer();
    match retry_after {
        Some(seconds) => answer.with(RETRY_AFTER, &seconds.to_string()),
        None => answer,
    }
}
