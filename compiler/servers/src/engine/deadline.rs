//! What only the clock at the time of an apply can tell: an end that is past before it is set, a secret that ended since the plan,
//! and a secret that an edit has made due. Planning has no clock, so each is decided or said here.

use jiff::Timestamp;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::access_token::Status;
use lanyard_compiler::model::server::{Capabilities, RotationCapability};
use lanyard_compiler::model::state::{Open, Planned};
use lanyard_compiler::model::{Kind, State};
use lanyard_compiler::plan::{
    self, NotWorking, Reason, not_working, past_end, plan_resource, rotation,
};
use lanyard_compiler::value::{AttributePath, Value};

use crate::error::{ErrorKind, ServerError};
use crate::token_server::TokenServer;

/// What the life that the server has given a new secret means for its rotation.
pub(super) fn never_comes(
    server: &dyn TokenServer,
    config: &Value,
    state: &State,
) -> Option<Diagnostic> {
    let config = State::<Planned>::read(state.kind(), config).ok()?;
    plan::never_comes(server.capabilities(), &config, state)
}

/// One update of an existing object, as its states say.
pub(super) struct Moment<'a> {
    pub(super) server: &'a Capabilities,
    pub(super) prior: &'a State,
    pub(super) planned: &'a State<Planned>,
    pub(super) config: &'a Value,
    pub(super) rotates: bool,
}

impl Moment<'_> {
    /// True if the time matters. A new process has not heard the server's clock yet, and has to ask.
    pub(super) fn matters(&self) -> bool {
        let moves = self.planned.expires_at != Open::Known(self.prior.expires_at.clone())
            || self.planned.rotate_at != Open::Known(self.prior.rotate_at.clone());
        self.prior.kind() == Kind::AccessToken && !self.rotates && moves
    }

    /// Why this update must not begin.
    pub(super) fn forbids(&self, now: Timestamp) -> Option<Diagnostic> {
        past_end(Some(self.server), Some(self.prior), self.planned, now)
    }

    /// Why a rotation was refused, where the time tells: a plan made while the secret lived may be applied when it does not any more.
    pub(super) fn explains(&self, error: &ServerError, now: Timestamp) -> Option<Diagnostic> {
        let refused = match &error.kind {
            ErrorKind::FixConfiguration { .. }
            | ErrorKind::Conflict(_)
            | ErrorKind::Gone
            | ErrorKind::Bug => true,
            // Whoever asks, or how, is at fault: the time has nothing to do with it.
            ErrorKind::Retry { .. }
            | ErrorKind::Untrusted { .. }
            | ErrorKind::SignIn
            | ErrorKind::Forbidden
            | ErrorKind::ManagedElsewhere { .. }
            | ErrorKind::Ambiguous
            | ErrorKind::Unattended
            | ErrorKind::Overtaken
            | ErrorKind::Unsupported { .. } => false,
        };
        let capabilities = self.prior.capabilities(self.server);
        let rotates_expired = !matches!(
            capabilities.rotation,
            RotationCapability::Server {
                of_expired: false,
                ..
            }
        );
        if self.prior.kind() != Kind::AccessToken || !refused || rotates_expired {
            return None;
        }
        let end = self.prior.stops_at(Some(self.server))?;
        if end > now {
            return None;
        }
        Some(
            Diagnostic::error(Code::ExpiredSincePlan, "The secret has expired since this was planned")
                .at(AttributePath::attribute("expires_at"))
                .detail(format!(
                    "The access token {:?} expired {end}, and {} cannot rotate what has expired. It has no new secret.",
                    self.name(),
                    self.server.title
                ))
                .hint("Plan again and apply: the next plan replaces it by a new one of the same name."),
        )
    }

    /// What this update made due, or has come due or to its end since the plan, although it issued no new secret: the next one will.
    pub(super) fn next_rotates(&self, state: &State, now: Timestamp) -> Option<Diagnostic> {
        let mut state = state.clone();
        // What was planned says that it works as it did then.
        let said = state.status;
        state.status = said.filter(|said| !matches!(said, Status::Active | Status::Expiring));
        let settled = rotation::settle(Some(self.server), state, now);
        let is_dead = |state: &State| NotWorking::unmeant(state).filter(|why| why.is_dead());
        let died = is_dead(&settled).filter(|_| is_dead(self.prior).is_none() && !self.rotates);
        if !self.matters() && died.is_none() {
            return None;
        }
        let written = settled.write();
        let next = plan_resource(self.prior.kind(), Some(self.server), &written, self.config);
        let why = next.reasons.into_iter().find_map(|reason| match reason {
            Reason::Rotation { why } | Reason::Replacement { why, .. } => Some(why),
            Reason::PossibleRotation { .. }
            | Reason::Cascade { .. }
            | Reason::Revocation { .. }
            | Reason::PossibleRevocation { .. }
            | Reason::GraceBegins { .. } => None,
        });
        let Some(why) = why else {
            return died.map(|why| not_working(&settled, why, Some(self.server)));
        };
        Some(
            Diagnostic::warning(Code::DueAtOnce, "An access token is due already")
                .at(AttributePath::attribute("rotation_due"))
                .detail(format!(
                    "This apply issued no new secret for {:?}; the next one will: {why}.",
                    self.name()
                ))
                .hint("Apply once more, or leave it to the next scheduled apply."),
        )
    }

    fn name(&self) -> &str {
        self.prior.name.as_deref().unwrap_or_default()
    }
}
