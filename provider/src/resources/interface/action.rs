//! An action: something done to the world that changes no state (Terraform 1.14 and newer).

use async_trait::async_trait;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::schema::Schema;
use lanyard_compiler::value::Value;
use tokio::sync::mpsc;

/// One kind of action.
#[async_trait]
pub trait Action: Send + Sync + 'static {
    /// The full type name, for example `lanyard_rotate_access_token`.
    fn type_name(&self) -> &'static str;

    fn schema(&self) -> Schema;

    /// Checks one block of configuration, which may hold unknown values; the provider may be unconfigured.
    fn validate(&self, config: &Value) -> Vec<Diagnostic> {
        let _ = config;
        Vec::new()
    }

    /// Refuses or warns at plan time. The configuration may hold unknown values.
    async fn plan(&self, config: &Value) -> Vec<Diagnostic> {
        let _ = config;
        Vec::new()
    }

    /// Does it. The configuration is wholly known. Always runs to its end, whatever Terraform does meanwhile.
    async fn invoke(&self, config: Value, progress: Progress) -> Vec<Diagnostic>;
}

/// Tells the user how far an action is.
#[derive(Clone, Debug)]
pub struct Progress(mpsc::UnboundedSender<String>);

impl Progress {
    pub fn new(messages: mpsc::UnboundedSender<String>) -> Self {
        Self(messages)
    }

    /// Shows one line; no secret. If nobody listens any more, nothing happens.
    pub fn report(&self, message: impl Into<String>) {
        // A listener that left is no reason to stop the work.
        let _ = self.0.send(message.into());
    }
}
