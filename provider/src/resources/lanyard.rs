//! The Lanyard provider itself: its settings and what it offers.

use std::sync::Arc;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::schema::{Body, Schema};
use lanyard_compiler::value::Value;

use super::Provider;

/// Builds the provider that the plugin serves.
pub fn provider() -> Arc<dyn Provider> {
    Arc::new(Lanyard)
}

struct Lanyard;

#[async_trait]
impl Provider for Lanyard {
    fn schema(&self) -> Schema {
        Schema {
            name: "lanyard".to_owned(),
            doc: "Manages service accounts and access tokens on token servers.".to_owned(),
            version: 0,
            body: Body::default(),
        }
    }

    async fn configure(&self, _config: Value, _terraform_version: String) -> Vec<Diagnostic> {
        Vec::new()
    }
}
