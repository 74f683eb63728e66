//! `lifecycle { ignore_changes = […] }`: what it names has the value of the state, as if somebody had written it there.

use crate::diagnostic::Diagnostic;
use crate::model::checks;
use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::schema::Presence;
use crate::model::server::{Capabilities, Change, ResourceCapabilities};
use crate::value::Value;

/// The configuration without what nobody can have written: what merely equals the state, where the server or Lanyard sets it, or where
/// something else that is written decides it. For checks only: the plan keeps the values, because Terraform insists on them.
pub(super) fn written(
    kind: Kind,
    capabilities: Option<&ResourceCapabilities>,
    prior: &Value,
    config: &Value,
) -> Value {
    let mut written = config.clone();
    if prior.is_null() {
        return written;
    }
    for attribute in &facts::schema(kind).body.attributes {
        let name = attribute.name.as_str();
        let value = config.get(name);
        let set_elsewhere = match attribute.presence {
            Presence::Computed => true,
            Presence::OptionalComputed => {
                let taken = capabilities.is_none_or(|server| {
                    server
                        .attribute(name)
                        .is_some_and(|attribute| attribute.change != Change::Computed)
                });
                !taken || name == "expires_at" && !config.get("ttl").is_null()
            }
            Presence::Required | Presence::Optional => {
                name == "ttl"
                    && holds_the_end(config)
                    && config.get("expires_at") != prior.get("expires_at")
            }
        };
        if set_elsewhere
            && value == prior.get(name)
            && let Some(entries) = written.as_map_mut()
        {
            entries.insert(name, Value::Null);
        }
    }
    written
}

/// True if both spellings of the end stand, which a person may not write: one is the state's.
pub(super) fn holds_the_end(config: &Value) -> bool {
    !config.get("expires_at").is_null() && !config.get("ttl").is_null()
}

/// Complaints about what the server sets itself, which only the state can answer: a configuration that Terraform generated says what
/// the state says.
pub(super) fn set_by_the_server(
    kind: Kind,
    server: Option<&Capabilities>,
    prior: &Value,
    config: &Value,
) -> Vec<Diagnostic> {
    checks::validate(kind, server, config)
        .into_iter()
        .filter(checks::waits_for_the_state)
        .filter(|problem| prior.at(&problem.path) != config.at(&problem.path))
        .collect()
}
