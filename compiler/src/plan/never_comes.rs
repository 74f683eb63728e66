//! A `rotation` block that does nothing for a secret: nobody said how long secrets last, and the server gave it too short a life.

use super::rotation::point_of;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::server::{Capabilities, DefaultEnd, ExpiryCapability};
use crate::model::state::{Form as _, Planned, State, Written};
use crate::value::AttributePath;

/// What is to be said of the secret of `state` under this configuration. Where the length is known before there is a secret,
/// [`crate::model::checks`] refuses the block.
pub fn never_comes(
    server: &Capabilities,
    config: &State<Planned>,
    state: &State,
) -> Option<Diagnostic> {
    let ExpiryCapability::Supported {
        default: DefaultEnd::OfTheServer,
        ..
    } = state.capabilities(server).expiry
    else {
        return None;
    };
    if !config.ttl.is_null() || !config.expires_at.is_null() {
        return None;
    }
    let end = state.stops_at(Some(server))?;
    let issued_at = state.issued_at.as_ref().map(Written::value)?;
    let point = point_of(config, Some(end), Some(issued_at), state.id.as_deref())?;
    let rotation = Planned::known(&config.rotation)?.as_ref()?;
    let (code, summary, name, length, comes) =
        match (rotation.every.value(), rotation.before_expiry.value()) {
            (Some(every), _) if point >= end => (
                Code::RotationAfterEnd,
                "A secret ends before it is rotated",
                "every",
                every,
                "it ends before it is that old",
            ),
            (None, Some(before)) if point <= issued_at => (
                Code::RotationBeforeIssue,
                "A rotation is due before a secret is issued",
                "before_expiry",
                before,
                "each secret would be due at once, so that none is rotated",
            ),
            _ => return None,
        };
    Some(
        Diagnostic::warning(code, summary)
            .detail(format!(
                "{:?} was issued {issued_at} and ends {end}: {} decides that where neither `ttl` nor `expires_at` is set. `rotation.{name}` is {}: {comes}.",
                state.name.as_deref().unwrap_or_default(),
                server.title,
                length.text(),
            ))
            .at(AttributePath::attribute("rotation").then(name))
            .hint(format!("Set a `ttl` that is longer than `{name}`, so that somebody can apply in between.")),
    )
}
