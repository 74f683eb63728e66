//! Whether a data source's arguments say which object is meant.

use super::DataKind;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::state::Outline;
use crate::value::{AttributePath, Value};

/// What is wrong with the arguments of a data source. What is unknown counts as given.
pub fn check(kind: DataKind, config: &Value) -> Vec<Diagnostic> {
    match kind {
        DataKind::ServiceAccount | DataKind::AccessToken => {
            id_or_name(config).into_iter().collect()
        }
        DataKind::Identity
        | DataKind::ServiceAccounts
        | DataKind::AccessTokens
        | DataKind::Server => Vec::new(),
    }
}

/// Exactly one of the two has to say which object is meant.
fn id_or_name(config: &Value) -> Option<Diagnostic> {
    let said = Outline::of(config);
    match (said.id.is_null(), said.name.is_null()) {
        (true, true) => Some(
            Diagnostic::error(Code::LookupWithoutKey, "Nothing says which object is meant")
                .detail("Neither `id` nor `name` is given.")
                .hint("Give one of them."),
        ),
        (false, false) => Some(
            Diagnostic::error(
                Code::LookupWithTwoKeys,
                "Two things say which object is meant",
            )
            .at(AttributePath::attribute("name"))
            .detail("`id` and `name` are both given.")
            .hint("Keep one of them; the other is read from the server."),
        ),
        _ => None,
    }
}
