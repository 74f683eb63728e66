//! Elasticsearch: service accounts, built in or user-managed, and their tokens.
//!
//! Tokens have a name and a secret and nothing else; none can be replaced, so each secret is a token of its own (see
//! [`crate::slots`]). Whether accounts can be made is asked, not guessed from a version. Unless a comment names another
//! source, it was read from elastic/elasticsearch, 7.13 to 9.6: `rest-api-spec/src/main/resources/rest-api-spec/api/security.*.json` and
//! `x-pack/plugin/security/src/main/java/org/elasticsearch/xpack/security/{authc,rest/action}/service/`.

mod accounts;
mod answer;
mod sign_in;
mod tokens;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::Settings;
use lanyard_compiler::model::record::Standing;
use lanyard_compiler::model::server::Capabilities;
use lanyard_compiler::model::server::elasticsearch::{BUILT_IN_ONLY, CAPABILITIES};
use lanyard_compiler::secret::Secret;
use parking_lot::Mutex;
use reqwest::header::HeaderValue;
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;

use crate::clock::Clock;
use crate::error::{ErrorKind, Result};
use crate::http::{Client, Dialect, Request};
use crate::record::{BeyondReach, Identity, ServerDescription};
use crate::session::Session;
use crate::shared_lists::SharedLists;
use crate::token_server::{NamesOnly, TokenServer, is_let_in};

/// How long the index of tokens has to come back after a refusal.
const BETWEEN_TRIALS: Duration = Duration::from_secs(1);
/// One that every cluster has.
const ANY_ACCOUNT: &str = "/_security/service/elastic/fleet-server";

/// A cluster.
pub(crate) struct Elasticsearch {
    client: Client,
    session: Session,
    token_lists: SharedLists<Vec<tokens::Token>>,
    /// What their account makes of tokens.
    owners: SharedLists<Standing>,
    /// The names of all accounts, as the first page of their tokens found them: later pages go on there.
    paged: Mutex<Arc<Vec<String>>>,
    /// Whether accounts can be made here, once it was asked.
    manages_accounts: OnceCell<ManagesAccounts>,
}

/// Whether a cluster has accounts beside the built-in ones.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ManagesAccounts {
    Yes,
    No,
    /// Our credential may not ask, or not every node answered; accounts may be made all the same.
    NotTold,
}

impl Elasticsearch {
    pub(crate) fn connect(settings: &Settings) -> Result<Self, Diagnostic> {
        let dialect = Dialect {
            server: CAPABILITIES.title,
            explain: answer::explain,
            unavailable_means_unprocessed: false,
        };
        let credential = sign_in::credential(settings)?;
        Ok(Self {
            client: Client::new(settings, dialect, &credential)?,
            session: Session::default(),
            token_lists: SharedLists::default(),
            owners: SharedLists::default(),
            paged: Mutex::default(),
            manages_accounts: OnceCell::new(),
        })
    }

    /// Sends a request. Elasticsearch wants one type in `Accept`.
    async fn call<T: DeserializeOwned>(&self, request: Request) -> Result<T> {
        let json = HeaderValue::from_static("application/json");
        self.client.json(&request.header("accept", json)).await
    }

    /// Whether accounts can be made here. A cluster of several projects knows the feature and does not report it, and then does not
    /// have it (the `requires` blocks of the vendor's `20_user_managed.yml`); older clusters do not know the question.
    async fn manages_accounts(&self) -> Result<ManagesAccounts> {
        let asked = self.manages_accounts.get_or_try_init(|| async {
            let request = Request::get("/_capabilities")
                .query("method", Some("PUT"))
                .query("path", Some("/_security/service/{namespace}/{service}"))
                .query("capabilities", Some("user_managed_service_accounts"));
            match self.call::<wire::Supported>(request).await {
                Ok(answer) => Ok(match answer.supported {
                    Some(true) => ManagesAccounts::Yes,
                    Some(false) => ManagesAccounts::No,
                    None => ManagesAccounts::NotTold,
                }),
                Err(error) if error.kind == ErrorKind::Forbidden => Ok(ManagesAccounts::NotTold),
                Err(error) => match error.place.as_ref().and_then(|place| place.status) {
                    Some(400 | 404 | 405) => Ok(ManagesAccounts::No),
                    _ => Err(error),
                },
            }
        });
        asked.await.copied()
    }
}

#[async_trait]
impl TokenServer for Elasticsearch {
    fn capabilities(&self) -> &'static Capabilities {
        match self.manages_accounts.get() {
            Some(ManagesAccounts::No) => &BUILT_IN_ONLY,
            Some(ManagesAccounts::Yes | ManagesAccounts::NotTold) | None => &CAPABILITIES,
        }
    }

    async fn probe(&self) -> Result<&'static Capabilities> {
        self.manages_accounts().await?;
        Ok(self.capabilities())
    }

    fn clock(&self) -> Clock {
        self.client.clock()
    }

    fn address(&self) -> String {
        self.client.address().to_string()
    }

    async fn identity(&self) -> Result<Identity> {
        let who: wire::Authenticated = self.call(Request::get("/_security/_authenticate")).await?;
        Ok(who.into())
    }

    async fn describe(&self) -> Result<ServerDescription> {
        let root: wire::Root = self.call(Request::get("/")).await?;
        let features = if self.manages_accounts().await? == ManagesAccounts::Yes {
            vec!["user_managed_service_accounts".to_owned()]
        } else {
            Vec::new()
        };
        Ok(ServerDescription {
            api: CAPABILITIES.api.name().to_owned(),
            url: self.address(),
            version: root.version.and_then(|version| version.number),
            features,
            roles: Vec::new(),
        })
    }

    async fn beyond_reach(&self, accounts: Vec<String>) -> Result<Vec<BeyondReach>> {
        self.in_files(accounts).await
    }

    fn names_only(&self) -> Option<&dyn NamesOnly> {
        Some(self)
    }

    fn session(&self) -> &Session {
        &self.session
    }
}

#[async_trait]
impl NamesOnly for Elasticsearch {
    async fn lets_in(&self, secret: &Secret) -> Result<bool> {
        let Some(request) = Request::get("/_security/_authenticate").with_bearer(secret) else {
            return Ok(false);
        };
        let ask = || self.call::<wire::Authenticated>(request.clone());
        if is_let_in(ask().await)? {
            return Ok(true);
        }
        // While the index of tokens cannot be read, every token is refused: one refusal is no proof, and two with an answer from the index
        // between them are.
        tokio::time::sleep(BETWEEN_TRIALS).await;
        self.credentials(ANY_ACCOUNT).await?;
        is_let_in(ask().await)
    }
}
