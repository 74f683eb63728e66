//! Service accounts. The vendor's own (`elastic/…`) are found and never made, changed or deleted; the others are the user's, where
//! the cluster lets users have some.

use async_trait::async_trait;
use lanyard_compiler::model::ServiceAccount;
use lanyard_compiler::model::record::ServiceAccountRecord;
use lanyard_compiler::model::server::elasticsearch::{CAPABILITIES, is_built_in};
use lanyard_compiler::value::AttributePath;
use reqwest::Method;

use super::{Elasticsearch, ManagesAccounts, wire};
use crate::error::{ErrorKind, Existing, Result, ServerError};
use crate::http::{Repeat, Request, segment};
use crate::object::{Issued, Judge, Objects, Page, RotateRequest, Unfinished, Unreadable};
use crate::record::{Cursor, Filter};

const ACCOUNTS: &str = "/_security/service";

/// The path of one account; `None` for a name that none can have.
pub(super) fn path(principal: &str) -> Option<String> {
    let (namespace, service) = principal.split_once('/')?;
    let (namespace, service) = (segment(namespace)?, segment(service)?);
    Some(format!("{ACCOUNTS}/{namespace}/{service}"))
}

pub(super) fn gone(principal: &str) -> ServerError {
    ServerError::new(
        ErrorKind::Gone,
        CAPABILITIES.title,
        format!("there is no service account {principal:?}"),
    )
}

#[async_trait]
impl Objects<ServiceAccount> for Elasticsearch {
    /// An account that does not exist is an empty answer, never "not found" (`ServiceAccountIT`: unknown accounts are an empty map).
    async fn read(&self, id: &str) -> Result<Option<ServiceAccountRecord>> {
        let Some(path) = path(id) else {
            return Ok(None);
        };
        let mut accounts: wire::OneAccount = self.call(Request::get(path)).await?;
        Ok(accounts.remove(id).map(|account| account.record(id)))
    }

    async fn list(&self, filter: &Filter, _: Option<&Cursor>) -> Result<Page<ServiceAccount>> {
        let Some(name) = &filter.name else {
            return self.accounts().await;
        };
        let record = Objects::<ServiceAccount>::read(self, name).await?;
        Ok(Page::whole(record.into_iter().collect()))
    }

    fn dates_creation(&self) -> bool {
        false
    }

    async fn create(&self, desired: &ServiceAccount) -> Result<Issued<ServiceAccount>> {
        let existing = Objects::<ServiceAccount>::read(self, &desired.name).await?;
        let record = match existing {
            Some(record) if is_built_in(&desired.name) => record,
            Some(record) => return Err(taken(record.id)),
            None if is_built_in(&desired.name) => return Err(no_such_built_in(&desired.name)),
            None if self.manages_accounts().await? == ManagesAccounts::No => {
                return Err(built_in_only());
            }
            None => {
                let (record, created) = self.put(desired, Repeat::Never).await?;
                if !created {
                    return Err(written_over(&record.id));
                }
                record
            }
        };
        Ok(Issued::alone(record, None))
    }

    /// The answer to the write does not repeat what was written: what became of it is asked for.
    async fn finish(
        &self,
        made: &ServiceAccountRecord,
        _: &ServiceAccount,
    ) -> Result<Option<ServiceAccountRecord>, Unfinished> {
        if is_built_in(&made.id) {
            return Ok(None);
        }
        let written = self.written(&made.id).await;
        written.map(Some).map_err(|error| Unfinished {
            error,
            restricting: false,
        })
    }

    async fn update(
        &self,
        id: &str,
        _: &ServiceAccount,
        desired: &ServiceAccount,
        judge: Judge<'_, ServiceAccountRecord>,
    ) -> Result<ServiceAccountRecord> {
        // PUT replaces and creates (`created` in its answer): what is gone must not come back by it.
        let Some(record) = Objects::<ServiceAccount>::read(self, id).await? else {
            return Err(gone(id));
        };
        judge(&record)?;
        if is_built_in(id) {
            return Ok(record);
        }
        let (_, created) = self.put(desired, Repeat::Harmless).await?;
        if created {
            // Somebody deleted it since it was read.
            Objects::<ServiceAccount>::delete(self, id).await?;
            return Err(gone(id));
        }
        self.written(id).await
    }

    async fn rotate(
        &self,
        _: &str,
        _: &RotateRequest<ServiceAccount>,
        _: Judge<'_, ServiceAccountRecord>,
    ) -> Result<Issued<ServiceAccount>> {
        Err(ServerError::no_account_secret(CAPABILITIES.title))
    }

