//! What a token endpoint's refusals mean: RFC 6749 errors, and OpenObserve's bare JSON text.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::value::AttributePath;
use reqwest::StatusCode;
use serde::Deserialize;

use crate::error::{ErrorKind, ServerError};
use crate::http::{Answer, Explanation};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Problem {
    error: String,
    error_description: Option<String>,
}

pub(super) fn explain(answer: &Answer) -> Explanation {
    let problem: Problem = answer.json().unwrap_or_default();
    let bare: Option<String> = answer.json().ok();
    let place = |name: &'static str, said: &str| ErrorKind::FixConfiguration {
        places: vec![(AttributePath::attribute(name), said.to_owned())],
    };
    let nowhere = || ErrorKind::FixConfiguration { places: Vec::new() };
    let description = problem.error_description.as_deref().unwrap_or_default();
    let said = description.to_ascii_lowercase();
    let kind = match (answer.status, problem.error.as_str()) {
        // Keycloak answers `invalid_client` to much that is not about the client; its words tell what it means.
        _ if said.contains("audience not found") || said.contains("requested audience") => place(
            "audiences",
            "there is no such audience, or the client may not ask for it",
        ),
        // Said of the client that an audience names: one that is disabled cannot sign in, which is told with 401.
        (StatusCode::BAD_REQUEST, "invalid_client") if said == "client disabled" => {
            place("audiences", "the client of this name is disabled")
        }
        _ if said.contains("public client") => place(
            "client_id",
            "a public client may not exchange tokens: it needs a secret",
        ),
        _ if said.contains("token exchange is not enabled")
            || said.contains("client not allowed to exchange") =>
        {
            place(
                "client_id",
                "the client may not exchange tokens until that is enabled for it",
            )
        }
        _ if said.contains("access tokens only")
            || said.contains("must be access token")
            || said.contains("invalid subject token type") =>
        {
            place("subject_token_type", "only access tokens are taken")
        }
        _ if said.contains("offline_access") => {
            place("scopes", "`offline_access` cannot be had by an exchange")
        }
        _ if said.contains("sender-constrained") || said.contains("dpop") => place(
            "subject_token",
            "it is bound to a key, and this client cannot show that it has it",
        ),
        _ if said.contains("within the token audience") => {
            place("subject_token", "the client is not in the token's audience")
        }
        (_, "invalid_token") => place("subject_token", "it was not accepted"),
        _ if said.contains("invalid token") => place("subject_token", "it was not accepted"),
        (_, "invalid_client" | "unauthorized_client") => {
            place("client_id", "the client or its secret is not accepted")
        }
        (_, "access_denied") => place("subject_token", "it was not accepted"),
        (_, "invalid_target") => place("audiences", "the target was refused"),
        (_, "invalid_scope") => place("scopes", "a scope was refused"),
        // Dex says so of a client that the other one does not trust; asking again changes nothing.
        (_, "server_error") => nowhere(),
        // Dex names in words what it does not like.
        _ if description.contains("onnector") => place("connector_id", "it was refused"),
        _ if description.contains("subject_token_type") => {
            place("subject_token_type", "it was refused")
        }
        _ if description.contains("requested_token_type") => {
            place("requested_token_type", "it was refused")
        }
        (StatusCode::UNAUTHORIZED, _) => place("subject_token", "it was not accepted"),
        (StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT, _) => {
            ErrorKind::Retry { after: None }
        }
        (status, _) if status.is_server_error() => ErrorKind::Retry { after: None },
        _ => nowhere(),
    };
    let detail = match (problem, bare) {
        (_, Some(text)) => text,
        (Problem { error, error_description }, _) if !error.is_empty() => match error_description {
            Some(description) => format!("{error}: {description}"),
            None => error,
        },
        _ if answer.status == StatusCode::NOT_FOUND => {
            "nothing exchanges tokens at this address; check `endpoint` (OpenObserve needs its enterprise edition for it)".to_owned()
        }
        _ => answer
            .status
            .canonical_reason()
            .unwrap_or_default()
            .to_owned(),
    };
    Explanation { kind, detail }
}

/// Dex says the same of a token that it does not accept and of an upstream that it cannot reach just now.
pub(super) fn may_pass(error: &ServerError) -> bool {
    error.detail == "access_denied"
        || error
            .detail
            .ends_with("Requested connector does not exist.")
}

