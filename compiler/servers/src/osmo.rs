//! NVIDIA OSMO: users that serve as accounts, and personal access tokens that end with a day.
//!
//! It has no service accounts: an account is a user. A token cannot be changed or rotated, so each secret is a token of its own
//! (see [`crate::slots`]). "Not found" comes as 400, and a refusal of a busy server can hide that the work was done: [`answer`] knows
//! the texts. Unless a comment names another source: NVIDIA/OSMO at 1da31e19e (6.4.0), `src/service/core/auth/auth_service.py`, and
//! recordings of that service.

mod accounts;
mod answer;
mod sign_in;
mod tokens;
mod wire;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::Settings;
use lanyard_compiler::model::server::{Capabilities, osmo::CAPABILITIES};
use lanyard_compiler::secret::Secret;
use reqwest::header::HeaderValue;
use serde::de::DeserializeOwned;

use crate::clock::Clock;
use crate::error::{ErrorKind, Result, ServerError};
use crate::http::{Client, Credential, Dialect, Request};
use crate::record::{Identity, Reference, ServerDescription};
use crate::session::Session;
use crate::shared_lists::SharedLists;
use crate::token_server::{NamesOnly, TokenServer, is_let_in};
use sign_in::SignIn;

/// A connection to OSMO's gateway, or to its core service in development mode.
pub(crate) struct Osmo {
    client: Client,
    session: Session,
    sign_in: SignIn,
    token_lists: SharedLists<Vec<wire::Token>>,
}

impl Osmo {
    pub(crate) fn connect(settings: &Settings) -> Result<Self, Diagnostic> {
        let sign_in = SignIn::from_settings(settings)?;
        let dialect = Dialect {
            server: CAPABILITIES.title,
            explain: answer::explain,
            unavailable_means_unprocessed: false,
        };
        let credential = Credential::PerRequest {
            hide: settings.token.iter().cloned().collect(),
        };
        Ok(Self {
            client: Client::new(settings, dialect, &credential)?,
            session: Session::default(),
            sign_in,
            token_lists: SharedLists::default(),
        })
    }

    /// Sends a request with the proof that the gateway wants; once more if the proof had run out in the meantime: the gateway
    /// refuses before anything is worked on.
    async fn call<T: DeserializeOwned>(&self, request: Request) -> Result<T> {
        let (name, proof) = self.sign_in.proof(&self.client).await?;
        let first = self
            .client
            .json(&request.clone().header(name, proof.clone()))
            .await;
        match first {
            Err(error) if error.kind == ErrorKind::SignIn && self.sign_in.renew(&proof).await => {
                let (name, proof) = self.sign_in.proof(&self.client).await?;
                self.client.json(&request.header(name, proof)).await
            }
            answer => answer,
        }
    }
}

#[async_trait]
impl TokenServer for Osmo {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn clock(&self) -> Clock {
        self.client.clock()
    }

    fn address(&self) -> String {
        self.client.address().to_string()
    }

    async fn identity(&self) -> Result<Identity> {
        let (_, proof) = self.sign_in.proof(&self.client).await?;
        if let Some(user) = self.sign_in.development_user() {
            let user: wire::UserWithRoles = self.call(Request::get(accounts::path(user)?)).await?;
            return Ok(user.identity());
        }
        let mut identity = wire::Claims::read(&proof)
            .map(wire::Claims::identity)
            .ok_or_else(|| {
                ServerError::new(
                    ErrorKind::Bug,
                    CAPABILITIES.title,
                    "the token that it exchanged ours for names no user",
                )
            })?;
        if let Some(token) = &mut identity.access_token {
            // The JWT ends with its five minutes; the profile knows the end of the token behind it.
            let profile = self.call::<wire::Profile>(Request::get("/api/profile/settings"));
            token.expires_at = profile.await.ok().and_then(|profile| profile.ends_at());
        }
        Ok(identity)
    }

    async fn describe(&self) -> Result<ServerDescription> {
        let version: wire::Version = self.client.json(&Request::get("/api/version")).await?;
        let roles = self.role_names().await?;
        Ok(ServerDescription {
            api: CAPABILITIES.api.name().to_owned(),
            url: self.address(),
            version: Some(version.to_string()),
            features: Vec::new(),
            roles,
        })
    }

    fn names_only(&self) -> Option<&dyn NamesOnly> {
        Some(self)
    }

    fn session(&self) -> &Session {
        &self.session
    }
}

#[async_trait]
impl NamesOnly for Osmo {
    async fn lets_in(&self, secret: &Secret) -> Result<bool> {
        is_let_in(sign_in::exchange(&self.client, secret).await)
    }
}

fn user_reference(id: &str) -> Reference {
    Reference {
        id: id.to_owned(),
        name: id.to_owned(),
    }
}

/// The value of a header that no log shows.
fn hidden(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
