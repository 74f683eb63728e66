//! The verbs for tokens each secret of which is a token of its own on the server (see [`slots`]): there is no call for one of them,
//! each read is the list of one account's, and readers share it.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use lanyard_compiler::model::AccessToken;
use lanyard_compiler::model::record::{AccessTokenRecord, Former};

use crate::error::{ErrorKind, Result, ServerError};
use crate::object::{Issued, Judge, Objects, Page, RotateRequest, Unreadable};
use crate::record::{Cursor, Filter};
use crate::slots::{self, Slot, Slots};

/// Lists of accounts' tokens asked for at the same time.
const AT_ONCE: usize = 8;

/// What a server can do with secrets.
#[async_trait]
pub(crate) trait TwoSlots: Send + Sync {
    type Secret: Slot + Send + Sync;
    /// The server in words.
    const TITLE: &'static str;

    /// The secrets of an account; one that does not exist has none.
    async fn secrets(&self, account: &str) -> Result<Arc<Vec<Self::Secret>>>;

    /// The token that has this secret.
    fn record(account: &str, secret: &Self::Secret) -> AccessTokenRecord;

    /// Why nobody knows what the secret is good for, where its account is described in words that nobody understands here.
    fn not_understood(_: &Self::Secret) -> Option<ServerError> {
        None
    }

    /// Issues a secret under the name of its generation.
    async fn issue(
        &self,
        desired: &AccessToken,
        generation: i64,
        retired: Vec<Former>,
    ) -> Result<Issued<AccessToken>>;

    /// Ends the secret of this name. Already gone is success.
    async fn remove(&self, account: &str, name: &str) -> Result<()>;

    /// The accounts whose tokens make the next page.
    async fn accounts_from(&self, from: Option<&Cursor>) -> Result<(Vec<String>, Option<Cursor>)>;

    fn gone(id: &str) -> ServerError;
}

#[async_trait]
impl<T: TwoSlots> Objects<AccessToken> for T {
    async fn read(&self, id: &str) -> Result<Option<AccessTokenRecord>> {
        let Some(Slots { account, .. }) = slots::parse(id) else {
            return Ok(None);
        };
        let secrets = self.secrets(account).await?;
        let newest = slots::of(&secrets, id).into_iter().next();
        let newest = newest.map(|(_, secret)| understood::<T>(account, secret, &secrets));
        newest.transpose()
    }

    /// Owners are kept on none of these servers.
    async fn list(&self, filter: &Filter, from: Option<&Cursor>) -> Result<Page<AccessToken>> {
        let (accounts, next) = match &filter.service_account {
            Some(account) => (vec![account.clone()], None),
            None => self.accounts_from(from).await?,
        };
        let page = of_accounts(self, accounts, filter).await?;
        Ok(Page { next, ..page })
    }

    async fn of_accounts(
        &self,
        accounts: Vec<String>,
        filter: &Filter,
    ) -> Result<Option<Page<AccessToken>>> {
        of_accounts(self, accounts, filter).await.map(Some)
    }

