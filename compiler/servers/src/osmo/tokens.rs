//! OSMO's personal access tokens.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use lanyard_compiler::model::AccessToken;
use lanyard_compiler::model::record::{AccessTokenRecord, Former};
use lanyard_compiler::model::server::osmo::CAPABILITIES;
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::AttributePath;
use reqwest::Method;
use serde_json::Value as Json;

use super::{Osmo, accounts, wire};
use crate::error::{ErrorKind, Result, ServerError};
use crate::http::{Repeat, Request, segment};
use crate::object::Issued;
use crate::record::Cursor;
use crate::slots::{self, Slot as _};
use crate::two_slots::TwoSlots;

#[async_trait]
impl TwoSlots for Osmo {
    type Secret = wire::Token;
    const TITLE: &str = CAPABILITIES.title;

    async fn secrets(&self, user: &str) -> Result<Arc<Vec<wire::Token>>> {
        let Ok(path) = accounts::path(user) else {
            return Ok(Arc::default());
        };
        let ask = || async {
            let tokens = match self.tokens_at(&path).await {
                // There is no such user.
                Err(error) if error.is_gone() => Vec::new(),
                tokens => tokens?,
            };
            if tokens.is_empty() {
                return Ok(tokens);
            }
            // Tokens are not dated. Who may see them may still not see their user.
            Ok(match self.user(user).await {
                Ok(Some(user)) => tokens.into_iter().map(|token| token.of(&user)).collect(),
                Err(error) if error.kind != ErrorKind::Forbidden => return Err(error),
                Ok(None) | Err(_) => tokens,
            })
        };
        self.token_lists.get(user, ask).await
    }

    fn record(_: &str, token: &wire::Token) -> AccessTokenRecord {
        token.clone().record()
    }

    fn gone(id: &str) -> ServerError {
        ServerError::new(
            ErrorKind::Gone,
            CAPABILITIES.title,
            format!("there is no access token {id:?}"),
        )
    }

    async fn issue(
        &self,
        desired: &AccessToken,
        generation: i64,
        retired: Vec<Former>,
    ) -> Result<Issued<AccessToken>> {
        let user = desired.service_account.as_deref().unwrap_or_default();
        let slot = slots::slot(&desired.name, generation);
        let path = token_path(user, &slot)?;
        if desired.roles.as_ref().is_some_and(BTreeSet::is_empty) {
            // Asked for none, OSMO gives all that the user has.
            let places = vec![(
                AttributePath::attribute("roles"),
                "a secret without any cannot be asked for".to_owned(),
            )];
            return Err(ServerError::new(
                ErrorKind::FixConfiguration { places },
                CAPABILITIES.title,
                format!("no role is left to the access token {:?}", desired.name),
            ));
        }
        let now = self.client.now();
        let end = wire::last_day(desired.expires_at, desired.ttl, now);
        let mut request = Request::new(Method::POST, path, Repeat::Never);
        request.query = wire::create_token(desired, end);
        let secret = match self.call::<Secret>(request).await {
            Ok(secret) => secret,
            Err(error) => return Err(self.about_the_user(user, error).await),
        };
        // The answer is the secret and nothing else. It is safe whatever becomes of this call.
        let mut record = match self.written(user, &slot).await {
            Ok(Some(token)) => token.record(),
            Ok(None) | Err(_) => AccessTokenRecord {
                roles: None,
                ..wire::Token::issued(user, desired, generation, end).record()
            },
        };
        record.issued_at = Some(self.issued_now(user).await);
        Ok(Issued {
            record,
            secret: Some(secret),
            retired,
        })
    }

    async fn remove(&self, user: &str, token: &str) -> Result<()> {
        let request = Request::new(Method::DELETE, token_path(user, token)?, Repeat::Harmless);
        let done = self.call::<Json>(request).await;
        match done {
            Err(error) if !error.is_gone() => Err(error),
            _ => Ok(()),
        }
    }

    async fn accounts_from(&self, from: Option<&Cursor>) -> Result<(Vec<String>, Option<Cursor>)> {
        let (users, next) = self.users(from).await?;
        Ok((users.into_iter().map(|user| user.id).collect(), next))
    }
}

impl Osmo {
    async fn tokens_at(&self, user_path: &str) -> Result<Vec<wire::Token>> {
        let request = Request::get_whole_list(format!("{user_path}/access_token"));
        self.call(request).await
    }

    /// The token as it is after it was made, if it is listed.
    async fn written(&self, user: &str, token: &str) -> Result<Option<wire::Token>> {
        let path = accounts::path(user)?;
        let tokens = self.tokens_at(&path).await?;
        Ok(tokens.into_iter().find(|listed| listed.name() == token))
    }

    /// When a secret that was issued just now was issued: not before its user was made, whatever this machine's clock says. A secret that is
    /// older than its user ended with the one before.
    async fn issued_now(&self, user: &str) -> Timestamp {
        let made = match self.user(user).await {
            Ok(Some(user)) => user.made(),
            // The secret is there, and is safe.
            Ok(None) | Err(_) => None,
        };
        let now = self.client.this_second();
        made.map_or(now, |made| made.max(now))
    }

    /// OSMO complains of the roles when it is the user that does not exist.
    async fn about_the_user(&self, user: &str, error: ServerError) -> ServerError {
        let about_roles = matches!(
            &error.kind,
            ErrorKind::FixConfiguration { places }
                if places.iter().any(|(path, _)| path.to_string() == "roles")
        );
        if about_roles && matches!(self.user(user).await, Ok(None)) {
            let places = vec![(
                AttributePath::attribute("service_account"),
                format!("there is no user {user:?}"),
            )];
            return ServerError {
                kind: ErrorKind::FixConfiguration { places },
                ..error
            };
        }
        error
    }
}

fn token_path(user: &str, token: &str) -> Result<String> {
    let user = accounts::path(user)?;
    segment(token)
        .map(|token| format!("{user}/access_token/{token}"))
        .ok_or_else(|| {
            ServerError::new(
                ErrorKind::Bug,
                CAPABILITIES.title,
                "a token without a name cannot be asked for",
            )
        })
}
