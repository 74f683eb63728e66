//! What becomes of the secret and of everything that follows from it: kept, or replaced by a rotation.

use super::{Draft, Existing, name_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::access_token::Status;
use crate::model::kind::Kind;
use crate::model::server::Capabilities;
use crate::model::state::{Open, Part as _, Planned, State, Written};
use crate::plan::written::holds_the_end;
use crate::plan::{NotWorking, expiry, never_comes, not_working, rotation};
use crate::value::AttributePath;

impl Existing<'_> {
    /// The secret stays: computed values keep what they have, and what follows from stored data alone follows.
    pub(super) fn keep_secret(&self, draft: &mut Draft) {
        if self.kind != Kind::AccessToken {
            return;
        }
        let prior = self.prior;
        let planned = &mut draft.state;
        let end_moved = planned.expires_at != Open::Known(prior.expires_at.clone());
        let moved = end_moved
            || planned.id != Open::Known(prior.id.clone())
            || planned.rotation.write() != prior.rotation.write();
        if moved {
            let point = rotate_at(self.server, planned);
            let keep = match (&point, &prior.rotate_at) {
                (Open::Known(None), None) => true,
                (Open::Known(Some(point)), Some(before)) => point.means(before),
                _ => false,
            };
            planned.rotate_at = if keep {
                Open::Known(prior.rotate_at.clone())
            } else {
                point
            };
        }
        let unknown_age = self.unknown_age(planned);
        draft.plan.diagnostics.extend(unknown_age);
        let never_comes = self
            .server
            .and_then(|server| never_comes(server, &self.config, prior));
        draft.plan.diagnostics.extend(never_comes);
        let was_due = prior.rotation_due == Some(true);
        let status = prior.status;
        let dead = status.is_some_and(Status::is_dead);
        let point_moved = planned.rotate_at != Open::Known(prior.rotate_at.clone());
        if was_due && point_moved && !dead {
            // Whether the new point is reached only the next read can tell.
            planned.rotation_due = Open::some(false);
            if status == Some(Status::Expiring) {
                planned.status = Open::some(Status::Active);
            }
        }
        let toggled = planned.disabled != Open::Known(prior.disabled);
        if toggled || end_moved && status == Some(Status::Expired) {
            planned.status = Open::Unknown;
        }
        let end = prior.stops_at_in_words(self.server).unwrap_or_default();
        if was_due && status != Some(Status::Revoked) && holds_the_end(&self.config) {
            draft.plan.diagnostics.push(
                Diagnostic::warning(
                    Code::EndIsIgnored,
                    "`ignore_changes` keeps an access token from being rotated",
                )
                .detail(format!(
                    "The secret of {} is due, and `ignore_changes` holds its end, {end}: a new secret could not have another.",
                    name_of(prior),
                ))
                .at(AttributePath::attribute("expires_at"))
                .hint("Take `expires_at`, or `all`, out of `ignore_changes`: `ttl` says when each secret ends."),
            );
            return;
        }
        let pointless = status == Some(Status::Expired)
            && !self.config.expires_at.is_null()
            && !expiry::rotation_moves_the_end(self.capabilities, &self.config, prior);
        if pointless {
            draft.plan.diagnostics.push(
                Diagnostic::warning(Code::EndIsPast, "The configured end of an access token is past")
                    .detail(format!("{} expired {end}. A rotation cannot help: the new secret would have the same end.",
                        name_of(prior)))
                    .at(AttributePath::attribute("expires_at"))
                    .hint("Set a later `expires_at`, or use `ttl`, which counts from each rotation."),
            );
        }
    }

    /// A rotation by age that has nothing to count from is not one that is not due.
    fn unknown_age(&self, planned: &State<Planned>) -> Option<Diagnostic> {
        let every = planned.rotation.value()?.every.value()?;
        if self.prior.issued_at.is_some() {
            return None;
        }
        Some(
            Diagnostic::warning(
                Code::SecretAgeUnknown,
                "It is not known when a secret was issued",
            )
            .detail(format!(
                "`rotation.every` is {}, and neither {} nor the state says when the secret of {} was issued: nothing rotates it by its age until it has a new one.",
                every.text(),
                self.title(),
                name_of(self.prior),
            ))
            .at(AttributePath::attribute("rotation").then("every"))
            .hint("For a new secret, of which the state keeps the time: set `after_import` if it was imported, or change a value in `rotation.triggers`.")
            .hint("`lanyard apply`, which keeps no state, has `--rotate`."),
        )
    }

    /// A secret that is dead and kept, where nothing has told more of it.
    pub(super) fn stays_dead(&self, draft: &Draft) -> Option<Diagnostic> {
        let why = NotWorking::unmeant(&draft.state)?;
        let is_told = draft
            .plan
            .diagnostics
            .iter()
            .any(|told| matches!(told.code, Code::EndIsIgnored | Code::EndIsPast));
        let is_news = why != NotWorking::AccountDisabled && !is_told;
        is_news.then(|| not_working(self.prior, why, self.server))
    }

    /// A disabled account keeps each secret of its tokens from working, a new one too.
    pub(super) fn stays_with_its_account(&self, planned: &State<Planned>) -> Option<Diagnostic> {
        let is_meant = planned.disabled == Open::some(true);
        let why = NotWorking::of(self.prior)?;
        let stays = why == NotWorking::AccountDisabled && !is_meant;
        stays.then(|| not_working(self.prior, why, self.server))
    }

    /// A token without any role, which its configuration leaves to its account: a new secret is given what the account has.
    fn is_given_roles_anew(&self) -> bool {
        let anew = self.capabilities.is_some_and(|can| can.gives_roles_anew());
        anew && self.config.roles.is_null() && self.prior.roles.as_ref().is_some_and(Vec::is_empty)
    }

    /// Marks exactly what a rotation changes.
    pub(super) fn rotate(
        &self,
        planned: &mut State<Planned>,
        generation: Open<Option<i64>>,
        why: Open<Option<String>>,
    ) {
        let certain = !generation.is_unknown();
        planned.generation = generation;
        planned.rotation_reason = why;
        if self.kind == Kind::ServiceAccount {
            planned.token = Open::Unknown;
            planned.rotation_due = Open::some(false);
            return;
        }
        set_secret(&self.config, planned);
        if self.is_given_roles_anew() {
            planned.roles = Open::Unknown;
        }
        let end = expiry::of_rotated(self.capabilities, &self.config, self.prior);
        let end_may_stay = !certain && end != planned.expires_at;
        planned.expires_at = if end_may_stay { Open::Unknown } else { end };
        planned.issued_at = Open::Unknown;
        planned.status = Open::Unknown;
        planned.rotation_due = if certain {
            Open::some(false)
        } else {
            Open::Unknown
        };
        planned.rotate_at = if certain {
            rotate_at(self.server, planned)
        } else {
            Open::Unknown
        };
        let at_once = rotation::ends_at_once(&self.config.rotation);
        // A recipient keeps every clear secret out of the state, the old one included.
        let hidden = self.config.recipient.value().is_some();
        let ends = at_once || hidden;
        planned.previous_token = if ends && certain {
            Open::NULL
        } else {
            Open::Unknown
        };
        planned.retired = Open::Unknown;
    }
}

