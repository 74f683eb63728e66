//! How a process ends while calls are in flight. The process is this very test, started once more to serve the small provider.

use std::process::{Command, Stdio};
use std::sync::Arc;

use crate::support::process::{Process, plain};
use crate::support::tiny::Tiny;
use crate::support::{null, texts, thing, value};
use lanyard_compiler::value::Value;
use lanyard_provider::generated::plugin::Empty;
use lanyard_provider::generated::plugin::grpc_controller_client::GrpcControllerClient;
use lanyard_provider::generated::tfplugin5 as wire;
use lanyard_provider::generated::tfplugin5::provider_client::ProviderClient;
use lanyard_provider::plugin::{Launch, crash, serve};
use lanyard_provider::rpc::Service;
use tonic::transport::Channel;

const ROLE: &str = "LANYARD_TEST_SERVES_TINY";

/// Serves when started by one of the tests below, and otherwise has nothing to do.
#[test]
fn served() {
    if std::env::var_os(ROLE).is_some() {
        crash::install();
        serve(&Launch::default(), 5, || {
            Service::new(Arc::new(Tiny::default()))
        })
        .unwrap();
        std::process::exit(0);
    }
}

fn start() -> Process {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["lifetime::served", "--exact", "--nocapture"])
        .env(ROLE, "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Process::spawn(command)
}

async fn apply(channel: Channel, name: &str) -> Option<wire::apply_resource_change::Response> {
    let planned = thing([
        ("name", name.into()),
        ("id", Value::Unknown),
        ("token", Value::Unknown),
    ]);
    let request = wire::apply_resource_change::Request {
        type_name: "tiny_thing".to_owned(),
        prior_state: null(),
        config: planned.clone(),
        planned_state: planned,
        ..Default::default()
    };
    let answer = ProviderClient::new(channel)
        .apply_resource_change(request)
        .await;
    answer.ok().map(tonic::Response::into_inner)
}

async fn shut_down(channel: &Channel) {
    let mut controller = GrpcControllerClient::new(channel.clone());
    controller.shutdown(Empty {}).await.unwrap();
}

#[tokio::test]
async fn a_write_in_flight_is_hurried_and_answered_before_the_end() {
    for is_told in [false, true] {
        let process = start();
        let channel = plain(&process).await;
        let write = tokio::spawn(apply(channel.clone(), "slow"));
        // Calls arrive in order: when this one is answered, the write has begun.
        assert!(apply(channel.clone(), "quick").await.is_some());
        if is_told {
            process.signal("TERM");
        } else {
            shut_down(&channel).await;
        }
        let answer = write
            .await
            .unwrap()
            .expect("the answer of the write arrives");
        assert_eq!(texts(&answer.diagnostics), [""; 0]);
        assert_eq!(value(&answer.new_state).get("id"), &"id of slow".into());
        drop(channel);
        assert!(process.end().0.success());
    }
}

/// It would be cut off, and what it made be lost.
#[tokio::test]
async fn no_write_begins_once_the_process_is_to_end() {
    let process = start();
    let channel = plain(&process).await;
    let stuck = tokio::spawn(apply(channel.clone(), "stuck"));
    assert!(apply(channel.clone(), "quick").await.is_some());
    shut_down(&channel).await;
    let late = apply(channel.clone(), "quick").await;
    let late = late.expect("it is answered while the other one is in flight");
    let said = texts(&late.diagnostics).join("\n");
    assert!(said.contains("before this was begun"), "{said:?}");
    assert!(value(&late.new_state).is_null());
    assert!(!stuck.is_finished());
    assert!(process.end().0.success());
}

#[tokio::test]
async fn a_call_that_never_ends_does_not_keep_the_process() {
    let process = start();
    let channel = plain(&process).await;
    let stuck = tokio::spawn(apply(channel.clone(), "stuck"));
    assert!(apply(channel.clone(), "quick").await.is_some());
    // Answered while the stuck call is in flight. How long the process then waits for it is measured beside the code that waits.
    shut_down(&channel).await;
    assert!(!stuck.is_finished());
    assert!(process.end().0.success());
}

#[tokio::test]
async fn a_crash_is_told_to_terraform_and_the_process_lives_on() {
    let process = start();
    let channel = plain(&process).await;
    let answer = apply(channel.clone(), "panic in apply").await.unwrap();
    let text = texts(&answer.diagnostics).remove(0);
    assert!(
        text.contains("provider/tests/suite/support/tiny.rs:"),
        "{text}"
    );
    assert!(apply(channel.clone(), "quick").await.is_some());
    shut_down(&channel).await;
    drop(channel);
    let (_, _, stderr) = process.end();
    assert!(stderr.starts_with("panic: "), "{stderr}");
    assert!(!stderr.contains("hunter2"), "{stderr}");
}
