//! Service account tokens. There is no call for one token: each read is the list of one account's. Tokens in files of the nodes
//! stand in the same answer and are nobody's here: they are never listed, taken over or deleted.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use async_trait::async_trait;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use lanyard_compiler::model::AccessToken;
use lanyard_compiler::model::record::AccessTokenRecord;
use lanyard_compiler::model::server::elasticsearch::CAPABILITIES;
use reqwest::Method;

use super::{Elasticsearch, accounts, wire};
use crate::error::{ErrorKind, ServerError};
use crate::http::{Repeat, Request, segment};
use crate::record::{Cursor, Filter, Issued, Page};
use crate::slots::{self, Slots};
use crate::token_server::{Objects, RotateRequest};

/// Accounts whose tokens make one page.
const PAGE: usize = 8;

/// Lists of accounts' tokens that several readers share. Whoever waits while a list is on its way shares the next one: what a
/// reader gets was always asked for after the reader came.
#[derive(Default)]
pub(super) struct Lists {
    accounts: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Option<List>>>>>,
}

struct List {
    asked: Instant,
    names: Arc<Vec<String>>,
}

impl Lists {
    /// What is on its way says nothing any more about this account.
    fn changed(&self, account: &str) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.remove(account);
    }

    fn of(&self, account: &str) -> Arc<tokio::sync::Mutex<Option<List>>> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(accounts.entry(account.to_owned()).or_default())
    }
}

#[async_trait]
impl Objects<AccessToken> for Elasticsearch {
    async fn read(&self, id: &str) -> Result<Option<AccessTokenRecord>, ServerError> {
        let Some(Slots { account, .. }) = slots::parse(id) else {
            return Ok(None);
        };
        let names = self.shared_names(account).await?;
        let newest = slots_of(&names, id).into_iter().next();
        Ok(newest
            .map(|(generation, name)| wire::token(account, slots::unslot(&name).0, generation)))
    }

    async fn list(
        &self,
        filter: &Filter,
        from: Option<&Cursor>,
    ) -> Result<Page<AccessToken>, ServerError> {
        let (some, next) = match &filter.service_account {
            Some(account) => (vec![account.clone()], None),
            None => self.page_of_accounts(from).await?,
        };
        let lists: Vec<_> = stream::iter(some)
            .map(|account| async move {
                let names = self.names(&account).await?;
                Ok::<_, ServerError>(wire::current(&account, &names))
            })
            .buffered(PAGE)
            .try_collect()
            .await?;
        let records = lists
            .into_iter()
            .flatten()
            // Elasticsearch keeps no owners.
            .filter(|token| filter.name.as_ref().is_none_or(|name| *name == token.name))
            .collect();
        Ok(Page { records, next })
    }

    fn listed_with<'a>(&self, id: &'a str) -> Option<&'a str> {
        slots::parse(id).map(|slots| slots.account)
    }

    fn dates_creation(&self) -> bool {
        false
    }

    async fn create(&self, desired: &AccessToken) -> Result<Issued<AccessToken>, ServerError> {
        self.issue(desired, 1, None).await
    }

    async fn update(
        &self,
        id: &str,
        _: &AccessToken,
        _: &AccessToken,
    ) -> Result<AccessTokenRecord, ServerError> {
        // Nothing of a token can change: what is left has nothing that the server keeps.
        Objects::<AccessToken>::read(self, id)
            .await?
            .ok_or_else(|| gone(id))
    }

    async fn rotate(
        &self,
        id: &str,
        request: &RotateRequest<AccessToken>,
    ) -> Result<Issued<AccessToken>, ServerError> {
        let Slots { account, name, .. } = slots::parse(id).ok_or_else(|| gone(id))?;
        let names = self.names(account).await?;
        let (leftover, old): (Vec<_>, Vec<_>) = slots_of(&names, id)
            .into_iter()
            .partition(|(generation, _)| *generation >= request.generation);
        let Some((newest, _)) = old.first() else {
            return Err(gone(id));
        };
        for (_, leftover) in &leftover {
            self.remove(account, leftover).await?;
        }
        let retired = slots::retired_id(account, name, *newest);
        self.issue(&request.desired, request.generation, Some(retired))
            .await
    }

    async fn delete(&self, id: &str) -> Result<(), ServerError> {
        let Some(Slots { account, .. }) = slots::parse(id) else {
            return Ok(());
        };
        let names = self.names(account).await?;
        for (_, name) in slots_of(&names, id) {
            self.remove(account, &name).await?;
        }
        Ok(())
    }
}

