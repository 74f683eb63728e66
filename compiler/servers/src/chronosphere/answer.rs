//! Chronosphere's mistakes, sorted by what the caller can do: `{"code", "message"}` where the operation declares the status, and
//! any JSON or none where it does not.

use reqwest::StatusCode;
use serde::Deserialize;

use crate::error::{ErrorKind, Existing};
use crate::http::{Answer, Explanation};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fault {
    message: Option<String>,
}

pub(super) const NOT_HERE: &str =
    "there is no Chronosphere Config API at this address; check `url` or `organization`";

/// What an answer that is not a success means.
pub(super) fn explain(answer: &Answer) -> Explanation {
    let message = answer.json::<Fault>().ok().and_then(|fault| fault.message);
    let kind = match answer.status {
        StatusCode::UNAUTHORIZED => ErrorKind::SignIn,
        StatusCode::FORBIDDEN => ErrorKind::Forbidden,
        StatusCode::NOT_FOUND => ErrorKind::Gone,
        StatusCode::CONFLICT => ErrorKind::Conflict(Box::<Existing>::default()),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            ErrorKind::FixConfiguration { places: Vec::new() }
        }
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
            ErrorKind::Retry { after: None }
        }
        status if status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED => {
            ErrorKind::Retry { after: None }
        }
        status if status.is_redirection() => ErrorKind::FixConfiguration { places: Vec::new() },
        _ => ErrorKind::Bug,
    };
    let detail = match (message, answer.location()) {
        (Some(message), _) => message,
        (None, Some(location)) if answer.status.is_redirection() => {
            format!("the server sends us on to {location}; set `url` to where it really is")
        }
        (None, _) => answer
            .status
            .canonical_reason()
            .unwrap_or_default()
            .to_owned(),
    };
    Explanation { kind, detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_is_told_apart_with_and_without_a_message() {
        let explained = |status, body: &str| {
            explain(&Answer::made_up(status, "application/json", body.as_bytes()).unwrap())
        };
        let taken = explained(
            409,
            r#"{"code": 409001, "message": "service account with slug metrics-reader already exists"}"#,
        );
        assert_eq!(taken.kind, ErrorKind::Conflict(Box::default()));
        assert_eq!(
            taken.detail,
            "service account with slug metrics-reader already exists"
        );
        assert_eq!(explained(404, "{}").kind, ErrorKind::Gone);
        assert_eq!(explained(401, "").kind, ErrorKind::SignIn);
        assert_eq!(
            explained(403, r#"{"reason": "no"}"#).kind,
            ErrorKind::Forbidden
        );
        assert_eq!(explained(502, "").kind, ErrorKind::Retry { after: None });
        assert_eq!(
            explained(400, r#"{"code": 400008, "message": "invalid"}"#).kind,
            ErrorKind::FixConfiguration { places: Vec::new() }
        );
    }
}
