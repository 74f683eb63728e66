//! From settings to a server we can talk to: completed from this process's environment.

use std::sync::Arc;

use futures_util::future::join_all;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::settings::Completed;
use lanyard_compiler::value::Value;
use lanyard_servers::{Connection, TokenServer, connect_with};
use parking_lot::Mutex;

/// The servers that this process may have signed in to.
static SERVERS: Mutex<Vec<Arc<dyn TokenServer>>> = Mutex::new(Vec::new());

/// What the environment says.
pub(crate) fn environment(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}

/// Connects with the settings of a provider or `server` block and, where they say nothing, of the environment. No request is made.
pub(crate) fn connect(block: &Value) -> Result<Connection, Vec<Diagnostic>> {
    let connection = connect_with(block, environment)?;
    if let Connection::Ready(server, _) = &connection {
        let mut servers = SERVERS.lock();
        servers.push(Arc::clone(server));
    }
    Ok(connection)
}

/// Ends what signing in left at the servers.
pub(crate) async fn sign_out() {
    let servers = std::mem::take(&mut *SERVERS.lock());
    join_all(servers.iter().map(|server| server.sign_out())).await;
}

/// What a block and the environment say together; `None` if the environment says what cannot be read.
pub(crate) fn complete(block: &Value) -> Option<Value> {
    let completed = Completed::new(block, environment);
    completed.ok().map(|completed| completed.values)
}
