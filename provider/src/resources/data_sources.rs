//! The data sources: what a server says, without ever a secret. The types and their documentation are the model's.

use std::sync::Arc;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::data::{self, DataKind};
use lanyard_compiler::model::schema::Schema;
use lanyard_compiler::value::Value;
use lanyard_servers::engine;

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
                .unless_stopped(engine::look_up(self.kind, server.as_ref(), &config))
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
