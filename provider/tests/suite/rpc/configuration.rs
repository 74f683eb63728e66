//! Schemas, checks of configurations, settings.

use std::sync::atomic::Ordering;

use lanyard_compiler::value::Value;
use lanyard_provider::generated::tfplugin5 as wire;
use tonic::Code;

use super::{NAME, settings_shape};
use crate::support::tiny::Tiny;
use crate::support::{Client, client, dynamic, null, texts, thing};

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

#[tokio::test]
async fn stop_is_passed_on() {
    let tiny = Tiny::default();
    let stopped = tiny.stopped.clone();
    client(tiny).stop(wire::stop::Request {}).await.unwrap();
    assert!(stopped.load(Ordering::SeqCst));
}
