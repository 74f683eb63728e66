//! Elasticsearch's mistakes, sorted by what the caller can do: `{"error": {"type", "reason"}, "status"}`, `{"found": false}`, or a
//! plain text under `error`.

use lanyard_compiler::value::AttributePath;
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::error::{ErrorKind, Existing};
use crate::http::{Answer, Explanation};
use crate::refusal;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fault {
    error: Json,
    found: Option<bool>,
}

pub(super) const NOT_HERE: &str =
    "there is no Elasticsearch with service accounts at this address; check `url`";
const SERVERLESS: &str =
    "Serverless projects manage service accounts themselves: use a cluster, or API keys.";

/// What an answer that is not a success means.
pub(super) fn explain(answer: &Answer) -> Explanation {
    let Fault { error, found } = answer.json().unwrap_or_default();
    let kind = error["type"].as_str().unwrap_or_default();
    let reason = error["reason"].as_str().or(error.as_str());
    let said = reason.unwrap_or_default();
    let kind = match answer.status {
        // `{"found": false}` alone means that it is not there: other 404s speak of an address.
        StatusCode::NOT_FOUND if found == Some(false) => ErrorKind::Gone,
        StatusCode::CONFLICT => ErrorKind::Conflict(Box::<Existing>::default()),
        StatusCode::GONE if kind == "api_not_available_exception" => ErrorKind::Unsupported {
            instead: SERVERLESS,
        },
        StatusCode::BAD_REQUEST => ErrorKind::FixConfiguration {
            places: place(said)
                .map(|path| (AttributePath::attribute(path), said.to_owned()))
                .into_iter()
                .collect(),
        },
        // Not every node of the cluster is new enough for user-managed accounts: not an outage.
        StatusCode::INTERNAL_SERVER_ERROR if kind == "illegal_state_exception" => {
            ErrorKind::FixConfiguration { places: Vec::new() }
        }
        StatusCode::METHOD_NOT_ALLOWED => ErrorKind::FixConfiguration { places: Vec::new() },
        status => refusal::kind_elsewhere(status),
    };
    let detail = match reason {
        // Below a wrong path, the cluster itself answers that it knows no such thing.
        Some(reason) if reason.starts_with("no handler found") => format!("{reason}; {NOT_HERE}"),
        None if answer.status == StatusCode::NOT_FOUND && found.is_none() => NOT_HERE.to_owned(),
        reason => refusal::detail(answer, reason.map(str::to_owned)),
    };
    Explanation { kind, detail }
}

/// The attribute that a reason speaks of.
fn place(reason: &str) -> Option<&'static str> {
    let place = if reason.starts_with("service account [") && reason.ends_with("does not exist") {
        "service_account"
    } else if reason.contains("service token name") {
        "name"
    } else if reason.contains("role name") || reason.contains("[roles]") {
        "roles"
    } else if reason.contains("[description]") {
        "description"
    } else if reason.contains("namespace") || reason.contains("service name") {
        "name"
    } else {
        return None;
    };
    Some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(status: u16, body: &str) -> Explanation {
        explain(&Answer::made_up(status, "application/json", body.as_bytes()).unwrap())
    }

    fn error(kind: &str, reason: &str, status: u16) -> Explanation {
        let cause = serde_json::json!({ "type": kind, "reason": reason });
        let body = serde_json::json!({
            "error": { "root_cause": [cause], "type": kind, "reason": reason }, "status": status });
        explained(status, &body.to_string())
    }

    #[test]
    fn only_what_was_asked_for_is_gone() {
        assert_eq!(explained(404, r#"{"found":false}"#).kind, ErrorKind::Gone);
        let elsewhere = explained(404, "");
        assert_eq!(
            elsewhere.kind,
            ErrorKind::FixConfiguration { places: Vec::new() }
        );
        assert_eq!(elsewhere.detail, NOT_HERE);
    }

    #[test]
    fn reasons_are_put_where_they_belong() {
        for (reason, expected) in [
            (
                "service account [elastic/nope] does not exist",
                "service_account",
            ),
            (
                "Validation Failed: 1: invalid service token name [_x]. service account token name must have at least 1 character;",
                "name",
            ),
        ] {
            let ErrorKind::FixConfiguration { places } =
                error("illegal_argument_exception", reason, 400).kind
            else {
                panic!("{reason}");
            };
            assert_eq!(places[0].0.to_string(), expected, "{reason}");
        }
    }

    #[test]
    fn each_refusal_is_told_apart() {
        let taken = "[service_account_token-elastic/fleet-server/ci-1]: version conflict, document already exists (current version [1])";
        assert_eq!(
            error("version_conflict_engine_exception", taken, 409).kind,
            ErrorKind::Conflict(Box::default())
        );
        assert_eq!(
            error("security_exception", "no", 403).kind,
            ErrorKind::Forbidden
        );
        assert_eq!(
            error("security_exception", "no", 401).kind,
            ErrorKind::SignIn
        );
        let serverless = error("api_not_available_exception", "not available", 410);
        assert!(matches!(serverless.kind, ErrorKind::Unsupported { .. }));
        let method = explained(
            405,
            r#"{"error":"Incorrect HTTP method for uri [/x] and method [PUT], allowed: [POST]","status":405}"#,
        );
        assert!(method.detail.starts_with("Incorrect HTTP method"));
        assert_eq!(
            error("es_rejected_execution_exception", "busy", 429).kind,
            ErrorKind::Retry { after: None }
        );
    }
}
