//! Every RPC, called in process: what Terraform gets back, above all when something goes wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

mod support;

use std::sync::atomic::Ordering;

use lanyard_compiler::value::Value;
use lanyard_provider::generated::tfplugin5 as wire;
use lanyard_provider::wire::Shape;
use support::tiny::Tiny;
use support::{Client, client, dynamic, null, read, texts, thing, value};
use tokio_stream::StreamExt;
use tonic::Code;

const NAME: &str = "tiny_thing";

fn named(name: &str) -> [(&str, Value); 1] {
    [("name", Value::from(name))]
}

fn stored(name: &str) -> Option<wire::DynamicValue> {
    thing([
        ("name", name.into()),
        ("id", format!("id of {name}").into()),
        ("kept", "default".into()),
    ])
}

fn identity(id: &str) -> Option<wire::ResourceIdentityData> {
    Some(wire::ResourceIdentityData {
        identity_data: dynamic(&Value::map([("id", Value::from(id))]), &identity_shape()),
    })
}

fn identity_shape() -> Shape {
    Shape::Object(vec![lanyard_provider::wire::Field {
        name: "id".to_owned(),
        shape: Shape::String,
        write_only: false,
    }])
}

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
    let planned_identity = &answer.planned_identity.as_ref().unwrap().identity_data;
    assert!(
        read(planned_identity, &identity_shape())
            .get("id")
            .is_unknown()
    );

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
    service.idle().await;
    assert!(finished.load(Ordering::SeqCst));
}

async fn read_thing(
    client: &mut Client,
    state: Option<wire::DynamicValue>,
) -> wire::read_resource::Response {
    let request = wire::read_resource::Request {
        type_name: NAME.to_owned(),
        current_state: state,
        private: "private".into(),
        client_capabilities: None,
        current_identity: identity("current"),
    };
    client.read_resource(request).await.unwrap().into_inner()
}

#[tokio::test]
async fn a_read_sends_private_data_and_identity_back() {
    let mut client = client(Tiny::default());
    let answer = read_thing(&mut client, stored("a")).await;
    assert_eq!(answer.new_state, stored("a"));
    assert_eq!(&*answer.private, b"private");
    assert_eq!(answer.new_identity, identity("id of a"));
}

#[tokio::test]
async fn only_a_definite_absence_removes_an_object() {
    let mut client = client(Tiny::default());
    let answer = read_thing(&mut client, stored("gone")).await;
    assert_eq!(answer.new_state, null());
    assert_eq!(texts(&answer.diagnostics), [""; 0]);
    for name in ["unreachable", "panic in read"] {
        let answer = read_thing(&mut client, stored(name)).await;
        assert_eq!(answer.new_state, stored(name));
        assert_eq!(&*answer.private, b"private");
        assert_eq!(answer.new_identity, identity("current"));
        assert_eq!(answer.diagnostics.len(), 1);
    }
    let answer = read_thing(&mut client, null()).await;
    assert_eq!(answer.new_state, null());
    assert_eq!(texts(&answer.diagnostics), [""; 0]);
}

#[tokio::test]
async fn garbage_is_answered_with_an_error() {
    let mut client = client(Tiny::default());
    let garbage = Some(wire::DynamicValue {
        msgpack: vec![0x81, 0xa1, b'x'].into(),
        json: Default::default(),
    });
    let answer = read_thing(&mut client, garbage.clone()).await;
    assert_eq!(answer.new_state, garbage);
    assert_eq!(
        texts(&answer.diagnostics),
        [
            "Error Terraform sent a value that cannot be read | The value as a whole: an object with 16 attributes is required (1 given).  Check that the \
             plan or state was made by the same version of the provider. | "
        ]
    );
}

