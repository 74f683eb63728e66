//! Who we are to a native token server: the bearer of a token.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Settings;
use lanyard_compiler::value::AttributePath;

use crate::http::{Credential, given};

pub(super) fn credential(settings: &Settings) -> Result<Credential, Diagnostic> {
    let Some(token) = given(&settings.token) else {
        return Err(Diagnostic::error(Code::MissingCredential, "The credential is missing")
            .detail("The native token server takes a token, and neither the setting `token` nor the environment variable LANYARD_TOKEN is set.")
            .at(AttributePath::attribute("token"))
            .hint("Set `token` to the secret of an access token whose role is `admin`."));
    };
    Ok(Credential::Bearer(token))
}
