//! Conditional requests: ETag, If-Match and If-None-Match. The tag is made of what the object looks like, so it
//! changes with whatever a reader could see, except for when the object was last used.

use http::StatusCode;
use http::header::{ETAG, IF_MATCH, IF_NONE_MATCH};
use serde_json::Value;

use super::problem::Problem;
use crate::secret;
use crate::serving::call::{Answer, Call};

/// A strong tag for an object as it is shown.
pub(super) fn etag(object: &Value) -> String {
    let mut seen = object.clone();
    if let Some(fields) = seen.as_object_mut() {
        fields.shift_remove("last_used_at");
        fields.shift_remove("secret");
    }
    let mut hash = secret::hash(&seen.to_string());
    hash.truncate(24);
    format!("\"{hash}\"")
}

/// 200 with the object and its tag, or 304 when the client has it already.
pub(super) fn show(call: &Call, object: &Value) -> Answer {
    let tag = etag(object);
    let known = call
        .header(IF_NONE_MATCH)
        .is_some_and(|header| names(header, &tag, Strength::Weak));
    let answer = if known {
        Answer::empty(StatusCode::NOT_MODIFIED)
    } else {
        Answer::json(StatusCode::OK, object)
    };
    answer.with(ETAG, &tag)
}

/// 412 when the client says which version it means and that is no longer the present one.
pub(super) fn check(call: &Call, object: &Value) -> Result<(), Problem> {
    let tag = etag(object);
    match call.header(IF_MATCH) {
        Some(header) if !names(header, &tag, Strength::Strong) => {
            Err(Problem::precondition_failed(format!(
                "If-Match says {header}, but the object's ETag is {tag}; read it again and decide anew"
            )))
        }
        _ => Ok(()),
    }
}

enum Strength {
    Strong,
    Weak,
}

fn names(header: &str, tag: &str, strength: Strength) -> bool {
    header.trim() == "*"
        || header.split(',').any(|candidate| {
            let candidate = candidate.trim();
            match strength {
                Strength::Strong => candidate == tag,
                Strength::Weak => candidate.strip_prefix("W/").unwrap_or(candidate) == tag,
            }
        })
}
