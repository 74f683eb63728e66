//! Taking over an object that exists.

use lanyard_compiler::diagnostic::{Code, Diagnostic, has_errors};

use super::Service;
use super::call::{Answer, refuse};
use super::{identity, value};
use crate::generated::tfplugin5::import_resource_state;
use crate::resources::{ImportBy, ImportResponse};
use crate::wire::{Unknowns, diagnostics};

refuse! {
    import_resource_state;
}

pub(super) async fn import(
    service: Service,
    request: import_resource_state::Request,
) -> Answer<import_resource_state::Response> {
    let entry = service.catalogs.resources.find(&request.type_name)?;
    let described = entry.described();
    let identity = identity::received(request.identity, described)?;
    let by = if !request.id.is_empty() {
        ImportBy::Id(request.id)
    } else if !identity.is_null() {
        ImportBy::Identity(identity)
    } else {
        return Err(vec![
            Diagnostic::error(Code::ImportWithoutId, "Nothing to import was named")
                .hint("Give the import block an id or an identity."),
        ]);
    };
    let ImportResponse {
        state,
        private,
        diagnostics: mut found,
    } = entry.item.import(by).await;
    if state.is_null() && !has_errors(&found) {
        found.push(
            Diagnostic::error(Code::ImportNotFound, "The object to import does not exist")
                .hint("Check the id and the server that the provider is configured for."),
        );
    }
    let mut imported_resources = Vec::new();
    if !has_errors(&found) {
        let identity = described.identify(&state);
        imported_resources.push(import_resource_state::ImportedResource {
            type_name: request.type_name,
            state: value::sent(&state, &described.shape, Unknowns::Forgotten, &mut found),
            private: private.into(),
            identity: identity::sent(&identity, described, Unknowns::Forgotten, &mut found),
        });
    }
    Ok(import_resource_state::Response {
        imported_resources,
        diagnostics: diagnostics(&found, Some(&described.shape)),
    })
}
