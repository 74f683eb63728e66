//! Splunk's mistakes (`{"code", "message"}`, or nothing at all), sorted by what the caller can do.

use lanyard_compiler::model::server::splunk::CAPABILITIES;
use lanyard_compiler::value::AttributePath;
use reqwest::StatusCode;

use crate::error::{ErrorKind, Existing, ServerError};
use crate::http::{Answer, Explanation};
use crate::refusal;

pub(super) const NOT_HERE: &str = "there is no API of Splunk Observability at this address; check `url` and `organization` (the realm)";

/// What an answer that is not a success means.
pub(super) fn explain(answer: &Answer) -> Explanation {
    let message = refusal::message(answer);
    let said = message.as_deref().unwrap_or_default();
    let kind = match answer.status {
        // A taken name is a 400 by the reference, and has been seen as a 406.
        StatusCode::NOT_ACCEPTABLE | StatusCode::CONFLICT => taken(),
        StatusCode::BAD_REQUEST if said.contains("same name already exists") => taken(),
        // Trouble of the server's own is a 400 by the reference: "Please try again later."
        StatusCode::BAD_REQUEST if said.contains("try again later") => ErrorKind::Ambiguous,
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => ErrorKind::FixConfiguration {
            places: place(said)
                .map(|path| (path, said.to_owned()))
                .into_iter()
                .collect(),
        },
        status => refusal::kind(status),
    };
    let detail = refusal::detail(answer, message);
    Explanation { kind, detail }
}

/// Of what such a credential does not find, nobody knows whether it exists.
pub(super) fn sees_itself_alone() -> ServerError {
    ServerError::new(
        ErrorKind::Forbidden,
        CAPABILITIES.title,
        "the credential is an access token of the organization: it sees no token but itself, so that what it does not find may exist. Managing \
         tokens takes an administrator's session token, or `username` and `password`",
    )
}

fn taken() -> ErrorKind {
    ErrorKind::Conflict(Box::<Existing>::default())
}

/// The attribute that a message of the reference speaks of.
fn place(message: &str) -> Option<AttributePath> {
    let attribute = AttributePath::attribute;
    if message.starts_with("Please provide a name") {
        return Some(attribute("name"));
    }
    if message.starts_with("DPM quota") {
        return Some(attribute("limits").then("dpm"));
    }
    if message.starts_with("Category quota") || message.starts_with("Host/Container quota") {
        return Some(attribute("limits"));
    }
    let speaks_of_permissions = [
        "principalId",
        "principalType",
        "Actions are",
        "provided users",
        "Permissions are",
    ]
    .iter()
    .any(|words| message.contains(words));
    speaks_of_permissions.then(|| attribute("visibility"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(status: u16, body: &str) -> ErrorKind {
        let answer = Answer::made_up(status, "application/json", body.as_bytes()).unwrap();
        explain(&answer).kind
    }

    #[test]
    fn a_taken_name_is_a_conflict_however_it_is_answered() {
        let body = r#"{"code":400,"message":"A token with the same name already exists!"}"#;
        assert_eq!(kind(400, body), taken());
        assert_eq!(kind(406, ""), taken());
        assert_eq!(
            kind(400, "A token with the same name already exists!"),
            taken()
        );
    }

    #[test]
    fn trouble_of_the_servers_own_is_not_blamed_on_the_configuration() {
        let body = r#"{"code":400,"message":"Unable to create or update the given token. Please try again later."}"#;
        assert_eq!(kind(400, body), ErrorKind::Ambiguous);
    }

    #[test]
    fn messages_are_put_where_they_belong() {
        for (message, expected) in [
            ("Please provide a name for this token.", "name"),
            (
                "DPM quota cannot be set on a Hosts subscription plan",
                "limits.dpm",
            ),
            (
                "Host/Container quota cannot be set on a MTS subscription plan",
                "limits",
            ),
            (
                "A principalId is required and may not be empty for acl entry",
                "visibility",
            ),
            (
                "One or more of provided users could not be validated [U9]",
                "visibility",
            ),
        ] {
            let body = serde_json::json!({ "code": 400, "message": message }).to_string();
            let ErrorKind::FixConfiguration { places } = kind(400, &body) else {
                panic!("{message}");
            };
            assert_eq!(places[0].0.to_string(), expected, "{message}");
        }
    }

    #[test]
    fn answers_without_a_body_are_understood() {
        assert_eq!(kind(401, ""), ErrorKind::SignIn);
        assert_eq!(kind(403, "no"), ErrorKind::Forbidden);
        assert_eq!(kind(404, ""), ErrorKind::Gone);
    }
}
