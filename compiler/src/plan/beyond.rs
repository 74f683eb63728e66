//! A token has at most the power of its account.

use crate::diagnostic::{Code, Diagnostic};
use crate::value::{AttributePath, Value};

/// The complaint about a token that wants roles which its account will not hold; both are named as the user knows them. `None` if
/// there are none, or while one of the two is not known.
pub fn roles_beyond_account(
    wanted: &Value,
    token: &str,
    held: &Value,
    account: &str,
) -> Option<Diagnostic> {
    if !wanted.is_wholly_known() || !held.is_wholly_known() {
        return None;
    }
    let held = held.as_list()?;
    let beyond: Vec<String> = wanted
        .as_list()?
        .iter()
        .filter(|role| !held.contains(role))
        .filter_map(|role| Some(format!("{:?}", role.as_str()?)))
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
