//! What Terraform demands of schemas, and an outline of ours. A schema that breaks a rule stops every Terraform command.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use lanyard_provider::generated::tfplugin5 as wire;
use lanyard_provider::generated::tfplugin5::provider_client::ProviderClient;
use lanyard_provider::resources::provider;
use lanyard_provider::rpc::Service;
use wire::schema::nested_block::NestingMode;
use wire::schema::{Attribute, Block};

/// Taken by the language in resource, data and ephemeral blocks.
const RESERVED: [&str; 8] = [
    "count",
    "for_each",
    "provider",
    "depends_on",
    "lifecycle",
    "connection",
    "provisioner",
    "locals",
];

/// Taken by the language in provider blocks.
const RESERVED_FOR_PROVIDERS: [&str; 7] = [
    "alias",
    "version",
    "count",
    "depends_on",
    "for_each",
    "source",
    "locals",
];

type Schemas = (
    wire::get_provider_schema::Response,
    wire::get_resource_identity_schemas::Response,
);

async fn schemas() -> Schemas {
    let mut client = ProviderClient::new(Service::new(provider()).server());
    let schema = client
        .get_schema(wire::get_provider_schema::Request {})
        .await
        .unwrap();
    let identities = client
        .get_resource_identity_schemas(wire::get_resource_identity_schemas::Request {})
        .await
        .unwrap();
    (schema.into_inner(), identities.into_inner())
}

/// Every schema with a name for it.
fn all(schema: &wire::get_provider_schema::Response) -> Vec<(String, &wire::Schema)> {
    let named = |kind: &str, name: &str| format!("{kind} {name}");
    let mut all = vec![("provider".to_owned(), schema.provider.as_ref().unwrap())];
    all.extend(
        schema
            .resource_schemas
            .iter()
            .map(|(name, schema)| (named("resource", name), schema)),
    );
    all.extend(
        schema
            .data_source_schemas
            .iter()
            .map(|(name, schema)| (named("data", name), schema)),
    );
    all.extend(
        schema
            .ephemeral_resource_schemas
            .iter()
            .map(|(name, schema)| (named("ephemeral", name), schema)),
    );
    all.extend(
        schema
            .list_resource_schemas
            .iter()
            .map(|(name, schema)| (named("list", name), schema)),
    );
    all.extend(
        schema
            .action_schemas
            .iter()
            .map(|(name, action)| (named("action", name), action.schema.as_ref().unwrap())),
    );
    all
}

