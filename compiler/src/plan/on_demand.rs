//! What an action does to the token that it names, before it is carried out.

use jiff::Timestamp;

use super::former_secret::cut_short_on_demand;
use super::{comes_back, way_to_another_secret};
use crate::diagnostic::{Code, Diagnostic, sentence};
use crate::model::action::ActionKind;
use crate::model::lifetime::GracePeriod;
use crate::model::observe;
use crate::model::record::AccessTokenRecord;
use crate::model::server::{Capabilities, RotationCapability};
use crate::value::AttributePath;

/// What is to be said of it, as of `now`: what cannot be done is an error.
pub fn on_demand(
    action: ActionKind,
    server: &Capabilities,
    token: &AccessTokenRecord,
    grace_period: Option<GracePeriod>,
    now: Timestamp,
) -> Option<Diagnostic> {
    let state = observe::access_token(token);
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
            _ => cut_short_on_demand(server, token, grace_period, now),
        },
    };
    told.map(|told| told.at(AttributePath::attribute("access_token")))
}
