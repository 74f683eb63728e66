//! From settings to a server we can talk to: completed from this process's environment.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::settings::Completed;
use lanyard_compiler::value::Value;
use lanyard_servers::{Connection, connect_with};

/// What the environment says.
pub(crate) fn environment(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}

/// Connects with the settings of a provider or `server` block and, where they say nothing, of the environment. No request is made.
pub(crate) fn connect(block: &Value) -> Result<Connection, Vec<Diagnostic>> {
    connect_with(block, environment)
}

/// What a block and the environment say together; `None` if the environment says what cannot be read.
pub(crate) fn complete(block: &Value) -> Option<Value> {
    let completed = Completed::new(block, environment);
    completed.ok().map(|completed| completed.values)
}
