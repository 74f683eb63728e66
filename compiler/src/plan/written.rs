//! `lifecycle { ignore_changes = […] }`: what it names has the value of the state, as if somebody had written it there.

use crate::diagnostic::{Code, Diagnostic};
use crate::model::checks;
use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::schema::Presence;
use crate::model::server::{Capabilities, ResourceCapabilities, UpdateCapability};
use crate::model::state::{Open, Planned, State};
use crate::value::Value;

/// The configuration without what nobody can have written: what merely equals the state, where the server or Lanyard sets it, or where
/// something else that is written decides it. For checks only: the plan keeps the values, because Terraform insists on them.
pub(super) fn written(
    capabilities: Option<&ResourceCapabilities>,
    prior: &State,
    config: &State<Planned>,
) -> Value {
    let mut written = config.clone();
    if holds_the_end(config) {
        if config.expires_at == Open::Known(prior.expires_at.clone()) {
            written.expires_at = Open::NULL;
        } else if config.ttl == Open::Known(prior.ttl.clone()) {
            written.ttl = Open::NULL;
        }
    }
    let before = prior.write();
    let mut written = written.write();
    let Value::Map(entries) = &mut written else {
        return written;
    };
    for attribute in &facts::schema(prior.kind()).body.attributes {
        let name = attribute.name.as_str();
        let set_elsewhere = match attribute.presence {
            Presence::Computed => true,
            Presence::OptionalComputed => capabilities.is_some_and(|server| {
                server
                    .attribute(name)
                    .is_none_or(|attribute| attribute.change == UpdateCapability::Computed)
            }),
            Presence::Required | Presence::Optional => false,
        };
        if set_elsewhere
            && let Some(place) = entries.get_mut(name)
            && place == before.get(name)
        {
            *place = Value::Null;
        }
    }
    written
}

/// True if both spellings of the end stand, which a person may not write: one is the state's.
pub(super) fn holds_the_end(config: &State<Planned>) -> bool {
    !config.expires_at.is_null() && !config.ttl.is_null()
}

/// Complaints that only the state can answer: about what the server sets itself, of which a configuration that Terraform generated says
/// what the state says, and about what is missing.
pub(super) fn set_by_the_server(
    kind: Kind,
    server: Option<&Capabilities>,
    prior: &Value,
    config: &Value,
) -> Vec<Diagnostic> {
    checks::validate(kind, server, config)
        .into_iter()
        .filter(checks::waits_for_the_state)
        .filter(|problem| {
            problem.code != Code::ComputedOnServer
                || prior.at(&problem.path) != config.at(&problem.path)
        })
        .collect()
}
