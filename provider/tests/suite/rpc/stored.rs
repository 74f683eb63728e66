//! What is stored: reading it again, upgrading it, importing, moving and writing it down as configuration.

use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::{Number, Value};
use lanyard_provider::generated::tfplugin5 as wire;

use super::{NAME, identity, stored};
use crate::support::tiny::Tiny;
use crate::support::{Client, client, null, texts, thing, value};

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
async fn stored_state_of_any_version_is_read_leniently() {
    let mut client = client(Tiny::default());
    let expected = thing([
        ("name", "a".into()),
        (
            "amount",
            Value::Number(Number::parse("123456789012345678901234567890.5").unwrap()),
        ),
        ("set", Value::set(["x".into(), "y".into()])),
    ]);
    let current = r#"{"name": "a", "amount": 123456789012345678901234567890.5, "set": ["y", "x", "y"], "zzz": {"a": [1]}, "once": "x"}"#;
    let answer = upgrade(&mut client, 2, current).await;
    assert_eq!(texts(&answer.diagnostics), [""; 0]);
    assert_eq!(value(&answer.upgraded_state), value(&expected));

    let answer = upgrade(
        &mut client,
        0,
        r#"{"name": "a", "title": "a", "amount": 1.5}"#,
    )
    .await;
    let state = value(&answer.upgraded_state);
    assert_eq!(state.get("name"), &"a".into());
    assert_eq!(
        state.get("amount").as_number(),
        Number::parse("1.5").as_ref()
    );

    let answer = upgrade(&mut client, 2, r#"{"name": 1, "flag": "hunter2"}"#).await;
    assert_eq!(
        texts(&answer.diagnostics),
        [
            "Error The stored state cannot be read | a bool is required, not a string at line 1 column 29.  Restore the state \
             from a backup, or remove the resource from the state and import it again. | "
        ]
    );
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
async fn a_refused_move_says_why() {
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
        ["Error Not ours | It is a other_thing. | "]
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
        ("password", Value::Secret(Secret::new("hunter2"))),
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
