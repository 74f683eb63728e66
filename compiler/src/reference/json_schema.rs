//! The JSON Schema of our own documents, for editors: completion and complaints while typing.

use schemars::{Schema, json_schema};
use serde_json::{Map, Value as Json, json};

use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::schema::{Attribute, Block, Body, Format, Nesting, Presence, Type};
use crate::model::server::Api;

pub(super) fn document() -> Schema {
    let mut properties = Map::new();
    let servers: Map<String, Json> = Api::ALL
        .iter()
        .map(|api| (api.name().to_owned(), json!({"$ref": "#/$defs/servers"})))
        .collect();
    properties.insert(
        "server".to_owned(),
        json!({
            "description": "The token server, by the API that it speaks; several with `alias`.",
            "type": "object",
            "properties": servers,
            "additionalProperties": false,
        }),
    );
    for kind in Kind::ALL {
        properties.insert(
            kind.name().to_owned(),
            json!({
                "description": facts::schema(kind).doc,
                "type": "object",
                "additionalProperties": {"$ref": format!("#/$defs/{}s", kind.name())},
            }),
        );
    }
    for (name, doc) in [
        ("variable", "Inputs, by name."),
        ("locals", "Named values."),
        ("output", "Results, by name."),
        ("moved", "Resources that got another address."),
        ("import", "Objects that exist already."),
        ("removed", "Resources that are forgotten."),
        ("check", "Assertions."),
    ] {
        properties.insert(
            name.to_owned(),
            json!({"description": doc, "type": ["object", "array"]}),
        );
    }
    let mut definitions = Map::new();
    let mut server = object(&facts::settings().body);
    add(
        &mut server,
        "alias",
        json!({"description": "Name by which resources choose this server.", "type": "string"}),
    );
    remove(&mut server, "api");
    definitions.insert("servers".to_owned(), one_or_several(server));
    for kind in Kind::ALL {
        let mut resource = object(&facts::schema(kind).body);
        add(
            &mut resource,
            "server",
            json!({"description": "The server that it is on: `server` or `server.ALIAS`.", "type": "string"}),
        );
        add(
            &mut resource,
            "count",
            json!({"description": "How many of it.", "type": ["number", "string"]}),
        );
        add(
            &mut resource,
            "for_each",
            json!({"description": "One for each member.", "type": ["object", "array", "string"]}),
        );
        add(
            &mut resource,
            "depends_on",
            json!({"description": "What comes first.", "type": "array", "items": {"type": "string"}}),
        );
        add(
            &mut resource,
            "lifecycle",
            json!({"description": "How changes are made.", "type": "object"}),
        );
        definitions.insert(format!("{}s", kind.name()), one_or_several(resource));
    }
    json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Lanyard document",
        "description": "Service accounts and access tokens, without Terraform around them (`*.lanyard.json`). Any value may be a template: `\"${…}\"`.",
        "type": "object",
        "properties": properties,
        "patternProperties": {"^//": true},
        "additionalProperties": false,
        "$defs": definitions,
    })
}

/// An object with the attributes and blocks that a configuration may set.
fn object(body: &Body) -> Json {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for attribute in body
        .attributes
        .iter()
        .filter(|attribute| attribute.is_configurable())
    {
        properties.insert(attribute.name.clone(), described(attribute));
        if attribute.presence == Presence::Required {
            required.push(attribute.name.as_str());
        }
    }
    for block in &body.blocks {
        properties.insert(block.name.clone(), nested(block));
        if block.required {
            required.push(block.name.as_str());
        }
    }
    let mut schema = json!({"type": "object", "properties": properties, "patternProperties": {"^//": true}, "additionalProperties": false});
    if !required.is_empty() {
        add_to(&mut schema, "required", json!(required));
    }
    schema
}

fn described(attribute: &Attribute) -> Json {
    let mut schema = value(&attribute.kind);
    if !attribute.choices.is_empty() {
        // Templates stay possible beside the choices.
        schema = json!({"anyOf": [{"enum": attribute.choices}, template()]});
    }
    match attribute.format {
        Format::Timestamp => add_to(&mut schema, "examples", json!(["2027-01-31T00:00:00Z"])),
        Format::Lifetime => add_to(&mut schema, "examples", json!(["90d", "36h"])),
        Format::Plain => {}
    }
    add_to(&mut schema, "description", attribute.doc.as_str().into());
    if attribute.deprecated.is_some() {
        add_to(&mut schema, "deprecated", true.into());
    }
    schema
}

fn nested(block: &Block) -> Json {
    let inner = object(&block.body);
    let mut schema = match block.nesting {
        Nesting::Single => inner,
        Nesting::List => one_or_several(inner),
    };
    add_to(&mut schema, "description", block.doc.as_str().into());
    schema
}

fn value(kind: &Type) -> Json {
    match kind {
        Type::String => json!({"type": "string"}),
        Type::Bool => json!({"anyOf": [{"type": "boolean"}, template()]}),
        Type::Number => json!({"anyOf": [{"type": "number"}, template()]}),
        Type::List(inner) => {
            json!({"anyOf": [{"type": "array", "items": value(inner)}, template()]})
        }
        Type::Set(inner) => {
            json!({"anyOf": [{"type": "array", "uniqueItems": true, "items": value(inner)}, template()]})
        }
        Type::Map(inner) => {
            json!({"anyOf": [{"type": "object", "additionalProperties": value(inner)}, template()]})
        }
        Type::Object(fields) => {
            let fields: Map<String, Json> = fields
                .iter()
                .map(|(name, kind)| (name.clone(), value(kind)))
                .collect();
            json!({"type": "object", "properties": fields})
        }
        Type::Dynamic => json!({}),
    }
}

fn template() -> Json {
    json!({"type": "string", "pattern": "[$%]\\{"})
}

fn one_or_several(schema: Json) -> Json {
    json!({"anyOf": [schema.clone(), {"type": "array", "items": schema}]})
}

fn add(object: &mut Json, name: &str, schema: Json) {
    object["properties"][name] = schema;
}

fn remove(object: &mut Json, name: &str) {
    if let Some(properties) = object["properties"].as_object_mut() {
        properties.shift_remove(name);
    }
}

fn add_to(schema: &mut Json, key: &str, value: Json) {
    schema[key] = value;
}
