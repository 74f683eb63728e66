//! When a token ends: said once, and in a way that the server keeps.

use super::{Subject, attribute};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::kind::Kind;
use crate::model::server::ExpiryCapability;
use crate::model::state::{Outline, Written};

const DAY: u64 = 86_400;

pub(super) fn one_end(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Outline {
        ttl, expires_at, ..
    } = &subject.said;
    let both = ttl.is_written() && expires_at.is_written();
    if subject.kind == Kind::AccessToken && both {
        found.push(
            Diagnostic::error(Code::TwoEnds, "A token cannot have two ends")
                .detail("`expires_at` and `ttl` are both set.")
                .at(attribute("ttl"))
                .hint("Keep `ttl` if each secret shall last equally long, `expires_at` if the token shall end at one time."),
        );
    }
}

pub(super) fn end_suits_the_server(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(server) = &subject.server else {
        return;
    };
    let title = server.title;
    let (required, whole_days, max) = match server.can.expiry {
        // What is not taken at all is the affair of `takes_every_attribute`.
        ExpiryCapability::Never { .. } => return,
        ExpiryCapability::Supported {
            required,
            whole_days,
            max,
            ..
        } => (required, whole_days, max),
    };
    let said = &subject.said;
    let ttl = said.ttl.value().map(Written::value);
    let end = said.expires_at.value().map(Written::value);
    if required && said.expires_at.is_null() && said.ttl.is_null() {
        found.push(
            Diagnostic::error(Code::EndRequired, "A token must have an end on this server")
                .detail(format!("{title} refuses tokens without an end."))
                .at(attribute("ttl"))
                .hint("Set `ttl`, for example \"90d\", or `expires_at`."),
        );
    }
    if let (Some(ttl), Some(max)) = (ttl, max)
        && ttl > max
    {
        found.push(
            Diagnostic::error(
                Code::LifetimeTooLong,
                "A lifetime is longer than the server allows",
            )
            .detail(format!("`ttl` is {ttl}; {title} allows at most {max}."))
            .at(attribute("ttl")),
        );
    }
    if !whole_days {
        return;
    }
    if let Some(ttl) = ttl.filter(|ttl| ttl.seconds() % DAY != 0) {
        found.push(
            Diagnostic::error(
                Code::LifetimeNotInDays,
                "A lifetime must be whole days on this server",
            )
            .detail(format!("`ttl` is {ttl}; {title} keeps ends to the day."))
            .at(attribute("ttl"))
            .hint("Use whole days, for example \"90d\"."),
        );
    }
    if let Some(end) = end.filter(|end| end.as_second().rem_euclid(86_400) != 0) {
        found.push(
            Diagnostic::warning(
                Code::EndRoundedDown,
                "The end of a token is rounded down to the day",
            )
            .detail(format!(
                "`expires_at` is {end}; {title} ends the token when that day begins, in UTC."
            ))
            .at(attribute("expires_at")),
        );
    }
}
