//! OpenObserve: service accounts with one secret each, and an organization's ingestion tokens.
//!
//! There is no call for one object: every read is a list. Writes go to the database and reach the lists, and the check of tokens,
//! a moment later: after each write the list is asked until it shows it. An account is an e-mail address that is global, with a
//! secret in each organization; ids are `ORGANIZATION/EMAIL`, and `ORGANIZATION/NAME` for ingestion tokens, whose names cannot
//! hold an `@`. The same routes would change people too: nothing is touched that is not listed as a service account. Unless a comment
//! names another source: openobserve/openobserve at fbab9b80 (v0.93.0-dev), `src/api/management/src/request/users/service_accounts.rs`
//! and `src/core/src/{users,ingestion_tokens}.rs`.

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
use lanyard_compiler::model::server::Capabilities;
use lanyard_compiler::model::server::openobserve::{
    CAPABILITIES, ELSEWHERE, OPEN_SOURCE, OPEN_SOURCE_ELSEWHERE,
};
use lanyard_compiler::secret::Secret;
use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use tokio::sync::OnceCell;

use crate::clock::Clock;
use crate::contest::Contest;
use crate::error::{ErrorKind, Result, ServerError};
use crate::http::{Client, Dialect, Repeat, Request, address_segment, segment};
use crate::object::{Judge, Seen};
use crate::record::{Identity, Reference, ServerDescription};
use crate::session::Session;
use crate::shared_lists::SharedLists;
use crate::token_server::TokenServer;

/// A connection to one organization.
pub(crate) struct OpenObserve {
    client: Client,
    session: Session,
    organization: String,
    username: String,
    config: OnceCell<wire::Config>,
    account_lists: SharedLists<Vec<wire::Account>>,
    people: SharedLists<Vec<wire::Account>>,
    token_lists: SharedLists<Vec<wire::IngestionToken>>,
}

/// An id: what it is called in which organization.
struct Id<'a> {
    organization: &'a str,
    name: &'a str,
}

/// A new secret of an account, and what the list shows of it.
struct Rotated {
    secret: Secret,
    prefix: Option<String>,
    before: wire::Account,
}

/// How long a write may take to reach the lists: openobserve/terraform-provider-openobserve waits as long for settings.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a request without an answer is given to be done after all.
const LATE: Duration = Duration::from_secs(3);
const FIRST_PAUSE: Duration = Duration::from_millis(20);

impl OpenObserve {
    pub(crate) fn connect(settings: &Settings) -> Result<Self, Diagnostic> {
        let credential = sign_in::credential(settings)?;
        let dialect = Dialect {
            server: CAPABILITIES.title,
            explain: answer::explain,
            unavailable_means_unprocessed: false,
        };
        Ok(Self {
            client: Client::new(settings, dialect, &credential)?,
            session: Session::default(),
            organization: sign_in::said(settings.organization.as_deref())
                .unwrap_or("default")
                .to_owned(),
            username: sign_in::username(settings),
            config: OnceCell::new(),
            account_lists: SharedLists::default(),
            people: SharedLists::default(),
            token_lists: SharedLists::default(),
        })
    }

    /// Edition and version; asked once.
    async fn config(&self) -> Result<&wire::Config> {
        self.config
            .get_or_try_init(|| async { self.client.json(&Request::get("/config")).await })
            .await
    }

    /// Everything that an organization lists as service accounts.
    async fn listed(&self, organization: &str) -> Result<Arc<Vec<wire::Account>>> {
        let path = path(organization, "service_accounts")?;
        self.account_lists
            .get(organization, || self.whole_list(path))
            .await
    }

    async fn whole_list<T: DeserializeOwned>(&self, path: String) -> Result<Vec<T>> {
        let list: wire::List<T> = self.client.json(&Request::get_whole_list(path)).await?;
        Ok(list.data)
    }

    /// The account, if it is listed in this organization. A person is an error: the routes for accounts would change people too.
    async fn account(&self, organization: &str, email: &str) -> Result<Option<wire::Account>> {
        let listed = self.listed(organization).await?;
        let Some(account) = listed.iter().find(|account| account.is(email)) else {
            return Ok(None);
        };
        if account.is_service_account() {
            return Ok(Some(account.clone()));
        }
        Err(ServerError::new(
            ErrorKind::ManagedElsewhere { by: None },
            CAPABILITIES.title,
            format!("{email} is no service account, and is left alone"),
        ))
    }

