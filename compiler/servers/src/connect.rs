//! From settings to a server: the only place that knows all backends.

use std::sync::Arc;

use lanyard_compiler::diagnostic::{Code, Diagnostic, has_errors};
use lanyard_compiler::model::server::Api;
use lanyard_compiler::model::settings::{self, Completed, check, check_complete};
use lanyard_compiler::model::{self, Settings};
use lanyard_compiler::value::Value;

use crate::chronosphere::{self, Chronosphere};
use crate::elasticsearch::Elasticsearch;
use crate::hosted;
use crate::http::address;
use crate::native::Native;
use crate::openobserve::OpenObserve;
use crate::osmo::Osmo;
use crate::splunk::{self, Splunk};
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
        let api = settings::kind(values);
        return Ok(Connection::NotKnown { api, unknown });
    }
    let settings = model::decode::<Settings>(values).map_err(|problem| vec![locate(problem)])?;
    match connect(&settings) {
        Ok(server) => Ok(Connection::Ready(server, Box::new(settings))),
        Err(problem) => {
            let missing = also_missing(&settings, &problem);
            Err(missing.into_iter().chain([problem]).map(locate).collect())
        }
    }
}

/// Where a credential is missing, the address may be as well: whoever sets the one would only then hear of the other.
fn also_missing(settings: &Settings, problem: &Diagnostic) -> Option<Diagnostic> {
    if problem.code != Code::MissingCredential {
        return None;
    }
    let addressed = match settings.api.unwrap_or_default() {
        Api::Chronosphere => hosted::addressed(settings, &chronosphere::HOSTING),
        Api::Splunk => hosted::addressed(settings, &splunk::HOSTING),
        Api::Native | Api::Elasticsearch | Api::Openobserve | Api::Osmo => Ok(settings.clone()),
    };
    addressed.and_then(|settings| address::of(&settings)).err()
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
