//! The native API's verbs for accounts and tokens.

use async_trait::async_trait;
use lanyard_compiler::model::record::{AccessTokenRecord, ServiceAccountRecord};
use lanyard_compiler::model::server::native::CAPABILITIES;
use lanyard_compiler::model::{AccessToken, ServiceAccount};
use reqwest::Method;
use reqwest::header::HeaderValue;
use serde_json::Value as Json;

use super::{Native, mint, wire};
use crate::error::{ErrorKind, ServerError};
use crate::http::{Repeat, Request, segment};
use crate::object::{Issued, Objects, Page, RotateRequest, Seen};
use crate::record::{Cursor, Filter};
use crate::token_server::MANAGED_BY;

const ACCOUNTS: &str = "/v1/service-accounts";
const TOKENS: &str = "/v1/access-tokens";
/// The most that the API gives at once.
const PAGE: u32 = 1000;
/// How often a token may change between our look at it and its rotation, in ways that do not matter, until that is told.
const CHANGES: u32 = 4;

#[async_trait]
impl Objects<ServiceAccount> for Native {
    async fn read(&self, id: &str) -> Result<Option<ServiceAccountRecord>, ServerError> {
        let Some(path) = object(ACCOUNTS, id) else {
            return Ok(None);
        };
        let account = self.api.object::<wire::Account>(&Request::get(path)).await;
        Ok(self.api.gone(account).await?.map(Into::into))
    }

    async fn list(
        &self,
        filter: &Filter,
        from: Option<&Cursor>,
    ) -> Result<Page<ServiceAccount>, ServerError> {
        let list: wire::List<wire::Account> = self.api.fixed(&page(ACCOUNTS, filter, from)).await?;
        let records = list.items.into_iter().map(Into::into).collect();
        Ok(Page {
            records,
            next: list.next_cursor.map(Cursor),
        })
    }

    fn ours(&self) -> Filter {
        managed_here()
    }

    async fn create(
        &self,
        desired: &ServiceAccount,
    ) -> Result<Issued<ServiceAccount>, ServerError> {
        let request = keyed(
            ACCOUNTS.to_owned(),
            &wire::create_account(desired, self.session.unclaimed()),
        )?;
        let account: wire::Account = self.api.fixed(&request).await?;
        Ok(Issued {
            record: account.into(),
            secret: None,
            retired: None,
        })
    }

    async fn update(
        &self,
        id: &str,
        current: &ServiceAccount,
        desired: &ServiceAccount,
    ) -> Result<ServiceAccountRecord, ServerError> {
        let patch = wire::update_account(current, desired, self.session.origin());
        let account: wire::Account = self
            .api
            .object(&patch_request(ACCOUNTS, id, &patch, OURS)?)
            .await?;
        Ok(account.into())
    }

    async fn claim(&self, id: &str) -> Result<Option<ServiceAccountRecord>, ServerError> {
        let claim = wire::claim(self.session.origin());
        let request = patch_request(ACCOUNTS, id, &claim, OURS)?;
        let account: wire::Account = self.api.object(&request).await?;
        Ok(Some(account.into()))
    }

    async fn adopt(
        &self,
        id: &str,
        current: &ServiceAccount,
        desired: &ServiceAccount,
    ) -> Result<ServiceAccountRecord, ServerError> {
        let patch = wire::update_account(current, desired, self.session.origin());
        let account: wire::Account = self
            .api
            .object(&patch_request(ACCOUNTS, id, &patch, ANYBODYS)?)
            .await?;
        Ok(account.into())
    }

    async fn rotate(
        &self,
        _: &str,
        _: &RotateRequest<ServiceAccount>,
    ) -> Result<Issued<ServiceAccount>, ServerError> {
        Err(ServerError::no_account_secret(CAPABILITIES.title))
    }

    async fn delete(&self, id: &str) -> Result<(), ServerError> {
        self.remove(object(ACCOUNTS, id)).await
    }
}

#[async_trait]
impl Objects<AccessToken> for Native {
    async fn read(&self, id: &str) -> Result<Option<AccessTokenRecord>, ServerError> {
        let Some(path) = object(TOKENS, id) else {
            return Ok(None);
        };
        let token = self.api.object::<wire::Token>(&Request::get(path)).await;
        Ok(self.api.gone(token).await?.map(Into::into))
    }

    async fn list(
        &self,
        filter: &Filter,
        from: Option<&Cursor>,
    ) -> Result<Page<AccessToken>, ServerError> {
        let request =
            page(TOKENS, filter, from).query("service_account_id", filter.service_account.as_ref());
        let list: wire::List<wire::Token> = self.api.fixed(&request).await?;
        let records = list.items.into_iter().map(Into::into).collect();
        Ok(Page {
            records,
            next: list.next_cursor.map(Cursor),
        })
    }

    fn ours(&self) -> Filter {
        managed_here()
    }

    async fn create(&self, desired: &AccessToken) -> Result<Issued<AccessToken>, ServerError> {
        let secret = mint::secret().ok_or_else(no_randomness)?;
        let body = wire::create_token(desired, &mint::hash(&secret), self.session.unclaimed());
        let token: wire::Token = self.api.fixed(&keyed(TOKENS.to_owned(), &body)?).await?;
        Ok(Issued {
            record: token.into(),
            secret: Some(secret),
            retired: None,
        })
    }

    async fn update(
        &self,
        id: &str,
        current: &AccessToken,
        desired: &AccessToken,
    ) -> Result<AccessTokenRecord, ServerError> {
        let patch = wire::update_token(current, desired, self.session.origin());
        let token: wire::Token = self
            .api
            .object(&patch_request(TOKENS, id, &patch, OURS)?)
            .await?;
        Ok(token.into())
    }

