//! Named rules that span attributes or depend on what the server can do.

use super::kind::Kind;
use super::server::Capabilities;
use crate::diagnostic::Diagnostic;
use crate::value::{AttributePath, Value};

/// Checks a configuration of the schema's shape, and reports every mistake at once. Parts that are not known yet are skipped.
/// `server` is `None` while the provider is not configured: then only what holds on every server is checked.
pub fn validate(kind: Kind, server: Option<&Capabilities>, config: &Value) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Some(server) = server {
        exists_on_server(kind, server, &mut found);
    }
    if config.get("name").as_str() == Some("") {
        found.push(
            Diagnostic::error("empty-name", "A name is empty")
                .detail(format!("A {} needs a name.", kind.title()))
                .at(AttributePath::attribute("name")),
        );
    }
    found
}

fn exists_on_server(kind: Kind, server: &Capabilities, found: &mut Vec<Diagnostic>) {
    if let Some(instead) = kind.capabilities(server).absent {
        found.push(
            Diagnostic::error(
                "absent-on-server",
                "This kind of resource does not exist on the server",
            )
            .detail(format!(
                "{} has no {}s. {instead}",
                server.title,
                kind.title()
            )),
        );
    }
}
