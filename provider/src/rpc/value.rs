//! DynamicValue <-> Value.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::value::Value;

use super::call::Answer;
use crate::generated::tfplugin5 as wire;
use crate::wire::{Unknowns, WireShape, decode, decode_json, encode};

/// Reads a value; an absent one is null.
pub(super) fn received(value: Option<wire::DynamicValue>, shape: &WireShape) -> Answer<Value> {
    let Some(value) = value else {
        return Ok(Value::Null);
    };
    if value.msgpack.is_empty() && !value.json.is_empty() {
        return stored(&value.json, shape);
    }
    decode(&value.msgpack, shape).map_err(|problem| vec![problem.received()])
}

/// Reads stored JSON; no bytes at all are null.
pub(super) fn stored(json: &[u8], shape: &WireShape) -> Answer<Value> {
    if json.is_empty() {
        return Ok(Value::Null);
    }
    let mut source = serde_json::Deserializer::from_slice(json);
    decode_json(&mut source, shape).map_err(|error| vec![unreadable(&error)])
}

/// The complaint about stored JSON. The parser's texts quote at most single characters and our own words.
pub(super) fn unreadable(error: &serde_json::Error) -> Diagnostic {
    Diagnostic::error(Code::UnreadableState, "The stored state cannot be read")
        .detail(format!("{error}."))
        .hint("Restore the state from a backup, or remove the resource from the state and import it again.")
}

/// Writes a value. What does not fit is null in the answer and an error beside it.
pub(super) fn sent(
    value: &Value,
    shape: &WireShape,
    unknowns: Unknowns,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<wire::DynamicValue> {
    let encoded = encode(value, shape, unknowns);
    diagnostics.extend(encoded.problems.iter().map(crate::wire::Problem::sent));
    Some(wire::DynamicValue {
        msgpack: encoded.bytes.into(),
        json: Default::default(),
    })
}
