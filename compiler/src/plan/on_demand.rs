//! What an action does to the token that it names, before it is carried out.

use jiff::Timestamp;

use super::former_secret::{Former, cut_short};
use super::{comes_back, rotation, way_to_another_secret};
use crate::diagnostic::{Code, Diagnostic, sentence};
use crate::model::access_token::Status;
use crate::model::action::ActionKind;
use crate::model::observe;
use crate::model::record::AccessTokenRecord;
use crate::model::server::{Capabilities, RotationCapability};
use crate::value::AttributePath;

/// What is to be said of it, as of `now`: what cannot be done is an error.
pub fn on_demand(
    action: ActionKind,
    server: &Capabilities,
    token: &AccessTokenRecord,
    now: Timestamp,
) -> Option<Diagnostic> {
    let state = rotation::settle(Some(server), observe::access_token(token), now);
    let told = match action {
        ActionKind::RevokeAccessToken => comes_back(server, &state).map(|told| {
            told.detail(format!(
                "{:?}: {} cannot delete it, so the action disables it.",
                token.name, server.title
            ))
            .hint("In the configuration, let nothing say `disabled = false`: the plans after that leave it disabled.")
            .hint(way_to_another_secret(state.capabilities(server)))
        }),
        ActionKind::RotateAccessToken => match state.capabilities(server).rotation {
            RotationCapability::Impossible { instead } => Some(
                Diagnostic::error(
                    Code::ActionUnsupported,
                    "The token server cannot replace a secret in place",
                )
                .detail(format!("{} has no other secret for {:?}.", sentence(server.title), token.name))
                .hint(instead),
            ),
            // Nobody is there to say how long a new one is to last.
            _ if state.status == Some(Status::Expired) => Some(
                Diagnostic::error(
                    Code::ActionUnsupported,
                    "An action does not rotate what has expired",
                )
                .detail(format!("{:?} has expired: nothing is left to end.", token.name))
                .hint("Plan and apply without the action: where the token is managed, that may issue a new secret."),
            ),
            // Nobody would be shown which roles it gains.
            _ if state.capabilities(server).gives_roles_anew()
                && state.roles.as_ref().is_some_and(Vec::is_empty) =>
            {
                Some(
                    Diagnostic::error(
                        Code::ActionUnsupported,
                        "An action does not rotate what has lost all its roles",
                    )
                    .detail(format!(
                        "{:?} has no role, and {} issues no secret without one: it would be given all that the account has.",
                        token.name, server.title
                    ))
                    .hint("Delete it, or plan a rotation of it: the review shows what it gains."),
                )
            }
            _ => Former::on(server, token, now).map(|kept| cut_short(server.title, &state, kept)),
        },
    };
    told.map(|told| told.at(AttributePath::attribute("access_token")))
}
