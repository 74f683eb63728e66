//! From settings to a server: the only place that knows all backends.

use std::sync::Arc;

use lanyard_compiler::diagnostic::{Diagnostic, has_errors};
use lanyard_compiler::model::server::Api;
use lanyard_compiler::model::settings::{Completed, check, check_complete};
use lanyard_compiler::model::{self, Settings};
use lanyard_compiler::value::Value;

use crate::chronosphere::Chronosphere;
use crate::elasticsearch::Elasticsearch;
use crate::native::Native;
use crate::openobserve::OpenObserve;
use crate::osmo::Osmo;
use crate::splunk::Splunk;
use crate::token_server::TokenServer;

/// What settings lead to.
#[derive(Clone)]
pub enum Connection {
    Ready(Arc<dyn TokenServer>, Box<Settings>),
    /// Some settings are not known before something else is applied.
    NotKnown {
        /// The kind that they name, or that silence means; `None` while that is not known either.
        api: Option<Api>,
        unknown: Vec<String>,
    },
}

/// Connects with the settings of a provider or `server` block and, where they say nothing, of the environment: completes, judges and
/// decodes them. No request is made.
pub fn connect_with(
    block: &Value,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<Connection, Vec<Diagnostic>> {
    let completed = Completed::new(block, environment)?;
    let values = &completed.values;
    let locate = |problem| completed.locate(problem);
    let mut problems = check(values);
    problems.extend(check_complete(values));
    if has_errors(&problems) {
        return Err(problems.into_iter().map(locate).collect());
    }
    let unknown = completed.unknown();
    if !unknown.is_empty() {
        let api = match values.get("api") {
            Value::Null => Some(Api::default()),
            api => api.as_str().and_then(Api::parse),
        };
        return Ok(Connection::NotKnown { api, unknown });
    }
    let connected = model::decode::<Settings>(values).and_then(|settings| {
        let server = connect(&settings)?;
        Ok(Connection::Ready(server, Box::new(settings)))
    });
    connected.map_err(|problem| vec![locate(problem)])
}

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
