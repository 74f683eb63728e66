//! The schema of everything that can be configured, read off the model's types: names, types and documentation stand there and
//! nowhere else.

use std::sync::LazyLock;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value as Json;

use super::kind::Kind;
use super::schema::{Attribute, Block, Body, Format, Nesting, Presence, Schema, Type};
use super::{AccessToken, AccessTokenComputed, ServiceAccount, ServiceAccountComputed, Settings};
use crate::value::Value;

/// The schema of a managed resource: what may be configured, then what the server or Lanyard sets.
pub fn schema(kind: Kind) -> &'static Schema {
    static SERVICE_ACCOUNT: LazyLock<Schema> =
        LazyLock::new(|| resource::<ServiceAccount, ServiceAccountComputed>(Kind::ServiceAccount));
    static ACCESS_TOKEN: LazyLock<Schema> =
        LazyLock::new(|| resource::<AccessToken, AccessTokenComputed>(Kind::AccessToken));
    match kind {
        Kind::ServiceAccount => &SERVICE_ACCOUNT,
        Kind::AccessToken => &ACCESS_TOKEN,
    }
}

/// An object of the kind's schema that says this; defaults stand for all else.
pub fn object<'a>(kind: Kind, said: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let mut object = schema(kind).body.empty();
    object.extend(said);
    Value::Map(object)
}

/// The schema of the provider block and of the `server` block of our own documents.
pub fn settings() -> &'static Schema {
    static SETTINGS: LazyLock<Schema> = LazyLock::new(|| {
        let definition = definition::<Settings>();
        Schema {
            name: "lanyard".to_owned(),
            doc: text(&definition, "description"),
            version: 0,
            body: configurable(&definition, false),
        }
    });
    &SETTINGS
}

/// The body of a type whose fields the configuration may set.
pub fn configurable_body<T: JsonSchema>() -> Body {
    configurable(&definition::<T>(), false)
}

/// The attributes of a type whose fields only the server, or Lanyard, sets.
pub fn computed_attributes<T: JsonSchema>() -> Vec<Attribute> {
    computed(&definition::<T>())
}

/// The documentation of a type.
pub fn documentation<T: JsonSchema>() -> String {
    text(&definition::<T>(), "description")
}

fn resource<S: JsonSchema, C: JsonSchema>(kind: Kind) -> Schema {
    let settings = definition::<S>();
    let mut body = configurable(&settings, false);
    body.attributes.extend(computed(&definition::<C>()));
    Schema {
        name: kind.name().to_owned(),
        doc: text(&settings, "description"),
        version: 0,
        body,
    }
}

