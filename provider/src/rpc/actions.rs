//! Actions: messages while they run, then exactly one end.

use std::panic::AssertUnwindSafe;

use futures_util::{FutureExt, StreamExt, stream};
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;

use super::call::{Answer, crashed, refuse};
use super::{Events, Service, value};
use crate::generated::tfplugin5 as wire;
use crate::resources::Progress;
use crate::wire::diagnostics;
use wire::invoke_action::event::{Completed, Type};
use wire::{invoke_action, plan_action};

refuse! {
    plan_action;
}

pub(super) async fn plan(
    service: Service,
    request: plan_action::Request,
) -> Answer<plan_action::Response> {
    let entry = service.catalogs.actions.find(&request.action_type)?;
    let shape = &entry.described().shape;
    let config = value::received(request.config, shape)?;
    let found = entry.item.plan(&config).await;
    Ok(plan_action::Response {
        diagnostics: diagnostics(&found, Some(shape)),
    })
}

pub(super) fn invoke(
    service: Service,
    request: invoke_action::Request,
) -> Events<invoke_action::Event> {
    match begin(&service, request) {
        Ok(events) => events,
        Err(problems) => {
            let end = completed(diagnostics(&problems, None));
            Box::pin(stream::once(async move { Ok(end) }))
        }
    }
}

fn begin(
    service: &Service,
    request: invoke_action::Request,
) -> Answer<Events<invoke_action::Event>> {
    let entry = service.catalogs.actions.find(&request.action_type)?;
    let shape = entry.described().shape.clone();
    let config = value::received(request.config, &shape)?;
    let action = entry.item.clone();
    let counted = service.writes.begin()?;
    let (sender, messages) = mpsc::unbounded_channel();
    let work = tokio::spawn(async move {
        let work = async move { action.invoke(config, Progress::new(sender)).await };
        let result = AssertUnwindSafe(work).catch_unwind().await;
        drop(counted);
        result
    });
    let messages = UnboundedReceiverStream::new(messages).map(|message| invoke_action::Event {
        r#type: Some(Type::Progress(invoke_action::event::Progress { message })),
    });
    let end = stream::once(async move {
        let problems = match work.await {
            Ok(Ok(problems)) => problems,
            Ok(Err(panic)) => vec![crashed(&*panic)],
            // The runtime is going down, and the connection with it.
            Err(_) => Vec::new(),
        };
        completed(diagnostics(&problems, Some(&shape)))
    });
    Ok(Box::pin(messages.chain(end).map(Ok)))
}

fn completed(diagnostics: Vec<wire::Diagnostic>) -> invoke_action::Event {
    invoke_action::Event {
        r#type: Some(Type::Completed(Completed { diagnostics })),
    }
}
