//! Signing in first: where a user name and a password open nothing but a session, whose secret opens the rest.

use lanyard_compiler::secret::Secret;
use reqwest::header::{HeaderName, HeaderValue};
use tokio::sync::OnceCell;

use super::answer::Answer;
use super::redact::Redaction;
use super::request::Request;

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
}

/// A session that is opened at the first request, once for all.
pub(super) struct OpenSession {
    pub(super) sign_in: SignIn,
    pub(super) proof: OnceCell<Proof>,
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
        self.proof.get().map(|proof| &proof.redaction)
    }
}
