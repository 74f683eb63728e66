//! Every RPC, called in process: what Terraform gets back, above all when something goes wrong.

mod change;
mod configuration;
mod others;
mod stored;

use crate::support::tiny::Tiny;
use crate::support::{dynamic, thing};
use lanyard_compiler::value::Value;
use lanyard_provider::generated::tfplugin5 as wire;
use lanyard_provider::wire::{Field, Fields, WireShape};

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

fn identity_shape() -> WireShape {
    WireShape::Object(Fields::from_iter([Field {
        name: "id".to_owned(),
        shape: WireShape::String,
        write_only: false,
    }]))
}

fn settings_shape() -> WireShape {
    WireShape::of_body(&lanyard_provider::resources::Provider::schema(&Tiny::default()).body)
}