    /// Never by force: an account that still has tokens, which somebody else made, stays.
    async fn delete(&self, id: &str) -> Result<()> {
        let Some(path) = path(id).filter(|_| !is_built_in(id)) else {
            return Ok(());
        };
        let request = Request::new(Method::DELETE, path, Repeat::Harmless);
        match self.call::<wire::Found>(request).await {
            Err(error) if !error.is_gone() => Err(self.with_its_tokens(id, error).await),
            _ => Ok(()),
        }
    }
}

impl Elasticsearch {
    /// Every account. Clusters before 9.6 do not know the parameter `type`, and refuse it.
    pub(super) async fn accounts(&self) -> Result<Page<ServiceAccount>> {
        let plain = Request::get_whole_list(ACCOUNTS);
        let typed = || plain.clone().query("type", Some("built_in,user_managed"));
        let accounts: wire::Accounts = match self.manages_accounts().await? {
            ManagesAccounts::Yes => self.call(typed()).await?,
            ManagesAccounts::No => self.call(plain).await?,
            ManagesAccounts::NotTold => match self.call(typed()).await {
                Err(error) if matches!(error.kind, ErrorKind::FixConfiguration { .. }) => {
                    self.call(plain).await?
                }
                answer => answer?,
            },
        };
        let wire::Accounts { read, unreadable } = accounts;
        if read.is_empty() && unreadable.is_empty() {
            // They are built into the server (`ElasticServiceAccounts`), whoever asks.
            return Err(ServerError::new(
                ErrorKind::Bug,
                CAPABILITIES.title,
                "the list of accounts has none, not even one of those that every cluster has",
            ));
        }
        let records = read.into_iter();
        let named = |principal: String| Unreadable {
            id: Some(principal.clone()),
            name: Some(principal),
        };
        Ok(Page {
            records: records
                .map(|(principal, account)| account.record(&principal))
                .collect(),
            unreadable: unreadable.into_iter().map(named).collect(),
            next: None,
        })
    }

    /// The account as it is after a write, which waits until it can be read (`refresh` is `wait_for` unless something else is asked for).
    async fn written(&self, id: &str) -> Result<ServiceAccountRecord> {
        let record = Objects::<ServiceAccount>::read(self, id).await?;
        record.ok_or_else(|| gone(id))
    }

    /// Writes the whole account: what is left out goes back to its default (a description vanishes in the vendor's `23_user_managed_attribution.yml`).
    /// Says whether there was none before.
    async fn put(
        &self,
        desired: &ServiceAccount,
        repeat: Repeat,
    ) -> Result<(ServiceAccountRecord, bool)> {
        let path = path(&desired.name).ok_or_else(|| gone(&desired.name))?;
        let request = Request::new(Method::PUT, path, repeat)
            .body("application/json", &wire::account(desired));
        match self.call::<wire::Created>(request).await {
            Ok(answer) => Ok((wire::written(desired), answer.created)),
            Err(error) => Err(self.with_its_tokens(&desired.name, error).await),
        }
    }

    /// An account is neither deleted nor made while there are tokens of its name, which the refusal does not name.
    async fn with_its_tokens(&self, principal: &str, error: ServerError) -> ServerError {
        let speaks_of_tokens = error.detail.contains("service tokens");
        let Some(path) = path(principal).filter(|_| speaks_of_tokens) else {
            return error;
        };
        let Ok(tokens) = self.credentials(&path).await else {
            return error;
        };
        let names: Vec<String> = tokens
            .tokens
            .keys()
            .map(|name| format!("{name:?}"))
            .collect();
        // What else the refusal proposes is a parameter of a request that nobody writes here.
        let refused = error.detail.split(", or set force=true").next();
        let refused = refused.unwrap_or_default();
        ServerError {
            detail: format!("{refused}. These are there: {}", names.join(", ")),
            ..error
        }
    }
}

fn taken(id: String) -> ServerError {
    let existing = Existing {
        id: Some(id),
        ..Existing::default()
    };
    ServerError::new(
        ErrorKind::Conflict(Box::new(existing)),
        CAPABILITIES.title,
        "the account exists",
    )
}

/// Between our look and our write, somebody else made it: what it was is gone.
fn written_over(id: &str) -> ServerError {
    ServerError::new(
        ErrorKind::ManagedElsewhere { by: None },
        CAPABILITIES.title,
        format!(
            "somebody else made the account {id} at the same moment, and this wrote over it: its roles, its description and whether it is enabled are as configured here now, and whoever made it does not know"
        ),
    )
}

fn no_such_built_in(principal: &str) -> ServerError {
    let problem = format!("{principal:?} is none of the accounts that are built into this cluster");
    ServerError::new(
        ErrorKind::FixConfiguration {
            places: vec![(AttributePath::attribute("name"), problem)],
        },
        CAPABILITIES.title,
        "accounts in the namespace `elastic` are built in and cannot be created",
    )
}

