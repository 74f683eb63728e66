//! Reading JSON bodies the way the framework's validation does: it reports every mistake at once, each with its place, and
//! ignores what it does not know. A body that does not call itself JSON is a text to it.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::Context;
use super::fault::Refusal;

/// What a field has to be.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    Text,
    Texts,
    /// May be left out or null.
    OptionalTexts,
    Objects,
    /// May be left out; one of these.
    OneOf(&'static [&'static str]),
}

pub(super) type Field = (&'static str, Shape);

/// The body as what it should be.
pub(super) fn read<T: DeserializeOwned>(
    context: &Context<'_>,
    fields: &[Field],
) -> Result<T, Refusal> {
    let given = object(context)?;
    let mut mistakes = Vec::new();
    check(&given, &json!(["body"]), fields, &mut mistakes);
    refuse(mistakes)?;
    serde_json::from_value(Value::Object(given))
        .map_err(|error| Refusal::internal(&error.to_string()))
}

/// The body, which must be an object; what stands in it is not looked at.
pub(super) fn object(context: &Context<'_>) -> Result<Map<String, Value>, Refusal> {
    let place = json!(["body"]);
    let bytes = &context.call.body;
    if bytes.is_empty() {
        return Err(Refusal::validation(vec![missing(place, Value::Null)]));
    }
    let given = if is_json(context) {
        serde_json::from_slice(bytes).map_err(|error| {
            let place = json!(["body", error.column().saturating_sub(1)]);
            let mut mistake = mistake("json_invalid", place, "JSON decode error", json!({}));
            mistake["ctx"] = json!({ "error": "Expecting value" });
            Refusal::validation(vec![mistake])
        })?
    } else {
        json!(String::from_utf8_lossy(bytes))
    };
    match given {
        Value::Object(given) => Ok(given),
        other => Err(Refusal::validation(vec![no_object(place, other)])),
    }
}

fn is_json(context: &Context<'_>) -> bool {
    context
        .call
        .media_type()
        .and_then(|media_type| Some(media_type.strip_prefix("application/")?.to_owned()))
        .is_some_and(|kind| kind == "json" || kind.ends_with("+json"))
}

pub(super) fn refuse(mistakes: Vec<Value>) -> Result<(), Refusal> {
    if mistakes.is_empty() {
        return Ok(());
    }
    Err(Refusal::validation(mistakes))
}

/// Adds what is wrong with the fields of an object at this place.
pub(super) fn check(
    given: &Map<String, Value>,
    place: &Value,
    fields: &[Field],
    mistakes: &mut Vec<Value>,
) {
    for (name, shape) in fields {
        let place = within(place, json!(name));
        let Some(value) = given.get(*name) else {
            if !matches!(shape, Shape::OptionalTexts | Shape::OneOf(_)) {
                mistakes.push(missing(place, json!(given)));
            }
            continue;
        };
        check_value(value, place, *shape, mistakes);
    }
}

fn check_value(value: &Value, place: Value, shape: Shape, mistakes: &mut Vec<Value>) {
    match shape {
        Shape::Text => {
            if !value.is_string() {
                let message = "Input should be a valid string";
                mistakes.push(mistake("string_type", place, message, value.clone()));
            }
        }
        Shape::OptionalTexts if value.is_null() => {}
        Shape::Texts | Shape::OptionalTexts | Shape::Objects => {
            let Some(items) = value.as_array() else {
                let message = "Input should be a valid list";
                mistakes.push(mistake("list_type", place, message, value.clone()));
                return;
            };
            for (index, item) in items.iter().enumerate() {
                let place = within(&place, json!(index));
                if !matches!(shape, Shape::Objects) {
                    check_value(item, place, Shape::Text, mistakes);
                } else if !item.is_object() {
                    mistakes.push(no_object(place, item.clone()));
                }
            }
        }
        Shape::OneOf(allowed) => {
            if !value.as_str().is_some_and(|text| allowed.contains(&text)) {
                let quoted: Vec<String> = allowed.iter().map(|text| format!("'{text}'")).collect();
                let expected = match quoted.split_last() {
                    Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
                    None => String::new(),
                };
                let message = format!("Input should be {expected}");
                let mut mistake = mistake("enum", place, &message, value.clone());
                mistake["ctx"] = json!({ "expected": expected });
                mistakes.push(mistake);
            }
        }
    }
}

fn within(place: &Value, piece: Value) -> Value {
    let mut pieces = place.as_array().cloned().unwrap_or_default();
    pieces.push(piece);
    Value::Array(pieces)
}

fn missing(place: Value, input: Value) -> Value {
    mistake("missing", place, "Field required", input)
}

pub(super) fn no_object(place: Value, input: Value) -> Value {
    let message = "Input should be a valid dictionary or object to extract fields from";
    mistake("model_attributes_type", place, message, input)
}

/// One mistake, as the framework tells it.
pub(super) fn mistake(kind: &str, place: Value, message: &str, input: Value) -> Value {
    json!({ "type": kind, "loc": place, "msg": message, "input": input })
}
