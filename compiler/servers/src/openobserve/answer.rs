//! OpenObserve's mistakes. The HTTP status counts and never the `code` in the body, which is 401 where the status is 403
//! (`src/common/src/meta/http.rs`); several answers are plain text.

use lanyard_compiler::value::AttributePath;
use reqwest::StatusCode;
use serde::Deserialize;

use crate::error::{ErrorKind, Existing};
use crate::http::{Answer, Explanation};
use crate::refusal;

const NOT_HERE: &str = "there is no OpenObserve API at this address; check `url` and `api`";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    message: Option<String>,
}

/// What an answer that is not a success means.
pub(super) fn explain(answer: &Answer) -> Explanation {
    let said = answer
        .json()
        .ok()
        .and_then(|problem: Problem| problem.message)
        .unwrap_or_else(|| plain_text(answer));
    let text = said.as_str();
    let place = |name: &'static str| ErrorKind::FixConfiguration {
        places: vec![(AttributePath::attribute(name), said.clone())],
    };
    let elsewhere = |by: &str| ErrorKind::ManagedElsewhere {
        by: Some(by.to_owned()),
    };
    let kind = match answer.status {
        StatusCode::UNAUTHORIZED => ErrorKind::SignIn,
        _ if text.contains("external service accounts") || text.contains("external users") => {
            elsewhere("single sign-on")
        }
        StatusCode::FORBIDDEN if text.starts_with("System service accounts") => {
            elsewhere("OpenObserve itself")
        }
        StatusCode::FORBIDDEN if text == "Not Supported" => ErrorKind::Unsupported {
            instead: "Roles need the enterprise edition of OpenObserve: leave out `roles`.",
        },
        StatusCode::NOT_FOUND if text.starts_with("User ") || text.starts_with("Token ") => {
            ErrorKind::Gone
        }
        StatusCode::BAD_REQUEST if text == "User already exists" || is_taken_name(text) => {
            ErrorKind::Conflict(Box::<Existing>::default())
        }
        StatusCode::BAD_REQUEST if text == "Invalid email" => place("email"),
        StatusCode::BAD_REQUEST if text.starts_with("Token name") => place("name"),
        StatusCode::BAD_REQUEST => ErrorKind::FixConfiguration { places: Vec::new() },
        status => refusal::kind_elsewhere(status),
    };
    let detail = match text {
        "" if answer.status == StatusCode::NOT_FOUND => NOT_HERE.to_owned(),
        "Organization not found" if answer.status == StatusCode::NOT_FOUND => {
            "the organization does not exist; check `organization` and `url`".to_owned()
        }
        _ => {
            let leads_on = answer.status.is_redirection() && answer.location().is_some();
            refusal::detail(
                answer,
                Some(said).filter(|said| !said.is_empty() && !leads_on),
            )
        }
    };
    Explanation { kind, detail }
}

/// Of two requests at once the later one hears it from the table (`src/infra/src/table/org_ingestion_tokens.rs`).
fn is_taken_name(text: &str) -> bool {
    text.contains("Token with name") && text.contains("already exists in")
}

/// The body of an answer in plain words; nothing of a page of markup.
fn plain_text(answer: &Answer) -> String {
    let text = String::from_utf8_lossy(&answer.body);
    let text = text.trim();
    if text.starts_with(['<', '{', '[']) {
        return String::new();
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(status: u16, content_type: &str, body: &str) -> ErrorKind {
        explain(&Answer::made_up(status, content_type, body.as_bytes()).unwrap()).kind
    }

    fn said(status: u16, code: u16, message: &str) -> ErrorKind {
        let body = serde_json::json!({"code": code, "message": message});
        kind(status, "application/json", &body.to_string())
    }

    #[test]
    fn the_status_counts_and_the_code_does_not() {
        assert_eq!(said(403, 401, "Not Allowed"), ErrorKind::Forbidden);
        assert_eq!(said(401, 401, "Unauthorized Access"), ErrorKind::SignIn);
        let text = "text/plain; charset=utf-8";
        assert_eq!(kind(401, "", "Unauthorized Access"), ErrorKind::SignIn);
        assert_eq!(kind(403, text, "Unauthorized Access"), ErrorKind::Forbidden);
    }

    #[test]
    fn gone_and_taken_are_told_by_their_texts() {
        for text in [
            "User not found",
            "User for the organization not found",
            "Token 'x' not found",
        ] {
            assert_eq!(said(404, 404, text), ErrorKind::Gone, "{text}");
        }
        for text in [
            "User already exists",
            "Token with name 'x' already exists in this org",
            "Error# Token with name 'x' already exists in org",
        ] {
            assert!(
                matches!(said(400, 400, text), ErrorKind::Conflict(_)),
                "{text}"
            );
        }
        // A refused rotation of what single sign-on made is a 404 as well, and nothing is gone.
        assert!(matches!(
            said(404, 404, "Not allowed for external service accounts"),
            ErrorKind::ManagedElsewhere { .. }
        ));
        let nowhere = |kind: ErrorKind| matches!(kind, ErrorKind::FixConfiguration { .. });
        assert!(nowhere(kind(404, "", "")));
        assert!(nowhere(kind(404, "text/plain", "Organization not found")));
    }
}
