//! Token exchange (RFC 8693), in three forms: as the RFC says, as Dex takes it, and as OpenObserve wraps it. Nothing is kept: the
//! new token is in the answer and nowhere else.

mod check;
mod problem;
mod request;

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::token_exchange::TokenExchange;
use lanyard_compiler::model::{Lifetime, Settings};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::AttributePath;
use serde::Deserialize;

use crate::error::{ErrorKind, ServerError};
use crate::http::{Client, Credential, Dialect, address};
use crate::lenient::{null_is_default, seconds};

pub use check::{check, validate};

const SERVER: &str = "the token endpoint";
/// Dex answers alike for a bad token and for an upstream that is down: one more try tells many of them apart.
const SECOND_TRY: Duration = Duration::from_millis(500);

/// The answer to an exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchanged {
    pub token: Secret,
    /// `Bearer` in the server's spelling, or `N_A`.
    pub token_type: String,
    pub issued_token_type: String,
    /// What was granted; `None` if the server does not say.
    pub scope: Option<String>,
    /// `None` if the server does not say.
    pub expires_at: Option<Timestamp>,
    /// What else the answer should make people think of.
    pub doubt: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Wire {
    access_token: Secret,
    #[serde(default, deserialize_with = "null_is_default")]
    token_type: String,
    #[serde(default, deserialize_with = "null_is_default")]
    issued_token_type: String,
    /// Azure AD v1 and others wrote it as text.
    #[serde(default, deserialize_with = "seconds")]
    expires_in: Option<i64>,
    scope: Option<String>,
}

/// Exchanges a token at `endpoint`. Of the settings only the connection counts: certificates, time-outs, retries.
pub async fn exchange(
    settings: &Settings,
    endpoint: &str,
    exchange: &TokenExchange,
) -> Result<Exchanged, Diagnostic> {
    let (client, path) = connect(settings, endpoint, exchange)?;
    let request = request::request(&path, exchange);
    let started = Instant::now();
    let mut answer = client.json::<Wire>(&request).await;
    if answer.as_ref().is_err_and(problem::may_pass) {
        tokio::time::sleep(SECOND_TRY).await;
        answer = client.json::<Wire>(&request).await;
    }
    let Wire {
        access_token,
        token_type,
        issued_token_type,
        expires_in,
        scope,
    } = answer.map_err(|error| problem::refused(&error))?;
    // Counted from before the call: never later than the server's own count.
    let asked = SignedDuration::try_from(started.elapsed())
        .ok()
        .and_then(|elapsed| client.now().checked_sub(elapsed).ok())
        .unwrap_or_else(|| client.now());
    let expires_at = expires_in
        .and_then(|seconds| asked.checked_add(SignedDuration::from_secs(seconds)).ok())
        .and_then(|end| Timestamp::from_second(end.as_second()).ok());
    if access_token.expose().is_empty() {
        let empty = ServerError::new(ErrorKind::Bug, SERVER, "it answered with an empty token");
        return Err(empty.diagnostic());
    }
    if let Some(problem) = exchange
        .min_ttl
        .and_then(|wanted| too_short(wanted, expires_in))
    {
        return Err(problem);
    }
    Ok(Exchanged {
        token: access_token,
        token_type,
        doubt: another_type(&issued_token_type, exchange),
        issued_token_type,
        scope,
        expires_at,
    })
}

/// The token ends sooner than is needed, or nobody says when.
fn too_short(wanted: Lifetime, expires_in: Option<i64>) -> Option<Diagnostic> {
    let (lasts, hint) = match expires_in {
        Some(seconds) if u64::try_from(seconds).unwrap_or(0) >= wanted.seconds() => return None,
        Some(seconds) => (
            format!("It lasts {seconds} seconds"),
            "The server decides how long its tokens last: change it there, or ask for less.",
        ),
        None => (
            "The server does not say how long it lasts (`expires_in`)".to_owned(),
            "Leave out `min_ttl`: nothing tells whether it is met.",
        ),
    };
    let problem = Diagnostic::error(Code::TokenTooShort, "The new token ends too soon, or may");
    let problem = problem.detail(format!("{lasts}; `min_ttl` is {wanted}."));
    Some(problem.at(AttributePath::attribute("min_ttl")).hint(hint))
}

/// The answer's token is of another type than was asked for, or is none that a caller can show.
fn another_type(issued: &str, exchange: &TokenExchange) -> Option<Diagnostic> {
    let issued = request::short_type(issued);
    let wanted = exchange.requested_token_type.as_deref();
    let wanted = request::short_type(wanted.unwrap_or(issued));
    let doubt = |detail: String, hint: &str| {
        Diagnostic::warning(
            Code::AnotherTokenType,
            "The token is of another type than the answer says or you asked for",
        )
        .detail(detail)
        .at(AttributePath::attribute("requested_token_type"))
        .hint(hint)
    };
    match issued {
        // Keycloak puts the refresh token beside an access token, and names the former.
        "refresh_token" => Some(doubt(
            "The server says that it issued a refresh token; `token` is the access token that came with it, and the refresh token is not kept.".to_owned(),
            "Leave `requested_token_type` out, or ask for \"access_token\".",
        )),
        _ if issued != wanted && !issued.is_empty() => Some(doubt(
            format!("You asked for the type {wanted:?}, and the server issued {issued:?}."),
            "Ask for a type that the server issues.",
        )),
        _ => None,
    }
}