fn built_in_only() -> ServerError {
    let instead = "Use one of the built-in accounts (`elastic/fleet-server`), or a cluster that has user-managed service accounts (9.6 or later).";
    ServerError::new(
        ErrorKind::Unsupported { instead },
        CAPABILITIES.title,
        "this cluster has built-in service accounts only",
    )
}

#[cfg(test)]
mod tests {
    use lanyard_compiler::model::{AccessToken, Settings};
    use lanyard_compiler::secret::Secret;

    use super::*;
    use crate::http::scripted::{Server, answer};
    use crate::two_slots::TwoSlots as _;

    async fn answers(bodies: &[&str]) -> (Server, Elasticsearch) {
        let headers = "content-type: application/json\r\n";
        let script = bodies.iter().map(|body| answer("200 OK", headers, body));
        let server = Server::start(script.collect()).await;
        let settings = Settings {
            url: Some(server.url.clone()),
            token: Some(Secret::new("key")),
            max_retries: Some(0),
            ..Settings::default()
        };
        let ours = Elasticsearch::connect(&settings).unwrap();
        (server, ours)
    }

    #[tokio::test]
    async fn a_list_without_one_of_the_vendors_own_is_no_list() {
        let known = r#"{"supported": true}"#;
        let (_server, ours) =
            answers(&[known, r#"{"elastic/kibana": {"type": "built_in"}}"#]).await;
        assert_eq!(ours.accounts().await.unwrap().records.len(), 1);
        let (_server, ours) = answers(&[known, "{}"]).await;
        assert_eq!(ours.accounts().await.unwrap_err().kind, ErrorKind::Bug);
    }

    /// The others are listed, and the tokens of that one are known to be there.
    #[tokio::test]
    async fn one_account_that_nobody_understands_leaves_the_others() {
        let accounts = r#"{"elastic/kibana": {"type": "built_in"}, "shop/ci": {"type": "user_managed", "roles": ["viewer"]}}"#;
        let odd = r#"{"shop/ci": {"type": "user_managed", "roles": ["viewer"]}}"#;
        let tokens = r#"{"service_account": "shop/ci", "count": 1, "tokens": {"deploy": {}}}"#;
        let none = r#"{"service_account": "elastic/kibana", "count": 0, "tokens": {}}"#;
        let supported = r#"{"supported": true}"#;
        let (_server, ours) = answers(&[supported, accounts]).await;
        let page = ours.accounts().await.unwrap();
        let is_odd = |one: &Unreadable, id: &str| one.id.as_deref() == Some(id);
        assert_eq!(page.records.len(), 1);
        assert!(is_odd(&page.unreadable[0], "shop/ci"), "{page:?}");

        let (_server, ours) = answers(&[tokens, odd]).await;
        let of_ci = Filter {
            service_account: Some("shop/ci".to_owned()),
            ..Filter::default()
        };
        let page = Objects::<AccessToken>::list(&ours, &of_ci, None)
            .await
            .unwrap();
        assert_eq!(page.records, []);
        assert!(is_odd(&page.unreadable[0], "shop/ci/deploy"), "{page:?}");

        let (_server, ours) = answers(&[tokens, odd]).await;
        let read = Objects::<AccessToken>::read(&ours, "shop/ci/deploy").await;
        assert_eq!(read.unwrap_err().kind, ErrorKind::Bug, "asked for it alone");

        let (_server, ours) = answers(&[supported, accounts, none, tokens, odd]).await;
        let all = ours.accounts_from(None).await.unwrap().0;
        assert_eq!(all, ["elastic/kibana", "shop/ci"]);
    }

    /// Where not every node has answered, accounts may be made all the same.
    #[tokio::test]
    async fn what_not_every_node_says_is_not_no() {
        for (supported, expected) in [
            (r#"{"supported": true}"#, Some(ManagesAccounts::Yes)),
            (r#"{"supported": false}"#, Some(ManagesAccounts::No)),
            (r#"{"supported": null}"#, Some(ManagesAccounts::NotTold)),
            ("{}", None),
        ] {
            let (_server, ours) = answers(&[supported]).await;
            let manages = ours.manages_accounts().await.ok();
            assert!(manages == expected, "{supported}");
        }
    }

    #[tokio::test]
    async fn tokens_that_are_counted_and_not_shown_are_an_error() {
        let text = r#"{"service_account": "a/b", "count": 2, "tokens": {}}"#;
        let (_server, ours) = answers(&[text]).await;
        let error = ours.credentials("/_security/service/a/b").await;
        assert_eq!(error.err().map(|error| error.kind), Some(ErrorKind::Bug));
    }
}
