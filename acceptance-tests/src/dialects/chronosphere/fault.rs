//! Chronosphere's errors: `{"code": int32, "message": string}`, where the code is private to the server.

use http::StatusCode;
use http::header::RETRY_AFTER;
use serde_json::json;

use crate::dialects::Failure;
use crate::serving::call::Answer;
use crate::store::StoreError;

#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    code: i32,
    message: String,
}

impl ApiError {
    /// 400; 400008 is the one code that the official provider knows: entity validation failed.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 400_008, message)
    }

    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, 409_001, message)
    }

    pub(super) fn not_found(kind: &str, slug: &str) -> Self {
        let message = format!("{kind} with slug {slug} does not exist");
        Self::new(StatusCode::NOT_FOUND, 404_001, message)
    }

    pub(super) fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            401_000,
            "missing or invalid API token",
        )
    }

    pub(super) fn forbidden() -> Self {
        let message = "a restricted service account cannot call the Config API";
        Self::new(StatusCode::FORBIDDEN, 403_000, message)
    }

    pub(super) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            405_000,
            "method not allowed",
        )
    }

    pub(super) fn no_such_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, 404_000, "no such path")
    }

    pub(super) fn unsupported_media_type() -> Self {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        Self::new(status, 415_000, "the body must be JSON")
    }

    fn new(status: StatusCode, code: i32, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    pub(super) fn into_answer(self) -> Answer {
        let body = json!({ "code": self.code, "message": self.message });
        Answer::json(self.status, &body)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            500_000,
            format!("the store failed: {error}"),
        )
    }
}

pub(super) fn before_work(failure: &Failure) -> Answer {
    let (status, message, retry_after) = match failure {
        Failure::BodyTooLarge { limit } => (
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the body is larger than {limit} bytes"),
            None,
        ),
        Failure::RateLimited { retry_after } => (
            StatusCode::TOO_MANY_REQUESTS,
            "too many requests".to_owned(),
            Some(*retry_after),
        ),
        Failure::Fault {
            status,
            retry_after,
        } => (
            *status,
            "the service is not available".to_owned(),
            *retry_after,
        ),
    };
    let code = i32::from(status.as_u16()) * 1000;
    let answer = ApiError::new(status, code, message).into_answer();
    match retry_after {
        Some(seconds) => answer.with(RETRY_AFTER, &seconds.to_string()),
        None => answer,
    }
}
