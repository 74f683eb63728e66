//! Token exchange (RFC 8693), in three forms: as the RFC says, as Dex takes it, and as OpenObserve wraps it. Nothing is kept: the
//! new token is in the answer and nowhere else.

mod check;
mod problem;
mod request;

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::Settings;
use lanyard_compiler::model::token_exchange::TokenExchange;
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::AttributePath;
use reqwest::Url;
use serde::Deserialize;

use crate::http::{Address, Client, Credential, Dialect};

pub use check::check;

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
    pub scope: Option<String>,
    /// `None` if the server does not say.
    pub expires_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Wire {
    access_token: Secret,
    #[serde(default)]
    token_type: String,
    #[serde(default)]
    issued_token_type: String,
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
    if let (Some(wanted), Some(seconds)) = (exchange.min_ttl, expires_in)
        && u64::try_from(seconds).unwrap_or(0) < wanted.seconds()
    {
        return Err(Diagnostic::error("token-too-short", "The new token ends too soon")
            .detail(format!(
                "It lasts {seconds} seconds; `min_ttl` is {wanted}."
            ))
            .at(AttributePath::attribute("min_ttl"))
            .hint("The server decides how long its tokens last: change it there, or ask for less."));
    }
    let asked_for = exchange.scopes.as_ref().map(request::joined);
    Ok(Exchanged {
        token: access_token,
        token_type,
        issued_token_type,
        // A server that gives what was asked for need not say so.
        scope: scope.or(asked_for),
        expires_at,
    })
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
    Address::parse(&whole).map_err(at_endpoint)?;
    let url = Url::parse(endpoint.trim()).map_err(|problem| {
        at_endpoint(
            Diagnostic::error("invalid-url", "The endpoint is not an address")
                .detail(format!("{problem}.")),
        )
    })?;
    let path = url.path().to_owned();
    let origin = Settings {
        url: Some(url.origin().ascii_serialization()),
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
    Ok((client.map_err(at_endpoint)?, path))
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
