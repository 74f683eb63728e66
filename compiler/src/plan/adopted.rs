//! The end of a secret that is taken over with its token: where the server shows it again, adopting rotates nothing, and a `ttl` counts
//! from when it was issued.

use jiff::Timestamp;

use super::expiry;
use super::{past_end, plan_resource};
use crate::diagnostic::Diagnostic;
use crate::model::State;
use crate::model::server::{Capabilities, Recovery};
use crate::model::state::Planned;
use crate::value::{AttributePath, Value};

/// True where whoever adopts the object is given the secret that it has.
pub fn keeps_secret(server: &Capabilities, found: &State) -> bool {
    let capabilities = found.capabilities(server);
    capabilities.issues_secret && capabilities.recovery == Recovery::ReadSecret
}

/// What an object is to be with the secret that it has; `None` where that cannot be planned.
///
/// # Errors
///
/// The end that its `ttl` or `expires_at` gives it is past at `now`: its secret, which somebody uses, would end with the adoption.
pub fn as_adopted(
    server: &Capabilities,
    found: &State,
    config: &Value,
    now: Timestamp,
) -> Result<Option<State<Planned>>, Diagnostic> {
    let kind = found.kind();
    let mut config = config.clone();
    if let Some(entries) = config.as_map_mut() {
        entries.insert("rotation".to_owned(), Value::Null);
    }
    let plan = plan_resource(kind, Some(server), &found.write(), &config);
    let (Ok(mut planned), Ok(config)) = (
        State::<Planned>::read(kind, &plan.planned),
        State::<Planned>::read(kind, &config),
    ) else {
        return Ok(None);
    };
    // A plan leaves to the clock whether an earlier end replaces the secret. Here none does.
    if planned.expires_at.is_unknown() {
        let capabilities = Some(found.capabilities(server));
        planned.expires_at = expiry::of_existing(capabilities, &config, found);
    }
    match past_end(Some(server), Some(found), &planned, now) {
        Some(past) if config.expires_at.is_null() => Err(counts_from_its_issue(past)),
        Some(past) => Err(past),
        None => Ok(Some(planned)),
    }
}

fn counts_from_its_issue(mut past: Diagnostic) -> Diagnostic {
    past.hints.clear();
    past.at(AttributePath::attribute("ttl"))
        .hint("A `ttl` counts from when the secret was issued, and adopting keeps the secret. Set a longer `ttl`, or the end that the token has as `expires_at`.")
        .hint("To have its secret replaced: `import` it instead, and the apply issues a new one, with the grace period of its `rotation` block.")
}
