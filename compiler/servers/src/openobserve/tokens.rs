//! Access tokens: the one secret of an account, or an ingestion token of the organization, which belongs to no account, shows its
//! secret again and cannot be deleted.

use std::sync::Arc;

use async_trait::async_trait;
use lanyard_compiler::model::AccessToken;
use lanyard_compiler::model::record::AccessTokenRecord;
use lanyard_compiler::model::server::openobserve::{CAPABILITIES, is_default};
use lanyard_compiler::value::AttributePath;
use reqwest::Method;
use serde_json::json;

use super::{Id, OpenObserve, PATIENCE, done, id, no_account, parse, path, patiently, wire};
use crate::contest::Contest;
use crate::error::{ErrorKind, Existing, Result, ServerError};
use crate::http::{Repeat, Request, segment};
use crate::object::{Issued, Judge, Objects, Page, RotateRequest, Seen, Unfinished, anything};
use crate::record::{Cursor, Filter};
use crate::token_server::MANAGED_BY;

/// The one ingestion token that can be rotated.
const DEFAULT_ID: &str = "default/default";

/// Ingestion tokens cannot be called like an address.
fn is_account(name: &str) -> bool {
    name.contains('@')
}

#[async_trait]
impl Objects<AccessToken> for OpenObserve {
    async fn read(&self, id: &str) -> Result<Option<AccessTokenRecord>> {
        let Some(Id { organization, name }) = parse(id) else {
            return Ok(None);
        };
        if is_account(name) {
            let account = self.account_or_none(organization, name).await?;
            return Ok(account.map(|account| account.own_token(organization)));
        }
        let tokens = self.ingestion_tokens(organization).await?;
        let token = tokens.iter().find(|token| token.name == name);
        Ok(token.map(|token| token.clone().record(organization)))
    }

    /// Accounts' own secrets have no names: they come only to who asks for an account's, and to who reads many of ours.
    async fn list(&self, filter: &Filter, _: Option<&Cursor>) -> Result<Page<AccessToken>> {
        let organization = &self.organization;
        let of_accounts = filter.service_account.is_some() || filter.managed_by.is_some();
        let mut records = Vec::new();
        if of_accounts && filter.name.is_none() {
            let accounts = self.listed(organization).await?;
            records.extend(
                accounts
                    .iter()
                    .filter(|account| account.is_service_account())
                    .map(|account| account.own_token(organization))
                    .filter(|token| {
                        filter
                            .service_account
                            .as_ref()
                            .is_none_or(|account| *account == token.id)
                    }),
            );
        }
        if filter.service_account.is_none() {
            let tokens = self.ingestion_tokens(organization).await?;
            records.extend(
                tokens
                    .iter()
                    .filter(|token| filter.name.as_ref().is_none_or(|name| *name == token.name))
                    .map(|token| token.clone().record(organization)),
            );
        }
        Ok(Page::whole(records))
    }

    fn ours(&self) -> Filter {
        Filter {
            managed_by: Some(MANAGED_BY.to_owned()),
            ..Filter::default()
        }
    }

    async fn create(&self, desired: &AccessToken) -> Result<Issued<AccessToken>> {
        if let Some(account) = &desired.service_account {
            let seen = Seen::default();
            let taken = self.take_secret(account, desired, &seen, &anything).await;
            return taken.map_err(no_account_of_token);
        }
        let organization = &self.organization;
        let request = Request::new(
            Method::POST,
            path(organization, "ingestion-tokens")?,
            Repeat::Never,
        )
        .body("application/json", &wire::create_ingestion_token(desired));
        let created: wire::Created = match self.client.json(&request).await {
            Err(error) if matches!(error.kind, ErrorKind::Conflict(_)) => {
                let kind = ErrorKind::Conflict(Box::new(Existing {
                    id: Some(id(organization, &desired.name)),
                    ..Existing::default()
                }));
                return Err(ServerError { kind, ..error });
            }
            answer => answer?,
        };
        let mut record = created.data.record(organization);
        let secret = record.token.take();
        Ok(Issued {
            record,
            secret,
            retired: Vec::new(),
        })
    }

