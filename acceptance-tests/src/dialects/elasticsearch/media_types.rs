//! What is sent and what is wanted, by the headers `Content-Type` and `Accept`. Both may ask for the API of this major version or of the
//! one before it, as all official clients do: `application/vnd.elasticsearch+json; compatible-with=9`. This server answers both the same.
//! Elasticsearch, `RestCompatibleVersionHelper` and `AbstractRestChannel`.

use http::header::{ACCEPT, CONTENT_TYPE};

use super::fault::Refusal;
use crate::serving::call::{Answer, Call};

const MAJOR: i8 = 9;
const JSON: &str = "application/json";
const VERSIONED_JSON: &str = "application/vnd.elasticsearch+json";
const READABLE: [&str; 4] = [
    JSON,
    "application/*",
    VERSIONED_JSON,
    "application/x-ndjson",
];

/// Comes before everything else.
pub(super) fn check_versions(call: &Call) -> Result<(), Refusal> {
    let [accept, content_type] = [ACCEPT, CONTENT_TYPE].map(|name| call.header(name));
    let shown = |header: Option<&str>| header.unwrap_or("null").to_owned();
    let refuse_other = |header: &str, found: Option<i8>, value: Option<&str>| match found {
        Some(found) if ![MAJOR, MAJOR - 1].contains(&found) => Err(Refusal::media_types(&format!(
            "{header} version must be either version {MAJOR} or {}, but found {found}. {header}={}",
            MAJOR - 1,
            shown(value)
        ))),
        _ => Ok(()),
    };
    let wanted = accept.and_then(compatible_with);
    refuse_other("Accept", wanted, accept)?;
    if call.body.is_empty() {
        return Ok(());
    }
    let sent = content_type.and_then(compatible_with);
    refuse_other("Content-Type", sent, content_type)?;
    if wanted == sent {
        return Ok(());
    }
    let differ = wanted.unwrap_or(MAJOR) != sent.unwrap_or(MAJOR);
    let and_match = if differ {
        " and the compatible versions must match"
    } else {
        ""
    };
    Err(Refusal::media_types(&format!(
        "A compatible version is required on both Content-Type and Accept headers if either one has requested a compatible version{and_match}. \
         Accept={}, Content-Type={}",
        shown(accept),
        shown(content_type)
    )))
}

/// Whatever is sent has a type that can be read, which here is JSON alone.
pub(super) fn check_body(call: &Call) -> Result<(), Refusal> {
    match call.media_type() {
        _ if call.body.is_empty() => Ok(()),
        Some(given) if READABLE.contains(&given.as_str()) => Ok(()),
        _ => Err(Refusal::media_type(call.header(CONTENT_TYPE))),
    }
}

/// JSON in the type that is wanted, or else in that of what was sent.
pub(super) fn as_wanted(call: &Call, answer: Answer) -> Answer {
    let is_json = |answer: &Answer| {
        answer
            .headers
            .get(CONTENT_TYPE)
            .is_some_and(|it| it == JSON)
    };
    if !is_json(&answer) {
        return answer;
    }
    let wanted = call.header(ACCEPT).map(essence_and_parameters);
    let (essence, parameters) = match wanted {
        Some((essence, parameters)) if [JSON, VERSIONED_JSON].contains(&essence.as_str()) => {
            (essence, parameters)
        }
        _ if call.media_type().as_deref() == Some(VERSIONED_JSON) => {
            (VERSIONED_JSON.to_owned(), Vec::new())
        }
        _ => return answer,
    };
    let parameters: String = parameters.iter().map(|it| format!(";{it}")).collect();
    answer.with(CONTENT_TYPE, &format!("{essence}{parameters}"))
}

fn compatible_with(header: &str) -> Option<i8> {
    let (_, parameters) = essence_and_parameters(header);
    let version = parameters
        .iter()
        .find_map(|it| it.strip_prefix("compatible-with="))?;
    version.parse().ok()
}

fn essence_and_parameters(header: &str) -> (String, Vec<String>) {
    let header = header.to_ascii_lowercase();
    let mut pieces = header.split(';').map(|piece| piece.trim().to_owned());
    let essence = pieces.next().unwrap_or_default();
    (essence, pieces.collect())
}
