//! Signing in first: where a user name and a password open nothing but a session, whose secret opens the rest.

use lanyard_compiler::secret::Secret;
use reqwest::header::{HeaderName, HeaderValue};
use tokio::sync::OnceCell;

use super::answer::Answer;
use super::redact::Redaction;
use super::request::Request;
use crate::error::{ErrorKind, Result, ServerError};

/// How a session is opened and used.
#[derive(Clone)]
pub(crate) struct SignIn {
    /// Opens a session; it is sent without any other proof.
    pub(crate) request: Request,
    /// What the request has in it that no message may show.
    pub(crate) password: Secret,
    /// Takes the session's secret out of the answer.
    pub(crate) secret: fn(&Answer) -> Result<Secret, String>,
    /// The header that carries it from then on.
    pub(crate) header: HeaderName,
    /// Ends the session.
    pub(crate) end: Request,
}

/// A session that is opened at the first request, once for all.
pub(super) struct OpenSession {
    pub(super) sign_in: SignIn,
    /// The proof, or the refusal: a password that is wrong once is wrong for whoever asks next, and some servers lock accounts of
    /// which it is tried too often.
    pub(super) proof: OnceCell<Result<Proof, ServerError>>,
}

/// What shows that we are signed in.
pub(super) struct Proof {
    pub(super) header: HeaderName,
    pub(super) value: HeaderValue,
    redaction: Redaction,
}

impl OpenSession {
    pub(super) fn new(sign_in: SignIn) -> Self {
        Self {
            sign_in,
            proof: OnceCell::new(),
        }
    }

    /// Reads the answer to the request that opens a session.
    pub(super) fn read(&self, answer: &Answer) -> Result<Proof, String> {
        let secret = (self.sign_in.secret)(answer)?;
        let mut value = HeaderValue::from_str(secret.expose())
            .map_err(|_| "the session's secret does not fit into a header".to_owned())?;
        value.set_sensitive(true);
        let mut redaction = Redaction::default();
        redaction.hide(&secret);
        Ok(Proof {
            header: self.sign_in.header.clone(),
            value,
            redaction,
        })
    }

    /// What hides the session's secret, once there is one.
    pub(super) fn redaction(&self) -> Option<&Redaction> {
        let proof = self.proof.get()?.as_ref();
        proof.ok().map(|proof| &proof.redaction)
    }
}

/// What is kept of an attempt to sign in. What may pass is none of it.
pub(super) fn lasting(opened: Result<Proof>) -> Result<Result<Proof>> {
    match opened {
        Err(error) if may_pass(&error) => Err(error),
        opened => Ok(opened),
    }
}

fn may_pass(error: &ServerError) -> bool {
    !matches!(
        error.kind,
        ErrorKind::SignIn | ErrorKind::Forbidden | ErrorKind::FixConfiguration { .. }
    )
}
