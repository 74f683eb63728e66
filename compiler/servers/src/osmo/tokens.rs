//! OSMO's personal access tokens. There is no call for one token: each read is a list of one user's.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use async_trait::async_trait;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use lanyard_compiler::model::AccessToken;
use lanyard_compiler::model::record::AccessTokenRecord;
use lanyard_compiler::model::server::osmo::CAPABILITIES;
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::AttributePath;
use reqwest::Method;
use serde_json::Value as Json;

use super::{Osmo, users, wire};
use crate::error::{ErrorKind, ServerError};
use crate::http::{Repeat, Request, segment};
use crate::record::{Cursor, Filter, Issued, Page};
use crate::slots::{self, Slots};
use crate::token_server::{Objects, RotateRequest};

/// Lists of users' tokens that several readers share. Whoever waits while a list is on its way shares the next one: what a reader
/// gets was always asked for after the reader came.
#[derive(Default)]
pub(super) struct Lists {
    users: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Option<List>>>>>,
}

struct List {
    asked: Instant,
    tokens: Arc<Vec<wire::Token>>,
}

/// Lists of users' tokens asked for at the same time.
const AT_ONCE: usize = 8;

impl Lists {
    /// What is on its way says nothing any more about this user.
    pub(super) fn changed(&self, user: &str) {
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        users.remove(user);
    }

    fn of(&self, user: &str) -> Arc<tokio::sync::Mutex<Option<List>>> {
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(users.entry(user.to_owned()).or_default())
    }
}

#[async_trait]
impl Objects<AccessToken> for Osmo {
    async fn read(&self, id: &str) -> Result<Option<AccessTokenRecord>, ServerError> {
        let Some(Slots {
            account: user,
            up_to,
            ..
        }) = slots::parse(id)
        else {
            return Ok(None);
        };
        let came = Instant::now();
        let list = self.token_lists.of(user);
        let mut list = list.lock().await;
        let tokens = match &*list {
            Some(shared) if shared.asked >= came => Arc::clone(&shared.tokens),
            _ => {
                let asked = Instant::now();
                let tokens = Arc::new(self.tokens_of(user).await?.unwrap_or_default());
                *list = Some(List {
                    asked,
                    tokens: Arc::clone(&tokens),
                });
                tokens
            }
        };
        if up_to.is_some() {
            let old = slots_of(&tokens, id);
            return Ok(old.into_iter().next().map(|(_, token)| token.record()));
        }
        let mut found = wire::current(&tokens).into_iter();
        Ok(found.find(|token| token.id == id))
    }

    async fn list(
        &self,
        filter: &Filter,
        from: Option<&Cursor>,
    ) -> Result<Page<AccessToken>, ServerError> {
        let (users, next) = match &filter.service_account {
            Some(user) => (vec![user.clone()], None),
            None => {
                let (users, next) = self.users(from).await?;
                (users.into_iter().map(|user| user.id).collect(), next)
            }
        };
        let lists: Vec<_> = stream::iter(users)
            .map(|user| async move { self.tokens_of(&user).await })
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        let records = lists
            .into_iter()
            .flatten()
            .flat_map(|tokens| wire::current(&tokens))
            .filter(|token| filter.name.as_ref().is_none_or(|name| *name == token.name))
            // OSMO keeps no owners.
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
        // Plans rotate or replace instead: what is left has nothing that the server keeps.
        Objects::<AccessToken>::read(self, id)
            .await?
            .ok_or_else(|| {
                ServerError::new(
                    ErrorKind::Gone,
                    CAPABILITIES.title,
                    format!("there is no access token {id:?}"),
                )
            })
    }

