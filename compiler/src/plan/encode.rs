//! Values in a plan file: plain JSON, with a mark for what is not known yet and for what is secret. No secret is ever written.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use crate::redaction::{KnownSecrets, is_hidden_in};
use crate::secret::Secret;
use crate::value::{AttributePath, Number, Value};

const UNKNOWN: &str = "$unknown";
const SENSITIVE: &str = "$sensitive";
/// Around the digits of a number that JSON readers would round.
const NUMBER: &str = "$number";
/// Around a map whose own key could be taken for a mark.
const MAP: &str = "$map";

/// A value as a part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked(pub Value);

impl Serialize for Marked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode(&self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Marked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Json::deserialize(deserializer).map(|json| Self(decode(&json)))
    }
}

impl JsonSchema for Marked {
    fn schema_name() -> Cow<'static, str> {
        "Marked".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A value; {\"$unknown\": true} stands for one that is known only after apply, {\"$sensitive\": true} for one that is not shown.",
        })
    }
}

/// The JSON of a value.
pub fn encode(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Unknown => json!({ UNKNOWN: true }),
        Value::Secret(_) => json!({ SENSITIVE: true }),
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => serde_json::from_str(&number.to_string())
            .ok()
            .filter(|json: &Json| Number::parse(&json.to_string()).as_ref() == Some(number))
            .unwrap_or_else(|| json!({ NUMBER: number.to_string() })),
        Value::String(text) => Json::String(text.clone()),
        Value::List(items) => Json::Array(items.iter().map(encode).collect()),
        Value::Map(entries) => {
            let plain: Map<String, Json> = entries
                .iter()
                .map(|(key, value)| (key.to_string(), encode(value)))
                .collect();
            if entries.keys().any(|key| key.starts_with('$')) {
                json!({ MAP: plain })
            } else {
                Json::Object(plain)
            }
        }
    }
}

/// The value of such JSON. What was secret is an empty secret: see [`with_secrets`].
pub fn decode(json: &Json) -> Value {
    match json {
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Value::from(json),
        Json::Array(items) => Value::List(items.iter().map(decode).collect()),
        Json::Object(entries) => match entries.iter().next() {
            Some((mark, _)) if mark == UNKNOWN => Value::Unknown,
            Some((mark, _)) if mark == SENSITIVE => Value::Secret(Secret::new("")),
            Some((mark, number)) if mark == NUMBER => number
                .as_str()
                .and_then(Number::parse)
                .map_or(Value::Null, Value::Number),
            Some((mark, Json::Object(inner))) if mark == MAP => map(inner),
            _ => map(entries),
        },
    }
}

fn map(entries: &Map<String, Json>) -> Value {
    Value::Map(
        entries
            .iter()
            .map(|(key, value)| (key.as_str(), decode(value)))
            .collect(),
    )
}

/// The value with everything secret as `source` has it at the same place: also a text of which nothing but `known` secrets was hidden.
#[must_use]
pub fn with_secrets(value: Value, source: &Value, known: &KnownSecrets) -> Value {
    if is_hidden_in(&value) {
        let mut shown = source.clone();
        known.hide_in(&mut shown, &AttributePath::root());
        if shown == value {
            return source.clone();
        }
    }
    match value {
        Value::Secret(_) => source.clone(),
        Value::List(items) => {
            let sources = source.as_list().unwrap_or_default();
            Value::List(
                items
                    .into_iter()
                    .enumerate()
                    .map(|(index, item)| {
                        with_secrets(item, sources.get(index).unwrap_or(&Value::Null), known)
                    })
                    .collect(),
            )
        }
        Value::Map(entries) => Value::Map(
            entries.map(|name, value| with_secrets(value.clone(), source.get(name), known)),
        ),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_but_secrets_comes_back() {
        let value = Value::map([
            (
                "plain",
                Value::map([("a", Value::Unknown), ("b", 7.into())]),
            ),
            ("odd", Value::map([("$unknown", Value::from(true))])),
            (
                "precise",
                Number::parse("3.14159265358979323846264338327950288")
                    .map(Value::Number)
                    .unwrap(),
            ),
            ("list", Value::List(vec![Value::Null, "x".into()])),
            ("token", Value::Secret(Secret::new("lyd_hidden"))),
        ]);
        let json = encode(&value);
        assert!(!json.to_string().contains("hidden"), "{json}");
        assert_eq!(
            with_secrets(decode(&json), &value, &KnownSecrets::default()),
            value
        );
    }
}
