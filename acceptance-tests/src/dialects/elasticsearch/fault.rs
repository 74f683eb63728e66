//! Elasticsearch's errors: a type and a reason, twice, with the status beside them.

use http::StatusCode;
use http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::{Value, json};

use crate::dialects::Failure;
use crate::serving::call::{Answer, Call};
use crate::serving::route::Found;
use crate::store::StoreError;

#[derive(Debug)]
pub(super) struct Refusal {
    answer: Answer,
}

const CHALLENGES: [&str; 3] = [
    "Basic realm=\"security\" charset=\"UTF-8\"",
    "Bearer realm=\"security\"",
    "ApiKey",
];

impl Refusal {
    pub(super) fn illegal_argument(reason: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "illegal_argument_exception",
            reason.into(),
        )
    }

    pub(super) fn unrecognized_parameters(call: &Call, names: &[&str]) -> Self {
        Self::illegal_argument(format!(
            "request [{}] contains unrecognized parameter{}: [{}]",
            call.path,
            if names.len() > 1 { "s" } else { "" },
            names.join("], [")
        ))
    }

    /// All faults of a request at once, numbered.
    pub(super) fn validation(faults: &[String]) -> Self {
        Self::numbered("action_request_validation_exception", faults)
    }

    /// What the store finds, after it was asked who may write.
    pub(super) fn stored_validation(fault: &str) -> Self {
        Self::numbered("validation_exception", &[fault.to_owned()])
    }

    fn numbered(kind: &str, faults: &[String]) -> Self {
        let numbered: String = faults
            .iter()
            .enumerate()
            .map(|(index, fault)| format!("{}: {fault};", index + 1))
            .collect();
        let reason = format!("Validation Failed: {numbered}");
        Self::new(StatusCode::BAD_REQUEST, kind, reason)
    }

    pub(super) fn no_body() -> Self {
        let reason = "request body is required".to_owned();
        Self::new(StatusCode::BAD_REQUEST, "parse_exception", reason)
    }

    pub(super) fn unread_body(call: &Call) -> Self {
        Self::illegal_argument(format!(
            "request [{} {}] does not support having a body",
            call.method, call.path
        ))
    }

    pub(super) fn media_type(given: Option<&str>) -> Self {
        let message = match given {
            None => "Content-Type header is missing".to_owned(),
            Some(given) => format!("Content-Type header [{given}] is not supported"),
        };
        let body = json!({ "error": message, "status": 406 });
        Self::plain(StatusCode::NOT_ACCEPTABLE, &body)
    }

    /// Versions of the API that do not fit.
    pub(super) fn media_types(reason: &str) -> Self {
        let cause = json!({
            "type": "media_type_header_exception",
            "reason": "Invalid media-type value on headers [Accept, Content-Type]",
        });
        let mut error = cause.clone();
        error["root_cause"] = json!([cause]);
        error["caused_by"] = json!({ "type": "status_exception", "reason": reason });
        Self::plain(
            StatusCode::BAD_REQUEST,
            &json!({ "error": error, "status": 400 }),
        )
    }

    pub(super) fn unreadable(error: &serde_json::Error) -> Self {
        Self::unparsed(error.to_string())
    }

    pub(super) fn unparsed(reason: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "x_content_parse_exception", reason)
    }

    pub(super) fn unauthenticated(reason: impl Into<String>) -> Self {
        let reason = reason.into();
        let cause = json!({
            "type": "security_exception",
            "reason": reason,
            "header": { "WWW-Authenticate": CHALLENGES },
        });
        let mut error = cause.clone();
        error["root_cause"] = json!([cause]);
        let body = json!({ "error": error, "status": 401 });
        let mut answer = Answer::json(StatusCode::UNAUTHORIZED, &body);
        for challenge in CHALLENGES {
            answer
                .headers
                .append(WWW_AUTHENTICATE, http::HeaderValue::from_static(challenge));
        }
        Self { answer }
    }

    pub(super) fn forbidden(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "security_exception", reason.into())
    }

    /// A credential that nothing can be granted upon: a mistake of the request, in the words of security.
    pub(super) fn ungrantable(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "security_exception", reason.into())
    }

    pub(super) fn no_such_index(index: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "index_not_found_exception",
            format!("no such index [{index}]"),
        )
    }

    pub(super) fn version_conflict(document: &str) -> Self {
        let reason = format!(
            "[{document}]: version conflict, document already exists (current version [1])"
        );
        let cause = json!({
            "type": "version_conflict_engine_exception",
            "reason": reason,
            "index_uuid": "lanyardReferenceServer",
            "shard": "0",
            "index": ".security-7",
        });
        let mut error = cause.clone();
        error["root_cause"] = json!([cause]);
        let body = json!({ "error": error, "status": 409 });
        Self {
            answer: Answer::json(StatusCode::CONFLICT, &body),
        }
    }

    /// The token endpoint speaks OAuth.
    pub(super) fn oauth(error: &str, description: &str) -> Self {
        let body = json!({ "error": error, "error_description": description });
        Self {
            answer: Answer::json(StatusCode::BAD_REQUEST, &body),
        }
    }

    pub(super) fn method_not_allowed(call: &Call, allowed: &str) -> Self {
        let allowed = methods(call, allowed);
        let message = format!(
            "Incorrect HTTP method for uri [{}] and method [{}], allowed: [{}]",
            uri(call),
            call.method,
            allowed.join(", ")
        );
        let body = json!({ "error": message, "status": 405 });
        Self {
            answer: Answer::json(StatusCode::METHOD_NOT_ALLOWED, &body)
                .with(ALLOW, &allowed.join(",")),
        }
    }

    pub(super) fn no_handler(call: &Call) -> Self {
        let message = format!(
            "no handler found for uri [{}] and method [{}]",
            uri(call),
            call.method
        );
        Self {
            answer: Answer::json(StatusCode::BAD_REQUEST, &json!({ "error": message })),
        }
    }

    pub(super) fn broken(reason: String) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "exception", reason)
    }

    /// A plain body under a status that says no: `{"found": false}` with 404.
    pub(super) fn plain(status: StatusCode, body: &Value) -> Self {
        Self {
            answer: Answer::json(status, body),
        }
    }

    fn new(status: StatusCode, kind: &str, reason: String) -> Self {
        let cause = json!({ "type": kind, "reason": reason });
        let body = json!({
            "error": { "root_cause": [cause], "type": kind, "reason": reason },
            "status": status.as_u16(),
        });
        Self {
            answer: Answer::json(status, &body),
        }
    }

    pub(super) fn into_answer(self) -> Answer {
        self.answer
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "exception",
            format!("the store failed: {error}"),
        )
    }
}

