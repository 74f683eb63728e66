//! What proves to a server who we are, and how a request carries it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::AttributePath;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::redact::Redaction;
use super::sign_in::{OpenSession, SignIn};

/// How requests prove who sends them.
pub(crate) enum Credential {
    Bearer(Secret),
    /// User name and password, or what a server takes for them.
    Basic {
        username: String,
        password: Secret,
    },
    /// The secret in a header of its own, after a scheme if there is one (`ApiKey`).
    Header {
        name: HeaderName,
        scheme: Option<&'static str>,
        secret: Secret,
    },
    /// Each request carries its own proof, made from these.
    PerRequest {
        hide: Vec<Secret>,
    },
    /// A user name and a password open a session first.
    Session(Box<SignIn>),
}

/// The secret of a setting, if there is anything in it.
pub(crate) fn given(setting: &Option<Secret>) -> Option<Secret> {
    setting
        .clone()
        .filter(|secret| !secret.expose().trim().is_empty())
}

impl Credential {
    /// Puts it into the headers that every request has, if it goes there, and out of what is ever shown. Returns the session that has
    /// to be opened first, if there is one.
    pub(super) fn prepare(
        &self,
        headers: &mut HeaderMap,
        redaction: &mut Redaction,
    ) -> Result<Option<OpenSession>, Diagnostic> {
        match self {
            Self::Bearer(secret) => {
                headers.insert(
                    header::AUTHORIZATION,
                    sensitive("Bearer ", secret, "token")?,
                );
                redaction.hide(secret);
            }
            Self::Basic { username, password } => {
                let pair = BASE64.encode(format!("{username}:{}", password.expose()));
                let pair = Secret::new(pair);
                headers.insert(
                    header::AUTHORIZATION,
                    sensitive("Basic ", &pair, "password")?,
                );
                redaction.hide(password);
                redaction.hide(&pair);
            }
            Self::Header {
                name,
                scheme,
                secret,
            } => {
                let scheme = scheme
                    .map(|scheme| format!("{scheme} "))
                    .unwrap_or_default();
                headers.insert(name, sensitive(&scheme, secret, "token")?);
                redaction.hide(secret);
            }
            Self::PerRequest { hide } => {
                for secret in hide {
                    redaction.hide(secret);
                }
            }
            Self::Session(sign_in) => {
                redaction.hide(&sign_in.password);
                return Ok(Some(OpenSession::new((**sign_in).clone())));
            }
        }
        Ok(None)
    }
}

/// A header's value that no log shows.
fn sensitive(
    scheme: &str,
    secret: &Secret,
    setting: &'static str,
) -> Result<HeaderValue, Diagnostic> {
    let mut value = HeaderValue::from_str(&format!("{scheme}{}", secret.expose()))
        .map_err(|_| bad_credential(setting))?;
    value.set_sensitive(true);
    Ok(value)
}

fn bad_credential(setting: &'static str) -> Diagnostic {
    Diagnostic::error(Code::InvalidCredential, "The credential cannot be sent")
        .detail(format!(
            "`{setting}` holds a character that no HTTP header can carry, such as a line break."
        ))
        .at(AttributePath::attribute(setting))
        .hint("Look for a line break at its end; `trimspace(...)` removes it.")
}