/// The secrets that an id speaks of, the newest first.
fn slots_of(names: &[String], id: &str) -> Vec<(i64, String)> {
    let Some(Slots { name, up_to, .. }) = slots::parse(id) else {
        return Vec::new();
    };
    let mut found: Vec<_> = names
        .iter()
        .filter_map(|token| {
            let (base, generation) = slots::unslot(token);
            (base == name && up_to.is_none_or(|up_to| generation <= up_to))
                .then(|| (generation, token.clone()))
        })
        .collect();
    found.sort_by_key(|(generation, _)| std::cmp::Reverse(*generation));
    found
}

impl Elasticsearch {
    /// The names of an account's tokens. An account that does not exist has none.
    async fn names(&self, account: &str) -> Result<Vec<String>, ServerError> {
        let Some(path) = accounts::path(account) else {
            return Ok(Vec::new());
        };
        let credentials: wire::Credentials = self
            .call(Request::get_whole_list(format!("{path}/credential")))
            .await?;
        Ok(credentials.tokens.into_keys().collect())
    }

    async fn shared_names(&self, account: &str) -> Result<Arc<Vec<String>>, ServerError> {
        let came = Instant::now();
        let list = self.token_lists.of(account);
        let mut list = list.lock().await;
        if let Some(shared) = list.as_ref().filter(|shared| shared.asked >= came) {
            return Ok(Arc::clone(&shared.names));
        }
        let asked = Instant::now();
        let names = Arc::new(self.names(account).await?);
        *list = Some(List {
            asked,
            names: Arc::clone(&names),
        });
        Ok(names)
    }

    /// The accounts whose tokens make the next page, by name; the cursor is the last one's.
    async fn page_of_accounts(
        &self,
        from: Option<&Cursor>,
    ) -> Result<(Vec<String>, Option<Cursor>), ServerError> {
        let mut all: Vec<String> = self
            .accounts()
            .await?
            .into_iter()
            .map(|account| account.id)
            .filter(|id| from.is_none_or(|Cursor(last)| id > last))
            .collect();
        all.sort();
        let more = all.len() > PAGE;
        all.truncate(PAGE);
        let next = all.last().filter(|_| more).cloned().map(Cursor);
        Ok((all, next))
    }

    /// Issues a secret under the name of its generation.
    async fn issue(
        &self,
        desired: &AccessToken,
        generation: i64,
        retired: Option<String>,
    ) -> Result<Issued<AccessToken>, ServerError> {
        let account = desired.service_account.as_deref().unwrap_or_default();
        let path = path(account, &slots::slot(&desired.name, generation))?;
        let created: wire::CreatedToken = self
            .call(Request::new(Method::POST, path, Repeat::Never))
            .await?;
        self.token_lists.changed(account);
        let mut record = wire::token(account, &desired.name, generation);
        record.issued_at = Some(self.client.this_second());
        Ok(Issued {
            record,
            secret: Some(created.token.value),
            retired,
        })
    }

    /// Revokes a token. Nodes remember who signed in for twenty minutes; the server clears that, and says so where it could not:
    /// the token is gone from the list then, and still accepted.
    async fn remove(&self, account: &str, name: &str) -> Result<(), ServerError> {
        let path = path(account, name)?;
        let request = |repeat| Request::new(Method::DELETE, path.clone(), repeat);
        let mut removed = self.call::<wire::Found>(request(Repeat::Never)).await;
        self.token_lists.changed(account);
        if let Err(unclear) = removed.as_ref()
            && unclear.is_ambiguous()
        {
            let asks = unclear.detail.contains("clear the cache");
            removed = self.call(request(Repeat::Harmless)).await;
            let clear = format!("{path}/_clear_cache");
            let clear = Request::new(Method::POST, clear, Repeat::Harmless);
            let cleared = self.call::<serde_json::Value>(clear).await;
            // Otherwise only to be sure: it takes a privilege that revoking some tokens does not.
            if asks {
                cleared?;
            }
        }
        match removed {
            Err(error) if !error.is_gone() => Err(error),
            _ => Ok(()),
        }
    }
}

fn path(account: &str, token: &str) -> Result<String, ServerError> {
    let account = accounts::path(account).ok_or_else(|| accounts::gone(account))?;
    let token = segment(token).ok_or_else(|| gone(token))?;
    Ok(format!("{account}/credential/token/{token}"))
}

fn gone(id: &str) -> ServerError {
    ServerError::new(
        ErrorKind::Gone,
        CAPABILITIES.title,
        format!("there is no service account token {id:?}"),
    )
}
