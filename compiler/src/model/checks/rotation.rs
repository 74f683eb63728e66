//! Whether a rotation can happen as it is configured.

use std::fmt;

use super::{Subject, attribute};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::kind::Kind;
use crate::model::lifetime::{GracePeriod, Lifetime};
use crate::model::server::{DefaultEnd, ExpiryCapability, RotationCapability};
use crate::model::state::{Outline, Written};

/// Rotation ahead of the end needs an end, and room before it; by age, a time that comes before the end.
pub(super) fn comes_before_the_end(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(rotation) = subject.said.rotation.value() else {
        return;
    };
    let path = |name: &str| attribute("rotation").then(name);
    let before = rotation.before_expiry.value().map(Written::value);
    let every = rotation.every.value().map(Written::value);
    let jitter = rotation.jitter.value().map(Written::value);

    if jitter.is_some() && rotation.before_expiry.is_null() && rotation.every.is_null() {
        found.push(
            Diagnostic::error(Code::JitterWithoutRotation, "Jitter has nothing to move")
                .detail("`rotation.jitter` moves a rotation earlier, and neither `rotation.before_expiry` nor `rotation.every` is set.")
                .at(path("jitter"))
                .hint("Set `before_expiry` or `every`, or remove `jitter`."),
        );
    }
    if rotation.every.is_written() && rotation.before_expiry.is_written() {
        found.push(
            Diagnostic::error(Code::TwoRotationTimes, "A rotation cannot have two times")
                .detail("`rotation.before_expiry` and `rotation.every` are both set.")
                .at(path("every"))
                .hint("Keep `every` to rotate by the age of the secret, `before_expiry` to rotate by its end."),
        );
        return;
    }
    if let Some(every) = every {
        comes_by_age(subject, every, jitter, found);
    }
    let Some(before) = before else { return };
    if let Some(jitter) = jitter.filter(|jitter| *jitter >= before) {
        found.push(
            Diagnostic::error(Code::JitterTooLong, "Jitter is too long")
                .detail(format!("`rotation.jitter` is {jitter}; it must be shorter than `rotation.before_expiry`, which is {before}."))
                .at(path("jitter")),
        );
    }
    if let Some(life) = Life::of(subject) {
        let room = before
            .seconds()
            .saturating_add(jitter.map_or(0, Lifetime::seconds));
        if room >= life.length.seconds() || room > life.shortest() {
            let moved = jitter
                .map(|jitter| format!(" with {jitter} of jitter"))
                .unwrap_or_default();
            found.push(
                Diagnostic::error(Code::RotationBeforeIssue, "A rotation would be due at once")
                    .detail(format!("`rotation.before_expiry` is {before}{moved}, and each secret lasts only {life}."))
                    .at(path("before_expiry"))
                    .hint(match life.given_by {
                        Some(_) => "Set a `ttl` that is longer than `before_expiry` and `jitter` together.",
                        None => "Make `before_expiry` and `jitter` together shorter than `ttl`.",
                    }),
            );
        }
    }
    let grace = rotation.grace_period.value().map(Written::value);
    if let Some(GracePeriod::Lasts(grace)) = grace
        && grace > before
    {
        found.push(
            Diagnostic::error(Code::GraceAfterEnd, "A grace period is longer than what is left of the secret")
                .detail(format!("`rotation.grace_period` is {grace}, and the old secret ends {before} after the rotation (`rotation.before_expiry`)."))
                .at(path("grace_period"))
                .hint("Make `grace_period` at most as long as `before_expiry`."),
        );
    }
    needs_an_end(subject, found);
}

/// How long each secret lasts.
struct Life {
    length: Lifetime,
    /// The server where nobody wrote that length.
    given_by: Option<&'static str>,
    /// The server ends a secret when the day of its end begins.
    by_day: bool,
}

