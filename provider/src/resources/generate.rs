//! State -> the configuration a person would have written for it.

use std::collections::BTreeMap;

use lanyard_compiler::model::schema::{Body, Nesting};
use lanyard_compiler::value::Value;

/// Keeps what may be configured and drops the rest: computed, write-only, deprecated and secret values, and empty text.
pub(crate) fn config(body: &Body, state: &Value) -> Value {
    if state.is_null() {
        return Value::Null;
    }
    let mut entries = BTreeMap::new();
    for attribute in &body.attributes {
        let kept = attribute.is_configurable()
            && !attribute.write_only
            && !attribute.sensitive
            && attribute.deprecated.is_none();
        let value = match state.get(&attribute.name) {
            Value::String(text) if text.is_empty() => Value::Null,
            value if kept => value.clone(),
            _ => Value::Null,
        };
        entries.insert(attribute.name.clone(), value);
    }
    for block in &body.blocks {
        let value = match (block.nesting, state.get(&block.name)) {
            (Nesting::Single, value) => config(&block.body, value),
            (Nesting::List, Value::List(items)) => {
                Value::List(items.iter().map(|item| config(&block.body, item)).collect())
            }
            (Nesting::List, _) => Value::List(Vec::new()),
        };
        entries.insert(block.name.clone(), value);
    }
    Value::Map(entries)
}
