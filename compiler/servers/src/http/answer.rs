//! What came back: an answer whose body was read whole, or how the attempt failed.

use std::error::Error;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{self, HeaderMap};
use serde::de::DeserializeOwned;

use super::request::Extent;

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// How one attempt went.
#[derive(Debug)]
pub(super) enum Attempt {
    Answered(Answer),
    /// The answer began and its body never ended.
    Broken(Answer, String),
    TooLarge(Answer),
    TimedOut(Duration),
    /// The connection ended before an answer began: the server may have read the request.
    Cut(String),
    /// There never was a connection: the server cannot have read the request.
    NotConnected(String),
    /// The other side's certificate is not trusted, or ours is not accepted: trying again changes nothing.
    Untrusted {
        problem: String,
        remedy: &'static str,
    },
    /// The request could not be built.
    Unsendable(String),
}

impl Attempt {
    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Answered(answer) | Self::Broken(answer, _) | Self::TooLarge(answer) => {
                Some(answer.status.as_u16())
            }
            _ => None,
        }
    }
}

impl Answer {
    /// An answer without a network.
    #[cfg(test)]
    pub(crate) fn made_up(status: u16, content_type: &str, body: &[u8]) -> Option<Self> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, content_type.parse().ok()?);
        Some(Self {
            status: StatusCode::from_u16(status).ok()?,
            headers,
            body: body.to_vec(),
        })
    }

    /// Sends and reads the answer to its end.
    pub(super) async fn receive(builder: reqwest::RequestBuilder, extent: Extent) -> Attempt {
        let mut response = match builder.send().await {
            Ok(response) => response,
            Err(error) => return failure(&error),
        };
        let mut answer = Self {
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            body: Vec::new(),
        };
        let fits = |length: u64| length <= extent.largest();
        if response
            .content_length()
            .is_some_and(|length| !fits(length))
        {
            return Attempt::TooLarge(answer);
        }
        loop {
            match response.chunk().await {
                Ok(None) => return Attempt::Answered(answer),
                Ok(Some(chunk)) if !fits((answer.body.len() + chunk.len()) as u64) => {
                    return Attempt::TooLarge(answer);
                }
                Ok(Some(chunk)) => answer.body.extend_from_slice(&chunk),
                Err(_) => {
                    let problem = format!(
                        "the connection ended after {} bytes of the answer",
                        answer.body.len()
                    );
                    return Attempt::Broken(answer, problem);
                }
            }
        }
    }

    /// The body as JSON. The error says what it is instead, without showing it: a body can hold a secret.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, String> {
        if !self.is_json() {
            return Err(format!(
                "the answer is {}, not JSON; is `url` the address of the token server itself?",
                self.content_type().unwrap_or("of no stated type")
            ));
        }
        serde_json::from_slice(&self.body).map_err(|error| {
            if error.is_eof() {
                format!(
                    "the answer ends in the middle, after {} bytes",
                    self.body.len()
                )
            } else {
                // The message of a data error can quote a value: only its place is told.
                format!(
                    "the answer is not the JSON that was expected (line {}, column {})",
                    error.line(),
                    error.column()
                )
            }
        })
    }

    pub(crate) fn is_json(&self) -> bool {
        self.content_type().is_some_and(|content_type| {
            let essence = content_type
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase();
            essence == "application/json"
                || (essence.starts_with("application/") && essence.ends_with("+json"))
        })
    }

    fn content_type(&self) -> Option<&str> {
        let text = self.headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        Some(&text[..text.len().min(80)])
    }

    /// The server's own name for the request.
    pub(crate) fn request_id(&self) -> Option<String> {
        // Chronosphere has a name of its own for the header.
        let header = ["x-request-id", "chrono-request-id"]
            .iter()
            .find_map(|name| self.headers.get(*name))?;
        let text = header.to_str().ok()?;
        (text.len() <= 128).then(|| text.to_owned())
    }

    /// Where a redirection points to, without its query.
    pub(crate) fn location(&self) -> Option<&str> {
        let text = self.headers.get(header::LOCATION)?.to_str().ok()?;
        text.split(['?', '#']).next()
    }
}

/// Sorts a failure before an answer by whether the request can have been read.
fn failure(error: &reqwest::Error) -> Attempt {
    let causes = causes(error);
    let reason = causes
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string);
    let untrusted = causes.iter().find_map(|cause| tls_error(*cause));
    if let Some((problem, remedy)) = untrusted.and_then(trust_problem) {
        return Attempt::Untrusted { problem, remedy };
    }
    if error.is_builder() || error.is_request() && error.url().is_none() {
        return Attempt::Unsendable(reason);
    }
    if error.is_connect() {
        return Attempt::NotConnected(reason);
    }
    Attempt::Cut(format!("the connection ended before the answer: {reason}"))
}

/// What led to an error, the root cause last.
pub(super) fn causes<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause);
        next = cause.source();
    }
    causes
}

/// The TLS error that an error is, or that input/output errors are wrapped around: those are no sources of each other.
fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    if let Some(error) = error.downcast_ref() {
        return Some(error);
    }
    let inner = error.downcast_ref::<std::io::Error>()?.get_ref()?;
    tls_error(inner)
}

/// Why a TLS failure will not pass by itself, and what to do; `None` if it may pass.
fn trust_problem(error: &rustls::Error) -> Option<(String, &'static str)> {
    use rustls::{AlertDescription, CertificateError, Error};
    Some(match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => (
            "its certificate is signed by an authority that is not trusted here".to_owned(),
            "Set `ca_file` to a PEM file with the certificate of that authority.",
        ),
        Error::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        ) => (
            "its certificate has expired".to_owned(),
            "Have it renewed. If it is new, check the clock of this machine.",
        ),
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => (
            "its certificate is for another name than the host in `url`".to_owned(),
            "Use a host that the certificate names.",
        ),
        Error::InvalidCertificate(problem) => (
            format!("its certificate is not valid: {problem:?}"),
            "Have it replaced by who runs the server.",
        ),
        Error::AlertReceived(AlertDescription::CertificateRequired) => (
            "it wants a client certificate".to_owned(),
            "Set `client_certificate` and `client_key`.",
        ),
        Error::AlertReceived(
            alert @ (AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied),
        ) => (
            format!("it does not accept our `client_certificate` ({alert:?})"),
            "Set `client_certificate` and `client_key` to a pair that the server's authority issued and that has not ended.",
        ),
        Error::InvalidMessage(_) => (
            "it does not speak TLS there".to_owned(),
            "Check the port in `url`, and whether the server is plain http.",
        ),
        Error::PeerIncompatible(problem) => (
            format!("no common version of TLS: {problem:?}"),
            "TLS 1.2 or newer has to be switched on at the server.",
        ),
        _ => return None,
    })
}
