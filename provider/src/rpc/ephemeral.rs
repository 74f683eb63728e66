//! Ephemeral resources. Opening and closing are writes: they run to their end, so that nothing stays open unnoticed.

use lanyard_compiler::diagnostic::has_errors;

use super::Service;
use super::call::{Answer, Refuse as _, refuse};
use super::value::{received, sent};
use crate::generated::tfplugin5 as wire;
use crate::resources::OpenResponse;
use crate::wire::{Unknowns, diagnostics};
use wire::{close_ephemeral_resource, open_ephemeral_resource, renew_ephemeral_resource};

refuse! {
    open_ephemeral_resource;
    // Terraform closes with what open said, OpenTofu with what renew said: a refusal keeps it.
    renew_ephemeral_resource => |request: &renew_ephemeral_resource::Request| {
        renew_ephemeral_resource::Response {
            private: request.private.clone(),
            renew_at: None,
            diagnostics: Vec::new(),
        }
    };
    close_ephemeral_resource;
}

pub(super) async fn open(
    service: Service,
    request: open_ephemeral_resource::Request,
) -> Answer<open_ephemeral_resource::Response> {
    let entry = service
        .catalogs
        .ephemeral_resources
        .find(&request.type_name)?;
    let shape = &entry.described().shape;
    let config = received(request.config, shape)?;
    let resource = entry.item.clone();
    let work = async move { resource.open(config).await };
    let OpenResponse {
        result,
        private,
        diagnostics: mut found,
    } = service.writes.run(work).await;
    if has_errors(&found) {
        return Ok(open_ephemeral_resource::Response {
            diagnostics: diagnostics(&found, Some(shape)),
            ..Default::default()
        });
    }
    Ok(open_ephemeral_resource::Response {
        result: sent(&result, shape, Unknowns::Forgotten, &mut found),
        renew_at: None,
        private: Some(private.into()),
        diagnostics: diagnostics(&found, Some(shape)),
    })
}

/// Nothing asks to be renewed.
pub(super) async fn renew(
    _: Service,
    request: renew_ephemeral_resource::Request,
) -> Answer<renew_ephemeral_resource::Response> {
    Ok(request.refusal())
}

pub(super) async fn close(
    service: Service,
    request: close_ephemeral_resource::Request,
) -> Answer<close_ephemeral_resource::Response> {
    let entry = service
        .catalogs
        .ephemeral_resources
        .find(&request.type_name)?;
    let resource = entry.item.clone();
    let private = request.private.unwrap_or_default().into();
    let work = async move { resource.close(private).await };
    let found = service.writes.run(work).await;
    Ok(close_ephemeral_resource::Response {
        diagnostics: diagnostics(&found, None),
    })
}
