//! What an answer that is not a success means by its status alone, for all backends: each sorts first what its server says in words.

use reqwest::StatusCode;
use serde::Deserialize;

use crate::error::ErrorKind;
use crate::http::Answer;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fault {
    message: Option<String>,
}

/// What the server says of its mistake, where it says it as `{"message": …}`.
pub(crate) fn message(answer: &Answer) -> Option<String> {
    answer.json::<Fault>().ok().and_then(|fault| fault.message)
}

/// What a status means by itself.
pub(crate) fn kind(status: StatusCode) -> ErrorKind {
    match status {
        StatusCode::UNAUTHORIZED => ErrorKind::SignIn,
        StatusCode::FORBIDDEN => ErrorKind::Forbidden,
        StatusCode::NOT_FOUND => ErrorKind::Gone,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
            ErrorKind::Retry { after: None }
        }
        status if status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED => {
            ErrorKind::Retry { after: None }
        }
        status if status.is_redirection() => ErrorKind::FixConfiguration { places: Vec::new() },
        _ => ErrorKind::Bug,
    }
}

/// The message, or what the status says where there is none.
pub(crate) fn detail(answer: &Answer, message: Option<String>) -> String {
    match (message, answer.location()) {
        (Some(message), _) => message,
        (None, Some(location)) if answer.status.is_redirection() => {
            format!("the server sends us on to {location}; set `url` to where it really is")
        }
        (None, _) => answer
            .status
            .canonical_reason()
            .unwrap_or_default()
            .to_owned(),
    }
}

/// The same where something else may have answered: "not found" then speaks of the address, and nothing is gone.
pub(crate) fn kind_elsewhere(status: StatusCode) -> ErrorKind {
    match status {
        StatusCode::NOT_FOUND => ErrorKind::FixConfiguration { places: Vec::new() },
        status => kind(status),
    }
}
