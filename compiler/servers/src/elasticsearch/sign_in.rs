//! Who we are to Elasticsearch: which of its schemes a credential is for, by its shape.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Settings;
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::AttributePath;
use reqwest::header;

use crate::http::{Credential, given};

/// `token` where it is given, otherwise `username` and `password`.
pub(super) fn credential(settings: &Settings) -> Result<Credential, Diagnostic> {
    if let Some(token) = given(&settings.token) {
        return Ok(of_token(&token));
    }
    match (&settings.username, given(&settings.password)) {
        (Some(username), Some(password)) if !username.is_empty() => Ok(Credential::Basic {
            username: username.clone(),
            password,
        }),
        _ => Err(Diagnostic::error(Code::MissingCredential, "The credential is missing")
            .detail("Elasticsearch takes a user name and a password, an API key or a bearer token; neither `token` nor `username` and `password` is set.")
            .at(AttributePath::attribute("token"))
            .hint("Set `token` to an API key (as Elasticsearch shows it, encoded) or to a service account's token, or set `username` and `password`.")),
    }
}

/// A scheme that is written out counts. An encoded API key is `ID:KEY` in Base64; everything else is a bearer token: a service
/// account's (`AAEAA…`), an access token, a JSON web token.
fn of_token(token: &Secret) -> Credential {
    let text = token.expose();
    if let Some(bare) = text.strip_prefix("Bearer ") {
        return Credential::Bearer(Secret::new(bare));
    }
    let bare = text.strip_prefix("ApiKey ");
    if bare.is_none() && !is_api_key(text) {
        return Credential::Bearer(token.clone());
    }
    Credential::Header {
        name: header::AUTHORIZATION,
        scheme: Some("ApiKey"),
        secret: Secret::new(bare.unwrap_or(text)),
    }
}

fn is_api_key(text: &str) -> bool {
    let Ok(bytes) = BASE64_STANDARD.decode(text) else {
        return false;
    };
    let Ok(pair) = String::from_utf8(bytes) else {
        return false;
    };
    let graphic = pair.bytes().all(|byte| byte.is_ascii_graphic());
    graphic
        && pair
            .split_once(':')
            .is_some_and(|(id, key)| !id.is_empty() && !key.is_empty() && !key.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scheme(text: &str) -> &'static str {
        match of_token(&Secret::new(text)) {
            Credential::Bearer(_) => "Bearer",
            Credential::Header { .. } => "ApiKey",
            _ => "another",
        }
    }

    #[test]
    fn a_credential_is_sent_as_what_it_looks_like() {
        for (token, expected) in [
            // `id:key`, as the API shows it under `encoded`.
            (
                "VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6dWkybHAyYXhUTm1zeWFrdzl0dk5udw==",
                "ApiKey",
            ),
            (
                "AAEAAWVsYXN0aWMvZmxlZXQtc2VydmVyL2NpLTE6QWJDZEVmR2hJaktsTW5PcFFyU3RVdg",
                "Bearer",
            ),
            ("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln", "Bearer"),
            ("ApiKey whatever", "ApiKey"),
            ("Bearer whatever", "Bearer"),
        ] {
            assert_eq!(scheme(token), expected, "{token}");
        }
    }

    #[test]
    fn what_is_missing_is_said() {
        let missing = credential(&Settings::default()).err().unwrap();
        assert_eq!(missing.code, Code::MissingCredential);
    }
}
