//! Who we are to OpenObserve: a user, or whom single sign-on says.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Settings;
use lanyard_compiler::value::AttributePath;
use serde_json::Value as Json;

use crate::http::{Credential, given};

/// What a setting says, if it says anything.
pub(super) fn said(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

/// Whom the credential speaks for; nothing where that is not known.
pub(super) fn username(settings: &Settings) -> String {
    let given = said(settings.username.as_deref()).map(str::to_owned);
    let token = settings.token.as_ref();
    given
        .or_else(|| email_in(token?.expose()))
        .unwrap_or_default()
}

/// The address in a JWT, by which OpenObserve knows whose it is.
fn email_in(token: &str) -> Option<String> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Json = serde_json::from_slice(&claims).ok()?;
    Some(claims.get("email")?.as_str()?.to_owned())
}

/// `username` and `password` where they are given, otherwise `token`.
pub(super) fn credential(settings: &Settings) -> Result<Credential, Diagnostic> {
    let username = said(settings.username.as_deref());
    match (username, given(&settings.password), given(&settings.token)) {
        (Some(username), Some(password), _) => Ok(Credential::Basic {
            username: username.to_owned(),
            password,
        }),
        (_, _, Some(token)) => Ok(Credential::Bearer(token)),
        _ => Err(missing_credential()),
    }
}

fn missing_credential() -> Diagnostic {
    Diagnostic::error(Code::MissingCredential, "The credential is missing")
        .detail("OpenObserve takes a user name and a password, and `username` and `password` (LANYARD_USERNAME and LANYARD_PASSWORD) are not both set.")
        .at(AttributePath::attribute("username"))
        .hint("Set `username` to the e-mail address of an administrator and `password` to the password.")
        .hint("The enterprise edition with single sign-on also takes a JWT as `token`.")
}
