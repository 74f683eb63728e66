//! Planning a change and making it.

use std::sync::atomic::Ordering;

use lanyard_compiler::value::Value;
use lanyard_provider::generated::tfplugin5 as wire;

use super::{NAME, identity, identity_shape, named, stored};
use crate::support::tiny::Tiny;
use crate::support::{Client, client, null, read, texts, thing, value};

async fn plan(
    client: &mut Client,
    prior: Option<wire::DynamicValue>,
    config: Option<wire::DynamicValue>,
) -> wire::plan_resource_change::Response {
    let request = wire::plan_resource_change::Request {
        type_name: NAME.to_owned(),
        prior_state: prior,
        proposed_new_state: config.clone(),
        config,
        prior_private: "prior".into(),
        client_capabilities: None,
        prior_identity: identity("prior"),
    };
    client
        .plan_resource_change(request)
        .await
        .unwrap()
        .into_inner()
}

async fn apply(
    client: &mut Client,
    prior: Option<wire::DynamicValue>,
    planned: Option<wire::DynamicValue>,
) -> wire::apply_resource_change::Response {
    let request = wire::apply_resource_change::Request {
        type_name: NAME.to_owned(),
        prior_state: prior,
        config: planned.clone(),
        planned_state: planned,
        planned_private: "planned".into(),
        planned_identity: identity("planned"),
    };
    client
        .apply_resource_change(request)
        .await
        .unwrap()
        .into_inner()
}

fn planned(name: &str) -> Option<wire::DynamicValue> {
    thing([
        ("name", name.into()),
        ("id", Value::Unknown),
        ("token", Value::Unknown),
    ])
}

#[tokio::test]
async fn a_creation_is_planned_with_unknowns_and_applied_without() {
    let mut client = client(Tiny::default());
    let answer = plan(&mut client, null(), thing(named("a"))).await;
    assert_eq!(texts(&answer.diagnostics), [""; 0]);
    assert_eq!(&*answer.planned_private, b"planned");
    assert_eq!(answer.requires_replace, []);
    assert!(value(&answer.planned_state).get("token").is_unknown());
    // Terraform 1.15 cannot print a plan with an identity that is not known yet.
    assert_eq!(answer.planned_identity, None);

    let answer = apply(&mut client, null(), answer.planned_state).await;
    assert_eq!(texts(&answer.diagnostics), [""; 0]);
    let state = value(&answer.new_state);
    assert!(state.is_wholly_known());
    assert_eq!(state.get("token").as_secret().unwrap().expose(), "tok_a");
    assert_eq!(
        &*answer.private, b"planned",
        "private data is carried along"
    );
    let new_identity = answer.new_identity.unwrap().identity_data;
    assert_eq!(
        read(&new_identity, &identity_shape()).get("id"),
        &"id of a".into()
    );
}

#[tokio::test]
async fn a_write_only_value_never_comes_back() {
    let mut client = client(Tiny::default());
    let config = thing([("name", "a".into()), ("once", "hunter2".into())]);
    assert_eq!(value(&config).get("once"), &"hunter2".into());
    let answer = plan(&mut client, null(), config.clone()).await;
    assert!(value(&answer.planned_state).get("once").is_null());
    let answer = apply(&mut client, null(), config).await;
    assert!(value(&answer.new_state).get("once").is_null());
}

#[tokio::test]
async fn an_update_names_what_replaces_and_keeps_its_identity() {
    let mut client = client(Tiny::default());
    let answer = plan(&mut client, stored("a"), stored("b")).await;
    let path = &answer.requires_replace[0].steps;
    assert_eq!(path.len(), 1);

    let unknown_id = thing([("name", "a".into()), ("id", Value::Unknown)]);
    let answer = plan(&mut client, stored("a"), unknown_id).await;
    assert_eq!(answer.requires_replace, []);
    assert_eq!(
        answer.planned_identity,
        identity("prior"),
        "known on an update"
    );
}

#[tokio::test]
async fn a_deletion_is_planned_as_null_and_can_be_refused() {
    let mut client = client(Tiny::default());
    let answer = plan(&mut client, stored("a"), null()).await;
    assert_eq!(answer.planned_state, null());
    assert_eq!(texts(&answer.diagnostics), [""; 0]);

    let answer = plan(&mut client, stored("precious"), null()).await;
    assert_eq!(texts(&answer.diagnostics), ["Error This thing stays |  | "]);

    let answer = apply(&mut client, stored("a"), null()).await;
    assert_eq!(answer.new_state, null());
}

#[tokio::test]
async fn a_creation_that_fails_halfway_keeps_what_exists() {
    let mut client = client(Tiny::default());
    let answer = apply(&mut client, null(), planned("half done")).await;
    assert_eq!(texts(&answer.diagnostics), ["Error Half done |  | "]);
    let state = value(&answer.new_state);
    assert_eq!(state.get("id"), &"id of half done".into());
    assert!(state.get("token").is_null(), "unknown became null");
}

#[tokio::test]
async fn a_panic_while_planning_is_an_error_without_its_message() {
    let mut client = client(Tiny::default());
    let answer = plan(&mut client, null(), thing(named("panic in plan"))).await;
    let texts = texts(&answer.diagnostics).join("\n");
    assert!(texts.starts_with("Error Lanyard crashed"), "{texts}");
    assert!(!texts.contains("hunter2"), "{texts}");
}

#[tokio::test]
async fn a_panic_while_creating_leaves_nothing_and_while_updating_the_prior_state() {
    let mut client = client(Tiny::default());
    let answer = apply(&mut client, null(), planned("panic in apply")).await;
    assert!(texts(&answer.diagnostics)[0].starts_with("Error Lanyard crashed"));
    assert_eq!(answer.new_state, null());

    let prior = stored("panic in apply");
    let answer = apply(&mut client, prior.clone(), prior.clone()).await;
    assert!(texts(&answer.diagnostics)[0].starts_with("Error Lanyard crashed"));
    assert_eq!(answer.new_state, prior);
    assert_eq!(&*answer.private, b"planned");
}

#[tokio::test]
async fn a_secret_in_a_plain_attribute_is_withheld() {
    let mut client = client(Tiny::default());
    let answer = apply(&mut client, null(), planned("leaky")).await;
    let state = value(&answer.new_state);
    assert!(state.get("colour").is_null());
    assert_eq!(state.get("id"), &"id of leaky".into(), "the rest is kept");
    assert_eq!(
        texts(&answer.diagnostics),
        [
            "Error Lanyard made a value of the wrong shape | `colour`: a secret in an attribute that is not sensitive. This is \
             a bug in the provider.  Please report it with the configuration that led here, without any secret. | colour"
        ]
    );
}

#[tokio::test]
async fn a_write_goes_on_when_the_caller_hangs_up() {
    let tiny = Tiny::default();
    let (gate, finished) = (tiny.gate.clone(), tiny.finished.clone());
    let service = lanyard_provider::rpc::Service::new(std::sync::Arc::new(tiny));
    let mut client = Client::new(service.server());
    let mut call = Box::pin(apply(&mut client, null(), planned("slow")));
    let started = std::future::poll_fn(|context| {
        assert!(call.as_mut().poll(context).is_pending());
        std::task::Poll::Ready(())
    });
    started.await;
    drop(call);
    assert!(!finished.load(Ordering::SeqCst));
    gate.notify_one();
    service.end().await;
    assert!(finished.load(Ordering::SeqCst));
}