fn connect(
    settings: &Settings,
    endpoint: &str,
    exchange: &TokenExchange,
) -> Result<(Client, String), Diagnostic> {
    let at_endpoint = |mut problem: Diagnostic| {
        problem.path = AttributePath::attribute("endpoint");
        problem
    };
    let whole = Settings {
        url: Some(endpoint.to_owned()),
        ..settings.clone()
    };
    let address = address::of(&whole).map_err(at_endpoint)?;
    let origin = Settings {
        url: Some(address.origin()),
        ..whole
    };
    let mut hide = vec![exchange.subject_token.clone()];
    hide.extend(exchange.client_secret.clone());
    hide.extend(exchange.actor_token.clone());
    let dialect = Dialect {
        server: SERVER,
        explain: problem::explain,
        unavailable_means_unprocessed: false,
    };
    let client = Client::new(&origin, dialect, &Credential::PerRequest { hide });
    Ok((client.map_err(at_endpoint)?, address.path().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::scripted::{Server, answer};

    /// An exchange with nothing but the token to exchange.
    pub(super) fn plain() -> TokenExchange {
        TokenExchange {
            style: None,
            endpoint: None,
            subject_token: Secret::new("given&taken"),
            subject_token_type: None,
            client_id: None,
            client_secret: None,
            client_auth: None,
            connector_id: None,
            scopes: None,
            audiences: None,
            resources: None,
            requested_token_type: None,
            actor_token: None,
            actor_token_type: None,
            min_ttl: None,
        }
    }

    /// It is text, as it has to be, and nobody can sign in with it.
    #[tokio::test]
    async fn an_empty_token_is_refused() {
        let answered = async |token: &str| {
            let body = format!(r#"{{"access_token":"{token}","token_type":"bearer"}}"#);
            let headers = "content-type: application/json\r\n";
            let server = Server::start(vec![answer("200 OK", headers, &body)]).await;
            exchange(&Settings::default(), &server.url, &plain()).await
        };
        assert_eq!(answered("new").await.unwrap().token, Secret::new("new"));
        let refused = answered("").await.unwrap_err();
        assert!(refused.detail.contains("an empty token"), "{refused}");
    }

    /// The token is issued, and nobody else gets it.
    #[test]
    fn an_end_is_read_however_it_is_written() {
        for (said, expected) in [
            ("3599", Some(3599)),
            (r#""3599""#, Some(3599)),
            ("3599.9", Some(3599)),
            (r#""3599.0""#, Some(3599)),
            ("null", None),
            (r#""soon""#, None),
            ("[]", None),
            ("1e300", Some(i64::MAX)),
        ] {
            let text = format!(
                r#"{{"access_token":"t","token_type":null,"issued_token_type":null,"expires_in":{said}}}"#
            );
            let wire: Wire = serde_json::from_str(&text).unwrap();
            assert_eq!(wire.expires_in, expected, "{said}");
        }
        let wire: Wire = serde_json::from_str(r#"{"access_token":"t"}"#).unwrap();
        assert_eq!((wire.expires_in, wire.token_type.as_str()), (None, ""));
    }

    /// Dex says so of clients that do not trust each other, with the status of a passing fault.
    #[tokio::test]
    async fn what_will_not_pass_is_asked_once() {
        let body = r#"{"error":"server_error"}"#;
        let headers = "content-type: application/json\r\n";
        let refused = answer("500 Internal Server Error", headers, body);
        let server = Server::start(vec![refused; 2]).await;
        let refused = exchange(&Settings::default(), &server.url, &plain()).await;
        assert_eq!((refused.is_err(), server.seen()), (true, 1));
    }

    #[test]
    fn a_token_whose_end_is_not_told_may_be_too_short() {
        let wanted = Lifetime::from_seconds(300);
        assert_eq!(too_short(wanted, Some(300)), None);
        for (lasts, told) in [
            (Some(299), "lasts 299 seconds"),
            (Some(-1), "-1"),
            (None, "not say"),
        ] {
            let problem = too_short(wanted, lasts).unwrap();
            assert!(problem.detail.contains(told), "{problem}");
        }
    }

    #[test]
    fn a_token_of_another_type_is_told() {
        let told = |issued: &str, wanted: Option<&str>| {
            let exchange = TokenExchange {
                requested_token_type: wanted.map(str::to_owned),
                ..plain()
            };
            let issued = format!("urn:ietf:params:oauth:token-type:{issued}");
            another_type(&issued, &exchange).map(|doubt| doubt.detail)
        };
        assert_eq!(told("access_token", None), None);
        assert_eq!(told("id_token", Some("id_token")), None);
        let refresh = told("refresh_token", Some("refresh_token")).unwrap();
        assert!(refresh.contains("`token` is the access token"), "{refresh}");
        let other = told("access_token", Some("jwt")).unwrap();
        assert!(
            other.contains("\"jwt\", and the server issued \"access_token\""),
            "{other}"
        );
    }
}
