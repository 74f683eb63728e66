//! A secret that does not work, although nobody asked for that and nothing mends it.

use crate::diagnostic::{Code, Diagnostic};
use crate::model::access_token::Status;
use crate::model::server::Capabilities;
use crate::model::state::State;
use crate::value::AttributePath;

/// Why the secret of a token does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotWorking {
    /// The token is not disabled itself.
    AccountDisabled,
    Expired,
    Revoked,
}

impl NotWorking {
    /// By what a state says, if its status is `status`; `None` for a secret that works, and for a token that is meant to be disabled.
    pub fn of(status: Option<Status>, disabled: Option<bool>) -> Option<Self> {
        match status? {
            _ if disabled == Some(true) => None,
            Status::Active | Status::Expiring => None,
            Status::Disabled => Some(Self::AccountDisabled),
            Status::Expired => Some(Self::Expired),
            Status::Revoked => Some(Self::Revoked),
        }
    }
}

/// The warning about a token whose secret does not work, for this reason.
pub fn not_working(state: &State, why: NotWorking, server: Option<&Capabilities>) -> Diagnostic {
    let name = state.name.as_deref().unwrap_or_default();
    let account = match &state.service_account {
        Some(account) => format!("its service account {account:?}"),
        None => "its service account".to_owned(),
    };
    let told = Diagnostic::warning(
        Code::SecretDoesNotWork,
        "The secret of an access token does not work",
    )
    .at(AttributePath::attribute("status"));
    let renew = "For a new one: set `after_import` in its `rotation` block, or change a value in `rotation.triggers`; or run `lanyard apply --rotate ADDRESS`.";
    match why {
        NotWorking::AccountDisabled => {
            let told = told
                .detail(format!(
                    "{name:?}: {account} is disabled, and with it every access token of it. The token itself is not."
                ))
                .hint("Enable the account: `disabled = false` in its resource, or where it is managed.");
            let takes_disabled = server.is_none_or(|server| {
                let token = state.capabilities(server);
                token.attribute("disabled").is_some()
            });
            if takes_disabled {
                told.hint("If that is meant, say so: `disabled = true` in the token's resource.")
            } else {
                told.hint(
                    "If that is meant, and nobody needs the token any more, remove its resource.",
                )
            }
        }
        NotWorking::Expired => {
            let end = state.expires_at.as_ref();
            let end = end.map_or_else(String::new, |end| format!(" at {end}"));
            told.detail(format!("{name:?}: it expired{end}, and nothing renews it."))
                .hint(renew)
        }
        NotWorking::Revoked => told
            .detail(format!(
                "{name:?}: the server does not accept it any more, and nothing renews it."
            ))
            .hint(renew),
    }
}
