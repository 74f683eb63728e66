//! Values that bring their type along, as Terraform's `dynamic`: the type is JSON, for example `["list","string"]`.

use std::fmt::Write as _;

use lanyard_compiler::value::Value;
use serde_json::Value as Json;

use super::{Field, Problem, WireShape};

/// Dynamic values within dynamic values. Here, and only here, the depth is up to whoever sends the bytes.
pub(super) const MAX_NESTING: usize = 8;
/// Types within types.
const MAX_DEPTH: usize = 32;

/// The shape that a type's JSON describes.
pub(super) fn shape(json: &[u8], secret: bool) -> Result<WireShape, Problem> {
    let json: Json = serde_json::from_slice(json).map_err(|_| not_a_type())?;
    of_json(&json, secret, MAX_DEPTH)
}

fn of_json(json: &Json, secret: bool, depth: usize) -> Result<WireShape, Problem> {
    let depth = depth.checked_sub(1).ok_or_else(not_a_type)?;
    let inner = |json: &Json| of_json(json, secret, depth);
    if let Some(name) = json.as_str() {
        return match name {
            "bool" => Ok(WireShape::Bool),
            "number" => Ok(WireShape::Number),
            "string" if secret => Ok(WireShape::Secret),
            "string" => Ok(WireShape::String),
            "dynamic" => Ok(WireShape::Dynamic { secret }),
            _ => Err(not_a_type()),
        };
    }
    // An object may name its optional attributes behind the others; in a value they are there.
    let Some([Json::String(name), content, ..]) = json.as_array().map(Vec::as_slice) else {
        return Err(not_a_type());
    };
    match (name.as_str(), content) {
        ("list", item) => Ok(WireShape::List(Box::new(inner(item)?))),
        ("set", item) => Ok(WireShape::Set(Box::new(inner(item)?))),
        ("map", item) => Ok(WireShape::Map(Box::new(inner(item)?))),
        ("tuple", Json::Array(items)) => items
            .iter()
            .map(inner)
            .collect::<Result<_, _>>()
            .map(WireShape::Tuple),
        ("object", Json::Object(attributes)) => (attributes.iter())
            .map(|(name, kind)| {
                Ok(Field {
                    name: name.clone(),
                    shape: inner(kind)?,
                    write_only: false,
                })
            })
            .collect::<Result<_, Problem>>()
            .map(WireShape::Object),
        _ => Err(not_a_type()),
    }
}

/// The type of a value, as JSON. A list is a tuple and a map an object, since each part has a type of its own; of what is null or
/// unknown the type is unknown too.
pub(super) fn type_of(value: &Value) -> String {
    let mut json = String::new();
    write_type(value, &mut json);
    json
}

fn write_type(value: &Value, json: &mut String) {
    match value {
        Value::Null | Value::Unknown => json.push_str("\"dynamic\""),
        Value::Bool(_) => json.push_str("\"bool\""),
        Value::Number(_) => json.push_str("\"number\""),
        Value::String(_) | Value::Secret(_) => json.push_str("\"string\""),
        Value::List(items) => {
            json.push_str("[\"tuple\",[");
            for (index, item) in items.iter().enumerate() {
                json.push_str(if index == 0 { "" } else { "," });
                write_type(item, json);
            }
            json.push_str("]]");
        }
        Value::Map(entries) => {
            json.push_str("[\"object\",{");
            for (index, (name, item)) in entries.iter().enumerate() {
                json.push_str(if index == 0 { "" } else { "," });
                // Writing to a String cannot fail.
                let _ = write!(json, "{}:", Json::from(&**name));
                write_type(item, json);
            }
            json.push_str("}]");
        }
    }
}

fn not_a_type() -> Problem {
    Problem::new("a type that Terraform does not have, or one nested too deeply")
}
