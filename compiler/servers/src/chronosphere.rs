//! Chronosphere's Config API v1: service accounts that carry one secret for life.
//!
//! No operation changes an account or its secret, and none makes a second secret. The create answer alone shows the secret: an
//! account whose answer was lost is deleted and created again. Unless a comment names another source, it was read from
//! chronosphereio/terraform-provider-chronosphere at 596630a, `chronosphere/pkg/configv1/swagger.json`.

mod accounts;
mod answer;
mod sign_in;
mod wire;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Settings;
use lanyard_compiler::model::server::{Capabilities, chronosphere::CAPABILITIES};

use crate::clock::Clock;
use crate::error::Result;
use crate::hosted::{self, Hosting};
use crate::http::{Client, Dialect, Request};
use crate::recognition::Recognition;
use crate::record::{Identity, Reference, ServerDescription};
use crate::session::Session;
use crate::token_server::TokenServer;

pub(crate) const HOSTING: Hosting = Hosting {
    title: CAPABILITIES.title,
    code: Code::InvalidTenant,
    name: "tenant",
    explanation: "what stands before `.chronosphere.io`",
    remedy: "Use the tenant's name alone, or set `url`.",
    address: |tenant| format!("https://{tenant}.chronosphere.io"),
};

/// A tenant of Chronosphere.
pub(crate) struct Chronosphere {
    api: Recognition<wire::List>,
    session: Session,
}

impl Chronosphere {
    pub(crate) fn connect(settings: &Settings) -> Result<Self, Diagnostic> {
        let dialect = Dialect {
            server: CAPABILITIES.title,
            explain: answer::explain,
            unavailable_means_unprocessed: false,
        };
        let credential = sign_in::credential(settings)?;
        let client = Client::new(
            &hosted::addressed(settings, &HOSTING)?,
            dialect,
            &credential,
        )?;
        let question = Request::get(accounts::ACCOUNTS).query("page.max_size", Some(1));
        Ok(Self {
            api: Recognition::new(client, question, answer::NOT_HERE),
            session: Session::default(),
        })
    }
}

#[async_trait]
impl TokenServer for Chronosphere {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn clock(&self) -> Clock {
        self.api.client.clock()
    }

    fn address(&self) -> String {
        self.api.client.address().to_string()
    }

    /// The e-mail address of the account, as chronoctl asks for it (chronosphereio/chronoctl-core at 653f82e, `src/cmd/pkg/auth/auth.go`).
    /// A restricted account can call nothing of the Config API: docs.chronosphere.io, `administer/accounts-teams/service-accounts`.
    async fn identity(&self) -> Result<Identity> {
        let who: wire::WhoAmI = self.api.fixed(&Request::get("/auth/whoami")).await?;
        let email = who.email.unwrap_or_default();
        let is_account = email.ends_with("@serviceaccount.chronosphere.io");
        Ok(Identity {
            kind: if is_account {
                "service_account"
            } else {
                "user"
            }
            .to_owned(),
            id: email.clone(),
            name: email.clone(),
            service_account: is_account.then(|| Reference {
                id: email.clone(),
                name: email,
            }),
            ..Identity::default()
        })
    }

    async fn describe(&self) -> Result<ServerDescription> {
        self.api.recognize().await?;
        Ok(ServerDescription {
            api: CAPABILITIES.api.name().to_owned(),
            url: self.address(),
            ..ServerDescription::default()
        })
    }

    fn session(&self) -> &Session {
        &self.session
    }
}
