//! OpenObserve's errors: JSON from handlers, plain text from the framework and from whatever stands before it. Its
//! "unauthorized" helper answers 403 with the code 401 in the body.

use http::StatusCode;
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::json;

use crate::dialects::Failure;
use crate::serving::call::Answer;
use crate::store::StoreError;

#[derive(Debug)]
pub(super) struct Refusal {
    answer: Answer,
}

impl Refusal {
    pub(super) fn json(status: StatusCode, message: impl Into<String>) -> Self {
        Self::coded(status, status.as_u16(), message)
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::json(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::json(StatusCode::NOT_FOUND, message)
    }

    pub(super) fn forbidden(message: impl Into<String>) -> Self {
        Self::json(StatusCode::FORBIDDEN, message)
    }

    /// Status 403 with the code 401 in the body.
    pub(super) fn not_allowed() -> Self {
        Self::coded(StatusCode::FORBIDDEN, 401, "Not Allowed")
    }

    /// No credentials at all.
    pub(super) fn no_credentials() -> Self {
        Self::json(StatusCode::UNAUTHORIZED, "Unauthorized Access")
    }

    /// Credentials that are not valid here: plain text without a content type; the challenge says Bearer although Basic
    /// is meant.
    pub(super) fn unauthorized(text: &str) -> Self {
        let mut answer = Answer::empty(StatusCode::UNAUTHORIZED);
        answer.body = text.to_owned().into();
        Self {
            answer: answer.with(WWW_AUTHENTICATE, "Bearer as_uri=\"/dex\""),
        }
    }

    pub(super) fn unknown_organization() -> Self {
        Self::text(StatusCode::NOT_FOUND, "Organization not found")
    }

    pub(super) fn no_such_path() -> Self {
        Self {
            answer: Answer::empty(StatusCode::NOT_FOUND),
        }
    }

    pub(super) fn text(status: StatusCode, text: impl Into<String>) -> Self {
        Self {
            answer: Answer::text(status, "text/plain; charset=utf-8", text.into()),
        }
    }

    /// A whole answer that says no.
    pub(super) fn answer(answer: Answer) -> Self {
        Self { answer }
    }

    fn coded(status: StatusCode, code: u16, message: impl Into<String>) -> Self {
        let body = json!({ "code": code, "message": message.into() });
        Self {
            answer: Answer::json(status, &body),
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        self.answer.status
    }

    /// The message of a JSON body.
    pub(super) fn message(&self) -> Option<String> {
        let body: serde_json::Value = serde_json::from_slice(&self.answer.body).ok()?;
        Some(body.get("message")?.as_str()?.to_owned())
    }

    pub(super) fn into_answer(self) -> Answer {
        self.answer
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::json(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

pub(super) fn before_work(failure: &Failure) -> Answer {
    let (refusal, retry_after) = match failure {
        Failure::BodyTooLarge { .. } => {
            let status = StatusCode::PAYLOAD_TOO_LARGE;
            (Refusal::text(status, "length limit exceeded"), None)
        }
        Failure::RateLimited { retry_after } => {
            let refusal = Refusal::json(StatusCode::TOO_MANY_REQUESTS, "RateLimitExceeded");
            (refusal, Some(*retry_after))
        }
        Failure::Fault {
            status,
            retry_after,
        } => {
            let refusal = Refusal::json(*status, "Something went wrong");
            (refusal, *retry_after)
        }
    };
    let answer = refusal.into_answer();
    match retry_after {
        Some(seconds) => answer.with(RETRY_AFTER, &seconds.to_string()),
        None => answer,
    }
}
