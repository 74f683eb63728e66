//! From settings to a server we can talk to: completed from the environment, judged, decoded, connected.

use std::sync::Arc;

use lanyard_compiler::diagnostic::{Diagnostic, has_errors};
use lanyard_compiler::model::server::Api;
use lanyard_compiler::model::settings::{Completed, check, check_complete};
use lanyard_compiler::model::{Settings, decode};
use lanyard_compiler::value::Value;
use lanyard_servers::TokenServer;

/// What settings lead to.
#[derive(Clone)]
pub(crate) enum Connection {
    Ready(Arc<dyn TokenServer>, Box<Settings>),
    /// Some settings are not known before something else is applied.
    NotKnown {
        api: Option<Api>,
        unknown: Vec<String>,
    },
    /// No resource needs the server.
    Unused,
}

/// Connects with the settings of a provider or `server` block and, where they say nothing, of the environment. No request is made.
pub(crate) fn connect(block: &Value) -> Result<Connection, Vec<Diagnostic>> {
    let completed = Completed::new(block, |name| std::env::var(name).ok())?;
    let problems: Vec<Diagnostic> = check(&completed.values)
        .into_iter()
        .chain(check_complete(&completed.values))
        .map(|problem| completed.locate(problem))
        .collect();
    if has_errors(&problems) {
        return Err(problems);
    }
    let unknown = completed.unknown();
    if !unknown.is_empty() {
        let api = named(&completed.values);
        return Ok(Connection::NotKnown { api, unknown });
    }
    let settings = decode::settings(&completed.values)?;
    let server =
        lanyard_servers::connect(&settings).map_err(|problem| vec![completed.locate(problem)])?;
    Ok(Connection::Ready(server, Box::new(settings)))
}

/// What a block and the environment say together; `None` if the environment says what cannot be read.
pub(crate) fn complete(block: &Value) -> Option<Value> {
    let completed = Completed::new(block, |name| std::env::var(name).ok());
    completed.ok().map(|completed| completed.values)
}

fn named(settings: &Value) -> Option<Api> {
    match settings.get("api") {
        Value::Null => Some(Api::default()),
        api => api.as_str().and_then(Api::parse),
    }
}