impl Life {
    /// `None` where it has no end, a fixed one, or one that only the server knows.
    fn of(subject: &Subject<'_>) -> Option<Self> {
        let Outline {
            ttl, expires_at, ..
        } = &subject.said;
        let (by_day, default) = match subject.server.as_ref().map(|server| server.can.expiry) {
            Some(ExpiryCapability::Supported {
                whole_days,
                default,
                ..
            }) => (whole_days, default),
            Some(ExpiryCapability::Never { .. }) | None => (false, DefaultEnd::Never),
        };
        let (length, given_by) = match (ttl.value().map(Written::value), default) {
            (Some(ttl), _) => (ttl, None),
            (None, DefaultEnd::After(length)) if ttl.is_null() && expires_at.is_null() => {
                (length, subject.server.as_ref().map(|server| server.title))
            }
            (None, _) => return None,
        };
        Some(Self {
            length,
            given_by,
            by_day,
        })
    }

    /// In seconds.
    fn shortest(&self) -> u64 {
        let lost = if self.by_day { 86_400 } else { 0 };
        self.length.seconds().saturating_sub(lost)
    }
}

impl fmt::Display for Life {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.length;
        match self.given_by {
            Some(server) => write!(formatter, "{length} on {server} without `ttl`"),
            None => write!(formatter, "{length} (`ttl`)"),
        }?;
        if self.by_day {
            formatter.write_str(
                ", up to a day less, since the server ends it at the beginning of a day",
            )?;
        }
        Ok(())
    }
}

/// The next rotation comes before the end of the secret, and after that of the one before.
fn comes_by_age(
    subject: &Subject<'_>,
    every: Lifetime,
    jitter: Option<Lifetime>,
    found: &mut Vec<Diagnostic>,
) {
    let path = |name: &str| attribute("rotation").then(name);
    if subject.kind == Kind::ServiceAccount {
        found.push(
            Diagnostic::error(
                Code::SecretAgeUnknown,
                "It is not known when the secret of an account was issued",
            )
            .detail("`rotation.every` counts from the time of issue, which an account does not have.")
            .at(path("every"))
            .hint("Manage the secret with a `lanyard_access_token` of this account, and give that `every`.")
            .hint("Or change a value in `rotation.triggers`."),
        );
        return;
    }
    if let Some(jitter) = jitter.filter(|jitter| *jitter >= every) {
        found.push(
            Diagnostic::error(Code::JitterTooLong, "Jitter is too long")
                .detail(format!("`rotation.jitter` is {jitter}; it must be shorter than `rotation.every`, which is {every}."))
                .at(path("jitter")),
        );
        return;
    }
    let life = Life::of(subject);
    if let Some(life) = &life
        && (life.length <= every || life.shortest() < every.seconds())
    {
        let hint = match life.given_by {
            Some(_) => {
                "Set a `ttl` that is longer than `every`, so that somebody can apply in between."
            }
            None => "Make `every` shorter than `ttl`, so that somebody can apply in between.",
        };
        found.push(
            Diagnostic::error(
                Code::RotationAfterEnd,
                "A secret would end before it is rotated",
            )
            .detail(format!(
                "`rotation.every` is {every}, and each secret lasts only {life}."
            ))
            .at(path("every"))
            .hint(hint),
        );
        return;
    }
    let rotation = subject.said.rotation.value();
    let grace = rotation.and_then(|rotation| rotation.grace_period.value());
    let Some(GracePeriod::Lasts(grace)) = grace.map(Written::value) else {
        return;
    };
    let least = every.seconds() - jitter.map_or(0, Lifetime::seconds);
    if grace.seconds() > least {
        let moved = jitter
            .map(|jitter| format!(" less up to {jitter} of jitter"))
            .unwrap_or_default();
        found.push(
            Diagnostic::error(Code::GraceAfterRotation, "A grace period is longer than the time between two rotations")
                .detail(format!("`rotation.grace_period` is {grace}, and the next rotation comes {every}{moved} after this one (`rotation.every`)."))
                .at(path("grace_period"))
                .hint("Make `grace_period` at most as long as `every` without `jitter`."),
        );
    } else if let Some(life) = life
        && grace.seconds() > life.length.seconds() - every.seconds()
    {
        found.push(
            Diagnostic::error(Code::GraceAfterEnd, "A grace period is longer than what is left of the secret")
                .detail(format!("`rotation.grace_period` is {grace}; the old secret lasts {life} and is rotated after {every} (`rotation.every`)."))
                .at(path("grace_period"))
                .hint("Make `grace_period` at most as long as `ttl` without `every`."),
        );
    }
}

