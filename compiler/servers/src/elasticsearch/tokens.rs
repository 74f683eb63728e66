//! Service account tokens. Tokens in files of the nodes stand in the same answers and are nobody's here: they are told as beyond
//! reach, and never taken over or deleted.

use std::sync::Arc;

use async_trait::async_trait;
use lanyard_compiler::model::AccessToken;
use lanyard_compiler::model::ServiceAccount;
use lanyard_compiler::model::record::{AccessTokenRecord, Former, Standing};
use lanyard_compiler::model::server::elasticsearch::{CAPABILITIES, is_built_in};
use reqwest::Method;

use super::{Elasticsearch, accounts, wire};
use crate::error::{ErrorKind, Result, ServerError};
use crate::http::{Repeat, Request, segment};
use crate::object::{Issued, Objects, Page};
use crate::record::{BeyondReach, Cursor};
use crate::slots::{self, Slot};
use crate::two_slots::{self, TwoSlots};

/// Accounts whose tokens make one page.
const PAGE: usize = 200;

/// The name of a token is all there is to tell of it, and whether its account lets it in, as far as that can be read.
pub(crate) struct Token {
    name: String,
    standing: Result<Standing>,
}

impl Slot for Token {
    fn name(&self) -> &str {
        &self.name
    }
}

#[async_trait]
impl TwoSlots for Elasticsearch {
    type Secret = Token;
    const TITLE: &str = CAPABILITIES.title;

    /// The list of an account's tokens says nothing of the account, and while that is disabled none of them is accepted. An account that
    /// is deleted by force leaves them in place.
    async fn secrets(&self, account: &str) -> Result<Arc<Vec<Token>>> {
        let Some(path) = accounts::path(account) else {
            return Ok(Arc::default());
        };
        let ask = || async {
            let tokens = self.credentials(&path).await?.tokens;
            if tokens.is_empty() {
                return Ok(Vec::new());
            }
            let standing = match self.standing(account).await {
                Err(error) if error.kind != ErrorKind::Bug => return Err(error),
                standing => standing,
            };
            let token = |name| Token {
                name,
                standing: standing.clone(),
            };
            Ok(tokens.into_keys().map(token).collect())
        };
        self.token_lists.get(account, ask).await
    }

    fn record(account: &str, token: &Token) -> AccessTokenRecord {
        let (name, generation) = slots::unslot(&token.name);
        AccessTokenRecord {
            standing: token.standing.clone().unwrap_or_default(),
            ..wire::token(account, name, generation)
        }
    }

    fn not_understood(token: &Token) -> Option<ServerError> {
        token.standing.clone().err()
    }

    fn gone(id: &str) -> ServerError {
        gone(id)
    }

    async fn issue(
        &self,
        desired: &AccessToken,
        generation: i64,
        retired: Vec<Former>,
    ) -> Result<Issued<AccessToken>> {
        let account = desired.service_account.as_deref().unwrap_or_default();
        let path = path(account, &slots::slot(&desired.name, generation))?;
        // Asked before there is a secret, which an error would lose.
        let standing = self.standing(account).await?;
        let created: wire::CreatedToken = self
            .call(Request::new(Method::POST, path, Repeat::Never))
            .await?;
        let mut record = wire::token(account, &desired.name, generation);
        record.issued_at = Some(self.client.this_second());
        record.standing = standing;
        Ok(Issued {
            record,
            secret: Some(created.token.value),
            retired,
        })
    }

    /// Revokes a token. Nodes remember for twenty minutes who signed in (`xpack.security.authc.service_token.cache.ttl`). The server
    /// clears that, and fails with "clearing the cache … failed" where it could not: the token is gone from the list then, and still
    /// accepted (`IndexServiceAccountTokenStore`).
    async fn remove(&self, account: &str, name: &str) -> Result<()> {
        let path = path(account, name)?;
        let request = |repeat| Request::new(Method::DELETE, path.clone(), repeat);
        let mut removed = self.call::<wire::Found>(request(Repeat::Never)).await;
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

    /// By name; the cursor is the last one's.
    async fn accounts_from(&self, from: Option<&Cursor>) -> Result<(Vec<String>, Option<Cursor>)> {
        let kept = || self.paged.lock();
        let mut all = Arc::clone(&*kept());
        if from.is_none() || all.is_empty() {
            let Page {
                records,
                unreadable,
                ..
            } = self.accounts().await?;
            let names = records.into_iter().map(|account| account.id);
            let others = unreadable.into_iter().filter_map(|other| other.id);
            let mut names: Vec<String> = names.chain(others).collect();
            names.sort();
            all = Arc::new(names);
            *kept() = Arc::clone(&all);
        }
        let start = from.map_or(0, |Cursor(last)| all.partition_point(|id| id <= last));
        let rest = all.get(start..).unwrap_or_default();
        let page = &rest[..rest.len().min(PAGE)];
        if page.len() == rest.len() {
            *kept() = Arc::default();
        }
        let next = page.last().filter(|_| page.len() < rest.len());
        Ok((page.to_vec(), next.cloned().map(Cursor)))
    }
}

impl Elasticsearch {
    /// Tokens in files of the nodes, of these accounts.
    pub(super) async fn in_files(&self, accounts: Vec<String>) -> Result<Vec<BeyondReach>> {
        two_slots::of_each(accounts, |account| async move {
            match accounts::path(&account) {
                Some(path) => Ok(self.credentials(&path).await?.in_files(&account)),
                None => Ok(Vec::new()),
            }
        })
        .await
    }

    /// What becomes of all tokens of the account; the vendor's own let theirs in.
    async fn standing(&self, account: &str) -> Result<Standing> {
        if is_built_in(account) {
            return Ok(Standing::Unsaid);
        }
        let ask = || async {
            let owner = Objects::<ServiceAccount>::read(self, account).await?;
            Ok(match owner {
                Some(owner) if owner.disabled => Standing::Disabled,
                Some(_) => Standing::Unsaid,
                None => Standing::Revoked,
            })
        };
        let standing = self.owners.get(account, ask).await?;
        Ok(*standing)
    }

    /// All tokens of the account at this path.
    pub(super) async fn credentials(&self, path: &str) -> Result<wire::Credentials> {
        let request = Request::get_whole_list(format!("{path}/credential"));
        let credentials: wire::Credentials = self.call(request).await?;
        match credentials.kept_back() {
            Some((said, shown)) => Err(ServerError::keeps_back(
                CAPABILITIES.title,
                "service account tokens",
                said,
                shown,
            )),
            None => Ok(credentials),
        }
    }
}

fn path(account: &str, token: &str) -> Result<String> {
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
