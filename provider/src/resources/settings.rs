//! The provider block, put to use: the only place that reads `LANYARD_*`.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::value::Value;
use lanyard_servers::{Connection as Reached, Origin, connect_with};

use super::connection::Connection;
use super::state_place;

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
    match connect_with(block, environment) {
        Ok(Reached::Ready(server, settings)) => {
            if let Some(place) = state_place::find() {
                let place: Vec<&str> = place.iter().map(String::as_str).collect();
                server.session().come_from(Origin::of(&place, &settings));
            }
            connection.configure(server, *settings);
        }
        Ok(Reached::NotKnown { api, unknown }) => connection.configure_later(api, unknown),
        Err(problems) => return problems,
    }
    Vec::new()
}
