//! A token has at most the power of its account.

use crate::diagnostic::{Code, Diagnostic};
use crate::model::state::{Open, Roles};
use crate::value::AttributePath;

/// The complaint about a token that wants roles which its account will not hold; both are named as the user knows them. `None` if
/// there are none, or while one of the two is not known.
pub fn roles_beyond_account(
    wanted: &Roles,
    token: &str,
    held: &Roles,
    account: &str,
) -> Option<Diagnostic> {
    let (wanted, held) = (wanted.value()?, held.value()?);
    if wanted.iter().chain(held).any(|role| role.is_unknown()) {
        return None;
    }
    let beyond: Vec<String> = wanted
        .iter()
        .filter(|role| !held.contains(role))
        .filter_map(|role| match &**role {
            Open::Known(role) => Some(format!("{role:?}")),
            Open::Unknown => None,
        })
        .collect();
    if beyond.is_empty() {
        return None;
    }
    Some(
        Diagnostic::error(
            Code::RolesBeyondAccount,
            "A token cannot have roles that its account does not have",
        )
        .at(AttributePath::attribute("roles"))
        .detail(format!(
            "{token} is to have {}, and {account} will not.",
            beyond.join(", ")
        ))
        .hint("Add them to the account's `roles`, or take them from the token's."),
    )
}
