//! The verbs for accounts; tokens of their own do not exist here.

use async_trait::async_trait;
use lanyard_compiler::model::record::ServiceAccountRecord;
use lanyard_compiler::model::server::RotationCapability;
use lanyard_compiler::model::server::chronosphere::CAPABILITIES;
use lanyard_compiler::model::{AccessToken, ServiceAccount};
use lanyard_compiler::value::AttributePath;
use reqwest::Method;

use super::{Chronosphere, wire};
use crate::absence;
use crate::absent_kind::absent_kind;
use crate::error::{ErrorKind, Existing, Result, ServerError};
use crate::http::{Repeat, Request, segment};
use crate::object::{Issued, Judge, Objects, Page, RotateRequest};
use crate::record::{Cursor, Filter};

pub(super) const ACCOUNTS: &str = "/api/v1/config/service-accounts";
/// Accounts asked for at once. The server may give fewer, and says whether there are more (`page.max_size` and `next_token`).
const PAGE: u32 = 1000;

#[async_trait]
impl Objects<ServiceAccount> for Chronosphere {
    async fn read(&self, id: &str) -> Result<Option<ServiceAccountRecord>> {
        let Some(slug) = segment(id) else {
            return Ok(None);
        };
        let request = Request::get(format!("{ACCOUNTS}/{slug}"));
        let account = self.api.object::<wire::Envelope>(&request).await;
        let account = self.api.gone(account).await?;
        if account.is_none() {
            // The code of the message is the server's own, and no list of codes is documented.
            let all = Filter::default();
            absence::agrees::<ServiceAccount>(self, CAPABILITIES.title, id, &all).await?;
        }
        Ok(account.map(|envelope| envelope.service_account.record()))
    }

    async fn list(&self, filter: &Filter, from: Option<&Cursor>) -> Result<Page<ServiceAccount>> {
        // Who looks for a name wants one account, and the server's own pages are small.
        let most = filter.name.is_none().then_some(PAGE);
        // The filters have to be repeated on every page: docs.chronosphere.io, `tooling/api-info`, pagination.
        let request = Request::get(ACCOUNTS)
            .query("page.max_size", most)
            .query("names", filter.name.as_ref())
            .query("page.token", from.map(|Cursor(token)| token));
        let mut list: wire::List = self.api.fixed(&request).await?;
        let next = list.next();
        let unreadable = std::mem::take(&mut list.service_accounts.unreadable);
        let records = list.records().filter(|account| {
            filter
                .name
                .as_ref()
                .is_none_or(|name| *name == account.name)
        });
        Ok(Page {
            records: records.collect(),
            unreadable,
            next,
        })
    }

    async fn create(&self, desired: &ServiceAccount) -> Result<Issued<ServiceAccount>> {
        let request = Request::new(Method::POST, ACCOUNTS, Repeat::Never)
            .body("application/json", &wire::create(desired));
        match self.api.fixed::<wire::Envelope>(&request).await {
            Ok(envelope) => {
                let mut record = envelope.service_account.record();
                let secret = record.token.take();
                Ok(Issued {
                    record,
                    secret,
                    retired: Vec::new(),
                })
            }
            Err(error) if matches!(error.kind, ErrorKind::Conflict(_)) => {
                Err(self.explain_conflict(desired, error).await)
            }
            Err(error) => Err(error),
        }
    }

    async fn update(
        &self,
        _: &str,
        _: &ServiceAccount,
        _: &ServiceAccount,
        _: Judge<'_, ServiceAccountRecord>,
    ) -> Result<ServiceAccountRecord> {
        Err(unsupported("accounts cannot be changed", REPLACE))
    }

    async fn rotate(
        &self,
        _: &str,
        _: &RotateRequest<ServiceAccount>,
        _: Judge<'_, ServiceAccountRecord>,
    ) -> Result<Issued<ServiceAccount>> {
        let instead = match CAPABILITIES.service_account.rotation {
            RotationCapability::Impossible { instead } => instead,
            _ => REPLACE,
        };
        Err(unsupported(
            "the secret of an account cannot be replaced",
            instead,
        ))
    }

    async fn delete(&self, id: &str) -> Result<()> {
        let Some(slug) = segment(id) else {
            return Ok(());
        };
        let path = format!("{ACCOUNTS}/{slug}");
        let request = Request::new(Method::DELETE, path, Repeat::Harmless);
        self.api.client.done(&request).await
    }
}

const REPLACE: &str = "Replace the account: `terraform apply -replace=ADDRESS`.";

impl Chronosphere {
    /// The server says that something is taken, not what (409, with a private `code`). Only the holder of the name is what `on_conflict` speaks of: an account
    /// of another name that has the slug is never touched.
    async fn explain_conflict(&self, desired: &ServiceAccount, error: ServerError) -> ServerError {
        let name = Filter {
            name: Some(desired.name.clone()),
            ..Filter::default()
        };
        let Ok(named) = Objects::<ServiceAccount>::list(self, &name, None).await else {
            return error;
        };
        if let Some(account) = named.records.into_iter().next() {
            let existing = Existing {
                id: Some(account.id),
                created_at: account.created_at,
                ..Existing::default()
            };
            return ServerError {
                kind: ErrorKind::Conflict(Box::new(existing)),
                ..error
            };
        }
        let slug = wire::slug(desired).unwrap_or_default();
        match Objects::<ServiceAccount>::read(self, &slug).await {
            Ok(Some(account)) => {
                let problem = format!("{slug:?} is the slug of the account {:?}", account.name);
                ServerError {
                    kind: ErrorKind::FixConfiguration {
                        places: vec![(AttributePath::attribute("slug"), problem)],
                    },
                    ..error
                }
            }
            _ => error,
        }
    }
}

fn unsupported(detail: &str, instead: &'static str) -> ServerError {
    ServerError::unsupported(CAPABILITIES.title, detail, instead)
}

fn no_tokens() -> ServerError {
    unsupported(
        "there are no access tokens beside the secrets of accounts",
        CAPABILITIES.access_token.absent.unwrap_or_default(),
    )
}

absent_kind!(Chronosphere, AccessToken, no_tokens);