    async fn rotate(
        &self,
        id: &str,
        request: &RotateRequest<AccessToken>,
    ) -> Result<Issued<AccessToken>, ServerError> {
        let gone = || {
            ServerError::new(
                ErrorKind::Gone,
                CAPABILITIES.title,
                format!("there is no access token {id:?}"),
            )
        };
        let Slots {
            account: user,
            name,
            ..
        } = slots::parse(id).ok_or_else(gone)?;
        let tokens = self.tokens_of(user).await?.ok_or_else(gone)?;
        let (leftover, old): (Vec<_>, Vec<_>) = slots_of(&tokens, id)
            .into_iter()
            .partition(|(generation, _)| *generation >= request.generation);
        let Some((newest, _)) = old.first() else {
            return Err(gone());
        };
        for (_, token) in &leftover {
            self.remove(user, &token.token_name).await?;
        }
        let retired = slots::retired_id(user, name, *newest);
        self.issue(&request.desired, request.generation, Some(retired))
            .await
    }

    async fn delete(&self, id: &str) -> Result<(), ServerError> {
        let Some(Slots { account: user, .. }) = slots::parse(id) else {
            return Ok(());
        };
        let Some(tokens) = self.tokens_of(user).await? else {
            return Ok(());
        };
        for (_, token) in slots_of(&tokens, id) {
            self.remove(user, &token.token_name).await?;
        }
        Ok(())
    }
}

/// The secrets that an id speaks of, the newest first.
fn slots_of(tokens: &[wire::Token], id: &str) -> Vec<(i64, wire::Token)> {
    let Some(Slots { name, up_to, .. }) = slots::parse(id) else {
        return Vec::new();
    };
    let mut found: Vec<_> = tokens
        .iter()
        .filter_map(|token| {
            let (base, generation) = slots::unslot(&token.token_name);
            (base == name && up_to.is_none_or(|up_to| generation <= up_to))
                .then(|| (generation, token.clone()))
        })
        .collect();
    found.sort_by_key(|(generation, _)| std::cmp::Reverse(*generation));
    found
}

impl Osmo {
    /// The tokens of a user; `None` if there is no such user.
    async fn tokens_of(&self, user: &str) -> Result<Option<Vec<wire::Token>>, ServerError> {
        let Ok(path) = users::path(user) else {
            return Ok(None);
        };
        let request = Request::get_whole_list(format!("{path}/access_token"));
        match self.call(request).await {
            Ok(tokens) => Ok(Some(tokens)),
            Err(error) if error.is_gone() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Issues a secret under the name of its generation.
    async fn issue(
        &self,
        desired: &AccessToken,
        generation: i64,
        retired: Option<String>,
    ) -> Result<Issued<AccessToken>, ServerError> {
        let user = desired.service_account.as_deref().unwrap_or_default();
        let path = token_path(user, &slots::slot(&desired.name, generation))?;
        let now = self.client.now();
        let end = wire::last_day(desired.expires_at, desired.ttl, now);
        let mut request = Request::new(Method::POST, path, Repeat::Never);
        request.query = wire::create_token(desired, end);
        let secret = match self.call::<Secret>(request).await {
            Ok(secret) => secret,
            Err(error) => return Err(self.about_the_user(user, error).await),
        };
        let mut record = wire::Token::issued(user, desired, generation, end).record();
        record.issued_at = Some(self.client.this_second());
        if desired.roles.is_none() {
            // A snapshot of the user's roles, which only the server knows. The secret is safe whatever becomes of this call.
            if let Ok(Some(user)) = self.user(user).await {
                record.roles = Some(user.role_names());
            }
        }
        self.token_lists.changed(user);
        Ok(Issued {
            record,
            secret: Some(secret),
            retired,
        })
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

    async fn remove(&self, user: &str, token: &str) -> Result<(), ServerError> {
        let request = Request::new(Method::DELETE, token_path(user, token)?, Repeat::Harmless);
        let done = self.call::<Json>(request).await;
        self.token_lists.changed(user);
        match done {
            Err(error) if !error.is_gone() => Err(error),
            _ => Ok(()),
        }
    }
}

fn token_path(user: &str, token: &str) -> Result<String, ServerError> {
    let user = users::path(user)?;
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