fn needs_an_end(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let path = attribute("rotation").then("before_expiry");
    let said = &subject.said;
    let endless = said.expires_at.is_null() && said.ttl.is_null();
    let Some(server) = &subject.server else {
        return;
    };
    let diagnostic = Diagnostic::error(
        Code::RotationWithoutEnd,
        "A rotation before the end needs an end",
    )
    .at(path.clone());
    match server.can.expiry {
        ExpiryCapability::Never { instead } => found.push(
            diagnostic
                .detail(format!(
                    "On {} nothing ends by itself, so nothing is ever due before its end.",
                    server.title
                ))
                .hint(instead),
        ),
        ExpiryCapability::Supported {
            default: DefaultEnd::Never,
            ..
        } if endless => found.push(
            diagnostic
                .detail("`rotation.before_expiry` is set, and neither `ttl` nor `expires_at`.")
                .hint("Set `ttl`, for example \"90d\"."),
        ),
        ExpiryCapability::Supported { .. } => {
            if !said.expires_at.is_null() {
                found.push(
                    Diagnostic::warning(Code::RotationToAFixedEnd, "A rotation does not move a fixed end")
                        .detail("With `expires_at`, a new secret ends when the old one would have: nothing rotates until `expires_at` moves to a later time.")
                        .at(path)
                        .hint("Use `ttl`, which counts from each rotation."),
                );
            }
        }
    }
}

pub(super) fn grace_suits_the_server(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let (Some(server), Some(rotation)) = (&subject.server, subject.said.rotation.value()) else {
        return;
    };
    let title = server.title;
    let grace = rotation.grace_period.value().map(Written::value);
    let path = attribute("rotation").then("grace_period");
    match (server.can.rotation, grace) {
        (RotationCapability::Impossible { instead }, _) => found.push(
            Diagnostic::error(
                Code::RotationImpossible,
                "The secret cannot be rotated on this server",
            )
            .detail(format!(
                "{title} cannot replace the secret of this {}.",
                subject.kind.title()
            ))
            .at(attribute("rotation"))
            .hint(instead)
            .hint("Remove the `rotation` block."),
        ),
        (RotationCapability::NoOverlap { instead }, Some(grace)) if !grace.is_none() => found.push(
            Diagnostic::error(
                Code::GraceImpossible,
                "The old secret cannot stay valid on this server",
            )
            .detail(format!("`rotation.grace_period` is {grace}. {instead}"))
            .at(path)
            .hint("Remove `grace_period`."),
        ),
        (RotationCapability::TwoSlots, Some(GracePeriod::UntilFirstUse)) => {
            found.push(until_first_use(title));
        }
        (
            RotationCapability::Server {
                until_first_use: false,
                ..
            },
            Some(GracePeriod::UntilFirstUse),
        ) => {
            found.push(until_first_use(title));
        }
        (
            RotationCapability::Server {
                max_grace: Some(max),
                ..
            },
            Some(GracePeriod::Lasts(grace)),
        ) if grace > max => {
            found.push(
                Diagnostic::error(
                    Code::GraceTooLong,
                    "A grace period is longer than the server allows",
                )
                .detail(format!(
                    "`rotation.grace_period` is {grace}; {title} allows at most {max}."
                ))
                .at(path),
            );
        }
        _ => {}
    }
}

fn until_first_use(title: &str) -> Diagnostic {
    Diagnostic::error(
        Code::GraceUnknownToServer,
        "This server does not watch for the first use",
    )
    .detail(format!(
        "{title} cannot end the old secret when the new one is first used."
    ))
    .at(attribute("rotation").then("grace_period"))
    .hint("Use a duration, for example \"48h\".")
}
