//! The data sources: what a server says, without ever a secret. The types and their documentation are the model's.

mod access_tokens;
mod identity;
mod service_accounts;

use std::sync::Arc;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::data::{self, DataKind};
use lanyard_compiler::model::schema::Schema;
use lanyard_compiler::value::{AttributePath, Value};
use lanyard_servers::TokenServer;

use super::connection::Connection;
use super::{DataSource, ReadDataResponse};

/// Every data source, in the order of the documentation.
pub(super) fn all(connection: &Arc<Connection>) -> Vec<Arc<dyn DataSource>> {
    DataKind::ALL
        .into_iter()
        .map(|kind| {
            let source: Arc<dyn DataSource> = Arc::new(Data {
                kind,
                connection: Arc::clone(connection),
            });
            source
        })
        .collect()
}

struct Data {
    kind: DataKind,
    connection: Arc<Connection>,
}

#[async_trait]
impl DataSource for Data {
    fn type_name(&self) -> &'static str {
        self.kind.type_name()
    }

    fn schema(&self) -> Schema {
        data::schema(self.kind).clone()
    }

    fn validate(&self, config: &Value) -> Vec<Diagnostic> {
        data::check(self.kind, config)
    }

    async fn read(&self, config: Value) -> ReadDataResponse {
        let found = match self.connection.server_to_look_up() {
            Ok(server) => self
                .connection
                .unless_stopped(find(self.kind, server.as_ref(), &config))
                .await
                .and_then(|found| found),
            Err(problem) => Err(problem),
        };
        match found {
            Ok(state) => ReadDataResponse {
                state,
                diagnostics: Vec::new(),
            },
            Err(problem) => ReadDataResponse {
                state: Value::Null,
                diagnostics: vec![problem],
            },
        }
    }
}

async fn find(
    kind: DataKind,
    server: &dyn TokenServer,
    config: &Value,
) -> Result<Value, Diagnostic> {
    match kind {
        DataKind::Identity => identity::identity(server, config).await,
        DataKind::Server => Ok(identity::server(server, config).await),
        DataKind::ServiceAccount => service_accounts::one(server, config).await,
        DataKind::ServiceAccounts => service_accounts::all(server, config).await,
        DataKind::AccessToken => access_tokens::one(server, config).await,
        DataKind::AccessTokens => access_tokens::all(server, config).await,
    }
}

/// An optional argument; empty is the same as absent.
fn argument(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// The arguments, and what was found where they say nothing.
fn completed<const N: usize>(config: &Value, found: [(&str, Value); N]) -> Value {
    let mut entries = config.as_map().cloned().unwrap_or_default();
    for (name, value) in found {
        if config.get(name).is_null() {
            entries.insert(name.to_owned(), value);
        }
    }
    Value::Map(entries)
}

/// Nothing of this `id` or `name` exists.
fn not_found(title: &str, key: &'static str, wanted: &str) -> Diagnostic {
    Diagnostic::error(Code::ObjectNotFound, "The object does not exist")
        .at(AttributePath::attribute(key))
        .detail(format!(
            "The token server has no {title} with the {key} {wanted:?}."
        ))
        .hint("Check its spelling, case included, and that the provider's credential may see it.")
}

/// Several have this name.
fn ambiguous(title: &str, name: &str, ids: &[&str], hint: &str) -> Diagnostic {
    Diagnostic::error(Code::ObjectAmbiguous, "More than one object has this name")
        .at(AttributePath::attribute("name"))
        .detail(format!(
            "The token server has {} {title}s with the name {name:?}: {}.",
            ids.len(),
            ids.join(", ")
        ))
        .hint(hint)
}
