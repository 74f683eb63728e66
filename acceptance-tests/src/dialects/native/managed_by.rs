//! Protection of what a tool owns: changes from elsewhere must say so.

use super::problem::Problem;
use crate::serving::call::Call;

/// 409 when the object belongs to a tool and the request does not come in its name.
pub(super) fn check(
    call: &Call,
    kind: &str,
    name: &str,
    owner: Option<&str>,
) -> Result<(), Problem> {
    let Some(owner) = owner else { return Ok(()) };
    let given = call.header("managed-by").map(str::trim);
    if given == Some(owner) || given == Some("*") {
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
