//! `terraform query`: what exists on the server, ready to be imported.

use std::sync::Arc;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::data::{self, DataKind};
use lanyard_compiler::model::schema::{Presence, Schema};
use lanyard_compiler::model::{AccessToken, Kind, ServiceAccount};
use lanyard_compiler::plan::{generated, rotation};
use lanyard_compiler::redaction::KnownSecrets;
use lanyard_compiler::value::Value;
use lanyard_servers::engine::Pages;
use lanyard_servers::{Filter, Object, Record, TokenServer};

use super::connection::Connection;
use super::{ListItem, ListRequest, ListResource, ListSink};

/// One list for each kind of resource.
pub(super) fn all(connection: &Arc<Connection>) -> Vec<Arc<dyn ListResource>> {
    Kind::ALL
        .into_iter()
        .map(|kind| {
            let list: Arc<dyn ListResource> = Arc::new(List {
                kind,
                connection: Arc::clone(connection),
            });
            list
        })
        .collect()
}

struct List {
    kind: Kind,
    connection: Arc<Connection>,
}

#[async_trait]
impl ListResource for List {
    fn type_name(&self) -> &'static str {
        self.kind.type_name()
    }

    /// The arguments of the data source that lists the same objects.
    fn schema(&self) -> Schema {
        let mut schema = data::schema(match self.kind {
            Kind::ServiceAccount => DataKind::ServiceAccounts,
            Kind::AccessToken => DataKind::AccessTokens,
        })
        .clone();
        schema
            .body
            .attributes
            .retain(|attribute| attribute.presence != Presence::Computed);
        schema
    }

    async fn list(&self, request: ListRequest, sink: ListSink) -> Vec<Diagnostic> {
        self.listed(&request, sink)
            .await
            .err()
            .into_iter()
            .collect()
    }
}

impl List {
    async fn listed(&self, request: &ListRequest, sink: ListSink) -> Result<(), Diagnostic> {
        let server = self.connection.server()?;
        let secrets = if request.include_resource {
            self.connection.listed_secrets().await?
        } else {
            Arc::default()
        };
        match self.kind {
            Kind::ServiceAccount => list::<ServiceAccount>(&*server, request, &secrets, sink).await,
            Kind::AccessToken => list::<AccessToken>(&*server, request, &secrets, sink).await,
        }
    }
}

/// Page by page, so that a limit also bounds the calls.
async fn list<O: Object>(
    server: &dyn TokenServer,
    request: &ListRequest,
    secrets: &KnownSecrets,
    mut sink: ListSink,
) -> Result<(), Diagnostic> {
    let text = |name: &str| request.config.get(name).as_str();
    let filter = Filter {
        service_account: text("service_account").map(str::to_owned),
        ..Filter::default()
    };
    let prefix = text("name_prefix").unwrap_or_default();
    let mut pages = Pages::<O>::new(server, &filter);
    while sink.remaining() > 0 {
        let page = pages.next().await.map_err(|problem| problem.diagnostic())?;
        let Some(page) = page else {
            break;
        };
        for record in &page {
            if record.name().starts_with(prefix)
                && !sink.send(item::<O>(server, record, request, secrets)).await
            {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn item<O: Object>(
    server: &dyn TokenServer,
    record: &O::Record,
    request: &ListRequest,
    secrets: &KnownSecrets,
) -> ListItem {
    let state = || {
        rotation::settle(
            Some(server.capabilities()),
            O::observe(record),
            server.now(),
        )
    };
    let state = request.include_resource.then(state);
    // Of what it asks to be generated next, Terraform shows no warnings.
    let left_out = state.as_ref().and_then(|state| {
        let (_, left_out) = generated(Some(server.capabilities()), state.clone(), secrets);
        left_out
    });
    ListItem {
        identity: Value::map([("id", Value::from(record.id()))]),
        display_name: record.name().to_owned(),
        resource: state.map(|state| state.write()),
        diagnostics: left_out.into_iter().collect(),
    }
}
