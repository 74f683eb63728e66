//! Ephemeral resources. Opening and closing are writes: they run to their end, so that nothing stays open unnoticed. Terraform does not
//! close what something has used that failed (seen with 1.11.4 and 1.17-dev), so the end of the process does.

use std::sync::Arc;

use lanyard_compiler::diagnostic::has_errors;
use parking_lot::Mutex;

use super::Service;
use super::call::{Answer, Refuse as _, refuse};
use super::value::{received, sent};
use crate::generated::tfplugin5 as wire;
use crate::resources::{EphemeralResource, OpenResponse};
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

type Opened = (Arc<dyn EphemeralResource>, Vec<u8>);

/// What was opened and not closed yet, each with what its close is given.
#[derive(Default)]
pub(super) struct Open(Mutex<Vec<Opened>>);

impl Open {
    fn add(&self, resource: Arc<dyn EphemeralResource>, private: Vec<u8>) {
        self.all(|open| open.push((resource, private)));
    }

    fn remove(&self, resource: &Arc<dyn EphemeralResource>, private: &[u8]) {
        let is_it = |(of, kept): &Opened| Arc::ptr_eq(of, resource) && kept == private;
        self.all(|open| {
            if let Some(index) = open.iter().position(is_it) {
                open.swap_remove(index);
            }
        });
    }

    /// Closes what is left. Nobody hears what comes of it.
    pub(super) async fn close(&self) {
        for (resource, private) in self.all(std::mem::take) {
            let said = resource.close(private).await;
            tracing::debug!(failed = has_errors(&said), "closed what was left open");
        }
    }

    fn all<T>(&self, change: impl FnOnce(&mut Vec<Opened>) -> T) -> T {
        change(&mut self.0.lock())
    }
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
    let opened = service.clone();
    let work = async move {
        let response = resource.open(config).await;
        if !has_errors(&response.diagnostics) {
            opened.open.add(resource, response.private.clone());
        }
        response
    };
    let OpenResponse {
        result,
        private,
        diagnostics: mut found,
    } = service.writes.run(work).await?;
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
    let private: Vec<u8> = request.private.unwrap_or_default().into();
    service.open.remove(&resource, &private);
    let work = async move { resource.close(private).await };
    let found = service.writes.run_last(work).await;
    Ok(close_ephemeral_resource::Response {
        diagnostics: diagnostics(&found, None),
    })
}
