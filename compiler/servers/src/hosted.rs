//! What servers have in common that only their vendor runs: an address that follows from a name, and mistakes that are told as a
//! status with a `message`.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::Settings;
use lanyard_compiler::value::AttributePath;
use reqwest::StatusCode;
use serde::Deserialize;

use crate::error::ErrorKind;
use crate::http::Answer;

/// How the address follows from the setting `organization`.
pub(crate) struct Hosting {
    pub(crate) title: &'static str,
    /// The code of the complaint about a name that cannot be one.
    pub(crate) code: &'static str,
    /// What the vendor calls it: "realm".
    pub(crate) name: &'static str,
    pub(crate) explanation: &'static str,
    pub(crate) remedy: &'static str,
    pub(crate) address: fn(&str) -> String,
}

/// The settings with the address that follows from the name, where only that is given.
pub(crate) fn addressed(settings: &Settings, hosting: &Hosting) -> Result<Settings, Diagnostic> {
    let mut settings = settings.clone();
    let given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    if given(&settings.url) || !given(&settings.organization) {
        return Ok(settings);
    }
    let name = settings.organization.as_deref().unwrap_or_default().trim();
    let is_name = name
        .chars()
        .all(|character| character.is_ascii_alphanumeric() || character == '-');
    if !is_name {
        return Err(
            Diagnostic::error(hosting.code, format!("The {} is not a name", hosting.name))
                .detail(format!(
                    "`organization` is {name:?}; for {} it is {}.",
                    hosting.title, hosting.explanation
                ))
                .at(AttributePath::attribute("organization"))
                .hint(hosting.remedy),
        );
    }
    settings.url = Some((hosting.address)(name));
    Ok(settings)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fault {
    message: Option<String>,
}

/// What the server says of its mistake.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_an_address_and_an_address_wins() {
        let hosting = Hosting {
            title: "Acme",
            code: "invalid-realm",
            name: "realm",
            explanation: "the realm",
            remedy: "Set `url`.",
            address: |realm| format!("https://api.{realm}.example.com"),
        };
        let addressed = |url: Option<&str>, realm: &str| {
            let settings = Settings {
                url: url.map(str::to_owned),
                organization: Some(realm.to_owned()),
                ..Settings::default()
            };
            addressed(&settings, &hosting)
        };
        let url = |url, realm| addressed(url, realm).unwrap().url.unwrap();
        assert_eq!(url(None, "us1"), "https://api.us1.example.com");
        assert_eq!(
            url(Some("https://x.example.com"), "us1"),
            "https://x.example.com"
        );
        for hostile in ["evil.example.com/", "127.0.0.1:1/#"] {
            let refused = addressed(None, hostile).unwrap_err();
            assert_eq!(refused.path.to_string(), "organization");
        }
    }
}