    /// The account, or that there is none for certain. With roles a list has only what the credential may see
    /// (`src/core/src/users.rs`, `list_users`): what is not in it may be there all the same.
    async fn account_or_none(
        &self,
        organization: &str,
        email: &str,
    ) -> Result<Option<wire::Account>> {
        let account = self.account(organization, email).await?;
        if account.is_some() || self.sees_all(organization).await? {
            return Ok(account);
        }
        Err(ServerError::new(
            ErrorKind::Forbidden,
            CAPABILITIES.title,
            format!(
                "the service account {email:?} is not listed: either it is gone, or this credential may not see it. Only a user with the role Admin or Root sees all that there are"
            ),
        ))
    }

    /// Whether lists hide nothing from the credential. Whoever may not list people is shown alone.
    async fn sees_all(&self, organization: &str) -> Result<bool> {
        if !self.config().await?.has_roles() {
            return Ok(true);
        }
        let path = path(organization, "users")?;
        let people = self.people.get(organization, || self.whole_list(path));
        match people.await {
            Ok(people) => Ok(people
                .iter()
                .any(|person| person.is(&self.username) && person.administers())),
            Err(error) if error.kind == ErrorKind::Forbidden => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Asks for the account until it is as expected, for as long as a write may take to reach the lists; then as it is.
    async fn account_once(
        &self,
        organization: &str,
        email: &str,
        is_expected: impl Fn(Option<&wire::Account>) -> bool + Send,
    ) -> Result<Option<wire::Account>> {
        self.account_within(PATIENCE, organization, email, is_expected)
            .await
    }

    async fn account_within(
        &self,
        patience: Duration,
        organization: &str,
        email: &str,
        is_expected: impl Fn(Option<&wire::Account>) -> bool + Send,
    ) -> Result<Option<wire::Account>> {
        patiently(patience, || self.account(organization, email), is_expected).await
    }

    /// Replaces the secret of an account, if it is still the one that was seen; the old one ends at once.
    async fn rotate_account(
        &self,
        organization: &str,
        email: &str,
        seen: &Seen,
        judge: Judge<'_, wire::Account>,
    ) -> Result<Rotated> {
        let contest = Contest::begin();
        let Some(before) = self.account(organization, email).await? else {
            return Err(no_account(email));
        };
        let ours_is_gone = seen.secret.as_ref().is_some_and(|seen| !before.has(seen));
        if ours_is_gone || seen.is_gone_from(&before.own_token(organization)) {
            let id = id(organization, email);
            return Err(ServerError::replaced_before(CAPABILITIES.title, &id));
        }
        judge(&before)?;
        if self.config().await?.rotates_the_wrong_token() {
            return Err(ServerError::unsupported(
                CAPABILITIES.title,
                "this version replaces the default ingestion token of the organization instead of the account's secret, and was not asked to: a mistake of v0.91.0 to v0.91.5",
                "Update OpenObserve to v0.92 or later. Until then, replace the account: `terraform apply -replace=ADDRESS`.",
            ));
        }
        let request = Request::new(
            Method::PUT,
            account_path(organization, email)?,
            Repeat::Never,
        )
        .query("rotateToken", Some("true"))
        .body("application/json", &json!({}));
        let issued: wire::Issued = match self.client.json(&request).await {
            Err(error) if error.is_ambiguous() => {
                // It may still be on its way, and must not end the secret that is asked for next. If this fails too, the first error
                // says more.
                let arrived = |account: Option<&wire::Account>| {
                    account.is_none_or(|account| account.prefix() != before.prefix())
                };
                let _ = self
                    .account_within(LATE, organization, email, arrived)
                    .await;
                return Err(error);
            }
            answer => answer?,
        };
        let secret = issued.token.ok_or_else(|| unusable("no secret came"))?;
        if secret.expose().starts_with("o2oi_") {
            // As a version does that does not say which it is.
            return Err(unusable(
                "it replaced the default ingestion token of the organization instead of the account's secret: a mistake of v0.91, mended in v0.92. Whoever sends data with that ingestion token needs its new value",
            ));
        }
        if secret.expose() == wire::NOT_AVAILABLE {
            return Err(unusable(
                "the account was made together with its organization and never shows a secret",
            ));
        }
        contest.end().await;
        match self
            .is_followed(organization, email, &before, &secret)
            .await
        {
            Ok(true) => {
                let id = id(organization, email);
                Err(ServerError::replaced_after(CAPABILITIES.title, &id))
            }
            // A secret that cannot be looked at was at least issued.
            Ok(false) | Err(_) => Ok(Rotated {
                prefix: before.prefix_of(&secret),
                secret,
                before,
            }),
        }
    }

    /// True if the list shows that the secret, which was just issued, has been replaced by now.
    async fn is_followed(
        &self,
        organization: &str,
        email: &str,
        before: &wire::Account,
        secret: &Secret,
    ) -> Result<bool> {
        let is_ours =
            |account: Option<&wire::Account>| account.is_none_or(|account| account.has(secret));
        let is_new = |account: Option<&wire::Account>| {
            account.is_none_or(|account| account.prefix() != before.prefix())
        };
        let mut account = self
            .account_once(organization, email, |account| {
                is_ours(account) || is_new(account)
            })
            .await?;
        // The list may be on its way through secrets from before ours.
        if !is_ours(account.as_ref()) && is_new(account.as_ref()) {
            account = self
                .account_within(LATE, organization, email, is_ours)
                .await?;
        }
        Ok(!is_ours(account.as_ref()) && is_new(account.as_ref()))
    }
}

#[async_trait]
impl TokenServer for OpenObserve {
    fn capabilities(&self) -> &'static Capabilities {
        let open_source = self.config.get().is_some_and(|config| !config.has_roles());
        match (open_source, self.organization == "default") {
            (false, true) => &CAPABILITIES,
            (false, false) => &ELSEWHERE,
            (true, true) => &OPEN_SOURCE,
            (true, false) => &OPEN_SOURCE_ELSEWHERE,
        }
    }

    async fn probe(&self) -> Result<&'static Capabilities> {
        self.config().await?;
        Ok(self.capabilities())
    }

