//! What went wrong between us and a token server, sorted by what the caller can do about it.

use std::fmt;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::value::AttributePath;

/// A request that did not do what it should.
///
/// No field ever holds a secret: texts of the server pass the redaction of the http client first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerError {
    pub kind: ErrorKind,
    /// The server in words, with its article if it has one: "the native token server".
    pub server: &'static str,
    /// Where it happened; `None` if no request was made.
    pub place: Option<Place>,
    /// What the server, or the network, said about it: one or two sentences.
    pub detail: String,
    /// The server's own name for the request, for its operator's logs.
    pub request_id: Option<String>,
    /// The write was answered with no, and no attempt before it is in doubt: nothing came of it.
    pub refused: bool,
    /// When nothing of a write was on its way to the server that was put off, and whose outcome is in doubt for that alone.
    pub waits: Vec<Wait>,
}

/// Between an answer that put a write off and the next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    pub begun: Instant,
    pub ended: Instant,
}

/// What a server was asked for, or why it is not there.
pub type Result<T, E = ServerError> = std::result::Result<T, E>;

/// A request's method and path, without query and without host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub method: &'static str,
    pub path: String,
    /// `None` if no answer came.
    pub status: Option<u16>,
}

/// What the caller can do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// It may pass: try again, not earlier than the server said. Nothing was changed.
    Retry { after: Option<Duration> },
    /// The server will not take what was configured; the places it named, if it named any.
    FixConfiguration {
        places: Vec<(AttributePath, String)>,
    },
    /// Who answers, or who asks, could not prove to be the right one: nothing was sent. What to do about it.
    Untrusted { remedy: &'static str },
    /// The credential is not accepted.
    SignIn,
    /// The credential is accepted and may not do this.
    Forbidden,
    /// The name is taken.
    Conflict(Box<Existing>),
    /// Another tool owns the object and the server protects it.
    ManagedElsewhere { by: Option<String> },
    /// Somebody else replaced the secret that was to be replaced: there is none for us, or it works no more.
    Overtaken,
    /// The object of the request, and not merely its address, definitely does not exist.
    Gone,
    /// Whether a write was done is not known.
    Ambiguous,
    /// Nobody waits for what a write would do any more: it was not begun.
    Unattended,
    /// This server cannot do it; what to do instead.
    Unsupported { instead: &'static str },
    /// An answer that the server's documentation does not allow, or a mistake of ours.
    Bug,
}

impl ErrorKind {
    /// With what the server wrote passed through `texts`, or `names` where it calls something by it. Ids stay: they are gone by.
    pub(crate) fn rewritten(
        self,
        texts: impl Fn(&str) -> String,
        names: impl Fn(&str) -> String,
    ) -> Self {
        match self {
            Self::FixConfiguration { mut places } => {
                for (_, problem) in &mut places {
                    *problem = texts(problem);
                }
                Self::FixConfiguration { places }
            }
            Self::Conflict(mut existing) => {
                existing.managed_by = existing.managed_by.as_deref().map(names);
                Self::Conflict(existing)
            }
            Self::ManagedElsewhere { by } => Self::ManagedElsewhere {
                by: by.as_deref().map(names),
            },
            kind @ (Self::Retry { .. }
            | Self::Untrusted { .. }
            | Self::SignIn
            | Self::Forbidden
            | Self::Overtaken
            | Self::Gone
            | Self::Ambiguous
            | Self::Unattended
            | Self::Unsupported { .. }
            | Self::Bug) => kind,
        }
    }
}

/// What holds the name we wanted, as far as the server says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Existing {
    pub id: Option<String>,
    pub created_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    pub managed_by: Option<String>,
}

