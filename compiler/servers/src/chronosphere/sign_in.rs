//! Who we are to Chronosphere: a token, in the header `API-Token` (docs.chronosphere.io, `tooling/api-info`).

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Settings;
use lanyard_compiler::value::AttributePath;
use reqwest::header::HeaderName;

use crate::http::{Credential, given};

pub(super) fn credential(settings: &Settings) -> Result<Credential, Diagnostic> {
    let Some(token) = given(&settings.token) else {
        return Err(Diagnostic::error(Code::MissingCredential, "The credential is missing")
            .detail("Chronosphere takes a token, and neither the setting `token` nor the environment variable LANYARD_TOKEN is set.")
            .at(AttributePath::attribute("token"))
            .hint("Set `token` to a personal access token of a system administrator, or to the token of an unrestricted service account in a team of theirs."));
    };
    Ok(Credential::Header {
        name: HeaderName::from_static("api-token"),
        scheme: None,
        secret: token,
    })
}
