//! Listing what exists. Terraform reads until its limit and then hangs up, which is a normal end.

use std::panic::AssertUnwindSafe;

use futures_util::{FutureExt, StreamExt, stream};
use lanyard_compiler::diagnostic::Diagnostic;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::call::{Answer, crashed};
use super::{Events, Service, identity, value};
use crate::generated::tfplugin5::list_resource;
use crate::resources::{ListItem, ListRequest, ListSink};
use crate::wire::{Unknowns, diagnostics};

/// How many items wait at most for Terraform to take them.
const WAITING: usize = 64;

pub(super) fn list(
    service: Service,
    request: list_resource::Request,
) -> Events<list_resource::Event> {
    match begin(service, request) {
        Ok(events) => events,
        Err(problems) => Box::pin(stream::once(async move { Ok(complaint(&problems)) })),
    }
}

fn begin(
    service: Service,
    request: list_resource::Request,
) -> Answer<Events<list_resource::Event>> {
    let entry = service.catalogs.list_resources.find(&request.type_name)?;
    let config = value::received(request.config, &entry.described().shape)?;
    // The items are objects of the resource with the same name.
    service.catalogs.resources.find(&request.type_name)?;
    let list = entry.item.clone();
    let type_name = request.type_name;
    let limit = match usize::try_from(request.limit) {
        Ok(0) | Err(_) => usize::MAX,
        Ok(limit) => limit,
    };

    let (sender, items) = mpsc::channel(WAITING);
    let work = ListRequest {
        config,
        include_resource: request.include_resource_object,
        limit,
    };
    let listing = tokio::spawn(
        AssertUnwindSafe(async move { list.list(work, ListSink::new(sender, limit)).await })
            .catch_unwind(),
    );
    let items = ReceiverStream::new(items).map(move |item| event(&service, &type_name, item));
    let end = stream::once(async move {
        match listing.await {
            Ok(Ok(problems)) => problems,
            Ok(Err(panic)) => vec![crashed(&*panic)],
            // The runtime is going down.
            Err(_) => Vec::new(),
        }
    })
    .filter_map(|problems| async move { (!problems.is_empty()).then(|| complaint(&problems)) });
    Ok(Box::pin(items.chain(end).map(Ok)))
}

fn event(service: &Service, type_name: &str, item: ListItem) -> list_resource::Event {
    let entry = match service.catalogs.resources.find(type_name) {
        Ok(entry) => entry,
        Err(problems) => return complaint(&problems),
    };
    let described = entry.described();
    let ListItem {
        identity,
        display_name,
        resource,
        diagnostics: mut found,
    } = item;
    list_resource::Event {
        identity: identity::sent(&identity, described, Unknowns::Forgotten, &mut found),
        display_name,
        resource_object: resource.and_then(|state| {
            value::sent(&state, &described.shape, Unknowns::Forgotten, &mut found)
        }),
        diagnostic: diagnostics(&found, None),
    }
}

fn complaint(problems: &[Diagnostic]) -> list_resource::Event {
    list_resource::Event {
        diagnostic: diagnostics(problems, None),
        ..Default::default()
    }
}