    async fn claim(&self, id: &str) -> Result<Option<AccessTokenRecord>, ServerError> {
        let claim = wire::claim(self.session.origin());
        let request = patch_request(TOKENS, id, &claim, OURS)?;
        let token: wire::Token = self.api.object(&request).await?;
        Ok(Some(token.into()))
    }

    async fn adopt(
        &self,
        id: &str,
        current: &AccessToken,
        desired: &AccessToken,
    ) -> Result<AccessTokenRecord, ServerError> {
        let patch = wire::update_token(current, desired, self.session.origin());
        let token: wire::Token = self
            .api
            .object(&patch_request(TOKENS, id, &patch, ANYBODYS)?)
            .await?;
        Ok(token.into())
    }

    async fn rotate(
        &self,
        id: &str,
        request: &RotateRequest<AccessToken>,
    ) -> Result<Issued<AccessToken>, ServerError> {
        let path = object(TOKENS, id).ok_or_else(|| not_an_id(id))?;
        let secret = mint::secret().ok_or_else(no_randomness)?;
        let body = wire::rotate_token(request, &mint::hash(&secret));
        let mut changes = 0;
        let token = loop {
            let rotation = keyed(format!("{path}/rotate"), &body)?.header("managed-by", OURS);
            let condition = self.unless_overtaken(id, &path, &request.seen).await?;
            let rotated = self
                .api
                .object::<wire::Token>(&condition.on(rotation))
                .await;
            match rotated {
                // What changed need not be the secret.
                Err(error) if error.kind == ErrorKind::Overtaken && changes < CHANGES => {
                    changes += 1;
                }
                rotated => break rotated?,
            }
        };
        Ok(Issued {
            record: token.into(),
            secret: Some(secret),
            retired: None,
        })
    }

    async fn delete(&self, id: &str) -> Result<(), ServerError> {
        self.remove(object(TOKENS, id)).await
    }

    async fn revoke_previous(&self, id: &str) -> Result<(), ServerError> {
        self.remove(object(TOKENS, id).map(|path| format!("{path}/previous")))
            .await
    }
}

/// That an object is still as it was read.
struct Condition(Option<HeaderValue>);

impl Condition {
    fn on(self, request: Request) -> Request {
        match self.0 {
            Some(tag) => request.header("if-match", tag),
            None => request,
        }
    }
}

impl Native {
    /// Reads a token that is to be rotated: of two that rotate it at once, each would get a secret, and only the later one's works.
    async fn unless_overtaken(
        &self,
        id: &str,
        path: &str,
        seen: &Seen,
    ) -> Result<Condition, ServerError> {
        let (token, tag) = self
            .api
            .client
            .tagged::<wire::Token>(&Request::get(path))
            .await?;
        let record = AccessTokenRecord::from(token);
        if seen.is_before(record.generation, record.issued_at) {
            return Err(ServerError::replaced_before(CAPABILITIES.title, id));
        }
        Ok(Condition(tag))
    }

    /// Deletes what is at the path; nothing there is success. A path that cannot exist leads to nothing.
    async fn remove(&self, path: Option<String>) -> Result<(), ServerError> {
        let Some(path) = path else {
            return Ok(());
        };
        let request =
            Request::new(Method::DELETE, path, Repeat::Harmless).header("managed-by", OURS);
        let done = self.api.client.done(&request).await;
        self.api.gone(done).await.map(|_| ())
    }
}

const OURS: HeaderValue = HeaderValue::from_static(MANAGED_BY);
/// Overrides another tool's ownership.
const ANYBODYS: HeaderValue = HeaderValue::from_static("*");

/// The path of one object; `None` for an id that no object can have.
fn object(collection: &str, id: &str) -> Option<String> {
    segment(id).map(|id| format!("{collection}/{id}"))
}

fn page(collection: &str, filter: &Filter, from: Option<&Cursor>) -> Request {
    // Who looks for a name wants one object, not the biggest page.
    let limit = if filter.name.is_some() { 100 } else { PAGE };
    Request::get(collection)
        .query("limit", Some(limit))
        .query("cursor", from.map(|Cursor(cursor)| cursor))
        .query("name", filter.name.as_ref())
        .query("managed_by", filter.managed_by.as_ref())
}

/// A creation or rotation: the key makes the server answer a repetition as it answered the first time.
fn keyed(path: String, body: &Json) -> Result<Request, ServerError> {
    let key = mint::idempotency_key()
        .and_then(|key| HeaderValue::from_str(&key).ok())
        .ok_or_else(no_randomness)?;
    Ok(Request::new(Method::POST, path, Repeat::Harmless)
        .header("idempotency-key", key)
        .body("application/json", body))
}

fn patch_request(
    collection: &str,
    id: &str,
    patch: &Json,
    owner: HeaderValue,
) -> Result<Request, ServerError> {
    let path = object(collection, id).ok_or_else(|| not_an_id(id))?;
    Ok(Request::new(Method::PATCH, path, Repeat::Harmless)
        .header("managed-by", owner)
        .body("application/merge-patch+json", patch))
}

fn managed_here() -> Filter {
    Filter {
        managed_by: Some(MANAGED_BY.to_owned()),
        ..Filter::default()
    }
}

fn not_an_id(id: &str) -> ServerError {
    ServerError::new(
        ErrorKind::Gone,
        CAPABILITIES.title,
        format!("{id:?} cannot be the id of an object"),
    )
}

fn no_randomness() -> ServerError {
    ServerError::new(
        ErrorKind::Retry { after: None },
        CAPABILITIES.title,
        "this machine has no randomness to make a secret from",
    )
}
