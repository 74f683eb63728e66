//! Data sources, ephemeral resources, lists, functions and actions.

use lanyard_compiler::value::Value;
use lanyard_provider::generated::tfplugin5 as wire;
use lanyard_provider::wire::WireShape;
use tokio_stream::StreamExt;

use super::{NAME, identity, settings_shape};
use crate::support::tiny::Tiny;
use crate::support::{Client, client, dynamic, read, texts, value};

#[tokio::test]
async fn a_data_source_is_read() {
    let mut client = client(Tiny::default());
    let shape = settings_shape();
    let request = wire::read_data_source::Request {
        type_name: "tiny_source".to_owned(),
        config: dynamic(&Value::map([("name", Value::from("a"))]), &shape),
        client_capabilities: None,
    };
    let answer = client.read_data_source(request).await.unwrap().into_inner();
    assert_eq!(read(&answer.state, &shape).get("answer"), &"42".into());
}

#[tokio::test]
async fn an_ephemeral_resource_is_opened_renewed_and_closed() {
    let mut client = client(Tiny::default());
    let shape = settings_shape();
    let request = wire::open_ephemeral_resource::Request {
        type_name: "tiny_moment".to_owned(),
        config: dynamic(&Value::map([("name", Value::from("a"))]), &shape),
        client_capabilities: None,
    };
    let opened = client
        .open_ephemeral_resource(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(read(&opened.result, &shape).get("answer"), &"soon".into());
    assert_eq!(opened.renew_at, None);
    let request = wire::renew_ephemeral_resource::Request {
        type_name: "tiny_moment".to_owned(),
        private: opened.private,
    };
    let renewed = client
        .renew_ephemeral_resource(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(renewed.renew_at, None);
    let request = wire::close_ephemeral_resource::Request {
        type_name: "tiny_moment".to_owned(),
        private: renewed.private,
    };
    let closed = client
        .close_ephemeral_resource(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(texts(&closed.diagnostics), [""; 0]);
}

async fn list(
    client: &mut Client,
    name: &str,
    include: bool,
    limit: i64,
) -> Vec<wire::list_resource::Event> {
    let request = wire::list_resource::Request {
        type_name: NAME.to_owned(),
        config: dynamic(
            &Value::map([("name", Value::from(name))]),
            &settings_shape(),
        ),
        include_resource_object: include,
        limit,
    };
    let events = client.list_resource(request).await.unwrap().into_inner();
    events.map(|event| event.unwrap()).collect().await
}

#[tokio::test]
async fn a_list_ends_at_its_limit() {
    let mut client = client(Tiny::default());
    let events = list(&mut client, "all", true, 200).await;
    assert_eq!(events.len(), 200);
    assert_eq!(events[199].display_name, "thing 199");
    assert_eq!(events[199].identity, identity("thing 199"));
    assert_eq!(
        value(&events[199].resource_object).get("id"),
        &"thing 199".into()
    );
    let events = list(&mut client, "all", false, 1).await;
    assert_eq!(events[0].resource_object, None);
}

#[tokio::test]
async fn a_list_that_fails_ends_with_the_reason() {
    let mut client = client(Tiny::default());
    let events = list(&mut client, "fail", false, 5).await;
    assert_eq!(
        texts(&events[0].diagnostic),
        ["Error The list failed |  | "]
    );
    let events = list(&mut client, "panic", false, 5).await;
    assert!(texts(&events[0].diagnostic)[0].starts_with("Error Lanyard crashed"));
}

async fn call(client: &mut Client, arguments: &[&str]) -> wire::call_function::Response {
    let text = |text: &&str| dynamic(&Value::from(*text), &WireShape::String).unwrap();
    let request = wire::call_function::Request {
        name: "join".to_owned(),
        arguments: arguments.iter().map(text).collect(),
    };
    client.call_function(request).await.unwrap().into_inner()
}

#[tokio::test]
async fn a_function_answers_or_blames_an_argument() {
    let mut client = client(Tiny::default());
    let answer = call(&mut client, &["-", "a", "b"]).await;
    assert_eq!(read(&answer.result, &WireShape::String), "a-b".into());
    let answer = call(&mut client, &["-", "a", "bad"]).await;
    assert_eq!(answer.error.unwrap().function_argument, Some(2));
    let answer = call(&mut client, &[]).await;
    assert_eq!(
        answer.error.unwrap().text,
        "Wrong number of arguments: join takes 1 and got 0."
    );
    // OpenTofu sends an empty value for null.
    let request = wire::call_function::Request {
        name: "join".to_owned(),
        arguments: vec![
            dynamic(&Value::from("-"), &WireShape::String).unwrap(),
            wire::DynamicValue::default(),
        ],
    };
    let answer = client.call_function(request).await.unwrap().into_inner();
    assert_eq!(read(&answer.result, &WireShape::String), "".into());
}

async fn invoke(client: &mut Client, name: &str) -> Vec<wire::invoke_action::event::Type> {
    let request = wire::invoke_action::Request {
        action_type: "tiny_shout".to_owned(),
        config: dynamic(
            &Value::map([("name", Value::from(name))]),
            &settings_shape(),
        ),
        client_capabilities: None,
    };
    let events = client.invoke_action(request).await.unwrap().into_inner();
    events
        .map(|event| event.unwrap().r#type.unwrap())
        .collect()
        .await
}

#[tokio::test]
async fn an_action_reports_and_ends_exactly_once() {
    use wire::invoke_action::event::Type;
    let mut client = client(Tiny::default());
    for (name, expected) in [
        ("a", None),
        ("hoarse", Some("Error No voice")),
        ("panic", Some("Error Lanyard crashed")),
    ] {
        let events = invoke(&mut client, name).await;
        let [Type::Progress(progress), Type::Completed(completed)] = &*events else {
            panic!("a message and an end: {events:?}");
        };
        assert_eq!(progress.message, "breathing in");
        let found = texts(&completed.diagnostics);
        assert_eq!(found.len(), expected.iter().len());
        assert!(
            found.iter().all(|text| text.starts_with(expected.unwrap())),
            "{found:?}"
        );
    }
}