async fn validate(
    client: &mut Client,
    config: Option<wire::DynamicValue>,
    allowed: bool,
) -> Vec<String> {
    let request = wire::validate_resource_type_config::Request {
        type_name: NAME.to_owned(),
        config,
        client_capabilities: Some(wire::ClientCapabilities {
            deferral_allowed: false,
            write_only_attributes_allowed: allowed,
        }),
    };
    let answer = client.validate_resource_type_config(request).await.unwrap();
    texts(&answer.into_inner().diagnostics)
}

#[tokio::test]
async fn what_terraform_leaves_to_the_provider_is_checked() {
    let mut client = client(Tiny::default());
    let config = thing([
        ("name", "a".into()),
        ("id", "mine".into()),
        ("colour", "green".into()),
        ("label", "b".into()),
        ("once", "c".into()),
    ]);
    assert_eq!(
        validate(&mut client, config.clone(), false).await,
        [
            "Error This value is not one of the choices | `colour` is \"green\".  Use one of red, blue. | colour",
            "Error Terraform is too old for this attribute | `once` is write-only and would end up in the state.  Write-only \
             attributes need Terraform 1.11 or OpenTofu 1.11. | once",
            "Warning This attribute is deprecated | `label`: Use name. | label",
            "Error This attribute cannot be set | `id` is filled in by Lanyard.  Remove it from the configuration. | id",
        ]
    );
    assert_eq!(validate(&mut client, config, true).await.len(), 3);
    let unknown = thing([
        ("name", Value::Unknown),
        ("colour", Value::Unknown),
        ("part", Value::Unknown),
    ]);
    assert_eq!(validate(&mut client, unknown, true).await, [""; 0]);
}

#[tokio::test]
async fn an_unknown_type_is_an_error_not_a_status() {
    let mut client = client(Tiny::default());
    let request = wire::validate_data_source_config::Request {
        type_name: "tiny_nothing".to_owned(),
        config: null(),
    };
    let answer = client
        .validate_data_source_config(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        texts(&answer.diagnostics),
        [
            "Error Lanyard does not know this type | There is no data source \"tiny_nothing\".  Check the provider's version, \
             and the spelling. | "
        ]
    );
}

#[tokio::test]
async fn settings_are_prepared_and_configured() {
    let mut client = client(Tiny::default());
    let shape = settings_shape();
    let config = dynamic(&Value::map([("name", Value::from("wrong"))]), &shape);
    let prepared = client
        .prepare_provider_config(wire::prepare_provider_config::Request {
            config: config.clone(),
        })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(prepared.prepared_config, config);
    let request = wire::configure::Request {
        terraform_version: "1.11.4".to_owned(),
        config,
        client_capabilities: None,
    };
    let answer = client.configure(request).await.unwrap().into_inner();
    assert_eq!(
        texts(&answer.diagnostics),
        ["Error This name is wrong | Use another one. | name"]
    );
}

fn settings_shape() -> Shape {
    Shape::of_body(&lanyard_provider::resources::Provider::schema(&Tiny::default()).body)
}

#[tokio::test]
async fn stop_is_passed_on() {
    let tiny = Tiny::default();
    let stopped = tiny.stopped.clone();
    client(tiny).stop(wire::stop::Request {}).await.unwrap();
    assert!(stopped.load(Ordering::SeqCst));
}

async fn upgrade(
    client: &mut Client,
    version: i64,
    json: &str,
) -> wire::upgrade_resource_state::Response {
    let request = wire::upgrade_resource_state::Request {
        type_name: NAME.to_owned(),
        version,
        raw_state: Some(wire::RawState {
            json: json.to_owned().into(),
            flatmap: Default::default(),
        }),
    };
    client
        .upgrade_resource_state(request)
        .await
        .unwrap()
        .into_inner()
}

