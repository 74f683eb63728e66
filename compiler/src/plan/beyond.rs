//! A token has at most the power of its account, and should have some of it.

use crate::diagnostic::{Code, Diagnostic, sentence};
use crate::model::server::{Capabilities, ResourceCapabilities};
use crate::model::state::{Loose, Open, Roles};
use crate::value::{AttributePath, Value};

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
        .filter_map(named)
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

/// The complaint about a token that is only issued now and leaves `roles` to its account, which will hold none: for a server that issues
/// no token without one.
pub fn no_role_to_take(
    server: &Capabilities,
    wanted: &Roles,
    token: &str,
    held: &Roles,
    account: &str,
) -> Option<Diagnostic> {
    let is_empty = held.value().is_some_and(Vec::is_empty);
    if !wanted.is_null() || !is_empty || !server.access_token.wants_members("roles") {
        return None;
    }
    Some(
        Diagnostic::error(
            Code::AccountWithoutRoles,
            "A token cannot be issued for an account without roles",
        )
        .at(AttributePath::attribute("roles"))
        .detail(format!(
            "{token} leaves `roles` out, so it is to have those of its account, and {account} will have none. {} issues no token without a role.",
            sentence(server.title)
        ))
        .hint("Give the account `roles`, for example those that the token is for."),
    )
}

/// The roles that a new secret is to have, of a token that leaves them to its account, where the account is planned to have these and the
/// token had others: what is left of them, or, where nothing is, what the account has by then. `None` where it keeps those that it has.
pub fn roles_left(
    can: &ResourceCapabilities,
    wanted: &Roles,
    has: &[String],
    held: &Roles,
) -> Option<Value> {
    if !wanted.is_null() || !can.gives_roles_anew() {
        return None;
    }
    let held = held.value().map_or(&[][..], Vec::as_slice);
    let is_left = |role: &&String| held.contains(&Loose::from((*role).clone()));
    let left: Vec<&String> = has.iter().filter(is_left).collect();
    if left.len() == has.len() {
        return None;
    }
    let is_open = left.is_empty() || held.iter().any(|role| role.is_unknown());
    Some(match is_open {
        true => Value::Unknown,
        false => Value::set(left.into_iter().map(|role| role.as_str().into())),
    })
}

/// The warning about a token that `has` none of the roles that its account will hold, where its configuration leaves `roles` out: those that
/// it was made with were or are taken away, or there were none yet. `None` where one of the two is not known.
pub fn none_of_its_roles(
    server: Option<&Capabilities>,
    wanted: &Roles,
    has: &[String],
    token: &str,
    held: &Roles,
    account: &str,
) -> Option<Diagnostic> {
    if !wanted.is_null() {
        return None;
    }
    let held = held.value()?;
    if has
        .iter()
        .any(|role| held.contains(&Loose::from(role.clone())))
    {
        return None;
    }
    let held: Vec<String> = held.iter().map(named).collect::<Option<_>>()?;
    if held.is_empty() {
        return None;
    }
    let held = held.join(", ");
    let now = match has {
        [] => format!("It has none now, and {account} has {held}."),
        _ => format!(
            "It loses them with its account: it will have none, and {account} will have {held}."
        ),
    };
    Some(
        Diagnostic::warning(
            Code::TokenWithoutRoles,
            "A token has none of its account's roles",
        )
        .at(AttributePath::attribute("roles"))
        .detail(format!(
            "{token} leaves `roles` out, so it was given those that its account had when it was made. {now}"
        ))
        .hint(PUT_BACK)
        .hint(how_to_have_none(server)),
    )
}

/// What to do about a token that has lost its roles.
pub const PUT_BACK: &str = "To put back what somebody took away: set `roles` on the token, which every plan then holds it to.";

/// What a configuration can say of a token that is to do nothing.
pub fn how_to_have_none(server: Option<&Capabilities>) -> String {
    let refuses = server.filter(|server| server.access_token.wants_members("roles"));
    match refuses {
        Some(server) => format!(
            "{} takes no empty `roles`: if nobody needs the token any more, remove its resource.",
            sentence(server.title)
        ),
        None => "If it is to have none, say so: `roles = []`.".to_owned(),
    }
}

fn named(role: &Loose<String>) -> Option<String> {
    match &**role {
        Open::Known(role) => Some(format!("{role:?}")),
        Open::Unknown => None,
    }
}