    /// Every ingestion token is created enabled.
    async fn finish(
        &self,
        made: &AccessTokenRecord,
        desired: &AccessToken,
    ) -> Result<Option<AccessTokenRecord>, Unfinished> {
        if desired.service_account.is_some() || made.disabled == desired.disabled {
            return Ok(None);
        }
        let made = made.clone();
        let enabled = self.enabled(made, !desired.disabled).await;
        enabled.map(Some).map_err(|error| Unfinished {
            error,
            restricting: desired.disabled,
        })
    }

    async fn update(
        &self,
        id: &str,
        _: &AccessToken,
        desired: &AccessToken,
        judge: Judge<'_, AccessTokenRecord>,
    ) -> Result<AccessTokenRecord> {
        let gone = || no_token(id);
        let record = Objects::<AccessToken>::read(self, id)
            .await?
            .ok_or_else(gone)?;
        judge(&record)?;
        if desired.service_account.is_some() || record.disabled == desired.disabled {
            return Ok(record);
        }
        self.enabled(record, !desired.disabled).await
    }

    async fn rotate(
        &self,
        id: &str,
        request: &RotateRequest<AccessToken>,
        judge: Judge<'_, AccessTokenRecord>,
    ) -> Result<Issued<AccessToken>> {
        let RotateRequest { desired, seen, .. } = request;
        if desired.service_account.is_some() {
            return self.take_secret(id, desired, seen, judge).await;
        }
        if let (DEFAULT_ID, Some(Id { organization, .. })) = (id, parse(id)) {
            return self.rotate_default(organization, seen, judge).await;
        }
        Err(ServerError::unsupported(
            CAPABILITIES.title,
            "ingestion tokens cannot be rotated",
            "An ingestion token keeps its secret: create a second one under another name.",
        ))
    }

    /// The secret of an account ends by being replaced with one that nobody sees; an ingestion token is disabled, since nothing
    /// deletes it.
    async fn delete(&self, id: &str) -> Result<()> {
        let Some(Id { organization, name }) = parse(id) else {
            return Ok(());
        };
        let ended = if is_account(name) {
            if self.account_or_none(organization, name).await?.is_none() {
                return Ok(());
            }
            self.rotate_account(organization, name, &Seen::default(), &anything)
                .await
                .map(|_| ())
        } else {
            self.enable(id, false).await
        };
        match ended {
            Err(error) if !error.is_gone() => Err(error),
            _ => Ok(()),
        }
    }
}

impl OpenObserve {
    async fn ingestion_tokens(&self, organization: &str) -> Result<Arc<Vec<wire::IngestionToken>>> {
        let path = path(organization, "ingestion-tokens")?;
        self.token_lists
            .get(organization, || self.whole_list(path))
            .await
    }

    /// Issues a new secret for an account; whatever it had before ends.
    async fn take_secret(
        &self,
        account: &str,
        desired: &AccessToken,
        seen: &Seen,
        judge: Judge<'_, AccessTokenRecord>,
    ) -> Result<Issued<AccessToken>> {
        let Id { organization, name } = parse(account).ok_or_else(|| no_account(account))?;
        let judge = |account: &wire::Account| judge(&account.own_token(organization));
        let rotated = self
            .rotate_account(organization, name, seen, &judge)
            .await?;
        let id = id(organization, name);
        Ok(Issued {
            record: AccessTokenRecord {
                service_account: Some(id.clone()),
                id,
                name: desired.name.clone(),
                secret_prefix: rotated.prefix,
                issued_at: Some(self.client.this_second()),
                ..AccessTokenRecord::default()
            },
            secret: Some(rotated.secret),
            retired: Vec::new(),
        })
    }

