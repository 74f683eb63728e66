//! Who we are to Splunk Observability: a token, or an administrator's e-mail address and password, which open a session.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Settings;
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::AttributePath;
use reqwest::Method;
use reqwest::header::HeaderName;

use super::wire;
use crate::http::{Answer, Credential, Repeat, Request, SignIn, given};

const HEADER: HeaderName = HeaderName::from_static("x-sf-token");
/// Opened by a POST, and ended by a DELETE or after 30 days.
const SESSION: &str = "/v2/session";

/// `token` where it is given, otherwise `username` and `password`.
pub(super) fn credential(settings: &Settings) -> Result<Credential, Diagnostic> {
    if let Some(secret) = given(&settings.token) {
        return Ok(Credential::Header {
            name: HEADER,
            scheme: None,
            secret,
        });
    }
    match (&settings.username, given(&settings.password)) {
        (Some(email), Some(password)) if !email.trim().is_empty() => {
            let body = wire::open_session(email.trim(), &password, organization(settings));
            Ok(Credential::Session(Box::new(SignIn {
                // Once more leaves a session that nobody uses.
                request: Request::new(Method::POST, SESSION, Repeat::Harmless)
                    .body("application/json", &body),
                password,
                secret: session,
                header: HEADER,
                end: Request::new(Method::DELETE, SESSION, Repeat::Never),
            })))
        }
        _ => Err(missing_credential()),
    }
}

/// Beside an address, which says the realm, the organization is what a user of several means.
fn organization(settings: &Settings) -> Option<&str> {
    let is_given = |text: &&str| !text.trim().is_empty();
    settings.url.as_deref().filter(is_given)?;
    settings.organization.as_deref().filter(is_given)
}

fn session(answer: &Answer) -> Result<Secret, String> {
    let wire::Opened { access_token } = answer.json()?;
    Ok(access_token)
}

fn missing_credential() -> Diagnostic {
    Diagnostic::error(Code::MissingCredential, "The credential is missing")
        .detail("Splunk Observability takes a token, or a user name and a password; neither `token` (LANYARD_TOKEN) nor `username` and `password` is set.")
        .at(AttributePath::attribute("token"))
        .hint("Set `token` to the user API access token (the session token) of an administrator: tokens of the organization may not manage tokens.")
        .hint("Or set `username` and `password` to the e-mail address and the password of an administrator, unless the organization signs in elsewhere (SSO).")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organization_is_named_only_beside_an_address() {
        let named = |url: Option<&str>| {
            let settings = Settings {
                url: url.map(str::to_owned),
                organization: Some("us1".to_owned()),
                ..Settings::default()
            };
            organization(&settings).map(str::to_owned)
        };
        assert_eq!(named(None), None, "it is the realm");
        assert_eq!(
            named(Some("https://api.us1.signalfx.com")).as_deref(),
            Some("us1")
        );
    }
}
