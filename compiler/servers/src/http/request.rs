//! What a backend wants to send, and whether it may be sent again.

use lanyard_compiler::secret::Secret;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;

use crate::error::ErrorKind;

/// Whether a request may be sent again when its outcome is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It changes nothing.
    Freely,
    /// It changes something, and doing it twice is the same as doing it once: by its nature (an update to fixed values, a
    /// deletion) or by a key that the server remembers.
    Harmless,
    /// Doing it twice is not the same: it is repeated only if it provably was not done.
    Never,
}

/// How much a success can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// One object, or one page of them.
    Page,
    /// All objects of a kind at once, where a server knows no pages.
    WholeList,
}

impl Extent {
    /// The largest answer that is read, in bytes.
    pub(super) const fn largest(self) -> u64 {
        match self {
            // More than a page of a thousand objects needs.
            Self::Page => 8 * MIB,
            // Some hundred thousand objects: one takes two hundred to a thousand bytes.
            Self::WholeList => 256 * MIB,
        }
    }

    /// What is wrong with a larger answer.
    pub(super) fn too_large(self) -> (ErrorKind, String) {
        let problem = format!("the answer is larger than {} MiB", self.largest() / MIB);
        match self {
            Self::Page => (
                ErrorKind::Bug,
                format!("{problem}; is `url` the address of the token server itself?"),
            ),
            Self::WholeList => (
                ErrorKind::Unsupported {
                    instead: "This server shows such objects only all at once: delete those that nobody needs any more, or divide them among several organizations or accounts.",
                },
                problem,
            ),
        }
    }
}

const MIB: u64 = 1024 * 1024;

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Below the server's address, encoded, starting with `/`.
    pub(crate) path: String,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) headers: HeaderMap,
    /// Content type and content.
    pub(crate) body: Option<(&'static str, Vec<u8>)>,
    /// Secrets in it that no message may show.
    pub(crate) hidden: Vec<Secret>,
    pub(crate) repeat: Repeat,
    pub(crate) extent: Extent,
    /// Whether its success tells a secret although it changes nothing.
    shows_a_secret: bool,
}

impl Request {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path, Repeat::Freely)
    }

    /// A request for all objects of a kind, which this server gives only at once.
    pub(crate) fn get_whole_list(path: impl Into<String>) -> Self {
        Self {
            extent: Extent::WholeList,
            ..Self::get(path)
        }
    }

    pub(crate) fn new(method: Method, path: impl Into<String>, repeat: Repeat) -> Self {
        Self {
            method,
            path: path.into(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: None,
            hidden: Vec::new(),
            repeat,
            extent: Extent::Page,
            shows_a_secret: false,
        }
    }

    /// A question for a secret.
    pub(crate) fn get_secret(path: impl Into<String>) -> Self {
        Self {
            shows_a_secret: true,
            ..Self::get(path)
        }
    }

    #[must_use]
    pub(crate) fn query(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        self.query
            .extend(value.map(|value| (name, value.to_string())));
        self
    }

    #[must_use]
    pub(crate) fn header(mut self, name: &'static str, value: HeaderValue) -> Self {
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    /// Signed with this secret, whatever the connection signs with; `None` for one that no header can carry.
    pub(crate) fn with_bearer(self, secret: &Secret) -> Option<Self> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", secret.expose())).ok()?;
        value.set_sensitive(true);
        Some(self.header("authorization", value).hiding([secret]))
    }

    /// Our own wire types always serialize: string keys, no failing implementations.
    #[must_use]
    pub(crate) fn body(mut self, content_type: &'static str, body: &impl Serialize) -> Self {
        self.body = serde_json::to_vec(body)
            .ok()
            .map(|body| (content_type, body));
        self
    }

    /// What the body has in it that an error may not show, whatever the server echoes.
    #[must_use]
    pub(crate) fn hiding<'a>(mut self, secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        self.hidden.extend(secrets.into_iter().cloned());
        self
    }

    /// Whether its answer may hold a secret that nobody knew before: that of each write may but a deletion's, since some servers show
    /// the secret of whatever is changed.
    pub(super) fn may_tell_a_secret(&self) -> bool {
        self.shows_a_secret || !matches!(self.method, Method::GET | Method::DELETE)
    }

    /// What we say with it: its path, its query and its content.
    pub(super) fn said(&self) -> String {
        let query = self.query.iter().map(|(_, value)| value.as_str());
        let body = self.body.as_ref().map(|(_, body)| body.as_slice());
        let body = String::from_utf8_lossy(body.unwrap_or_default());
        let parts = std::iter::once(self.path.as_str()).chain(query);
        parts.chain([body.as_ref()]).collect::<Vec<_>>().join("\n")
    }

    /// What it proves with that we may do this, where that is its own.
    pub(super) fn proofs(&self) -> impl Iterator<Item = Secret> {
        let proofs = self.headers.values().filter(|value| value.is_sensitive());
        let texts = proofs.filter_map(|value| value.to_str().ok());
        texts.map(|text| Secret::new(text.split_once(' ').map_or(text, |(_, bare)| bare)))
    }

    pub(crate) fn method_name(&self) -> &'static str {
        match self.method {
            Method::GET => "GET",
            Method::POST => "POST",
            Method::PUT => "PUT",
            Method::PATCH => "PATCH",
            Method::DELETE => "DELETE",
            _ => "request",
        }
    }
}
