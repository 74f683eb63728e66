//! Dex's refusals: an error, mostly with a description, never a challenge.

use http::StatusCode;
use serde_json::json;

use crate::dialects::openobserve::fault::Refusal;
use crate::serving::call::Answer;

pub(super) fn error(status: u16, name: &str, description: Option<&str>) -> Refusal {
    let body = match description {
        None => json!({ "error": name }),
        Some(description) => json!({ "error": name, "error_description": description }),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    Refusal::answer(Answer::json(status, &body))
}

/// The connector did not accept the token, for whatever reason.
pub(super) fn access_denied() -> Refusal {
    error(401, "access_denied", None)
}