#[tokio::test]
async fn stored_state_is_read_leniently_and_upgraded() {
    let mut client = client(Tiny::default());
    let expected = thing([
        ("name", "a".into()),
        (
            "amount",
            Value::Number("123456789012345678901234567890.5".parse_number()),
        ),
        ("set", Value::set(["x".into(), "y".into()])),
    ]);
    let current = r#"{"name": "a", "amount": 123456789012345678901234567890.5, "set": ["y", "x", "y"], "zzz": {"a": [1]}, "once": "x"}"#;
    let answer = upgrade(&mut client, 2, current).await;
    assert_eq!(texts(&answer.diagnostics), [""; 0]);
    assert_eq!(value(&answer.upgraded_state), value(&expected));

    let answer = upgrade(&mut client, 0, r#"{"title": "a"}"#).await;
    assert_eq!(value(&answer.upgraded_state).get("name"), &"a".into());

    let answer = upgrade(&mut client, 2, r#"{"name": 1, "flag": "hunter2"}"#).await;
    assert_eq!(
        texts(&answer.diagnostics),
        [
            "Error The stored state cannot be read | a bool is required, not a string at line 1 column 29.  Restore the state \
             from a backup, or remove the resource from the state and import it again. | "
        ]
    );
}

trait ParseNumber {
    fn parse_number(&self) -> lanyard_compiler::value::Number;
}

impl ParseNumber for str {
    fn parse_number(&self) -> lanyard_compiler::value::Number {
        lanyard_compiler::value::Number::parse(self).unwrap()
    }
}

#[tokio::test]
async fn state_from_before_json_is_refused() {
    let mut client = client(Tiny::default());
    let request = wire::upgrade_resource_state::Request {
        type_name: NAME.to_owned(),
        version: 2,
        raw_state: Some(wire::RawState {
            json: Default::default(),
            flatmap: [("id".to_owned(), "1".to_owned())].into(),
        }),
    };
    let answer = client
        .upgrade_resource_state(request)
        .await
        .unwrap()
        .into_inner();
    assert!(texts(&answer.diagnostics)[0].starts_with("Error The stored state is too old"));
}

#[tokio::test]
async fn an_identity_from_before_identities_is_null() {
    let mut client = client(Tiny::default());
    let request = wire::upgrade_resource_identity::Request {
        type_name: NAME.to_owned(),
        version: 0,
        raw_identity: Some(wire::RawState::default()),
    };
    let answer = client
        .upgrade_resource_identity(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(texts(&answer.diagnostics), [""; 0]);
    assert_eq!(answer.upgraded_identity, None);
}

async fn import(
    client: &mut Client,
    id: &str,
    by: Option<&str>,
) -> wire::import_resource_state::Response {
    let request = wire::import_resource_state::Request {
        type_name: NAME.to_owned(),
        id: id.to_owned(),
        client_capabilities: None,
        identity: by.and_then(identity),
    };
    client
        .import_resource_state(request)
        .await
        .unwrap()
        .into_inner()
}

#[tokio::test]
async fn an_object_is_imported_by_id_and_by_identity() {
    let mut client = client(Tiny::default());
    for answer in [
        import(&mut client, "i", None).await,
        import(&mut client, "", Some("i")).await,
    ] {
        assert_eq!(texts(&answer.diagnostics), [""; 0]);
        let [imported] = &*answer.imported_resources else {
            panic!("exactly one");
        };
        assert_eq!(imported.type_name, NAME);
        assert_eq!(imported.identity, identity("i"));
        let state = value(&imported.state);
        assert_eq!(state.get("id"), &"i".into());
        assert_eq!(
            state.get("part"),
            &Value::List(Vec::new()),
            "blocks are never null"
        );
    }
    let answer = import(&mut client, "missing", None).await;
    assert_eq!(answer.imported_resources, []);
    assert!(texts(&answer.diagnostics)[0].starts_with("Error The object to import does not exist"));
    let answer = import(&mut client, "", None).await;
    assert!(texts(&answer.diagnostics)[0].starts_with("Error Nothing to import was named"));
}

#[tokio::test]
async fn a_move_from_elsewhere_is_refused_with_advice() {
    let mut client = client(Tiny::default());
    let request = wire::move_resource_state::Request {
        source_provider_address: "registry.terraform.io/other/other".to_owned(),
        source_type_name: "other_thing".to_owned(),
        source_state: Some(wire::RawState {
            json: "{}".into(),
            flatmap: Default::default(),
        }),
        target_type_name: NAME.to_owned(),
        ..Default::default()
    };
    let answer = client
        .move_resource_state(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        texts(&answer.diagnostics),
        [
            "Error This resource type cannot be moved | State of other_thing cannot become tiny_thing.  Remove the old resource \
             with a removed block and import the object instead. | "
        ]
    );
}

#[tokio::test]
async fn a_generated_configuration_holds_what_a_person_would_write() {
    let mut client = client(Tiny::default());
    let state = thing([
        ("name", "a".into()),
        ("id", "1".into()),
        ("label", "old".into()),
        ("colour", "".into()),
        (
            "password",
            Value::Secret(lanyard_compiler::secret::Secret::new("hunter2")),
        ),
        (
            "part",
            Value::List(vec![Value::map([("size", Value::from(1))])]),
        ),
    ]);
    let request = wire::generate_resource_config::Request {
        type_name: NAME.to_owned(),
        state,
    };
    let answer = client
        .generate_resource_config(request)
        .await
        .unwrap()
        .into_inner();
    let expected = thing([
        ("name", "a".into()),
        (
            "part",
            Value::List(vec![Value::map([("size", Value::from(1))])]),
        ),
    ]);
    assert_eq!(answer.config, expected);
}

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
    assert_eq!(
        opened.renew_at,
        Some(wire::Timestamp {
            seconds: 1_893_553_445,
            nanos: 500_000_000
        })
    );
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
    let text = |text: &&str| dynamic(&Value::from(*text), &Shape::String).unwrap();
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
    assert_eq!(read(&answer.result, &Shape::String), "a-b".into());
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
            dynamic(&Value::from("-"), &Shape::String).unwrap(),
            wire::DynamicValue::default(),
        ],
    };
    let answer = client.call_function(request).await.unwrap().into_inner();
    assert_eq!(read(&answer.result, &Shape::String), "".into());
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

#[tokio::test]
async fn schemas_say_everything_the_model_says() {
    let mut client = client(Tiny::default());
    let schema = client
        .get_schema(wire::get_provider_schema::Request {})
        .await
        .unwrap()
        .into_inner();
    insta::assert_debug_snapshot!("thing_schema", schema.resource_schemas[NAME]);
    insta::assert_debug_snapshot!("join_schema", schema.functions["join"]);
    let capabilities = schema.server_capabilities.unwrap();
    assert!(capabilities.get_provider_schema_optional && capabilities.plan_destroy);
    assert_eq!(schema.data_source_schemas.len(), 1);
    assert_eq!(schema.ephemeral_resource_schemas.len(), 1);
    assert_eq!(schema.list_resource_schemas.len(), 1);
    assert_eq!(schema.action_schemas.len(), 1);

    let identities = client
        .get_resource_identity_schemas(wire::get_resource_identity_schemas::Request {})
        .await
        .unwrap()
        .into_inner();
    let id = &identities.identity_schemas[NAME].identity_attributes[0];
    assert!(id.required_for_import && !id.optional_for_import);
    assert_eq!(&*id.r#type, br#""string""#);
}

#[tokio::test]
async fn metadata_is_left_unimplemented() {
    use tonic::codegen::Service as _;
    let mut server =
        lanyard_provider::rpc::Service::new(std::sync::Arc::new(Tiny::default())).server();
    let request = http::Request::post("/tfplugin5.Provider/GetMetadata")
        .body(tonic::body::Body::empty())
        .unwrap();
    let answer = server.call(request).await.unwrap();
    assert_eq!(
        tonic::Status::from_header_map(answer.headers())
            .unwrap()
            .code(),
        Code::Unimplemented
    );
}
