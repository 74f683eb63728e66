//! Identity data <-> Value.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::value::Value;

use super::call::Answer;
use super::catalog::Described;
use super::value;
use crate::generated::tfplugin5 as wire;
use crate::wire::Unknowns;

/// Reads an identity; null if there is none.
pub(super) fn received(
    identity: Option<wire::ResourceIdentityData>,
    described: &Described,
) -> Answer<Value> {
    match (identity, described.identity_shape()) {
        (Some(identity), Some(shape)) => value::received(identity.identity_data, shape),
        _ => Ok(Value::Null),
    }
}

/// Writes an identity; nothing if there is none, or if the resource has no identities.
pub(super) fn sent(
    identity: &Value,
    described: &Described,
    unknowns: Unknowns,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<wire::ResourceIdentityData> {
    let shape = described.identity_shape()?;
    if identity.is_null() {
        return None;
    }
    Some(wire::ResourceIdentityData {
        identity_data: value::sent(identity, shape, unknowns, diagnostics),
    })
}
