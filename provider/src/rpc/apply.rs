//! Making a change. Whatever happens, the answer says what really is there: an object whose id is lost is an orphan.

use lanyard_compiler::diagnostic::has_errors;
use lanyard_compiler::value::Value;

use super::Service;
use super::call::{Answer, refuse};
use super::{identity, value};
use crate::generated::tfplugin5::{DynamicValue, apply_resource_change};
use crate::resources::{ApplyKind, ApplyRequest, ApplyResponse};
use crate::wire::{Unknowns, diagnostics};

refuse! {
    // After a creation nothing is known, and null says so. After an update or deletion the prior state is the best known.
    apply_resource_change => |request: &apply_resource_change::Request| apply_resource_change::Response {
        new_state: request.prior_state.clone(),
        private: request.planned_private.clone(),
        new_identity: existing(request.prior_state.as_ref())
            .then(|| request.planned_identity.clone())
            .flatten(),
        diagnostics: Vec::new(),
    };
}

pub(super) async fn apply(
    service: Service,
    request: apply_resource_change::Request,
) -> Answer<apply_resource_change::Response> {
    let entry = service.catalogs.resources.find(&request.type_name)?;
    let described = entry.described();
    let shape = &described.shape;
    let planned_identity = identity::received(request.planned_identity.clone(), described)?;
    let work = ApplyRequest {
        prior: value::received(request.prior_state.clone(), shape)?,
        planned: value::received(request.planned_state, shape)?,
        config: value::received(request.config, shape)?,
        private: request.planned_private.to_vec(),
    };
    let kind = work.kind();
    let resource = entry.item.clone();
    let answer = service
        .writes
        .run(async move { resource.apply(work).await })
        .await?;

    let ApplyResponse {
        state,
        private,
        diagnostics: mut found,
    } = answer;
    let private = private.map_or(request.planned_private, Into::into);
    // Null with an error means "not done" except after a creation.
    if state.is_null() && has_errors(&found) && kind != ApplyKind::Create {
        return Ok(apply_resource_change::Response {
            new_state: request.prior_state,
            private,
            new_identity: request.planned_identity,
            diagnostics: diagnostics(&found, Some(shape)),
        });
    }
    let new_identity = if state.is_null() || described.identity.is_none() {
        Value::Null
    } else {
        let identified = described.identify(&state);
        if identified.is_null() || !identified.is_wholly_known() {
            planned_identity
        } else {
            identified
        }
    };
    Ok(apply_resource_change::Response {
        new_state: value::sent(&state, shape, Unknowns::Forgotten, &mut found),
        private,
        new_identity: identity::sent(&new_identity, described, Unknowns::Forgotten, &mut found),
        diagnostics: diagnostics(&found, Some(shape)),
    })
}

/// True if this is an object and not null in one of its spellings.
fn existing(state: Option<&DynamicValue>) -> bool {
    state.is_some_and(|state| !matches!(&*state.msgpack, [] | [0xc0]))
}