/// As sent, with the query.
pub(super) fn uri(call: &Call) -> String {
    match &call.query {
        Some(query) => format!("{}?{query}", call.path),
        None => call.path.clone(),
    }
}

/// The methods of a path, of which only `/` has HEAD.
fn methods<'a>(call: &Call, allowed: &'a str) -> Vec<&'a str> {
    let methods = allowed.split(", ");
    let kept = methods.filter(|method| *method != "HEAD" || call.path == "/");
    kept.collect()
}

/// What OPTIONS is answered, also where there is nothing.
pub(super) fn options<Handler>(call: &Call, found: &Found<'_, Handler>) -> Answer {
    let answer = Answer::text(StatusCode::OK, "text/plain; charset=UTF-8", String::new());
    match found {
        Found::OtherMethods(allowed) => answer.with(ALLOW, &methods(call, allowed).join(",")),
        Found::Route(..) | Found::Nothing => answer,
    }
}

pub(super) fn before_work(failure: &Failure) -> Answer {
    let (status, kind, reason, retry_after) = match failure {
        Failure::BodyTooLarge { limit } => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "content_too_long_exception",
            format!("entity content is longer than [{limit}]"),
            None,
        ),
        Failure::RateLimited { retry_after } => (
            StatusCode::TOO_MANY_REQUESTS,
            "es_rejected_execution_exception",
            "rejected execution".to_owned(),
            Some(*retry_after),
        ),
        Failure::Fault {
            status,
            retry_after,
        } => (
            *status,
            "exception",
            "the cluster is not available".to_owned(),
            *retry_after,
        ),
    };
    let answer = Refusal::new(status, kind, reason).into_answer();
    match retry_after {
        Some(seconds) => answer.with(RETRY_AFTER, &seconds.to_string()),
        None => answer,
    }
}
