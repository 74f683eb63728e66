//! From settings to a server: the only place that knows all backends.

use std::sync::Arc;

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::Settings;
use lanyard_compiler::model::server::Api;

use crate::chronosphere::Chronosphere;
use crate::elasticsearch::Elasticsearch;
use crate::native::Native;
use crate::openobserve::OpenObserve;
use crate::osmo::Osmo;
use crate::splunk::Splunk;
use crate::token_server::TokenServer;

/// Prepares to talk to the server that the settings name. Checks the settings and reads the certificate files that they name;
/// nothing is sent before the first question.
pub fn connect(settings: &Settings) -> Result<Arc<dyn TokenServer>, Diagnostic> {
    Ok(match settings.api.unwrap_or_default() {
        Api::Native => Arc::new(Native::connect(settings)?),
        Api::Chronosphere => Arc::new(Chronosphere::connect(settings)?),
        Api::Elasticsearch => Arc::new(Elasticsearch::connect(settings)?),
        Api::Openobserve => Arc::new(OpenObserve::connect(settings)?),
        Api::Osmo => Arc::new(Osmo::connect(settings)?),
        Api::Splunk => Arc::new(Splunk::connect(settings)?),
    })
}