    fn listed_with<'a>(&self, id: &'a str) -> Option<&'a str> {
        slots::parse(id).map(|slots| slots.account)
    }

    fn dates_creation(&self) -> bool {
        false
    }

    async fn create(&self, desired: &AccessToken) -> Result<Issued<AccessToken>> {
        self.issue(desired, 1, Vec::new()).await
    }

    /// Nothing of a token can change: plans rotate or replace instead, and what is left has nothing that the server keeps.
    async fn update(
        &self,
        id: &str,
        _: &AccessToken,
        _: &AccessToken,
        _: Judge<'_, AccessTokenRecord>,
    ) -> Result<AccessTokenRecord> {
        let record = Objects::<AccessToken>::read(self, id).await?;
        record.ok_or_else(|| T::gone(id))
    }

    /// Issues the next secret; those before stay, and are named. What an interrupted rotation left under its name goes first.
    async fn rotate(
        &self,
        id: &str,
        request: &RotateRequest<AccessToken>,
        judge: Judge<'_, AccessTokenRecord>,
    ) -> Result<Issued<AccessToken>> {
        let Slots { account, name, .. } = slots::parse(id).ok_or_else(|| T::gone(id))?;
        let secrets = self.secrets(account).await?;
        let (leftover, old): (Vec<_>, Vec<_>) = slots::of(&secrets, id)
            .into_iter()
            .partition(|(generation, _)| *generation >= request.generation);
        let overtaken = || ServerError::replaced_before(T::TITLE, id);
        let mut desired = request.desired.clone();
        if let Some((generation, secret)) = slots::of(&secrets, id).into_iter().next() {
            if request.seen.is_before(Some(generation), None) {
                return Err(overtaken());
            }
            let record = understood::<T>(account, secret, &secrets)?;
            judge(&record)?;
            // Where nobody chose any, they stay as they are by now; what replaces a token has all that a new one has.
            let has = record.roles.filter(|roles| !roles.is_empty());
            let stays = request.current.roles.is_some();
            desired.roles = desired.roles.or(has.filter(|_| stays));
        }
        if old.is_empty() {
            return Err(T::gone(id));
        }
        for (_, secret) in &leftover {
            self.remove(account, secret.name()).await?;
        }
        let retired = formers(account, name, &old, None);
        let issued = self.issue(&desired, request.generation, retired);
        match issued.await {
            // The name was free a moment ago.
            Err(error) if matches!(error.kind, ErrorKind::Conflict(_)) => Err(overtaken()),
            issued => issued,
        }
    }

    /// Ends every secret that the id speaks of.
    async fn delete(&self, id: &str) -> Result<()> {
        let Some(Slots { account, .. }) = slots::parse(id) else {
            return Ok(());
        };
        let secrets = self.secrets(account).await?;
        for (_, secret) in slots::of(&secrets, id) {
            self.remove(account, secret.name()).await?;
        }
        Ok(())
    }
}

/// The token that has this secret, and those before it that are left.
fn record_of<T: TwoSlots>(
    account: &str,
    current: &T::Secret,
    secrets: &[T::Secret],
) -> AccessTokenRecord {
    let mut record = T::record(account, current);
    let all = slots::of(secrets, &record.id);
    let former = all.get(1..).unwrap_or_default();
    record.retired = Some(formers(account, &record.name, former, current.expires_at()));
    record
}

/// Likewise, or the error that nobody understands it.
fn understood<T: TwoSlots>(
    account: &str,
    current: &T::Secret,
    secrets: &[T::Secret],
) -> Result<AccessTokenRecord> {
    match T::not_understood(current) {
        Some(error) => Err(error),
        None => Ok(record_of::<T>(account, current, secrets)),
    }
}

/// Secrets that another one came after, the newest first, which `successor_expires_at` is the end of.
fn formers<S: Slot>(
    account: &str,
    name: &str,
    secrets: &[(i64, &S)],
    mut successor_expires_at: Option<Timestamp>,
) -> Vec<Former> {
    let secrets = secrets.iter();
    secrets
        .map(|(number, secret)| {
            let expires_at = secret.expires_at();
            Former {
                id: slots::retired_id(account, name, *number),
                expires_at,
                successor_expires_at: std::mem::replace(&mut successor_expires_at, expires_at),
            }
        })
        .collect()
}

async fn of_accounts<T: TwoSlots>(
    server: &T,
    accounts: Vec<String>,
    filter: &Filter,
) -> Result<Page<AccessToken>> {
    let found = of_each(accounts, |account| async move {
        let secrets = server.secrets(&account).await?;
        let current = slots::current(&secrets).filter(|secret| {
            let name = slots::unslot(secret.name()).0;
            filter.name.as_ref().is_none_or(|wanted| *wanted == name)
        });
        let records = current.map(|secret| {
            let record = record_of::<T>(&account, secret, &secrets);
            match T::not_understood(secret) {
                None => Ok(record),
                Some(_) => Err(Unreadable {
                    id: Some(record.id),
                    name: Some(record.name),
                }),
            }
        });
        Ok(records.collect())
    });
    let mut page = Page::whole(Vec::new());
    for token in found.await? {
        match token {
            Ok(record) => page.records.push(record),
            Err(unreadable) => page.unreadable.push(unreadable),
        }
    }
    Ok(page)
}

/// Asks about several accounts at the same time; the answers come in the order of the accounts.
pub(crate) async fn of_each<A, F>(
    accounts: Vec<String>,
    ask: impl Fn(String) -> F,
) -> Result<Vec<A>>
where
    F: Future<Output = Result<Vec<A>>>,
{
    let answers: Vec<Vec<A>> = stream::iter(accounts)
        .map(ask)
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(answers.into_iter().flatten().collect())
}
