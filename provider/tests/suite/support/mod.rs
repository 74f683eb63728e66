//! A small provider with every kind of value, and a client that calls it without a connection.

pub(crate) mod process;
pub(crate) mod tiny;

use std::sync::Arc;

use lanyard_compiler::value::Value;
use lanyard_provider::generated::tfplugin5 as wire;
use lanyard_provider::generated::tfplugin5::provider_client::ProviderClient;
use lanyard_provider::generated::tfplugin5::provider_server::ProviderServer;
use lanyard_provider::resources::Provider;
use lanyard_provider::rpc::Service;
use lanyard_provider::wire::{Field, Unknowns, WireShape, decode, encode};

pub(crate) type Client = ProviderClient<ProviderServer<Service>>;

/// A client whose calls go straight to the service.
pub(crate) fn client(provider: impl Provider) -> Client {
    ProviderClient::new(Service::new(Arc::new(provider)).server())
}

/// The shape of `tiny_thing`.
pub(crate) fn thing_shape() -> WireShape {
    WireShape::of_body(&tiny::schema().body)
}

/// An object of this shape as Terraform would send it: all keys, what is not given null.
pub(crate) fn dynamic(value: &Value, shape: &WireShape) -> Option<wire::DynamicValue> {
    let encoded = encode(value, shape, Unknowns::Kept);
    assert_eq!(encoded.problems, [], "the test's own value is misshapen");
    Some(wire::DynamicValue {
        msgpack: encoded.bytes.into(),
        json: Default::default(),
    })
}

/// The shape of `tiny_thing` in a configuration, where its write-only value stands.
pub(crate) fn configured_shape() -> WireShape {
    let WireShape::Object(fields) = thing_shape() else {
        unreachable!("a resource is an object");
    };
    let written = fields.iter().map(|field| Field {
        write_only: false,
        ..field.clone()
    });
    WireShape::Object(written.collect())
}

/// A `tiny_thing`.
pub(crate) fn thing<const COUNT: usize>(
    entries: [(&str, Value); COUNT],
) -> Option<wire::DynamicValue> {
    dynamic(&Value::map(entries), &configured_shape())
}

/// Reads a `tiny_thing`.
pub(crate) fn value(dynamic: &Option<wire::DynamicValue>) -> Value {
    read(dynamic, &thing_shape())
}

/// Reads an answer of this shape.
pub(crate) fn read(dynamic: &Option<wire::DynamicValue>, shape: &WireShape) -> Value {
    let dynamic = dynamic.as_ref().expect("an answer holds a value");
    decode(&dynamic.msgpack, shape).expect("an answer is well-formed")
}

/// Null as Terraform sends it.
pub(crate) fn null() -> Option<wire::DynamicValue> {
    Some(wire::DynamicValue {
        msgpack: vec![0xc0].into(),
        json: Default::default(),
    })
}

/// Diagnostics as `severity summary | detail | path`, one a line.
pub(crate) fn texts(diagnostics: &[wire::Diagnostic]) -> Vec<String> {
    use wire::attribute_path::step::Selector;
    let text = |diagnostic: &wire::Diagnostic| {
        let steps = diagnostic.attribute.iter().flat_map(|path| &path.steps);
        let path: Vec<String> = steps
            .map(|step| match step.selector.as_ref().unwrap() {
                Selector::AttributeName(name) => name.clone(),
                Selector::ElementKeyString(key) => format!("{key:?}"),
                Selector::ElementKeyInt(index) => index.to_string(),
            })
            .collect();
        format!(
            "{:?} {} | {} | {}",
            diagnostic.severity(),
            diagnostic.summary,
            diagnostic.detail.replace('\n', " "),
            path.join(".")
        )
    };
    diagnostics.iter().map(text).collect()
}
