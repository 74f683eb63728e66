//! A data source: read afresh each time, never stored for long.

use async_trait::async_trait;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::schema::Schema;
use lanyard_compiler::value::Value;

/// One kind of data source.
#[async_trait]
pub trait DataSource: Send + Sync + 'static {
    /// The full type name, for example `lanyard_server`.
    fn type_name(&self) -> &'static str;

    fn schema(&self) -> Schema;

    /// Checks one block of configuration, which may hold unknown values; the provider may be unconfigured.
    fn validate(&self, config: &Value) -> Vec<Diagnostic> {
        let _ = config;
        Vec::new()
    }

    /// Reads it. The configuration is wholly known.
    async fn read(&self, config: Value) -> ReadDataResponse;
}

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct ReadDataResponse {
    /// Configured attributes unchanged; wholly known; null only together with an error.
    pub state: Value,
    pub diagnostics: Vec<Diagnostic>,
}