impl ServerError {
    pub fn new(kind: ErrorKind, server: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind,
            server,
            place: None,
            detail: detail.into(),
            request_id: None,
            refused: false,
            waits: Vec::new(),
        }
    }

    /// The server cannot do it; what to do instead.
    pub(crate) fn unsupported(
        server: &'static str,
        detail: impl Into<String>,
        instead: &'static str,
    ) -> Self {
        Self::new(ErrorKind::Unsupported { instead }, server, detail)
    }

    /// Accounts of this server have no secret that could be replaced.
    pub(crate) fn no_account_secret(server: &'static str) -> Self {
        Self::unsupported(
            server,
            "service accounts have no secret",
            "The account has no secret of its own: rotate its access tokens.",
        )
    }

    /// A list that shows fewer than it says there are, without a further page: what it keeps back is not gone.
    pub(crate) fn keeps_back(
        server: &'static str,
        what: &str,
        said: impl fmt::Display,
        shown: impl fmt::Display,
    ) -> Self {
        let detail = format!(
            "the list says that there are {said} {what}, shows {shown} and has no further page: nothing can be said of the others"
        );
        Self::new(ErrorKind::Bug, server, detail)
    }

    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    #[must_use]
    pub fn request_id(mut self, request_id: Option<String>) -> Self {
        self.request_id = request_id;
        self
    }

    /// The secret of this object is not the one that was to be replaced.
    pub(crate) fn replaced_before(server: &'static str, id: &str) -> Self {
        let detail = format!("the secret of {id} was replaced since it was read, and not again");
        Self::new(ErrorKind::Overtaken, server, detail)
    }

    /// The new secret of this object was replaced before it could be handed over.
    pub(crate) fn replaced_after(server: &'static str, id: &str) -> Self {
        let detail =
            format!("the new secret of {id} was replaced by another one as soon as it was issued");
        Self::new(ErrorKind::Overtaken, server, detail)
    }

    pub fn is_gone(&self) -> bool {
        self.kind == ErrorKind::Gone
    }

    pub fn is_ambiguous(&self) -> bool {
        self.kind == ErrorKind::Ambiguous
    }

    /// True if it is certain that the write in question did nothing: the server refused it, or it was never sent.
    pub(crate) fn is_refusal(&self) -> bool {
        let was_sent = self.place.is_some();
        let impossible = matches!(
            self.kind,
            ErrorKind::Unsupported { .. } | ErrorKind::FixConfiguration { .. }
        );
        self.refused || impossible && !was_sent
    }

    /// The complaint for a user: a summary that is the same for each cause, what the server said and where, and what to do.
    pub fn diagnostic(&self) -> Diagnostic {
        let server = self.server;
        let (code, summary) = match &self.kind {
            ErrorKind::Retry { .. } => {
                (Code::ServerUnavailable, "The token server is not available")
            }
            ErrorKind::FixConfiguration { .. } => (
                Code::ServerRefusedRequest,
                "The token server refused the request",
            ),
            ErrorKind::Untrusted { .. } => (
                Code::ServerNotTrusted,
                "There is no trusted connection to the token server",
            ),
            ErrorKind::SignIn => (
                Code::ServerRefusedCredential,
                "The token server does not accept the credential",
            ),
            ErrorKind::Forbidden => (
                Code::ServerForbids,
                "The credential may not do this on the token server",
            ),
            ErrorKind::Conflict(_) => (Code::NameTaken, "The name is taken"),
            ErrorKind::ManagedElsewhere { .. } => (
                Code::ManagedElsewhere,
                "The object is managed by another tool",
            ),
            ErrorKind::Overtaken => (
                Code::Overtaken,
                "Somebody else replaced the secret at the same time",
            ),
            ErrorKind::Gone => (Code::ObjectGone, "The object does not exist"),
            ErrorKind::Ambiguous => (
                Code::OutcomeUnknown,
                "It is not known whether the token server did it",
            ),
            ErrorKind::Unattended => (Code::NobodyWaits, "A change was not begun"),
            ErrorKind::Unsupported { .. } => {
                (Code::Unsupported, "The token server does not support this")
            }
            ErrorKind::Bug => (
                Code::UnexpectedAnswer,
                "The token server answered unexpectedly",
            ),
        };
        let mut diagnostic = Diagnostic::error(code, summary).detail(self.to_string());
        if let ErrorKind::FixConfiguration { places } = &self.kind
            && let [(path, _)] = places.as_slice()
        {
            diagnostic = diagnostic.at(path.clone());
        }
        for hint in self.hints(server) {
            diagnostic = diagnostic.hint(hint);
        }
        diagnostic
    }

    fn hints(&self, server: &str) -> Vec<String> {
        match &self.kind {
            ErrorKind::Retry { after: Some(after) } => vec![format!(
                "Try again in {} seconds or later.",
                after.as_secs().max(1)
            )],
            ErrorKind::Retry { after: None } if self.place.as_ref().is_none_or(|place| place.status.is_none()) => vec![
                "Check that the server runs, that `url` is right, and that it can be reached from this machine.".to_owned(),
            ],
            ErrorKind::Retry { after: None } => vec![
                "Try again later; `max_retries` and `request_timeout` of the provider say how patient it is.".to_owned(),
            ],
            ErrorKind::FixConfiguration { .. } => Vec::new(),
            ErrorKind::SignIn => vec![format!(
                "Check the credential that the provider authenticates with: `token` (or `username` and `password`), or LANYARD_TOKEN. It may be mistyped, expired or revoked, or belong to another server than {server}."
            )],
            ErrorKind::Forbidden => vec![
                "Check the role of the credential that the provider authenticates with: managing credentials needs a credential that may.".to_owned(),
            ],
            ErrorKind::Conflict(_) => vec![
                "Choose another name, import what exists, or set `on_conflict`.".to_owned(),
            ],
            ErrorKind::ManagedElsewhere { by } => vec![match by {
                Some(by) => format!("Change it where it is managed ({by}), or end that management there first."),
                None => "Change it where it is managed, or end that management there first.".to_owned(),
            }],
            ErrorKind::Overtaken => vec![
                "Whoever was quicker holds the secret that works; plan again to see what is left to do.".to_owned(),
                "Let one place alone rotate a token: two that do take it from each other again and again.".to_owned(),
            ],
            ErrorKind::Gone => vec![
                "Run a plan again: what is gone will be created anew.".to_owned(),
            ],
            ErrorKind::Ambiguous => vec![
                "Apply again once the server can be reached: what was left behind is found by its name, and is taken over or named.".to_owned(),
            ],
            ErrorKind::Unattended => vec!["Apply again: it goes on from what was done.".to_owned()],
            ErrorKind::Untrusted { remedy: what } | ErrorKind::Unsupported { instead: what } => {
                vec![(*what).to_owned()]
            }
            ErrorKind::Bug => vec![
                "If `url` and `api` are right, please report this with the request id, if there is one.".to_owned(),
            ],
        }
    }
}

/// One or two sentences: who said what, and where.
impl fmt::Display for ServerError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(Place {
                method,
                path,
                status: Some(status),
            }) => write!(
                formatter,
                "{method} {path} on {}: answered {status}",
                self.server
            )?,
            Some(Place {
                method,
                path,
                status: None,
            }) => write!(formatter, "{method} {path} on {}", self.server)?,
            None => formatter.write_str(self.server)?,
        }
        if !self.detail.is_empty() {
            write!(formatter, ": {}", self.detail)?;
        }
        if let ErrorKind::FixConfiguration { places } = &self.kind {
            for (path, problem) in places {
                write!(formatter, "\n  {path}: {problem}")?;
            }
        }
        if let Some(request_id) = &self.request_id {
            write!(formatter, " (request id {request_id})")?;
        }
        Ok(())
    }
}

impl std::error::Error for ServerError {}