pub(super) fn refused(error: &ServerError) -> Diagnostic {
    let hint = match error.detail.as_str() {
        "access_denied" => {
            "The server says the same of a token that it does not accept (expired, of another issuer, of the wrong type) and of an identity provider that it cannot reach: its log tells them apart."
        }
        "server_error" => {
            "Dex says so of a scope `audience:server:client_id:...` whose client does not list yours among its trusted peers."
        }
        "unsupported_grant_type" => {
            "The server does not exchange tokens: Dex does since v2.38, unless its setting `oauth2.grantTypes` leaves it out."
        }
        no_connector if no_connector.ends_with("Requested connector does not exist.") => {
            "Dex says the same of a connector whose type cannot exchange tokens, and of one whose identity provider it has not reached since its start."
        }
        _ => return error.diagnostic(),
    };
    error.diagnostic().hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_where_they_belong() {
        for (status, body, place, hint) in [
            (
                401,
                r#"{"error":"invalid_client","error_description":"Invalid client credentials."}"#,
                "client_id",
                "",
            ),
            (401, r#"{"error":"access_denied"}"#, "subject_token", "log"),
            (
                400,
                r#"{"error":"invalid_grant","error_description":"Connector not allowed for this client."}"#,
                "connector_id",
                "",
            ),
            (
                400,
                r#"{"error":"invalid_request","error_description":"Requested connector does not exist."}"#,
                "connector_id",
                "not reached since its start",
            ),
            (
                400,
                r#"{"error":"request_not_supported","error_description":"Invalid subject_token_type."}"#,
                "subject_token_type",
                "",
            ),
            (
                400,
                r#"{"error":"request_not_supported","error_description":"Invalid requested_token_type."}"#,
                "requested_token_type",
                "",
            ),
            (
                401,
                r#"{"error":"unauthorized_client","error_description":"Invalid client or Invalid client credentials"}"#,
                "client_id",
                "the client or its secret",
            ),
            (
                400,
                r#"{"error":"invalid_client","error_description":"Audience not found"}"#,
                "audiences",
                "no such audience",
            ),
            (
                400,
                r#"{"error":"invalid_request","error_description":"Requested audience not available: x"}"#,
                "audiences",
                "no such audience",
            ),
            (
                400,
                r#"{"error":"invalid_client","error_description":"Public client is not allowed to exchange token"}"#,
                "client_id",
                "needs a secret",
            ),
            (
                400,
                r#"{"error":"invalid_request","error_description":"Standard token exchange is not enabled for the requested client"}"#,
                "client_id",
                "enabled for it",
            ),
            (
                400,
                r#"{"error":"invalid_client","error_description":"Client disabled"}"#,
                "audiences",
                "disabled",
            ),
            (
                403,
                r#"{"error":"access_denied","error_description":"Client not allowed to exchange"}"#,
                "client_id",
                "enabled for it",
            ),
            (
                400,
                r#"{"error":"invalid_request","error_description":"Parameter 'subject_token' supports access tokens only"}"#,
                "subject_token_type",
                "only access tokens",
            ),
            (
                400,
                r#"{"error":"invalid_request","error_description":"Invalid subject token type"}"#,
                "subject_token_type",
                "",
            ),
            (
                400,
                r#"{"error":"invalid_request","error_description":"requested_token_type unsupported"}"#,
                "requested_token_type",
                "",
            ),
            (
                400,
                r#"{"error":"invalid_scope","error_description":"Invalid scopes: nonsense"}"#,
                "scopes",
                "",
            ),
            (
                400,
                r#"{"error":"invalid_request","error_description":"Scope offline_access not allowed for token exchange"}"#,
                "scopes",
                "offline_access",
            ),
            (
                400,
                r#"{"error":"invalid_request","error_description":"DPoP proof is missing"}"#,
                "subject_token",
                "bound to a key",
            ),
            (
                400,
                r#"{"error":"invalid_token","error_description":"Invalid token"}"#,
                "subject_token",
                "",
            ),
            (
                400,
                r#"{"error":"invalid_request","error_description":"Invalid token"}"#,
                "subject_token",
                "",
            ),
            (
                403,
                r#"{"error":"access_denied","error_description":"Client is not within the token audience"}"#,
                "subject_token",
                "token's audience",
            ),
            (500, r#"{"error":"server_error"}"#, "", "trusted peers"),
            (400, r#"{"error":"unsupported_grant_type"}"#, "", "v2.38"),
        ] {
            let answer = Answer::made_up(status, "application/json", body.as_bytes()).unwrap();
            let Explanation { kind, detail } = explain(&answer);
            let diagnostic = refused(&ServerError::new(kind, "the token endpoint", detail));
            assert_eq!(diagnostic.path.to_string(), place, "{body}");
            assert!(diagnostic.to_string().contains(hint), "{diagnostic}");
        }
    }
}
