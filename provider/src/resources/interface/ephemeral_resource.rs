//! An ephemeral resource: opened when a walk needs it, closed at its end, stored nowhere.

use async_trait::async_trait;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::schema::Schema;
use lanyard_compiler::value::Value;

/// One kind of ephemeral resource.
///
/// Nothing is ever renewed. Close is not called after a crash, so what is opened needs an end of its own.
#[async_trait]
pub trait EphemeralResource: Send + Sync + 'static {
    /// The full type name, for example `lanyard_token_exchange`.
    fn type_name(&self) -> &'static str;

    fn schema(&self) -> Schema;

    /// Checks one block of configuration, which may hold unknown values; the provider may be unconfigured.
    fn validate(&self, config: &Value) -> Vec<Diagnostic> {
        let _ = config;
        Vec::new()
    }

    /// Opens it. The configuration is wholly known. On an error nothing may be left behind.
    async fn open(&self, config: Value) -> OpenResponse;

    /// Ends it.
    async fn close(&self, private: Vec<u8>) -> Vec<Diagnostic> {
        let _ = private;
        Vec::new()
    }
}

/// What was opened.
#[derive(Clone, Debug, Default)]
pub struct OpenResponse {
    /// Configured attributes unchanged, computed ones filled in; wholly known.
    pub result: Value,
    /// Comes back to close.
    pub private: Vec<u8>,
    pub diagnostics: Vec<Diagnostic>,
}
