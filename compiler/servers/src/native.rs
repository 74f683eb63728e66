//! The native token server API: the open contract of `docs/native-api.openapi.json`.
//!
//! Its secrets are minted here: a request carries the hash only, and an idempotency key, so that repeating it after a lost answer
//! does no harm and the secret cannot be lost on the way.

mod mint;
mod objects;
mod problem;
mod wire;

#[cfg(test)]
mod hostile_answers;

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::Settings;
use lanyard_compiler::model::server::{Capabilities, native::CAPABILITIES};
use lanyard_compiler::value::AttributePath;
use serde::de::DeserializeOwned;

use crate::error::{ErrorKind, ServerError};
use crate::http::{Client, Credential, Dialect, Request};
use crate::record::{Identity, ServerDescription};
use crate::session::Session;
use crate::token_server::TokenServer;

/// A server of the native API.
pub(crate) struct Native {
    client: Client,
    session: Session,
    /// True once anything below `/v1` was answered as the API says: from then on "not found" speaks of an object, not of a wrong
    /// address.
    recognized: AtomicBool,
}

impl Native {
    pub(crate) fn connect(settings: &Settings) -> Result<Self, Diagnostic> {
        let Some(token) = settings
            .token
            .clone()
            .filter(|token| !token.expose().is_empty())
        else {
            return Err(Diagnostic::error("missing-credential", "The credential is missing")
                .detail("The native token server takes a token, and neither the setting `token` nor the environment variable LANYARD_TOKEN is set.")
                .at(AttributePath::attribute("token"))
                .hint("Set `token` to the secret of an access token whose role is `admin`."));
        };
        let dialect = Dialect {
            server: CAPABILITIES.title,
            explain: problem::explain,
            unavailable_means_unprocessed: false,
        };
        Ok(Self {
            client: Client::new(settings, dialect, &Credential::Bearer(token))?,
            session: Session::default(),
            recognized: AtomicBool::new(false),
        })
    }

    /// A request to one object, which may turn out not to exist.
    async fn object<T: DeserializeOwned>(&self, request: &Request) -> Result<T, ServerError> {
        let answer = self.client.json(request).await;
        if answer.is_ok() {
            self.recognized.store(true, Ordering::Relaxed);
        }
        answer
    }

    /// A request to what every server of this API has. "Not found" means that this is none.
    async fn fixed<T: DeserializeOwned>(&self, request: &Request) -> Result<T, ServerError> {
        self.object(request).await.map_err(|mut error| {
            if error.is_gone() {
                error.kind = ErrorKind::FixConfiguration { places: Vec::new() };
                error.detail = problem::NOT_HERE.to_owned();
            }
            error
        })
    }

    /// Believes "not found" only of a server that has shown to speak this API at this address with this credential.
    async fn gone<T>(&self, result: Result<T, ServerError>) -> Result<Option<T>, ServerError> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is_gone() => {
                if !self.recognized.load(Ordering::Relaxed) {
                    self.identity().await?;
                }
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl TokenServer for Native {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn now(&self) -> Timestamp {
        self.client.now()
    }

    fn keeps_owners(&self) -> bool {
        true
    }

    async fn identity(&self) -> Result<Identity, ServerError> {
        let identity: wire::Identity = self.fixed(&Request::get("/v1/whoami")).await?;
        Ok(identity.into())
    }

    async fn describe(&self) -> Result<ServerDescription, ServerError> {
        let capabilities: wire::Capabilities =
            self.fixed(&Request::get("/v1/capabilities")).await?;
        Ok(capabilities.describe(self.client.address().to_string()))
    }

    fn session(&self) -> &Session {
        &self.session
    }
}
