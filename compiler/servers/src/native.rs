//! The native token server API: the open contract of `docs/native-api.openapi.json`.
//!
//! Its secrets are minted here: a request carries the hash only, and an idempotency key, so that repeating it after a lost answer
//! does no harm and the secret cannot be lost on the way.

mod accounts;
mod answer;
mod mint;
mod requests;
mod sign_in;
mod tokens;
mod wire;

#[cfg(test)]
mod hostile_answers;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::Settings;
use lanyard_compiler::model::server::{Capabilities, native::CAPABILITIES};

use crate::clock::Clock;
use crate::error::Result;
use crate::http::{Client, Dialect, Request};
use crate::recognition::Recognition;
use crate::record::{Identity, ServerDescription};
use crate::session::Session;
use crate::token_server::TokenServer;

const WHOAMI: &str = "/v1/whoami";

/// A server of the native API.
pub(crate) struct Native {
    api: Recognition<wire::Identity>,
    session: Session,
}

impl Native {
    pub(crate) fn connect(settings: &Settings) -> Result<Self, Diagnostic> {
        let dialect = Dialect {
            server: CAPABILITIES.title,
            explain: answer::explain,
            unavailable_means_unprocessed: false,
        };
        let client = Client::new(settings, dialect, &sign_in::credential(settings)?)?;
        Ok(Self {
            api: Recognition::new(client, Request::get(WHOAMI), answer::NOT_HERE),
            session: Session::default(),
        })
    }
}

#[async_trait]
impl TokenServer for Native {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn clock(&self) -> Clock {
        self.api.client.clock()
    }

    fn address(&self) -> String {
        self.api.client.address().to_string()
    }

    async fn identity(&self) -> Result<Identity> {
        let identity: wire::Identity = self.api.fixed(&Request::get(WHOAMI)).await?;
        Ok(identity.into())
    }

    async fn describe(&self) -> Result<ServerDescription> {
        let capabilities: wire::Offered = self.api.fixed(&Request::get("/v1/capabilities")).await?;
        Ok(capabilities.describe(self.address()))
    }

    fn session(&self) -> &Session {
        &self.session
    }
}
