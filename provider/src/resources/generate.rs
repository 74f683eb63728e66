//! State -> the configuration a person would have written for it.

use lanyard_compiler::model::Kind;
use lanyard_compiler::model::facts;
use lanyard_compiler::model::schema::{Attribute, Body, Nesting};
use lanyard_compiler::model::server::{Change, ResourceCapabilities};
use lanyard_compiler::value::{AttributePath, Step, Value};

/// Keeps what may be configured and says something: drops computed, write-only, deprecated and secret values, empty ones, and
/// defaults.
pub(crate) fn config(body: &Body, state: &Value) -> Value {
    if state.is_null() {
        return Value::Null;
    }
    let mut entries = body.empty();
    for attribute in &body.attributes {
        let value = state.get(&attribute.name);
        let kept = attribute.is_configurable()
            && !attribute.write_only
            && !attribute.sensitive
            && attribute.deprecated.is_none()
            && *value != attribute.default
            && !is_empty(value);
        let value = if kept { value.clone() } else { Value::Null };
        entries.insert(attribute.name.as_str(), value);
    }
    for block in &body.blocks {
        let value = match (block.nesting, state.get(&block.name)) {
            (Nesting::Single, value) => config(&block.body, value),
            (Nesting::List, Value::List(items)) => {
                Value::List(items.iter().map(|item| config(&block.body, item)).collect())
            }
            (Nesting::List, _) => Value::List(Vec::new()),
        };
        entries.insert(block.name.as_str(), value);
    }
    Value::Map(entries)
}

/// Drops what this server sets by itself or does not know, and what follows from something else that is written.
pub(crate) fn taken_by(server: &ResourceCapabilities, kind: Kind, mut config: Value) -> Value {
    let mut dropped = Vec::new();
    for (name, cause) in [("expires_at", "ttl"), ("unrestricted", "restriction")] {
        if !config.get(cause).is_null() {
            dropped.push(AttributePath::attribute(name));
        }
    }
    facts::schema(kind).body.walk(&mut |path, attribute| {
        if !may_be_written(server, path, attribute) {
            dropped.push(path.clone());
        }
    });
    for path in dropped {
        if let [Step::Attribute(name)] = path.steps()
            && let Some(entries) = config.as_map_mut()
        {
            entries.insert(name.clone(), Value::Null);
        }
    }
    config
}

fn may_be_written(
    server: &ResourceCapabilities,
    path: &AttributePath,
    attribute: &Attribute,
) -> bool {
    attribute.local
        || server
            .attribute(&path.to_string())
            .is_some_and(|capability| capability.change != Change::Computed)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use lanyard_compiler::model::server::{Api, capabilities};

    use super::*;

    #[test]
    fn only_what_says_something_is_written() {
        let body = &facts::schema(Kind::AccessToken).body;
        let mut state = body.empty();
        for (name, value) in [
            ("id", "at_1".into()),
            ("name", "ci".into()),
            ("description", "".into()),
            ("disabled", false.into()),
            ("roles", Value::set(["viewer".into()])),
            ("scopes", Value::List(Vec::new())),
            ("expires_at", "2099-01-01T00:00:00Z".into()),
            ("ttl", "90d".into()),
            ("status", "active".into()),
            ("visibility", Value::map([("level", "admins".into())])),
        ] {
            state.insert(name.to_owned(), value);
        }
        let written = taken_by(
            &capabilities(Api::Native).access_token,
            Kind::AccessToken,
            config(body, &Value::Map(state)),
        );
        let said: Vec<&str> = written
            .as_map()
            .unwrap()
            .iter()
            .filter(|(_, value)| !value.is_null() && !is_empty(value))
            .map(|(name, _)| &**name)
            .collect();
        assert_eq!(said, ["name", "roles", "ttl", "visibility"]);
    }
}
