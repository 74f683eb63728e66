//! OSMO's errors: the service's own shape with 400, the framework's with 404, 405 and 422, and the gateway's plain text.

use http::StatusCode;
use http::header::{ALLOW, LOCATION, RETRY_AFTER};
use serde_json::{Value, json};

use crate::dialects::Failure;
use crate::serving::call::Answer;
use crate::store::StoreError;

#[derive(Debug)]
pub(super) struct Refusal {
    answer: Answer,
}

impl Refusal {
    /// The caller's mistake, which includes everything that is not found.
    pub(super) fn user(message: impl Into<String>) -> Self {
        Self::service("USER", &message.into())
    }

    /// What the service says while it rebuilds its connections; passing.
    pub(super) fn database() -> Self {
        Self::service("DATABASE", "Error: connection pool is closed")
    }

    /// What the version check says of an expired token; it names no workflow.
    pub(super) fn expired_token(name: &str) -> Self {
        let body = json!({
            "message": format!("Access token {name} has expired."),
            "error_code": "OSMO_ERROR",
        });
        Self {
            answer: Answer::json(StatusCode::BAD_REQUEST, &body),
        }
    }

    /// Roles that stand in the deployment's values cannot be written.
    pub(super) fn managed_by_config_map() -> Self {
        let message = "Configs are managed by ConfigMap and cannot be modified via CLI/API. \
                       Update the Helm values and redeploy instead.";
        let body = json!({ "message": message, "error_code": "USER", "workflow_id": null });
        Self {
            answer: Answer::json(StatusCode::CONFLICT, &body),
        }
    }

    fn service(code: &str, message: &str) -> Self {
        let body = json!({ "message": message, "error_code": code, "workflow_id": null });
        Self {
            answer: Answer::json(StatusCode::BAD_REQUEST, &body),
        }
    }

    /// An uncaught exception in the service.
    pub(super) fn internal(message: &str) -> Self {
        let body = json!({ "message": format!("Internal server error: {message}") });
        Self {
            answer: Answer::json(StatusCode::INTERNAL_SERVER_ERROR, &body),
        }
    }

    /// What does not fit, as the framework says it.
    pub(super) fn validation(mistakes: Vec<Value>) -> Self {
        Self {
            answer: Answer::json(
                StatusCode::UNPROCESSABLE_ENTITY,
                &json!({ "detail": mistakes }),
            ),
        }
    }

    pub(super) fn no_such_path() -> Self {
        Self::framework(StatusCode::NOT_FOUND, "Not Found")
    }

    /// The framework allows what the first of the path's routes does, not what all of them do.
    pub(super) fn method_not_allowed(allowed: &str) -> Self {
        let Self { answer } = Self::framework(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
        Self {
            answer: answer.with(ALLOW, allowed),
        }
    }

    /// The same path without the slash at its end.
    pub(super) fn redirect(location: &str) -> Self {
        let answer = Answer::empty(StatusCode::TEMPORARY_REDIRECT);
        Self {
            answer: answer.with(LOCATION, location),
        }
    }

    fn framework(status: StatusCode, detail: &str) -> Self {
        Self {
            answer: Answer::json(status, &json!({ "detail": detail })),
        }
    }

    pub(super) fn unauthenticated(text: &str) -> Self {
        Self::gateway(StatusCode::UNAUTHORIZED, text)
    }

    pub(super) fn access_denied() -> Self {
        Self::gateway(StatusCode::FORBIDDEN, "access denied")
    }

    pub(super) fn escaped_slash() -> Self {
        Self {
            answer: Answer::empty(StatusCode::BAD_REQUEST),
        }
    }

    fn gateway(status: StatusCode, text: &str) -> Self {
        Self {
            answer: Answer::text(status, "text/plain", text.to_owned()),
        }
    }

    pub(super) fn into_answer(self) -> Answer {
        self.answer
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::internal(&error.to_string())
    }
}

/// A fault rule with status 400 plays the connection pool being rebuilt.
pub(super) fn before_work(failure: &Failure) -> Answer {
    let (refusal, retry_after) = match failure {
        Failure::BodyTooLarge { .. } => {
            let refusal = Refusal::gateway(StatusCode::PAYLOAD_TOO_LARGE, "Payload Too Large");
            (refusal, None)
        }
        Failure::RateLimited { retry_after } => {
            let refusal = Refusal::gateway(StatusCode::TOO_MANY_REQUESTS, "local_rate_limited");
            (refusal, Some(*retry_after))
        }
        Failure::Fault {
            status: StatusCode::BAD_REQUEST,
            retry_after,
        } => (Refusal::database(), *retry_after),
        Failure::Fault {
            status,
            retry_after,
        } => (
            Refusal::gateway(
                *status,
                "upstream connect error or disconnect/reset before headers",
            ),
            *retry_after,
        ),
    };
    let answer = refusal.into_answer();
    match retry_after {
        Some(seconds) => answer.with(RETRY_AFTER, &seconds.to_string()),
        None => answer,
    }
}