/// Terraform hides what does not change: a rotation for the reason of the one before says which it is.
pub(super) fn told_apart(why: &str, generation: i64, prior: &State) -> String {
    if prior.rotation_reason.as_deref() == Some(why) {
        format!("{why} (generation {generation})")
    } else {
        why.to_owned()
    }
}

/// A new secret goes to `token`, or for a recipient to `encrypted_token`.
pub(super) fn set_secret(config: &State<Planned>, planned: &mut State<Planned>) {
    (planned.token, planned.encrypted_token) = match &config.recipient {
        Open::Known(None) => (Open::Unknown, Open::NULL),
        Open::Unknown => (Open::Unknown, Open::Unknown),
        Open::Known(Some(_)) => (Open::NULL, Open::Unknown),
    };
}

/// The `rotate_at` of a planned state: null, known, or unknown where parts are.
pub(super) fn rotate_at(
    server: Option<&Capabilities>,
    planned: &State<Planned>,
) -> Open<Option<Written<jiff::Timestamp>>> {
    let rotation = match &planned.rotation {
        Open::Unknown => return Open::Unknown,
        Open::Known(None) => return Open::NULL,
        Open::Known(Some(rotation)) => rotation,
    };
    let (from, length) = if rotation.every.is_null() {
        (&planned.expires_at, &rotation.before_expiry)
    } else {
        (&planned.issued_at, &rotation.every)
    };
    if from.is_null() || length.is_null() {
        return Open::NULL;
    }
    let open = from.is_unknown()
        || length.is_unknown()
        || rotation.jitter.is_unknown()
        || planned.id.is_unknown()
        // What keeps days ends it earlier than that.
        || server.is_none() && rotation.every.is_null();
    if open {
        return Open::Unknown;
    }
    Open::Known(rotation::rotate_at_of(server, planned).map(Written::from))
}