/// The JSON Schema of a type, without references.
fn definition<T: JsonSchema>() -> Json {
    SchemaSettings::draft2020_12()
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

fn configurable(definition: &Json, local: bool) -> Body {
    let mut body = Body::default();
    for (name, field) in fields(definition) {
        let optional = is_nullable(field) || !is_required(definition, name);
        let local = local || flag(field, "x-local");
        let kind = without_null(field);
        let nested = match json_kind(kind) {
            JsonKind::Object => Some((Nesting::Single, kind)),
            JsonKind::List(items) if json_kind(items) == JsonKind::Object => {
                Some((Nesting::List, items))
            }
            _ => None,
        };
        if let Some((nesting, inner)) = nested {
            body.blocks.push(Block {
                name: name.clone(),
                doc: doc(field, kind),
                nesting,
                required: !optional,
                body: configurable(inner, local),
            });
            continue;
        }
        let default = Value::from(&field["default"]);
        let presence = if !default.is_null() || flag(field, "x-computed") {
            Presence::OptionalComputed
        } else if optional {
            Presence::Optional
        } else {
            Presence::Required
        };
        body.attributes
            .push(attribute(name, field, presence, default, local));
    }
    body
}

fn computed(definition: &Json) -> Vec<Attribute> {
    fields(definition)
        .map(|(name, field)| attribute(name, field, Presence::Computed, Value::Null, false))
        .collect()
}

fn attribute(
    name: &str,
    field: &Json,
    presence: Presence,
    default: Value,
    local: bool,
) -> Attribute {
    let kind = without_null(field);
    Attribute {
        name: name.to_owned(),
        kind: attribute_type(kind),
        doc: doc(field, kind),
        presence,
        sensitive: flag(field, "x-sensitive"),
        write_only: flag(field, "x-write-only"),
        choices: choices(kind),
        default,
        format: match text(field, "format").as_str() {
            "date-time" => Format::Timestamp,
            "lifetime" => Format::Lifetime,
            _ => match text(kind, "format").as_str() {
                "date-time" => Format::Timestamp,
                "lifetime" => Format::Lifetime,
                _ => Format::Plain,
            },
        },
        local,
        deprecated: field["x-deprecated"].as_str().map(str::to_owned),
    }
}

fn attribute_type(kind: &Json) -> Type {
    match json_kind(kind) {
        JsonKind::Bool => Type::Bool,
        JsonKind::Number => Type::Number,
        JsonKind::Text => Type::String,
        JsonKind::List(items) => Type::List(Box::new(attribute_type(without_null(items)))),
        JsonKind::Set(items) => Type::Set(Box::new(attribute_type(without_null(items)))),
        JsonKind::Map(values) => Type::Map(Box::new(attribute_type(without_null(values)))),
        JsonKind::Object => Type::Object(
            fields(kind)
                .map(|(name, field)| (name.clone(), attribute_type(without_null(field))))
                .collect(),
        ),
    }
}

/// What a JSON Schema describes, as far as the model's types need it.
#[derive(PartialEq)]
enum JsonKind<'a> {
    Bool,
    Number,
    Text,
    List(&'a Json),
    Set(&'a Json),
    Map(&'a Json),
    Object,
}

fn json_kind(kind: &Json) -> JsonKind<'_> {
    let named = match &kind["type"] {
        Json::Array(names) => names
            .iter()
            .filter_map(Json::as_str)
            .find(|name| *name != "null"),
        name => name.as_str(),
    };
    match named {
        Some("boolean") => JsonKind::Bool,
        Some("integer" | "number") => JsonKind::Number,
        Some("array") if kind["uniqueItems"] == true => JsonKind::Set(&kind["items"]),
        Some("array") => JsonKind::List(&kind["items"]),
        Some("object") if kind["properties"].is_object() => JsonKind::Object,
        Some("object") => JsonKind::Map(&kind["additionalProperties"]),
        _ => JsonKind::Text,
    }
}

fn fields(definition: &Json) -> impl Iterator<Item = (&String, &Json)> {
    definition["properties"].as_object().into_iter().flatten()
}

/// `Option<T>` is described as `T` or null, in one of two spellings.
fn without_null(field: &Json) -> &Json {
    field["anyOf"]
        .as_array()
        .and_then(|kinds| kinds.iter().find(|kind| kind["type"] != "null"))
        .unwrap_or(field)
}

fn is_nullable(field: &Json) -> bool {
    let is_null = |kind: &Json| kind == "null";
    field["type"]
        .as_array()
        .is_some_and(|names| names.iter().any(is_null))
        || field["anyOf"]
            .as_array()
            .is_some_and(|kinds| kinds.iter().any(|kind| is_null(&kind["type"])))
}

fn is_required(definition: &Json, name: &str) -> bool {
    definition["required"]
        .as_array()
        .is_some_and(|names| names.iter().any(|required| required == name))
}

fn choices(kind: &Json) -> Vec<String> {
    let listed = kind["enum"].as_array().into_iter().flatten();
    let described = kind["oneOf"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|one| {
            std::iter::once(&one["const"]).chain(one["enum"].as_array().into_iter().flatten())
        });
    listed
        .chain(described)
        .filter_map(Json::as_str)
        .map(str::to_owned)
        .collect()
}

fn flag(field: &Json, name: &str) -> bool {
    field[name] == true
}

/// The field's own documentation, or that of its type.
fn doc(field: &Json, kind: &Json) -> String {
    match text(field, "description") {
        own if !own.is_empty() => own,
        _ => text(kind, "description"),
    }
}

/// A text of a definition, its lines joined; paragraphs stay apart.
fn text(definition: &Json, key: &str) -> String {
    let raw = definition[key].as_str().unwrap_or_default();
    raw.split("\n\n")
        .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_follow_the_types() {
        let token = schema(Kind::AccessToken);
        let attribute = |name: &str| {
            token
                .body
                .attribute(name)
                .unwrap_or_else(|| panic!("no {name}"))
        };

        assert_eq!(attribute("name").presence, Presence::Required);
        assert_eq!(attribute("description").presence, Presence::Optional);
        assert_eq!(attribute("disabled").default, Value::Bool(false));
        assert_eq!(attribute("disabled").presence, Presence::OptionalComputed);
        assert_eq!(
            attribute("on_conflict").choices,
            ["error", "adopt", "replace"]
        );
        assert_eq!(attribute("on_conflict").default, Value::from("error"));
        assert!(attribute("on_conflict").local);
        assert_eq!(attribute("roles").kind, Type::Set(Box::new(Type::String)));
        assert_eq!(attribute("expires_at").format, Format::Timestamp);
        assert_eq!(attribute("ttl").format, Format::Lifetime);
        assert_eq!(attribute("ttl").kind, Type::String);
        assert!(attribute("token").sensitive);
        assert_eq!(attribute("token").presence, Presence::Computed);
        assert_eq!(attribute("generation").kind, Type::Number);
        assert!(
            matches!(&attribute("retired").kind, Type::List(inner) if matches!(**inner, Type::Object(_)))
        );

        let rotation = token.body.block("rotation").unwrap();
        assert_eq!(rotation.nesting, Nesting::Single);
        assert!(rotation.body.attribute("triggers").unwrap().local);
        assert_eq!(
            rotation.body.attribute("triggers").unwrap().kind,
            Type::Map(Box::new(Type::String))
        );
        assert_eq!(
            rotation.body.attribute("grace_period").unwrap().format,
            Format::Lifetime
        );
        assert_eq!(token.body.block("alert").unwrap().nesting, Nesting::List);
        assert_eq!(
            token
                .body
                .block("visibility")
                .unwrap()
                .body
                .attribute("level")
                .unwrap()
                .choices,
            ["admins", "selected", "everyone"]
        );

        assert_eq!(
            settings().body.attribute("api").unwrap().choices[5],
            "splunk"
        );
        assert_eq!(
            settings().body.attribute("max_retries").unwrap().kind,
            Type::Number
        );
    }

    #[test]
    fn every_attribute_is_documented() {
        for schema in [
            schema(Kind::ServiceAccount),
            schema(Kind::AccessToken),
            settings(),
        ] {
            schema.body.walk(&mut |path, attribute| {
                assert!(
                    attribute.doc.ends_with('.'),
                    "{}.{path}: {:?}",
                    schema.name,
                    attribute.doc
                );
            });
        }
    }
}
