//! OSMO's mistakes, told apart by their texts: nearly all of them are 400, "not found" as well (recorded at 6.4.0).
//!
//! Three shapes: `{"message", "error_code"}` of the service, `{"detail": "…"}` of its framework, `{"detail": [{"loc", "msg"}]}`
//! of its validation; and the gateway in front answers plain text.

use lanyard_compiler::value::AttributePath;
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::error::{ErrorKind, Existing};
use crate::http::{Answer, Explanation};
use crate::refusal;

pub(super) const NOT_HERE: &str = "there is no OSMO API at this address; check `url` and `api`";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    message: Option<String>,
    error_code: Option<String>,
    detail: Json,
}

/// What an answer that is not a success means.
pub(super) fn explain(answer: &Answer) -> Explanation {
    let Problem {
        message,
        error_code,
        detail,
    } = answer.json().unwrap_or_default();
    let said = message.or_else(|| framework_text(&detail));
    let text = said.as_deref().unwrap_or_default();
    let kind = match answer.status {
        // A database constraint that another request hit closes every connection: this one may have been worked on (recorded; retries
        // in `src/utils/connectors/postgres.py`).
        StatusCode::BAD_REQUEST if error_code.as_deref() == Some("DATABASE") => {
            ErrorKind::Ambiguous
        }
        StatusCode::BAD_REQUEST if error_code.is_some() => refused(text),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            ErrorKind::FixConfiguration { places: Vec::new() }
        }
        StatusCode::CONFLICT => ErrorKind::ManagedElsewhere {
            by: Some("a ConfigMap".to_owned()),
        },
        // What it cannot read as a date is a 500: "time data 'soon' does not match format '%Y-%m-%d'" (recorded).
        StatusCode::INTERNAL_SERVER_ERROR if text.contains("does not match format") => {
            ErrorKind::Bug
        }
        // The gateway asks a service beside it who may do what, and without an answer within a second it refuses in no words at all
        // (`failure_mode_allow: false` of Envoy's `ext_authz`); whoever may not do it hears "access denied".
        StatusCode::FORBIDDEN if answer.body.is_empty() => ErrorKind::Retry { after: None },
        status => refusal::kind_elsewhere(status),
    };
    let detail = match (answer.status, said) {
        (StatusCode::NOT_FOUND, _) => NOT_HERE.to_owned(),
        (StatusCode::FORBIDDEN, None) if answer.body.is_empty() => {
            "refused without a word, as the gateway does where its own check of permissions does not answer in time".to_owned()
        }
        // The gateway says in a few plain words what is wrong with a JWT.
        (_, said) => refusal::detail(answer, said),
    };
    Explanation { kind, detail }
}

/// The meaning of a refusal, by its text.
fn refused(text: &str) -> ErrorKind {
    let place = |name: &'static str| ErrorKind::FixConfiguration {
        places: vec![(AttributePath::attribute(name), text.to_owned())],
    };
    let between = |start: &str, end: &str| text.starts_with(start) && text.ends_with(end);
    if between("User ", " not found") || between("Access token ", " does not exist.") {
        ErrorKind::Gone
    } else if between("User ", " already exists") || between("Token name ", " already exists.") {
        ErrorKind::Conflict(Box::<Existing>::default())
    } else if text.starts_with("Access token has invalid length")
        || matches!(text, "Access Token is invalid" | "Access Token has expired")
        || between("Access token ", " has expired.")
    {
        ErrorKind::SignIn
    } else if text.contains("must match regex") || text.contains("must not be empty") {
        place("name")
    } else if text.starts_with("Expiration date") || text.contains("expiration date") {
        place("expires_at")
    } else if between("Role ", " does not exist")
        || text.starts_with("User does not have all the requested roles")
        || text.starts_with("At least one role")
    {
        place("roles")
    } else {
        ErrorKind::FixConfiguration { places: Vec::new() }
    }
}

fn framework_text(detail: &Json) -> Option<String> {
    match detail {
        Json::String(text) => Some(text.clone()),
        Json::Array(problems) => {
            let texts: Vec<String> = problems
                .iter()
                .filter_map(|problem| {
                    let place = problem.get("loc")?.as_array()?.last()?.as_str()?;
                    Some(format!("{place}: {}", problem.get("msg")?.as_str()?))
                })
                .collect();
            (!texts.is_empty()).then(|| texts.join("; "))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(status: u16, content_type: &str, body: &str) -> ErrorKind {
        explain(&Answer::made_up(status, content_type, body.as_bytes()).unwrap()).kind
    }

    fn user_error(message: &str) -> ErrorKind {
        let body =
            serde_json::json!({"message": message, "error_code": "USER", "workflow_id": null});
        kind(400, "application/json", &body.to_string())
    }

    #[test]
    fn a_400_means_what_its_text_says() {
        for text in ["User nobody not found", "Access token t1 does not exist."] {
            assert_eq!(user_error(text), ErrorKind::Gone, "{text}");
        }
        for text in ["User svc-a already exists", "Token name t1 already exists."] {
            assert!(matches!(user_error(text), ErrorKind::Conflict(_)), "{text}");
        }
        for text in [
            "Access token has invalid length 48",
            "Access Token is invalid",
            "Access Token has expired",
        ] {
            assert_eq!(user_error(text), ErrorKind::SignIn, "{text}");
        }
        for (text, name) in [
            ("Role nope does not exist", "roles"),
            (
                "User does not have all the requested roles. Token creation failed.",
                "roles",
            ),
            (
                "At least one role must be specified for the access token.",
                "roles",
            ),
            (
                "Expiration date must be past the current date (2026-11-22)",
                "expires_at",
            ),
            (
                "Access token expiration date cannot be more than 365d from now",
                "expires_at",
            ),
            (
                "Token name 1abc must match regex ^[a-zA-Z]([a-zA-Z0-9_-]*[a-zA-Z0-9])?$",
                "name",
            ),
        ] {
            let ErrorKind::FixConfiguration { places } = user_error(text) else {
                panic!("{text}");
            };
            assert_eq!(places[0].0.to_string(), name, "{text}");
        }
    }

    #[test]
    fn a_lost_database_connection_says_nothing_about_the_work() {
        let body = r#"{"message":"Error: connection pool is closed","error_code":"DATABASE","workflow_id":null}"#;
        assert_eq!(kind(400, "application/json", body), ErrorKind::Ambiguous);
    }

    #[test]
    fn the_gateway_and_the_framework_are_understood() {
        assert_eq!(kind(401, "text/plain", "Jwt is expired"), ErrorKind::SignIn);
        assert_eq!(
            kind(403, "text/plain", "access denied"),
            ErrorKind::Forbidden
        );
        assert_eq!(
            kind(403, "text/plain", ""),
            ErrorKind::Retry { after: None }
        );
        assert!(matches!(
            kind(404, "application/json", r#"{"detail":"Not Found"}"#),
            ErrorKind::FixConfiguration { .. }
        ));
        let body = br#"{"detail":[{"type":"missing","loc":["query","expires_at"],"msg":"Field required","input":null}]}"#;
        let said = explain(&Answer::made_up(422, "application/json", body).unwrap());
        assert_eq!(said.detail, "expires_at: Field required");
    }
}
