//! The secret before the current one, which a server keeps for its grace period under the token's own id, and of which it keeps one.

use jiff::Timestamp;

use crate::diagnostic::{Code, Diagnostic, sentence};
use crate::model::State;
use crate::model::observe;
use crate::model::record::AccessTokenRecord;
use crate::model::server::{Capabilities, RotationCapability};
use crate::model::state::{Form, Written};
use crate::value::AttributePath;

use super::decide::name_of;

/// Whether there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Former {
    /// With its end, or without one until the first use of the current one.
    Kept(Option<Timestamp>),
    /// Nothing says so, with its last end where that is known.
    Perhaps(Option<Timestamp>),
}

impl Former {
    /// What a rotation that somebody asks for ends beside the current secret, by what a state says of its token.
    pub(crate) fn of<F: Form>(
        server: Option<&Capabilities>,
        token: &State<F>,
        now: Option<Timestamp>,
    ) -> Option<Self> {
        if let Some(kept) = token.kept_by_server() {
            let end = kept.revoke_at.as_ref().map(Written::value);
            return (!kept.due).then_some(Self::Kept(end));
        }
        let max_grace = match server.map(|server| token.capabilities(server).rotation) {
            Some(RotationCapability::Server {
                tells_former,
                max_grace,
                ..
            }) => match F::known(&token.retired) {
                Some(_) if tells_former => return None,
                Some(_) | None => max_grace,
            },
            Some(_) => return None,
            None => None,
        };
        // The last rotation may have given it the longest that there is.
        let issued_at = F::known(&token.issued_at).and_then(Option::as_ref);
        let issued_at = issued_at.map(Written::value);
        let end = max_grace.zip(issued_at);
        let end = end.and_then(|(longest, issued_at)| longest.after(issued_at));
        let is_over = end.zip(now).is_some_and(|(end, now)| end <= now);
        (!is_over).then_some(Self::Perhaps(end))
    }

    /// Likewise, by what the server says of it now.
    pub(super) fn on(
        server: &Capabilities,
        record: &AccessTokenRecord,
        now: Timestamp,
    ) -> Option<Self> {
        let is_first = record
            .created_at
            .zip(record.issued_at)
            .is_some_and(|(created, issued)| issued.as_second() <= created.as_second());
        let kept = Self::of(Some(server), &observe::access_token(record), Some(now))?;
        (!is_first || matches!(kept, Self::Kept(_))).then_some(kept)
    }
}

/// The warning that a rotation ends it.
pub(super) fn cut_short(server: &str, token: &State, kept: Former) -> Diagnostic {
    let (Former::Kept(until) | Former::Perhaps(until)) = kept;
    let until = until.map_or_else(
        || "the first use of the new one".to_owned(),
        |until| until.to_string(),
    );
    let what = match kept {
        Former::Kept(_) => {
            format!("The one that it keeps now, until {until}, ends with this rotation")
        }
        Former::Perhaps(_) => format!(
            "If it keeps one now, which may work until {until}, that ends with this rotation"
        ),
    };
    let name = name_of(token);
    Diagnostic::warning(
        Code::GraceCutShort,
        "A second rotation ends the secret before the last",
    )
    .detail(format!(
        "{} keeps one former secret of {name}. {what}.",
        sentence(server)
    ))
    .at(AttributePath::attribute("retired"))
    .hint("If somebody still uses it: apply this once its grace period is over.")
}
