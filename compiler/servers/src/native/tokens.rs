//! Access tokens: the one kind of secret, minted here.

use async_trait::async_trait;
use lanyard_compiler::model::AccessToken;
use lanyard_compiler::model::record::AccessTokenRecord;
use lanyard_compiler::model::server::native::CAPABILITIES;
use reqwest::header::HeaderValue;

use super::requests::{
    ANYBODYS, OURS, keyed, managed_here, no_randomness, not_an_id, object, page,
};
use super::{Native, mint, wire};
use crate::error::{ErrorKind, Result, ServerError};
use crate::http::Request;
use crate::object::{Issued, Judge, Objects, Page, RotateRequest, Seen};
use crate::record::{Cursor, Filter};

const TOKENS: &str = "/v1/access-tokens";
/// How often a token may change between our look at it and its rotation, in ways that do not matter, until that is told.
const CHANGES: u32 = 4;

#[async_trait]
impl Objects<AccessToken> for Native {
    async fn read(&self, id: &str) -> Result<Option<AccessTokenRecord>> {
        let Some(path) = object(TOKENS, id) else {
            return Ok(None);
        };
        let token = self.api.object::<wire::Token>(&Request::get(path)).await;
        Ok(self.api.gone(token).await?.map(Into::into))
    }

    async fn list(&self, filter: &Filter, from: Option<&Cursor>) -> Result<Page<AccessToken>> {
        let request =
            page(TOKENS, filter, from).query("service_account_id", filter.service_account.as_ref());
        let list: wire::List<wire::Token> = self.api.fixed(&request).await?;
        Ok(Page {
            records: list.items.read.into_iter().map(Into::into).collect(),
            unreadable: list.items.unreadable,
            next: list.next_cursor.map(Cursor),
        })
    }

    fn ours(&self) -> Filter {
        managed_here()
    }

    async fn create(&self, desired: &AccessToken) -> Result<Issued<AccessToken>> {
        let secret = mint::secret().ok_or_else(no_randomness)?;
        let body = wire::create_token(desired, &mint::hash(&secret), self.session.unclaimed());
        let token: wire::Token = self.api.fixed(&keyed(TOKENS.to_owned(), &body)?).await?;
        Ok(Issued::alone(token.into(), Some(secret)))
    }

    async fn update(
        &self,
        id: &str,
        current: &AccessToken,
        desired: &AccessToken,
        _: Judge<'_, AccessTokenRecord>,
    ) -> Result<AccessTokenRecord> {
        let patch = wire::update_token(current, desired, self.session.origin());
        let token: wire::Token = self.patched(TOKENS, id, &patch, OURS).await?;
        Ok(token.into())
    }

    async fn claim(&self, id: &str) -> Result<Option<AccessTokenRecord>> {
        let claim = wire::claim(self.session.origin());
        let token: wire::Token = self.patched(TOKENS, id, &claim, OURS).await?;
        Ok(Some(token.into()))
    }

    async fn adopt(
        &self,
        id: &str,
        current: &AccessToken,
        desired: &AccessToken,
    ) -> Result<AccessTokenRecord> {
        let patch = wire::update_token(current, desired, self.session.origin());
        let token: wire::Token = self.patched(TOKENS, id, &patch, ANYBODYS).await?;
        Ok(token.into())
    }

    async fn rotate(
        &self,
        id: &str,
        request: &RotateRequest<AccessToken>,
        judge: Judge<'_, AccessTokenRecord>,
    ) -> Result<Issued<AccessToken>> {
        let path = object(TOKENS, id).ok_or_else(|| not_an_id(id))?;
        let secret = mint::secret().ok_or_else(no_randomness)?;
        let body = wire::rotate_token(request, &mint::hash(&secret));
        let mut changes = 0;
        let token = loop {
            let rotation = keyed(format!("{path}/rotate"), &body)?.header("managed-by", OURS);
            let condition = self
                .unless_overtaken(id, &path, &request.seen, judge)
                .await?;
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
        Ok(Issued::alone(token.into(), Some(secret)))
    }

    async fn delete(&self, id: &str) -> Result<()> {
        self.remove(object(TOKENS, id)).await
    }

    async fn revoke_previous(&self, id: &str) -> Result<()> {
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
        judge: Judge<'_, AccessTokenRecord>,
    ) -> Result<Condition> {
        let (token, tag) = self
            .api
            .client
            .tagged::<wire::Token>(&Request::get(path))
            .await?;
        let record = AccessTokenRecord::from(token);
        if seen.is_before(record.generation, record.issued_at) {
            return Err(ServerError::replaced_before(CAPABILITIES.title, id));
        }
        judge(&record)?;
        Ok(Condition(tag))
    }
}
