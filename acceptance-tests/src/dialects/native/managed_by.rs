//! Protection of what a tool owns: changes from elsewhere must say so.

use http::header::HeaderName;

use super::problem::Problem;
use super::rules;
use crate::serving::call::Call;

/// What a request says to change an object whoever owns it.
const ANYBODY: &str = "*";
const HEADER: HeaderName = HeaderName::from_static("managed-by");

/// 400 when the request names nobody that could own anything.
pub(super) fn check_header(call: &Call) -> Result<(), Problem> {
    let Some(given) = call.headers.get(HEADER) else {
        return Ok(());
    };
    let given = given.to_str().map(str::trim).unwrap_or_default();
    if given == ANYBODY || rules::managed_by(given).is_ok() {
        return Ok(());
    }
    Err(Problem::invalid_request(
        "the header Managed-By has 1 to 255 visible ASCII characters: the name of a tool, or *",
    ))
}

/// 409 when the object belongs to a tool and the request does not come in its name.
pub(super) fn check(
    call: &Call,
    kind: &str,
    name: &str,
    owner: Option<&str>,
) -> Result<(), Problem> {
    let Some(owner) = owner else { return Ok(()) };
    let given = call.header(HEADER).map(str::trim);
    if given == Some(owner) || given == Some(ANYBODY) {
        return Ok(());
    }
    Err(Problem::managed_elsewhere(
        format!(
            "the {kind} {name:?} is managed by {owner}; change it there, \
             or send `Managed-By: {owner}` (or `*`) to change it anyway"
        ),
        owner,
    ))
}
