//! The provider as a whole: its settings and the things it offers.

use std::sync::Arc;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::schema::Schema;
use lanyard_compiler::value::Value;

use super::{Action, DataSource, EphemeralResource, Function, ListResource, Resource};

/// Whether somebody is connected who waits for answers.
pub type Attended = Box<dyn Fn() -> bool + Send + Sync>;

/// Everything one provider process offers.
///
/// The lists are asked for once and looked up by type name; each schema is asked for at most once, when it is first needed.
/// Building the provider must therefore be cheap: no files, no network, no environment before [`Provider::configure`].
#[async_trait]
pub trait Provider: Send + Sync + 'static {
    /// The provider's settings.
    fn schema(&self) -> Schema;

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        Vec::new()
    }

    fn data_sources(&self) -> Vec<Arc<dyn DataSource>> {
        Vec::new()
    }

    fn ephemeral_resources(&self) -> Vec<Arc<dyn EphemeralResource>> {
        Vec::new()
    }

    /// Each has the type name of a resource that has an identity.
    fn list_resources(&self) -> Vec<Arc<dyn ListResource>> {
        Vec::new()
    }

    fn functions(&self) -> Vec<Arc<dyn Function>> {
        Vec::new()
    }

    fn actions(&self) -> Vec<Arc<dyn Action>> {
        Vec::new()
    }

    /// Checks the settings. They may hold unknown values; nothing is configured yet.
    fn prepare(&self, config: &Value) -> Vec<Diagnostic> {
        let _ = config;
        Vec::new()
    }

    /// Takes the settings into use for all calls that begin from now on. They may hold unknown values while planning.
    ///
    /// Usually called once per process; while debugging, one process serves many commands and aliases and is configured again
    /// for each, so a call should look at the configuration once, when it begins.
    async fn configure(&self, config: Value, terraform_version: String) -> Vec<Diagnostic>;

    /// Learns of the server what its judgement of configurations rests on; called before each, and must cost nothing but the first
    /// time. What it complains of is a warning.
    async fn learn(&self) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// From now on no write may begin unless this is true: while it is not, nobody would learn what became of it.
    fn write_only_while(&self, attended: Attended) {
        let _ = attended;
    }

    /// The user asked to stop: hurry the calls in flight, return at once. Writes must still report what they did.
    fn stop(&self) {}

    /// Nothing is asked of the provider any more: it leaves nothing open. Terraform waits for two seconds.
    async fn end(&self) {}
}
