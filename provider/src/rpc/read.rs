//! How an object is now. Private data and identity are always sent back: leaving them out would erase them.

use lanyard_compiler::diagnostic::has_errors;

use super::Service;
use super::call::{Answer, refuse};
use super::{identity, value};
use crate::generated::tfplugin5::read_resource;
use crate::resources::ReadRequest;
use crate::wire::{Unknowns, diagnostics};

refuse! {
    read_resource => |request: &read_resource::Request| read_resource::Response {
        new_state: request.current_state.clone(),
        private: request.private.clone(),
        new_identity: request.current_identity.clone(),
        diagnostics: Vec::new(),
    };
}

pub(super) async fn read(
    service: Service,
    request: read_resource::Request,
) -> Answer<read_resource::Response> {
    let entry = service.catalogs.resources.find(&request.type_name)?;
    let described = entry.described();
    let state = value::received(request.current_state.clone(), &described.shape)?;
    let mut response = read_resource::Response {
        new_state: request.current_state,
        private: request.private.clone(),
        new_identity: request.current_identity.clone(),
        diagnostics: Vec::new(),
    };
    // After an import or an upgrade that went wrong there is nothing to ask for.
    if state.is_null() {
        return Ok(response);
    }
    let mut answer = entry
        .item
        .read(ReadRequest {
            state,
            private: request.private.into(),
        })
        .await;
    if !has_errors(&answer.diagnostics) {
        if !answer.state.is_null() && described.identity.is_some() {
            let identified = described.identify(&answer.state);
            if identified.is_wholly_known() && !identified.is_null() {
                response.new_identity = identity::sent(
                    &identified,
                    described,
                    Unknowns::Forgotten,
                    &mut answer.diagnostics,
                );
            }
        }
        response.new_state = value::sent(
            &answer.state,
            &described.shape,
            Unknowns::Forgotten,
            &mut answer.diagnostics,
        );
        if let Some(private) = answer.private {
            response.private = private.into();
        }
    }
    response.diagnostics = diagnostics(&answer.diagnostics, Some(&described.shape));
    Ok(response)
}
