//! Stored state -> today's shape. Asked for every resource whenever its state is read, even when nothing changed.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::value::Value;

use super::Service;
use super::call::{Answer, refuse};
use super::value::{sent, stored};
use crate::generated::tfplugin5 as wire;
use crate::wire::{Unknowns, WireShape, diagnostics};
use wire::{upgrade_resource_identity, upgrade_resource_state};

refuse! {
    upgrade_resource_state;
    upgrade_resource_identity;
}

pub(super) async fn state(
    service: Service,
    request: upgrade_resource_state::Request,
) -> Answer<upgrade_resource_state::Response> {
    let entry = service.catalogs.resources.find(&request.type_name)?;
    let described = entry.described();
    let state = upgraded(request.raw_state, &described.shape)?;
    let mut found = Vec::new();
    let upgraded_state = sent(&state, &described.shape, Unknowns::Forgotten, &mut found);
    Ok(upgrade_resource_state::Response {
        upgraded_state,
        diagnostics: diagnostics(&found, Some(&described.shape)),
    })
}

pub(super) async fn identity(
    service: Service,
    request: upgrade_resource_identity::Request,
) -> Answer<upgrade_resource_identity::Response> {
    let entry = service.catalogs.resources.find(&request.type_name)?;
    let described = entry.described();
    let Some(shape) = described.identity_shape() else {
        return Err(vec![
            Diagnostic::error(Code::NoIdentity, "This resource type has no identity").detail(
                format!(
                    "State holds an identity of {}, which this version does not know.",
                    request.type_name
                ),
            ),
        ]);
    };
    let identity = upgraded(request.raw_identity, shape)?;
    let mut found = Vec::new();
    let identity = super::identity::sent(&identity, described, Unknowns::Forgotten, &mut found);
    Ok(upgrade_resource_identity::Response {
        upgraded_identity: identity,
        diagnostics: diagnostics(&found, None),
    })
}

/// What is stored, whichever version wrote it: reading is lenient, and no version has needed more.
fn upgraded(raw: Option<wire::RawState>, shape: &WireShape) -> Answer<Value> {
    let raw = raw.unwrap_or_default();
    if raw.json.is_empty() && !raw.flatmap.is_empty() {
        return Err(vec![
            Diagnostic::error(Code::AncientState, "The stored state is too old")
                .detail("It was written by a Terraform older than 0.12.")
                .hint("Remove the resource from the state and import it again."),
        ]);
    }
    stored(&raw.json, shape)
}
