//! Service accounts, which have no secrets of their own here.

use async_trait::async_trait;
use lanyard_compiler::model::ServiceAccount;
use lanyard_compiler::model::record::ServiceAccountRecord;
use lanyard_compiler::model::server::native::CAPABILITIES;

use super::requests::{ANYBODYS, OURS, keyed, managed_here, object, page};
use super::{Native, wire};
use crate::error::{Result, ServerError};
use crate::http::Request;
use crate::object::{Issued, Judge, Objects, Page, RotateRequest};
use crate::record::{Cursor, Filter};

const ACCOUNTS: &str = "/v1/service-accounts";

#[async_trait]
impl Objects<ServiceAccount> for Native {
    async fn read(&self, id: &str) -> Result<Option<ServiceAccountRecord>> {
        let Some(path) = object(ACCOUNTS, id) else {
            return Ok(None);
        };
        let account = self.api.object::<wire::Account>(&Request::get(path)).await;
        Ok(self.api.gone(account).await?.map(Into::into))
    }

    async fn list(&self, filter: &Filter, from: Option<&Cursor>) -> Result<Page<ServiceAccount>> {
        let list: wire::List<wire::Account> = self.api.fixed(&page(ACCOUNTS, filter, from)).await?;
        Ok(Page {
            records: list.items.read.into_iter().map(Into::into).collect(),
            unreadable: list.items.unreadable,
            next: list.next_cursor.map(Cursor),
        })
    }

    fn ours(&self) -> Filter {
        managed_here()
    }

    async fn create(&self, desired: &ServiceAccount) -> Result<Issued<ServiceAccount>> {
        let request = keyed(
            ACCOUNTS.to_owned(),
            &wire::create_account(desired, self.session.unclaimed()),
        )?;
        let account: wire::Account = self.api.fixed(&request).await?;
        Ok(Issued::alone(account.into(), None))
    }

    async fn update(
        &self,
        id: &str,
        current: &ServiceAccount,
        desired: &ServiceAccount,
        _: Judge<'_, ServiceAccountRecord>,
    ) -> Result<ServiceAccountRecord> {
        let patch = wire::update_account(current, desired, self.session.origin());
        let account: wire::Account = self.patched(ACCOUNTS, id, &patch, OURS).await?;
        Ok(account.into())
    }

    async fn claim(&self, id: &str) -> Result<Option<ServiceAccountRecord>> {
        let claim = wire::claim(self.session.origin());
        let account: wire::Account = self.patched(ACCOUNTS, id, &claim, OURS).await?;
        Ok(Some(account.into()))
    }

    async fn adopt(
        &self,
        id: &str,
        current: &ServiceAccount,
        desired: &ServiceAccount,
    ) -> Result<ServiceAccountRecord> {
        let patch = wire::update_account(current, desired, self.session.origin());
        let account: wire::Account = self.patched(ACCOUNTS, id, &patch, ANYBODYS).await?;
        Ok(account.into())
    }

    async fn rotate(
        &self,
        _: &str,
        _: &RotateRequest<ServiceAccount>,
        _: Judge<'_, ServiceAccountRecord>,
    ) -> Result<Issued<ServiceAccount>> {
        Err(ServerError::no_account_secret(CAPABILITIES.title))
    }

    async fn delete(&self, id: &str) -> Result<()> {
        self.remove(object(ACCOUNTS, id)).await
    }
}
