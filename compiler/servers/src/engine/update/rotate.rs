//! The new secret of an update.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::access_token::Status;
use lanyard_compiler::model::record::Former;
use lanyard_compiler::model::{GracePeriod, State};
use lanyard_compiler::plan::rotation;
use lanyard_compiler::secret::Secret;

use super::Update;
use super::judge::Told;
use crate::engine::encrypt;
use crate::engine::naming::about;
use crate::engine::recover::{self, NotRotated};
use crate::engine::revoke::retire;
use crate::engine::untold;
use crate::object::{Issued, Object, RotateRequest, Seen};
use crate::shown::Shown;

impl<O: Object> Update<'_, O> {
    /// Issues the new secret and stores it; the old one lives as long as its grace period.
    pub(super) async fn rotate(&mut self) -> Result<State, Diagnostic> {
        let name = self.desired.name().to_owned();
        let seen = self.moment.prior;
        let grace_period = self
            .desired
            .rotation()
            .and_then(|rotation| rotation.grace_period)
            .filter(|grace| !grace.is_none() && !is_of_another(seen));
        let request = RotateRequest {
            current: self.settings.clone(),
            desired: self.desired.clone(),
            grace_period,
            generation: self
                .planned
                .generation
                .value()
                .copied()
                .unwrap_or_else(|| self.state.generation.unwrap_or(1).saturating_add(1)),
            seen: Seen {
                generation: seen.generation,
                issued_at: seen.issued_at.as_ref().map(|time| time.value()),
                secret: self.living_secret(),
                shown: self.last_shown.clone(),
            },
        };
        let told = Told::default();
        let judge = self.judge(&told);
        let issued = recover::rotate(self.server, &self.id, &request, &judge).await;
        drop(judge);
        self.server.session().wrote(O::KIND, &self.id);
        self.learn(told)?;
        let Issued {
            record,
            secret,
            retired,
        } = issued.map_err(|NotRotated { error, refused }| {
            self.refused = refused;
            self.moment
                .explains(&error, self.server.now())
                .unwrap_or_else(|| about(&error, O::KIND, &name, "Rotating"))
        })?;

        let mut observed = O::observe(&record);
        let is_due = self.desired.capabilities(self.server.capabilities());
        if secret.is_none() && is_due.issues_secret {
            self.not_told = true;
            self.fail(
                untold::not_told(O::KIND, &name, &self.id, "rotated")
                    .hint("Apply again: the next plan issues another one. If it stays so, see whether something between here and the server takes the secret out of its answers."),
            );
        }
        if let Some(secret) = secret {
            let recovery = self
                .desired
                .capabilities(self.server.capabilities())
                .recovery;
            let recipient = self.recipient.as_ref();
            self.shown = recipient.and_then(|_| Shown::of(&secret, &record, recovery));
            // Where that fails, the state shows that it holds no secret; the next rotation replaces the one that could not be stored.
            let stored = encrypt::store(secret, self.recipient.as_ref(), &mut observed);
            self.diagnostics.extend(stored.err());
        }
        // An end may have passed since the plan.
        let own_end = self.state.stops_at(Some(self.server.capabilities()));
        let was_over = own_end.is_some_and(|end| end <= self.server.now());
        let grace_period = grace_period.filter(|_| !was_over);
        // What was retired before is as the plan has it, also where it is the last because the one after it is gone.
        let is_new = |old: &Former| seen.retired().iter().all(|entry| entry.id != old.id);
        let mut retired = retired.into_iter().peekable();
        let last = retired.next_if(is_new);
        for older in retired {
            observed.retire(&older.id, None);
        }
        if let Some(last) = &last
            && let Err(error) = retire::<O>(self.server, &mut observed, last, grace_period).await
        {
            self.diagnostics.push(
                Diagnostic::warning(Code::RetiredNotRevoked, "A retired token could not be revoked yet")
                    .detail(format!("{} is still accepted: {error}.", last.id))
                    .hint("The next apply tries again: it stays in `retired` until the server confirms that it is gone."),
            );
        }
        // A server that keeps the old secret alive without saying so was told for how long.
        if observed.retired.is_none()
            && let Some(GracePeriod::Lasts(lifetime)) = grace_period
        {
            let since = self.server.clock().ends_from;
            observed.retire(&self.id, rotation::end_of_former(lifetime, since, own_end));
        }
        // What was dead before the rotation (replaced elsewhere, or by a rotation whose answer was lost) has no grace period.
        let was_dead = self.state.status.is_some_and(Status::is_dead);
        let last = last.as_ref().map_or(&self.id, |last| &last.id);
        let in_grace = observed.retired().iter().any(|entry| entry.id == *last);
        if in_grace && !was_over && !was_dead && self.recipient.is_none() {
            observed.previous_token.clone_from(&self.state.token);
        }
        Ok(observed)
    }

    /// The secret of the state, unless somebody else's is known to have taken its place.
    fn living_secret(&self) -> Option<Secret> {
        let held = self.state.token.clone();
        held.filter(|_| !self.state.secret_was_replaced())
    }
}

/// True if the secret to be replaced is one that somebody put in place of the state's own. Where that one is still accepted beside it, both
/// are old secrets like any other.
fn is_of_another(seen: &State) -> bool {
    seen.secret_was_replaced() && rotation::undated(seen).next().is_none()
}
