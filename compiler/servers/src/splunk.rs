//! Splunk Observability Cloud: the organization's access tokens. "The reference", in comments here, is
//! <https://dev.splunk.com/observability/reference/api/org_tokens/latest>; "the provider" is splunk-terraform/terraform-provider-signalfx at
//! d6ed2e4d with its client signalfx/signalfx-go v1.63.0.
//!
//! A token is addressed by its name, so its name is its `id`, and a rename moves it. Reads show the secret: an answer that was lost
//! is made good by reading, and adopting disturbs nobody.

mod answer;
mod permissions;
mod sign_in;
mod tokens;
mod wire;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Settings;
use lanyard_compiler::model::server::{Capabilities, splunk::CAPABILITIES};
use lanyard_compiler::secret::Secret;
use tokio::sync::OnceCell;

use crate::clock::Clock;
use crate::error::{ErrorKind, Result};
use crate::hosted::{self, Hosting};
use crate::http::{Client, Dialect, Request};
use crate::recognition::Recognition;
use crate::record::{Identity, IdentityToken, ServerDescription};
use crate::session::Session;
use crate::token_server::TokenServer;

pub(crate) const HOSTING: Hosting = Hosting {
    title: CAPABILITIES.title,
    code: Code::InvalidRealm,
    name: "realm",
    explanation: "the realm, for example \"us1\"",
    remedy: "Your profile page in Splunk Observability names the realm. Or set `url`.",
    address: |realm| format!("https://api.{realm}.signalfx.com"),
};

/// An organization of Splunk Observability Cloud.
pub(crate) struct Splunk {
    api: Recognition<wire::List>,
    session: Session,
    /// Our own credential, to find it among the tokens; none where we sign in.
    token: Option<Secret>,
    organization: OnceCell<String>,
    /// Whether the credential may see tokens other than itself.
    sees_others: OnceCell<bool>,
}

impl Splunk {
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
        )?
        // As signalfx-go does, on GET and DELETE too.
        .always_stating("application/json");
        let question = Request::get(tokens::TOKENS).query("limit", Some(1));
        Ok(Self {
            api: Recognition::new(client, question, answer::NOT_HERE),
            session: Session::default(),
            token: settings.token.clone(),
            organization: OnceCell::new(),
            sees_others: OnceCell::new(),
        })
    }

    /// The organization's id: who "everyone" is.
    async fn organization_id(&self) -> Result<&str> {
        let id = self.organization.get_or_try_init(|| async {
            let organization: wire::Organization =
                self.api.fixed(&Request::get("/v2/organization")).await?;
            Ok(organization.id.unwrap_or_default())
        });
        id.await.map(String::as_str)
    }

    /// Refuses to take what is not found for gone where the credential is a token of the organization: those see themselves alone, says the
    /// reference of `GET /v2/token`.
    async fn must_see_others(&self) -> Result<()> {
        let Some(own) = &self.token else {
            // Sessions that we open are people's.
            return Ok(());
        };
        let sees_others = self.sees_others.get_or_try_init(|| async {
            let two = self.tokens(None, 0, 2).await?;
            Ok(!two.is_only(own))
        });
        if *sees_others.await? {
            Ok(())
        } else {
            Err(answer::sees_itself_alone())
        }
    }
}

#[async_trait]
impl TokenServer for Splunk {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn clock(&self) -> Clock {
        self.api.client.clock()
    }

    fn address(&self) -> String {
        self.api.client.address().to_string()
    }

    async fn organization(&self) -> Option<&str> {
        let id = self.organization_id().await.ok();
        id.filter(|id| !id.is_empty())
    }

    /// The API does not say who a credential is. A token of the organization that may read tokens at all sees itself alone, says the
    /// reference of `GET /v2/token`.
    async fn identity(&self) -> Result<Identity> {
        let organization: wire::Organization =
            self.api.fixed(&Request::get("/v2/organization")).await?;
        let visible = match self.tokens(None, 0, tokens::PAGE).await {
            Err(error) if error.kind == ErrorKind::Bug => return Err(error),
            visible => visible.ok(),
        };
        let own = visible
            .into_iter()
            .flat_map(|list| list.tokens().read)
            .find(|token| self.token.as_ref().is_some_and(|own| token.is(own)));
        let Some(token) = own else {
            return Ok(Identity {
                kind: "user".to_owned(),
                id: organization.id.unwrap_or_default(),
                name: organization.organization_name.unwrap_or_default(),
                ..Identity::default()
            });
        };
        let record = token.record();
        Ok(Identity {
            kind: "access_token".to_owned(),
            id: record.id.clone(),
            name: record.name.clone(),
            roles: record.roles.iter().flatten().cloned().collect(),
            scopes: record.scopes.iter().flatten().cloned().collect(),
            access_token: Some(IdentityToken {
                id: record.id,
                name: record.name,
                expires_at: record.expires_at,
                generation: None,
            }),
            ..Identity::default()
        })
    }

    async fn describe(&self) -> Result<ServerDescription> {
        self.api.recognize().await?;
        Ok(ServerDescription {
            api: CAPABILITIES.api.name().to_owned(),
            url: self.address(),
            roles: ["power", "read_only", "usage"].map(str::to_owned).to_vec(),
            ..ServerDescription::default()
        })
    }

    async fn sign_out(&self) {
        self.api.client.sign_out().await;
    }

    fn session(&self) -> &Session {
        &self.session
    }
}
