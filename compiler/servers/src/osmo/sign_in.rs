//! Who we are to OSMO: the access token itself opens nothing but the exchange for a JWT that lasts five minutes; the gateway has a
//! filter for JWTs alone (`deployments/charts/service/templates/_gateway-envoy-config.tpl`).

use jiff::{SignedDuration, Timestamp};
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Settings;
use lanyard_compiler::model::server::osmo::CAPABILITIES;
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::AttributePath;
use reqwest::Method;
use reqwest::header::HeaderValue;
use serde_json::json;
use tokio::sync::Mutex;

use super::answer::NOT_HERE;
use super::{hidden, wire};
use crate::error::{ErrorKind, Result, ServerError};
use crate::http::{Client, Repeat, Request, given};

/// A JWT this close to its end is replaced first: the request still has to arrive.
const MARGIN: SignedDuration = SignedDuration::from_secs(10);

/// How requests prove who sends them.
pub(super) enum SignIn {
    /// Exchanges an access token, and again when the JWT runs out.
    Exchange {
        token: Secret,
        /// Locked during an exchange, so that many requests share one.
        current: Mutex<Option<Proof>>,
    },
    /// A development server believes a header.
    Development { user: String, header: HeaderValue },
}

/// An `Authorization` header and the end of its JWT.
pub(super) struct Proof {
    header: HeaderValue,
    expires_at: Timestamp,
}

impl SignIn {
    pub(super) fn from_settings(settings: &Settings) -> Result<Self, Diagnostic> {
        if let Some(token) = given(&settings.token) {
            let current = Mutex::default();
            return Ok(Self::Exchange { token, current });
        }
        let user = settings.username.clone().filter(|user| !user.is_empty());
        match user.and_then(|user| {
            HeaderValue::from_str(&user)
                .ok()
                .map(|header| (user, header))
        }) {
            Some((user, header)) => Ok(Self::Development { user, header }),
            None => Err(missing_credential()),
        }
    }

    /// The user of a development server.
    pub(super) fn development_user(&self) -> Option<&str> {
        match self {
            Self::Exchange { .. } => None,
            Self::Development { user, .. } => Some(user),
        }
    }

    /// The header that proves who we are.
    pub(super) async fn proof(&self, client: &Client) -> Result<(&'static str, HeaderValue)> {
        let (token, current) = match self {
            Self::Development { header, .. } => return Ok(("x-osmo-user", header.clone())),
            Self::Exchange { token, current } => (token, current),
        };
        let mut current = current.lock().await;
        if let Some(proof) = &*current
            && proof.expires_at.duration_since(client.now()) > MARGIN
        {
            return Ok(("authorization", proof.header.clone()));
        }
        let proof = exchange(client, token).await?;
        let header = proof.header.clone();
        *current = Some(proof);
        Ok(("authorization", header))
    }

    /// Drops a proof that was refused; false if there is nothing to renew.
    pub(super) async fn renew(&self, refused: &HeaderValue) -> bool {
        let Self::Exchange { current, .. } = self else {
            return false;
        };
        let mut current = current.lock().await;
        // Somebody else may have renewed it already.
        if current
            .as_ref()
            .is_some_and(|proof| proof.header == *refused)
        {
            *current = None;
        }
        true
    }
}

/// The exchange wants no login, and refuses tokens with 400: a gateway that asks for one stands at another address.
fn not_the_exchange(error: ServerError) -> ServerError {
    let status = error.place.as_ref().and_then(|place| place.status);
    if status != Some(401) {
        return error;
    }
    ServerError {
        kind: ErrorKind::FixConfiguration { places: Vec::new() },
        detail: NOT_HERE.to_owned(),
        ..error
    }
}

pub(super) async fn exchange(client: &Client, token: &Secret) -> Result<Proof> {
    // Asking twice gives two JWTs, which hurts nobody.
    let request = Request::new(Method::POST, "/api/auth/jwt/access_token", Repeat::Freely)
        .body("application/json", &json!({ "token": token.expose() }))
        .hiding([token]);
    let wire::Exchanged { token, expires_at } =
        client.json(&request).await.map_err(not_the_exchange)?;
    let header = hidden(&format!("Bearer {}", token.expose()));
    header
        .zip(Timestamp::from_second(expires_at).ok())
        .map(|(header, expires_at)| Proof { header, expires_at })
        .ok_or_else(|| {
            ServerError::new(
                ErrorKind::Bug,
                CAPABILITIES.title,
                "the token that it exchanged ours for cannot be sent",
            )
        })
}

fn missing_credential() -> Diagnostic {
    Diagnostic::error(Code::MissingCredential, "The credential is missing")
        .detail("OSMO takes an access token, and neither the setting `token` nor the environment variable LANYARD_TOKEN is set.")
        .at(AttributePath::attribute("token"))
        .hint("Set `token` to an access token of a user whose role is `osmo-admin`.")
        .hint("A development server without a gateway takes `username` instead: the user to act as.")
}