    /// Gives the default ingestion token of the organization `default` another secret. The path speaks of "the passcode", which is the
    /// caller's own where the organization has no default token: so what it shows has to be the token that is meant, before it is
    /// replaced.
    async fn rotate_default(
        &self,
        organization: &str,
        seen: &Seen,
        judge: Judge<'_, AccessTokenRecord>,
    ) -> Result<Issued<AccessToken>> {
        let path = path(organization, "passcode")?;
        let contest = Contest::begin();
        let meant = self.default_token(organization).await?;
        let ours_is_gone = seen
            .secret
            .as_ref()
            .is_some_and(|seen| *seen != meant.token);
        let record = meant.clone().record(organization);
        if ours_is_gone || seen.is_gone_from(&record) {
            return Err(ServerError::replaced_before(CAPABILITIES.title, &record.id));
        }
        judge(&record)?;
        let shown: wire::ShownPasscode =
            self.client.json(&Request::get_secret(path.clone())).await?;
        if shown.data.passcode != meant.token {
            let instead = "Sign in as a user of the organization that it belongs to.";
            return Err(ServerError::new(
                ErrorKind::Unsupported { instead },
                CAPABILITIES.title,
                "this user would replace another token than the default one of the organization",
            ));
        }
        let request = Request::new(Method::PUT, path, Repeat::Never);
        let rotated = self.client.json::<wire::ShownPasscode>(&request).await;
        // No answer tells when a secret was replaced: a rotation whose answer was lost is made again.
        let secret = rotated?.data.passcode;
        contest.end().await;
        match self.default_token(organization).await {
            Ok(now) if now.token != secret && now.token != meant.token => {
                Err(ServerError::replaced_after(CAPABILITIES.title, &record.id))
            }
            Ok(_) | Err(_) => Ok(Issued {
                record: AccessTokenRecord {
                    token: None,
                    issued_at: Some(self.client.this_second()),
                    ..record
                },
                secret: Some(secret),
                retired: Vec::new(),
            }),
        }
    }

    /// Asking for the list makes it, where there is none yet.
    async fn default_token(&self, organization: &str) -> Result<wire::IngestionToken> {
        let tokens = self.ingestion_tokens(organization).await?;
        let mut found = tokens.iter().filter(|token| is_default(&token.name));
        let found = found.next().cloned();
        found.ok_or_else(|| no_token(&id(organization, "default")))
    }

    /// Enables or disables an ingestion token, and gives it as the list shows it: once it shows that, or as it is after as long as a write
    /// may take to get there. What was confirmed and cannot be looked at is taken to be done.
    async fn enabled(&self, record: AccessTokenRecord, enabled: bool) -> Result<AccessTokenRecord> {
        self.enable(&record.id, enabled).await?;
        let read = || Objects::<AccessToken>::read(self, &record.id);
        let is_so =
            |token: Option<&AccessTokenRecord>| token.is_none_or(|token| token.disabled != enabled);
        let disabled = match patiently(PATIENCE, read, is_so).await {
            Ok(Some(token)) => token.disabled,
            Ok(None) => return Err(no_token(&record.id)),
            Err(_) => !enabled,
        };
        Ok(AccessTokenRecord { disabled, ..record })
    }

    async fn enable(&self, id: &str, enabled: bool) -> Result<()> {
        let Id { organization, name } = parse(id).ok_or_else(|| no_token(id))?;
        let name = segment(name).ok_or_else(|| no_token(id))?;
        let path = path(organization, &format!("ingestion-tokens/{name}"))?;
        let request = Request::new(Method::PATCH, path, Repeat::Harmless)
            .body("application/json", &json!({ "enabled": enabled }));
        done(&self.client, &request).await
    }
}

/// Of a token that is only being made, nothing is gone but what it belongs to: a plan would not make that anew.
fn no_account_of_token(error: ServerError) -> ServerError {
    if !error.is_gone() {
        return error;
    }
    let missing =
        "give the `id` of a service account of the organization, which is `ORGANIZATION/EMAIL`";
    ServerError {
        kind: ErrorKind::FixConfiguration {
            places: vec![(
                AttributePath::attribute("service_account"),
                missing.to_owned(),
            )],
        },
        ..error
    }
}

fn no_token(id: &str) -> ServerError {
    ServerError::new(
        ErrorKind::Gone,
        CAPABILITIES.title,
        format!("there is no access token {id:?}"),
    )
}
