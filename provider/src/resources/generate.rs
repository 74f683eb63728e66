//! State -> configuration, for resources that know nothing better: see [`lanyard_compiler::model::authored`].

use lanyard_compiler::model::schema::{Body, Nesting};
use lanyard_compiler::value::Value;

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
            && !value.is_empty();
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
