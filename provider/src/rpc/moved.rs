//! Taking over the state of another resource type.

use lanyard_compiler::diagnostic::has_errors;

use super::Service;
use super::call::{Answer, refuse};
use super::identity;
use super::value::{sent, unreadable};
use crate::generated::tfplugin5::move_resource_state;
use crate::resources::{MoveRequest, MoveResponse};
use crate::wire::{Unknowns, diagnostics};

refuse! {
    move_resource_state;
}

pub(super) async fn move_state(
    service: Service,
    request: move_resource_state::Request,
) -> Answer<move_resource_state::Response> {
    let entry = service.catalogs.resources.find(&request.target_type_name)?;
    let described = entry.described();
    let state = match request.source_state {
        Some(raw) if !raw.json.is_empty() => {
            serde_json::from_slice(&raw.json).map_err(|error| vec![unreadable(&error)])?
        }
        _ => serde_json::Value::Null,
    };
    let MoveResponse {
        state,
        private,
        diagnostics: mut found,
    } = entry.item.move_state(MoveRequest {
        source_provider: request.source_provider_address,
        source_type: request.source_type_name,
        source_version: request.source_schema_version,
        state,
    });
    if has_errors(&found) {
        return Err(found);
    }
    let identity = described.identify(&state);
    Ok(move_resource_state::Response {
        target_state: sent(&state, &described.shape, Unknowns::Forgotten, &mut found),
        target_private: private.into(),
        target_identity: identity::sent(&identity, described, Unknowns::Forgotten, &mut found),
        diagnostics: diagnostics(&found, Some(&described.shape)),
    })
}
