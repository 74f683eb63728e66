//! The shapes of what is sent and answered. Limits come from `rules.rs`, so that the document cannot promise
//! others than the server keeps.

mod access_tokens;
mod answers;
mod identity;
mod service_accounts;
mod values;

use serde_json::{Map, Value, json};

use super::super::rules;
use super::operation::reference;

type Named = Vec<(&'static str, Value)>;

pub(super) fn all() -> Value {
    let families = [
        service_accounts::all(),
        access_tokens::all(),
        identity::all(),
        answers::all(),
        values::all(),
    ];
    let named = families.into_iter().flatten();
    let all: Map<String, Value> = named
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect();
    Value::Object(all)
}

fn page(item: &str) -> Value {
    object(
        json!({
            "items": { "type": "array", "items": reference(item) },
            "next_cursor": { "type": ["string", "null"], "description": "Null on the last page." },
        }),
        &["items", "next_cursor"],
    )
}

fn list(pattern: &str, description: &str) -> Value {
    json!({
        "type": "array",
        "maxItems": rules::LIST_LENGTH,
        "items": { "type": "string", "pattern": pattern },
        "description": description,
    })
}

/// An answer's object: later versions may add fields.
fn object(properties: Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required })
}

/// A request's object: unknown fields are refused.
fn closed(properties: Value, required: &[&str]) -> Value {
    let mut schema =
        json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// A form's fields: unknown ones are taken no notice of, as RFC 6749 wants it.
fn form(properties: Value, required: &[&str]) -> Value {
    object(properties, required)
}

fn or_null(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn described(description: &str, mut schema: Value) -> Value {
    schema["description"] = json!(description);
    schema
}

fn labels(maximum: Option<usize>, value_type: Value) -> Value {
    let mut schema = json!({
        "type": "object",
        "description": "Only data that has all of these labels; case-sensitive.",
        "propertyNames": { "minLength": 1, "maxLength": rules::LABEL_LENGTH },
        "additionalProperties": { "type": value_type, "maxLength": rules::LABEL_LENGTH },
    });
    if let Some(maximum) = maximum {
        schema["maxProperties"] = json!(maximum);
    }
    schema
}
