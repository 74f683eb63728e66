//! The secret before the current one, which a server keeps for its grace period under the token's own id, and of which it keeps one.

use crate::diagnostic::{Code, Diagnostic, sentence};
use crate::model::State;
use crate::model::lifetime::GracePeriod;
use crate::model::observe;
use crate::model::record::AccessTokenRecord;
use crate::model::server::Capabilities;
use crate::model::state::{Retired, Rotation};
use crate::value::AttributePath;

use super::decide::name_of;
use super::rotation;

/// The warning that a rotation ends it; `is_told`: that the server keeps it is known, and does not follow from a grace period alone.
pub(super) fn cut_short(
    server: &str,
    token: &State,
    retired: &Retired,
    is_told: bool,
) -> Diagnostic {
    let until = retired.revoke_at.as_ref();
    let until = until.map_or_else(
        || "the first use of the new one".to_owned(),
        ToString::to_string,
    );
    let works = if is_told { "works" } else { "may work" };
    let name = name_of(token);
    Diagnostic::warning(
        Code::GraceCutShort,
        "A second rotation ends the secret before the last",
    )
    .detail(format!(
        "{} keeps one former secret of {name}. The one that it keeps now, which {works} until {until}, ends with this rotation.",
        sentence(server)
    ))
    .at(AttributePath::attribute("retired"))
    .hint("If somebody still uses it: apply this once its grace period is over.")
}

/// Likewise, where somebody asks for a rotation without a state. A server that does not say what it keeps is taken to keep it for the same
/// grace period.
pub(super) fn cut_short_on_demand(
    server: &Capabilities,
    record: &AccessTokenRecord,
    grace_period: Option<GracePeriod>,
    now: jiff::Timestamp,
) -> Option<Diagnostic> {
    let mut token = observe::access_token(record);
    let is_told = token.retired.is_some();
    token.rotation = Some(Rotation {
        grace_period: grace_period.map(Into::into),
        ..Rotation::default()
    });
    if !is_told {
        token.suppose_kept(record.created_at, now);
    }
    let token = rotation::settle(token, now);
    let kept = token.kept_by_server()?;
    rotation::ends_before_last(&token, kept).then(|| cut_short(server.title, &token, kept, is_told))
}
