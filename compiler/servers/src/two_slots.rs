//! The verbs for tokens each secret of which is a token of its own on the server (see [`slots`]): there is no call for one of them,
//! each read is the list of one account's, and readers share it.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use lanyard_compiler::model::AccessToken;
use lanyard_compiler::model::record::AccessTokenRecord;

use crate::error::{ErrorKind, ServerError};
use crate::object::{Issued, RotateRequest};
use crate::record::Filter;
use crate::slots::{self, Slot, Slots};

/// Lists of accounts' tokens asked for at the same time.
const AT_ONCE: usize = 8;

/// What a server can do with secrets.
#[async_trait]
pub(crate) trait TwoSlots: Sync {
    type Secret: Slot + Send + Sync;
    /// The server in words.
    const TITLE: &'static str;

    /// The secrets of an account; one that does not exist has none.
    async fn secrets(&self, account: &str) -> Result<Arc<Vec<Self::Secret>>, ServerError>;

    /// The token that has this secret.
    fn record(account: &str, secret: &Self::Secret) -> AccessTokenRecord;

    /// Issues a secret under the name of its generation.
    async fn issue(
        &self,
        desired: &AccessToken,
        generation: i64,
        retired: Option<String>,
    ) -> Result<Issued<AccessToken>, ServerError>;

    /// Ends the secret of this name. Already gone is success.
    async fn remove(&self, account: &str, name: &str) -> Result<(), ServerError>;

    fn gone(id: &str) -> ServerError;
}

pub(crate) async fn read<T: TwoSlots>(
    server: &T,
    id: &str,
) -> Result<Option<AccessTokenRecord>, ServerError> {
    let Some(Slots { account, .. }) = slots::parse(id) else {
        return Ok(None);
    };
    let secrets = server.secrets(account).await?;
    let newest = slots::of(&secrets, id).into_iter().next();
    Ok(newest.map(|(_, secret)| record_of::<T>(account, secret, &secrets)))
}

/// The token that has this secret, and what is left of those before it.
fn record_of<T: TwoSlots>(
    account: &str,
    current: &T::Secret,
    secrets: &[T::Secret],
) -> AccessTokenRecord {
    let mut record = T::record(account, current);
    let mut all = slots::of(secrets, &record.id).into_iter();
    record.retired = all
        .nth(1)
        .map(|(number, _)| slots::retired_id(account, &record.name, number));
    record
}

/// The tokens of these accounts that pass the filter; owners are kept on none of these servers.
pub(crate) async fn list<T: TwoSlots>(
    server: &T,
    accounts: Vec<String>,
    filter: &Filter,
) -> Result<Vec<AccessTokenRecord>, ServerError> {
    of_each(accounts, |account| async move {
        let secrets = server.secrets(&account).await?;
        let current = slots::current(&secrets).filter(|secret| {
            let name = slots::unslot(secret.name()).0;
            filter.name.as_ref().is_none_or(|wanted| *wanted == name)
        });
        let records = current.map(|secret| record_of::<T>(&account, secret, &secrets));
        Ok(records.collect())
    })
    .await
}

/// Asks about several accounts at the same time; the answers come in the order of the accounts.
pub(crate) async fn of_each<A, F>(
    accounts: Vec<String>,
    ask: impl Fn(String) -> F,
) -> Result<Vec<A>, ServerError>
where
    F: Future<Output = Result<Vec<A>, ServerError>>,
{
    let answers: Vec<Vec<A>> = stream::iter(accounts)
        .map(ask)
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(answers.into_iter().flatten().collect())
}

/// Issues the next secret; the newest before stays, and is named. What an interrupted rotation left under its name goes first.
pub(crate) async fn rotate<T: TwoSlots>(
    server: &T,
    id: &str,
    request: &RotateRequest<AccessToken>,
) -> Result<Issued<AccessToken>, ServerError> {
    let Slots { account, name, .. } = slots::parse(id).ok_or_else(|| T::gone(id))?;
    let secrets = server.secrets(account).await?;
    let (leftover, old): (Vec<_>, Vec<_>) = slots::of(&secrets, id)
        .into_iter()
        .partition(|(generation, _)| *generation >= request.generation);
    let overtaken = || ServerError::replaced_before(T::TITLE, id);
    let issued = slots::of(&secrets, id).into_iter().next();
    if issued.is_some_and(|(generation, _)| request.seen.is_before(Some(generation), None)) {
        return Err(overtaken());
    }
    let Some((newest, _)) = old.first() else {
        return Err(T::gone(id));
    };
    for (_, secret) in &leftover {
        server.remove(account, secret.name()).await?;
    }
    let retired = slots::retired_id(account, name, *newest);
    let issued = server.issue(&request.desired, request.generation, Some(retired));
    match issued.await {
        // The name was free a moment ago.
        Err(error) if matches!(error.kind, ErrorKind::Conflict(_)) => Err(overtaken()),
        issued => issued,
    }
}

/// Ends every secret that the id speaks of.
pub(crate) async fn delete<T: TwoSlots>(server: &T, id: &str) -> Result<(), ServerError> {
    let Some(Slots { account, .. }) = slots::parse(id) else {
        return Ok(());
    };
    let secrets = server.secrets(account).await?;
    for (_, secret) in slots::of(&secrets, id) {
        server.remove(account, secret.name()).await?;
    }
    Ok(())
}
