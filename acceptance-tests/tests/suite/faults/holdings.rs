//! What is really there: the server's store, past every API; and which secrets it takes.

use std::collections::BTreeSet;

use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;
use lanyard_token_server::ReferenceServer;
use lanyard_token_server::store::{AccountFilter, TokenFilter};

use crate::support::door;

/// More than any trial makes.
const MANY: usize = 1000;

/// Ids of accounts and tokens, as the server keeps them: where each secret is a token of its own, each is one here.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Holdings {
    pub(crate) accounts: BTreeSet<String>,
    pub(crate) tokens: BTreeSet<String>,
    /// Those of the tokens that let nobody in.
    pub(crate) disabled: BTreeSet<String>,
}

impl Holdings {
    pub(crate) fn of(server: &ReferenceServer) -> Self {
        server.store(|store| {
            let accounts = store.service_accounts(&AccountFilter::default(), 0, MANY);
            let tokens = store.access_tokens(&TokenFilter::default(), 0, MANY);
            let (accounts, tokens) = (
                accounts.expect("the store can be read"),
                tokens.expect("the store can be read"),
            );
            Self {
                accounts: accounts.into_iter().map(|account| account.id).collect(),
                disabled: tokens
                    .iter()
                    .filter(|token| token.disabled)
                    .map(|token| token.id.clone())
                    .collect(),
                tokens: tokens.into_iter().map(|token| token.id).collect(),
            }
        })
    }

    /// What is here and was not there.
    pub(crate) fn since(&self, before: &Self) -> Self {
        let new = |now: &BTreeSet<String>, before: &BTreeSet<String>| {
            now.difference(before).cloned().collect()
        };
        Self {
            accounts: new(&self.accounts, &before.accounts),
            tokens: new(&self.tokens, &before.tokens),
            disabled: new(&self.disabled, &before.disabled),
        }
    }
}

/// Whether the server lets in who shows a secret of the object with this state.
pub(super) async fn lets_in(server: &ReferenceServer, state: &Value, secret: &str) -> bool {
    let id = state.get("id").as_str().unwrap_or_default();
    door::lets_in(&door::operator_of(server), id, &Secret::new(secret)).await
}
