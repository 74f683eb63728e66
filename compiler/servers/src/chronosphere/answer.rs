//! Chronosphere's mistakes, sorted by what the caller can do: `{"code", "message"}` where the operation declares the status
//! (`apiError`), and any JSON or none where it does not (`genericError`).

use reqwest::StatusCode;

use crate::error::{ErrorKind, Existing};
use crate::http::{Answer, Explanation};
use crate::refusal;

pub(super) const NOT_HERE: &str =
    "there is no Chronosphere Config API at this address; check `url` or `organization`";

/// What an answer that is not a success means.
pub(super) fn explain(answer: &Answer) -> Explanation {
    let kind = match answer.status {
        StatusCode::CONFLICT => ErrorKind::Conflict(Box::<Existing>::default()),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            ErrorKind::FixConfiguration { places: Vec::new() }
        }
        status => refusal::kind(status),
    };
    let detail = refusal::detail(answer, refusal::message(answer));
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
