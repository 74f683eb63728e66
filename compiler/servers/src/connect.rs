//! From settings to a server: the only place that knows all backends.

use std::sync::Arc;

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::Settings;
use lanyard_compiler::model::server::Api;
use lanyard_compiler::value::AttributePath;

use crate::native::Native;
use crate::openobserve::OpenObserve;
use crate::osmo::Osmo;
use crate::token_server::TokenServer;

/// Prepares to talk to the server that the settings name. Checks the settings and reads the certificate files that they name;
/// nothing is sent before the first question.
pub fn connect(settings: &Settings) -> Result<Arc<dyn TokenServer>, Diagnostic> {
    match settings.api.unwrap_or_default() {
        Api::Native => Ok(Arc::new(Native::connect(settings)?)),
        Api::Openobserve => Ok(Arc::new(OpenObserve::connect(settings)?)),
        Api::Osmo => Ok(Arc::new(Osmo::connect(settings)?)),
        api @ (Api::Chronosphere | Api::Elasticsearch | Api::Splunk) => Err(Diagnostic::error(
            "api-not-ready",
            "This kind of token server cannot be managed yet",
        )
        .detail(format!(
            "`api` is \"{}\"; this version of Lanyard talks to \"native\" only.",
            api.name()
        ))
        .at(AttributePath::attribute("api"))
        .hint("Use a later version, or set `api = \"native\"`.")),
    }
}
