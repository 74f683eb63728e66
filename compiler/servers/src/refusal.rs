//! What an answer that is not a success means by its status alone, for all backends: each sorts first what its server says in words.

use reqwest::StatusCode;
use serde_json::Value as Json;

use crate::error::ErrorKind;
use crate::http::Answer;

/// What is said of a mistake: as `{"message": …}`, in plain words, or in a shape that nobody knows, which is told as it is. Nothing of a
/// page of markup, or of what leads on.
pub(crate) fn message(answer: &Answer) -> Option<String> {
    if answer.status.is_redirection() {
        return None;
    }
    let text = String::from_utf8_lossy(&answer.body);
    let text = text.trim();
    let said = match answer.json::<Json>() {
        Ok(Json::Object(fault)) => fault
            .get("message")
            .and_then(Json::as_str)
            .map(str::to_owned),
        Ok(Json::String(words)) => Some(words),
        _ => None,
    };
    said.or_else(|| {
        let is_nothing = matches!(text, "" | "{}" | "null");
        (!is_nothing && !text.starts_with('<')).then(|| text.to_owned())
    })
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

/// What was understood of it, or else whatever it says, or what the status says.
pub(crate) fn detail(answer: &Answer, understood: Option<String>) -> String {
    match (understood, answer.location()) {
        (Some(understood), _) => understood,
        (None, Some(location)) if answer.status.is_redirection() => {
            format!("the server sends us on to {location}; set `url` to where it really is")
        }
        (None, _) => message(answer).unwrap_or_else(|| {
            let reason = answer.status.canonical_reason();
            reason.unwrap_or_default().to_owned()
        }),
    }
}

/// The same where something else may have answered: "not found" then speaks of the address, and nothing is gone.
pub(crate) fn kind_elsewhere(status: StatusCode) -> ErrorKind {
    match status {
        StatusCode::NOT_FOUND => ErrorKind::FixConfiguration { places: Vec::new() },
        status => kind(status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_said_is_told_and_pages_are_not() {
        let json = "application/json";
        for (content_type, body, expected) in [
            (
                json,
                r#"{"code":403,"message":"Unauthorized update."}"#,
                "Unauthorized update.",
            ),
            (json, r#"{"errors":["no"]}"#, r#"{"errors":["no"]}"#),
            (json, r#""not for you""#, "not for you"),
            ("text/plain", " The name is taken!\n", "The name is taken!"),
            (
                "text/html",
                "<html><body>Forbidden by nginx</body></html>",
                "Forbidden",
            ),
            (json, "{}", "Forbidden"),
            (json, "", "Forbidden"),
        ] {
            let answer = Answer::made_up(403, content_type, body.as_bytes()).unwrap();
            assert_eq!(detail(&answer, None), expected, "{body}");
        }
    }
}
