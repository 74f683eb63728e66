//! The Lanyard provider itself: its settings and what it offers.

use std::sync::Arc;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::facts;
use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::model::schema::Schema;
use lanyard_compiler::model::settings::{check, expected_kind};
use lanyard_compiler::value::Value;

use lanyard_servers::engine;

use super::connection::Connection;
use super::ephemeral_access_token::EphemeralAccessToken;
use super::ephemeral_token_exchange::EphemeralTokenExchange;
use super::managed::Managed;
use super::{
    Action, Attended, DataSource, EphemeralResource, Function, ListResource, Provider, Resource,
    actions, data_sources, functions, list_resources, settings,
};

/// Builds the provider that the plugin serves.
pub fn provider() -> Arc<dyn Provider> {
    Arc::new(Lanyard::default())
}

#[derive(Default)]
struct Lanyard {
    connection: Arc<Connection>,
}

#[async_trait]
impl Provider for Lanyard {
    fn schema(&self) -> Schema {
        facts::settings().clone()
    }

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        Kind::ALL
            .into_iter()
            .map(|kind| {
                let resource: Arc<dyn Resource> =
                    Arc::new(Managed::new(kind, Arc::clone(&self.connection)));
                resource
            })
            .collect()
    }

    fn data_sources(&self) -> Vec<Arc<dyn DataSource>> {
        data_sources::all(&self.connection)
    }

    fn ephemeral_resources(&self) -> Vec<Arc<dyn EphemeralResource>> {
        vec![
            Arc::new(EphemeralAccessToken::new(Arc::clone(&self.connection))),
            Arc::new(EphemeralTokenExchange::new(Arc::clone(&self.connection))),
        ]
    }

    fn list_resources(&self) -> Vec<Arc<dyn ListResource>> {
        list_resources::all(&self.connection)
    }

    fn functions(&self) -> Vec<Arc<dyn Function>> {
        functions::all()
    }

    fn actions(&self) -> Vec<Arc<dyn Action>> {
        actions::all(&self.connection)
    }

    fn prepare(&self, config: &Value) -> Vec<Diagnostic> {
        self.connection
            .expect_kind(expected_kind(config, settings::from_process));
        check(config)
    }

    async fn configure(&self, config: Value, terraform_version: String) -> Vec<Diagnostic> {
        let found = settings::configure(&self.connection, &config, settings::from_process);
        // Terraform and OpenTofu give their version's number, who else uses their providers a name.
        if terraform_version.starts_with(|letter: char| letter.is_ascii_digit()) {
            self.connection.planned().conclude_from_each_call();
        }
        found
    }

    async fn learn(&self) -> Vec<Diagnostic> {
        self.connection.probe().await.into_iter().collect()
    }

    fn write_only_while(&self, attended: Attended) {
        engine::write_only_while(attended);
    }

    /// Writes in flight finish by themselves, within the limits of their requests.
    fn stop(&self) {
        self.connection.stop();
    }

    async fn end(&self) {
        self.connection.sign_out().await;
    }
}