#[tokio::test]
async fn terraform_accepts_every_schema() {
    let (schema, identities) = schemas().await;
    for (name, schema) in all(&schema) {
        assert!(schema.version >= 0, "{name}");
        let reserved = match name.as_str() {
            "provider" => &RESERVED_FOR_PROVIDERS[..],
            // Their arguments stand in a block of their own.
            name if name.starts_with("list ") || name.starts_with("action ") => &[],
            name => {
                assert!(
                    name.contains(" lanyard_"),
                    "{name}: users would have to name the provider"
                );
                &RESERVED[..]
            }
        };
        let block = schema.block.as_ref().unwrap();
        for taken in reserved {
            assert!(
                !block
                    .attributes
                    .iter()
                    .any(|attribute| attribute.name == *taken),
                "{name}.{taken}"
            );
            assert!(
                !block
                    .block_types
                    .iter()
                    .any(|block| block.type_name == *taken),
                "{name}.{taken}"
            );
        }
        check_block(&name, block, name.starts_with("resource "));
    }
    for (name, function) in &schema.functions {
        assert!(is_name(name), "{name}");
        check_type(name, &function.r#return.as_ref().unwrap().r#type);
        let mut names = BTreeSet::new();
        for parameter in function
            .parameters
            .iter()
            .chain(&function.variadic_parameter)
        {
            assert!(is_name(&parameter.name), "{name}: {}", parameter.name);
            assert!(
                names.insert(&parameter.name),
                "{name}: {} twice",
                parameter.name
            );
            check_type(name, &parameter.r#type);
        }
    }
    for (name, identity) in &identities.identity_schemas {
        assert!(schema.resource_schemas.contains_key(name), "{name}");
        for attribute in &identity.identity_attributes {
            let kind = check_type(name, &attribute.r#type);
            assert!(
                kind.is_string() || kind[0] == "list",
                "{name}.{}",
                attribute.name
            );
            assert_ne!(attribute.required_for_import, attribute.optional_for_import);
        }
    }
    for name in schema.list_resource_schemas.keys() {
        assert!(
            identities.identity_schemas.contains_key(name),
            "list {name} needs an identity"
        );
    }
}

fn check_block(place: &str, block: &Block, is_resource: bool) {
    let mut names = BTreeSet::new();
    for attribute in &block.attributes {
        let place = format!("{place}.{}", attribute.name);
        let Attribute {
            required,
            optional,
            computed,
            ..
        } = *attribute;
        assert!(is_name(&attribute.name), "{place}");
        assert!(names.insert(&attribute.name), "{place} twice");
        assert!(required || optional || computed, "{place}");
        assert!(!(required && (optional || computed)), "{place}");
        assert!(
            !attribute.write_only || (is_resource && !computed),
            "{place}"
        );
        assert!(
            attribute.deprecated || attribute.deprecation_message.is_empty(),
            "{place}"
        );
        assert!(
            !attribute.description.is_empty(),
            "{place} is not described"
        );
        check_type(&place, &attribute.r#type);
    }
    for nested in &block.block_types {
        let place = format!("{place}.{}", nested.type_name);
        assert!(is_name(&nested.type_name), "{place}");
        assert!(names.insert(&nested.type_name), "{place} twice");
        match nested.nesting() {
            NestingMode::Single => assert_eq!(nested.min_items, nested.max_items, "{place}"),
            NestingMode::List => assert_eq!(nested.max_items, 0, "{place}"),
            other => panic!("{place}: {other:?} is never used"),
        }
        check_block(&place, nested.block.as_ref().unwrap(), is_resource);
    }
}

fn check_type(place: &str, kind: &[u8]) -> serde_json::Value {
    serde_json::from_slice(kind).unwrap_or_else(|error| panic!("{place}: {error}"))
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// Rewrites a stale outline; where `CI` is set it fails instead.
#[tokio::test]
async fn the_outline_is_current() {
    let (schema, identities) = schemas().await;
    let mut outline = String::from(
        "# What Terraform is told. Written by `cargo test -p terraform-provider-lanyard --test suite schema`.\n",
    );
    for (name, schema) in all(&schema) {
        writeln!(outline, "\n{name} (version {})", schema.version).unwrap();
        write_block(&mut outline, schema.block.as_ref().unwrap(), 1);
    }
    for (name, identity) in &identities.identity_schemas {
        writeln!(outline, "\nidentity {name} (version {})", identity.version).unwrap();
        for attribute in &identity.identity_attributes {
            let presence = if attribute.required_for_import {
                "required"
            } else {
                "optional"
            };
            writeln!(
                outline,
                "  {}: {}, {presence} for import",
                attribute.name,
                text(&attribute.r#type)
            )
            .unwrap();
        }
    }
    for (name, function) in &schema.functions {
        let parameter = |parameter: &wire::function::Parameter| {
            format!("{}: {}", parameter.name, text(&parameter.r#type))
        };
        let mut parameters: Vec<_> = function.parameters.iter().map(parameter).collect();
        parameters.extend(
            function
                .variadic_parameter
                .as_ref()
                .map(|last| format!("{}...", parameter(last))),
        );
        let returns = text(&function.r#return.as_ref().unwrap().r#type);
        writeln!(
            outline,
            "\nfunction {name}({}) -> {returns}",
            parameters.join(", ")
        )
        .unwrap();
    }

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/schema.txt");
    if fs::read_to_string(&file).ok() != Some(outline.clone()) {
        assert!(
            env::var_os("CI").is_none(),
            "provider/tests/suite/schema.txt is stale; run: cargo test -p terraform-provider-lanyard --test suite schema"
        );
        fs::write(&file, outline).unwrap();
    }
}

fn write_block(outline: &mut String, block: &Block, depth: usize) {
    let indent = "  ".repeat(depth);
    for attribute in &block.attributes {
        let flags = [
            (attribute.required, "required"),
            (attribute.optional, "optional"),
            (attribute.computed, "computed"),
            (attribute.sensitive, "sensitive"),
            (attribute.write_only, "write-only"),
            (attribute.deprecated, "deprecated"),
        ];
        let flags: Vec<_> = flags
            .iter()
            .filter(|(is_set, _)| *is_set)
            .map(|(_, flag)| *flag)
            .collect();
        writeln!(
            outline,
            "{indent}{}: {}, {}",
            attribute.name,
            text(&attribute.r#type),
            flags.join(", ")
        )
        .unwrap();
    }
    for nested in &block.block_types {
        let mode = match (nested.nesting(), nested.min_items) {
            (NestingMode::Single, 0) => "at most once",
            (NestingMode::Single, _) => "once",
            (_, 0) => "repeated",
            _ => "repeated, at least once",
        };
        writeln!(outline, "{indent}{} {{ }} {mode}", nested.type_name).unwrap();
        write_block(outline, nested.block.as_ref().unwrap(), depth + 1);
    }
}

/// A type as a configuration would write it.
fn text(kind: &[u8]) -> String {
    fn inner(kind: &serde_json::Value) -> String {
        match kind {
            serde_json::Value::String(name) => name.clone(),
            serde_json::Value::Array(parts) => {
                format!("{}({})", inner(&parts[0]), inner(&parts[1]))
            }
            serde_json::Value::Object(keys) => {
                let keys: Vec<_> = keys
                    .iter()
                    .map(|(name, kind)| format!("{name} = {}", inner(kind)))
                    .collect();
                keys.join(", ")
            }
            other => other.to_string(),
        }
    }
    inner(&check_type("type", kind))
}
