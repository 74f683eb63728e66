//! The desired state of a configuration as canonical JSON: the same configuration gives the same bytes. Versioned; holds no secret.

use lanyard_compiler::language::{Consumer, ConsumerKind, Instance, Marking, Output, Provider};
use lanyard_compiler::plan::encode::encode;
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::{AttributePath, Value};
use serde_json::{Value as Json, json};

use crate::configuration::Compiled;

/// The version of the format: fields are added within a version, never changed.
const VERSION: &str = "1.0";

pub(crate) fn to_json(compiled: &Compiled) -> Json {
    let configuration = &compiled.configuration;
    let imports = configuration.imported_ids();
    let resources: Vec<Json> = configuration
        .managed()
        .map(|(instance, _, _)| {
            let import = imports.get(instance.address.as_str()).copied();
            resource(instance, import, compiled)
        })
        .collect();
    json!({
        "format_version": VERSION,
        "kind": "lanyard-desired-state",
        "providers": configuration.providers.iter().map(provider).collect::<Vec<_>>(),
        "resources": resources,
        "outputs": configuration.outputs.iter().map(output).collect::<Vec<_>>(),
    })
}

fn provider(provider: &Provider) -> Json {
    json!({
        "provider": provider.reference.to_string(),
        "settings": given(&provider.config, &provider.marks),
    })
}

fn resource(instance: &Instance, import: Option<&str>, compiled: &Compiled) -> Json {
    let consumers = compiled
        .configuration
        .consumers
        .get(&instance.address)
        .into_iter()
        .flatten();
    let references: Vec<Json> = instance
        .links
        .iter()
        .map(|(path, link)| {
            json!({"path": path.to_string(), "address": &*link.address, "attribute": &*link.attribute})
        })
        .collect();
    json!({
        "address": instance.address,
        "type": instance.kind,
        "provider": instance.provider.to_string(),
        "import": import,
        "config": given(&instance.config, &instance.marks),
        "references": references,
        "depends_on": *instance.dependencies,
        "consumers": consumers.map(consumer).collect::<Vec<_>>(),
    })
}

fn consumer(consumer: &Consumer) -> Json {
    let Consumer {
        kind,
        attribute,
        address,
        path,
        sensitive,
        span: _,
    } = consumer;
    json!({
        "kind": match kind {
            ConsumerKind::Argument => "argument",
            ConsumerKind::Provider => "provider",
            ConsumerKind::Output => "output",
            ConsumerKind::Provisioner => "provisioner",
        },
        "attribute": attribute,
        "address": address,
        "path": path,
        "sensitive": sensitive,
    })
}

fn output(output: &Output) -> Json {
    let Output {
        name,
        value,
        kind,
        sensitive,
        ephemeral,
        tokens,
        span: _,
    } = output;
    let shown = if *sensitive || *ephemeral {
        &Value::Secret(Secret::new(""))
    } else {
        value
    };
    json!({
        "name": name,
        "type": kind,
        "value": encode(shown),
        "sensitive": sensitive,
        "tokens": tokens.iter().map(|link| &*link.address).collect::<Vec<_>>(),
    })
}

/// What the configuration says, without what it leaves out. What is marked sensitive is not shown.
fn given(config: &Value, marks: &std::collections::BTreeMap<AttributePath, Marking>) -> Json {
    let mut config = config.clone();
    hide(
        &mut config,
        marks
            .iter()
            .filter(|(_, marking)| marking.sensitive || marking.ephemeral)
            .map(|(path, _)| path),
    );
    let entries = config.as_map().into_iter().flatten();
    entries
        .filter(|(_, value)| {
            !value.is_null() && value.as_list().is_none_or(|items| !items.is_empty())
        })
        .map(|(name, value)| (name.to_string(), encode(&without_nulls(value))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Puts an empty secret wherever the configuration marks a value as sensitive.
pub(crate) fn hide<'a>(value: &mut Value, paths: impl Iterator<Item = &'a AttributePath>) {
    for path in paths {
        if let Some(place) = value.at_mut(path)
            && !place.is_null()
        {
            *place = Value::Secret(Secret::new(""));
        }
    }
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Map(entries) => Value::map(
            entries
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name.clone(), without_nulls(value))),
        ),
        Value::List(items) => Value::List(items.iter().map(without_nulls).collect()),
        other => other.clone(),
    }
}
