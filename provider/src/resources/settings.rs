//! The provider block, put to use: the only place that reads `LANYARD_*`.

use lanyard_compiler::diagnostic::{Diagnostic, has_errors};
use lanyard_compiler::model::decode;
use lanyard_compiler::model::server::Api;
use lanyard_compiler::model::settings::{Completed, check, check_complete};
use lanyard_compiler::value::Value;

use super::connection::Connection;

/// One variable of this process.
pub(super) fn from_process(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}

/// Takes the settings into use. No connection is made yet: a server that cannot be reached is the first call's to report.
pub(super) fn configure(
    connection: &Connection,
    block: &Value,
    environment: impl Fn(&str) -> Option<String>,
) -> Vec<Diagnostic> {
    let settings = match Completed::new(block, environment) {
        Ok(settings) => settings,
        Err(problems) => return problems,
    };
    let values = &settings.values;
    let mut problems = check(values);
    problems.extend(check_complete(values));
    if !has_errors(&problems) {
        let unknown = settings.unknown();
        if unknown.is_empty() {
            let connected = decode::settings(values).and_then(|model| {
                lanyard_servers::connect(&model).map_err(|problem| vec![problem])
            });
            match connected {
                Ok(server) => connection.configure(server),
                Err(found) => problems.extend(found),
            }
        } else {
            connection.configure_later(kind_of_server(values), unknown);
        }
    }
    problems
        .into_iter()
        .map(|problem| settings.locate(problem))
        .collect()
}

/// The kind that the settings name, or that silence means; `None` while it is not known.
fn kind_of_server(values: &Value) -> Option<Api> {
    match values.get("api") {
        Value::Null => Some(Api::default()),
        api => api.as_str().and_then(Api::parse),
    }
}
