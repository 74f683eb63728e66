//! Schema facts -> tfplugin5. A malformed schema makes Terraform crash, so everything here is total.

use lanyard_compiler::model::schema::{Attribute, Block, Body, Nesting, Presence, Schema, Type};
use prost::bytes::Bytes;

use crate::generated::tfplugin5 as wire;
use crate::resources::{FunctionSignature, IdentitySchema, Parameter};
use wire::schema::nested_block::NestingMode;

/// The schema of a resource, data source, provider, and so on.
pub fn schema(schema: &Schema) -> wire::Schema {
    let Schema {
        name: _,
        doc,
        version,
        body,
    } = schema;
    wire::Schema {
        version: *version,
        block: Some(block(body, doc)),
    }
}

/// The identity of a resource.
pub fn identity_schema(identity: &IdentitySchema) -> wire::ResourceIdentitySchema {
    let identity_attributes = identity.attributes.iter().map(|attribute| {
        wire::resource_identity_schema::IdentityAttribute {
            name: attribute.name.clone(),
            r#type: constraint(&attribute.kind),
            // Exactly one of the two, or Terraform refuses the schema.
            required_for_import: attribute.required_for_import,
            optional_for_import: !attribute.required_for_import,
            description: attribute.doc.clone(),
        }
    });
    wire::ResourceIdentitySchema {
        version: identity.version,
        identity_attributes: identity_attributes.collect(),
    }
}

/// The signature of a function.
pub fn function(signature: &FunctionSignature) -> wire::Function {
    let FunctionSignature {
        summary,
        doc,
        parameters,
        variadic,
        returns,
    } = signature;
    wire::Function {
        parameters: parameters.iter().map(parameter).collect(),
        variadic_parameter: variadic.as_ref().map(parameter),
        r#return: Some(wire::function::Return {
            r#type: constraint(returns),
        }),
        summary: summary.clone(),
        description: doc.clone(),
        description_kind: wire::StringKind::Markdown.into(),
        deprecation_message: String::new(),
    }
}

fn parameter(parameter: &Parameter) -> wire::function::Parameter {
    let Parameter { name, kind, doc } = parameter;
    wire::function::Parameter {
        name: name.clone(),
        r#type: constraint(kind),
        // Terraform then refuses null, and takes the result for unknown where an argument is.
        allow_null_value: false,
        allow_unknown_values: false,
        description: doc.clone(),
        description_kind: wire::StringKind::Markdown.into(),
    }
}

fn block(body: &Body, doc: &str) -> wire::schema::Block {
    wire::schema::Block {
        version: 0,
        attributes: body.attributes.iter().map(attribute).collect(),
        block_types: body.blocks.iter().map(nested_block).collect(),
        description: doc.to_owned(),
        description_kind: wire::StringKind::Markdown.into(),
        deprecated: false,
        deprecation_message: String::new(),
    }
}

fn attribute(attribute: &Attribute) -> wire::schema::Attribute {
    let Attribute {
        name,
        kind,
        doc,
        presence,
        sensitive,
        write_only,
        // Terraform has no words for these.
        choices: _,
        default: _,
        format: _,
        local: _,
        deprecated,
    } = attribute;
    wire::schema::Attribute {
        name: name.clone(),
        r#type: constraint(kind),
        description: doc.clone(),
        required: *presence == Presence::Required,
        optional: matches!(presence, Presence::Optional | Presence::OptionalComputed),
        computed: attribute.is_computed(),
        sensitive: *sensitive,
        description_kind: wire::StringKind::Markdown.into(),
        deprecated: deprecated.is_some(),
        write_only: *write_only,
        deprecation_message: deprecated.clone().unwrap_or_default(),
    }
}

fn nested_block(nested: &Block) -> wire::schema::NestedBlock {
    let Block {
        name,
        doc,
        nesting,
        required,
        body,
    } = nested;
    let least = i64::from(*required);
    let (nesting, most) = match nesting {
        // 0/0 for an optional one: Terraform refuses 0/1.
        Nesting::Single => (NestingMode::Single, least),
        // 0 is no limit.
        Nesting::List => (NestingMode::List, 0),
    };
    wire::schema::NestedBlock {
        type_name: name.clone(),
        block: Some(block(body, doc)),
        nesting: nesting.into(),
        min_items: least,
        max_items: most,
    }
}

/// The type as JSON, for example `["map","string"]`.
fn constraint(kind: &Type) -> Bytes {
    Bytes::from(type_json(kind).to_string())
}

fn type_json(kind: &Type) -> serde_json::Value {
    use serde_json::json;
    match kind {
        Type::Bool => json!("bool"),
        Type::Number => json!("number"),
        Type::String => json!("string"),
        Type::List(item) => json!(["list", type_json(item)]),
        Type::Set(item) => json!(["set", type_json(item)]),
        Type::Map(item) => json!(["map", type_json(item)]),
        Type::Object(keys) => {
            let keys: serde_json::Map<_, _> = keys
                .iter()
                .map(|(name, kind)| (name.clone(), type_json(kind)))
                .collect();
            json!(["object", keys])
        }
        Type::Dynamic => json!("dynamic"),
    }
}
