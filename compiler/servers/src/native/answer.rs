//! The native API's mistakes (RFC 9457 problem details), sorted by what the caller can do.

use jiff::Timestamp;
use lanyard_compiler::value::AttributePath;
use reqwest::StatusCode;
use serde::Deserialize;

use crate::error::{ErrorKind, Existing};
use crate::http::{Answer, Explanation};
use crate::refusal;

/// A problem document; all of it may be missing, since a proxy on the way may have written the answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    title: Option<String>,
    detail: Option<String>,
    code: Option<String>,
    errors: Vec<Place>,
    existing: Option<Taken>,
    managed_by: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Place {
    pointer: String,
    detail: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Taken {
    id: Option<String>,
    created_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    managed_by: Option<String>,
}

pub(super) const NOT_HERE: &str =
    "there is no native token server API at this address; check `url` and `api`";

/// What an answer that is not a success means.
pub(super) fn explain(answer: &Answer) -> Explanation {
    let problem: Option<Problem> = answer.json().ok();
    let Problem {
        title,
        detail,
        code,
        errors,
        existing,
        managed_by,
    } = problem.unwrap_or_default();
    let said = detail.or(title);
    let kind = match (answer.status, code.as_deref()) {
        (StatusCode::PRECONDITION_FAILED, _) => ErrorKind::Overtaken,
        // A 404 without the code comes from something else than a token server: nothing is gone.
        (StatusCode::NOT_FOUND, Some("not_found")) => ErrorKind::Gone,
        (StatusCode::CONFLICT, Some("name_taken")) => {
            let Taken {
                id,
                created_at,
                last_used_at,
                managed_by,
            } = existing.unwrap_or_default();
            ErrorKind::Conflict(Box::new(Existing {
                id,
                created_at,
                last_used_at,
                managed_by,
            }))
        }
        (StatusCode::CONFLICT, Some("managed_elsewhere")) => {
            ErrorKind::ManagedElsewhere { by: managed_by }
        }
        (StatusCode::UNPROCESSABLE_ENTITY, Some("validation_failed")) => {
            ErrorKind::FixConfiguration {
                places: errors
                    .into_iter()
                    .map(|place| (path(&place.pointer), place.detail))
                    .collect(),
            }
        }
        (status, _) => refusal::kind_elsewhere(status),
    };
    let detail = match said {
        None if answer.status == StatusCode::NOT_FOUND => NOT_HERE.to_owned(),
        said => refusal::detail(answer, said),
    };
    Explanation { kind, detail }
}

/// A JSON pointer into a request (`/restriction/labels/team`), in the words of the configuration.
fn path(pointer: &str) -> AttributePath {
    let mut path = AttributePath::root();
    let steps = pointer
        .split('/')
        .skip(1)
        .map(|step| step.replace("~1", "/").replace("~0", "~"));
    let mut in_labels = false;
    for step in steps {
        let step = match step.as_str() {
            "service_account_id" => "service_account".to_owned(),
            "ttl_seconds" => "ttl".to_owned(),
            "grace_period_seconds" | "until_first_use" => {
                path = path.then("rotation");
                "grace_period".to_owned()
            }
            _ => step,
        };
        path = match step.parse() {
            Ok(index) if !path.is_root() => path.index(index),
            _ if in_labels => path.key(step),
            _ => {
                in_labels = step == "labels";
                path.then(step)
            }
        };
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_become_the_configurations_words() {
        for (pointer, expected) in [
            ("", ""),
            ("/roles/0", "roles[0]"),
            ("/service_account_id", "service_account"),
            ("/ttl_seconds", "ttl"),
            ("/grace_period_seconds", "rotation.grace_period"),
            ("/restriction/labels/a~1b", "restriction.labels[\"a/b\"]"),
        ] {
            assert_eq!(path(pointer).to_string(), expected, "{pointer}");
        }
    }
}