    fn clock(&self) -> Clock {
        self.client.clock()
    }

    fn address(&self) -> String {
        self.client.address().to_string()
    }

    async fn identity(&self) -> Result<Identity> {
        let listed = self.listed(&self.organization).await?;
        let account = listed
            .iter()
            .find(|account| account.is(&self.username) && account.is_service_account());
        let kind = if account.is_some() {
            "service_account"
        } else {
            "user"
        };
        Ok(Identity {
            kind: kind.to_owned(),
            id: if self.username.is_empty() {
                self.organization.clone()
            } else {
                self.username.clone()
            },
            name: self.username.clone(),
            service_account: account.map(|account| Reference {
                id: id(&self.organization, &account.email),
                name: account.email.clone(),
            }),
            ..Identity::default()
        })
    }

    async fn describe(&self) -> Result<ServerDescription> {
        let config = self.config().await?;
        let roles = if config.has_roles() {
            let path = path(&self.organization, "roles")?;
            self.client.json(&Request::get(path)).await?
        } else {
            Vec::new()
        };
        Ok(ServerDescription {
            api: CAPABILITIES.api.name().to_owned(),
            url: self.address(),
            version: config.version.clone(),
            features: config.features(),
            roles,
        })
    }

    fn session(&self) -> &Session {
        &self.session
    }
}

/// Asks until the answer is as expected, for so long; then it is as it is.
async fn patiently<T, F: Future<Output = Result<Option<T>>> + Send>(
    patience: Duration,
    ask: impl Fn() -> F + Send,
    is_expected: impl Fn(Option<&T>) -> bool + Send,
) -> Result<Option<T>> {
    let started = tokio::time::Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        let answer = ask().await?;
        if is_expected(answer.as_ref()) || started.elapsed() + pause > patience {
            return Ok(answer);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(1));
    }
}

fn id(organization: &str, name: &str) -> String {
    format!("{organization}/{name}")
}

fn parse(id: &str) -> Option<Id<'_>> {
    let (organization, name) = id.split_once('/')?;
    (!organization.is_empty() && !name.is_empty()).then_some(Id { organization, name })
}

fn path(organization: &str, rest: &str) -> Result<String> {
    segment(organization)
        .map(|organization| format!("/api/{organization}/{rest}"))
        .ok_or_else(|| unusable("an organization needs a name"))
}

fn account_path(organization: &str, email: &str) -> Result<String> {
    path(
        organization,
        &format!("service_accounts/{}", in_path(email)?),
    )
}

/// The enterprise edition takes the object that a permission is asked for out of the path as it came, and rules have the address as
/// people write it (`src/core/src/auth.rs`).
fn in_path(email: &str) -> Result<String> {
    address_segment(email).ok_or_else(|| no_account(email))
}

fn no_account(email: &str) -> ServerError {
    ServerError::new(
        ErrorKind::Gone,
        CAPABILITIES.title,
        format!("there is no service account {email:?} in this organization"),
    )
}

fn unusable(problem: &str) -> ServerError {
    ServerError::new(ErrorKind::Bug, CAPABILITIES.title, problem)
}

/// The content of a change whose answer says nothing more.
async fn done(client: &Client, request: &Request) -> Result<()> {
    client.json::<Json>(request).await.map(|_| ())
}
