//! Terraform's JSON of values as values of the schema. What is sensitive becomes a secret on reading, so that it is
//! compared and never shown.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::model::schema::{Body, Nesting, Type};
use crate::secret::Secret;
use crate::value::{AttributePath, Value};

/// One side of a change in the shape of the schema.
pub(super) fn object(body: &Body, json: &Json, sensitive: &Json, unknown: &Json) -> Value {
    // Of what is deleted Terraform writes that nothing of it is unknown, too.
    if json.is_null() && !is_marked(unknown) {
        return Value::Null;
    }
    let mut entries = body.empty();
    for attribute in &body.attributes {
        let name = attribute.name.as_str();
        let hidden = attribute.sensitive || *sensitive == true || is_marked(&sensitive[name]);
        let value = if is_marked(&unknown[name]) {
            Value::Unknown
        } else if json[name].is_null() {
            Value::Null
        } else if hidden {
            Value::Secret(Secret::new(content(&json[name])))
        } else {
            value(&attribute.kind, &json[name])
        };
        entries.insert(name, value);
    }
    for block in &body.blocks {
        let name = block.name.as_str();
        let inner = |index: Option<usize>| {
            let pick = |side: &Json| match index {
                _ if *side == true || side[name] == true => Json::Bool(true),
                Some(index) => side[name][index].clone(),
                None => side[name].clone(),
            };
            object(&block.body, &pick(json), &pick(sensitive), &pick(unknown))
        };
        let value = match (block.nesting, &json[name]) {
            _ if unknown[name] == true => Value::Unknown,
            (Nesting::List, Json::Array(items)) => {
                Value::List((0..items.len()).map(|index| inner(Some(index))).collect())
            }
            (Nesting::List, _) => Value::List(Vec::new()),
            (Nesting::Single, _) => inner(None),
        };
        entries.insert(name, value);
    }
    Value::Map(entries)
}

/// The names of attributes that the schema does not have and that say something; what they say is nobody's to show.
pub(super) fn strangers(
    body: &Body,
    json: &Json,
    unknown: &Json,
    within: &str,
    found: &mut BTreeSet<String>,
) {
    let named = [json, unknown].map(|side| side.as_object().into_iter().flatten());
    let [said, marked] = named;
    let said = said.filter(|(_, value)| !value.is_null());
    let marked = marked.filter(|(_, mark)| is_marked(mark));
    for (name, _) in said.chain(marked) {
        let mut attributes = body.attributes.iter();
        let attribute = attributes.find(|attribute| attribute.name == *name);
        let within = format!("{within}{name}");
        match attribute {
            Some(attribute) => inside(&attribute.kind, &json[name], &within, found),
            None if body.blocks.iter().any(|block| block.name == *name) => {}
            None => drop(found.insert(within)),
        }
    }
    for block in &body.blocks {
        let name = block.name.as_str();
        let within = format!("{within}{name}.");
        match &json[name] {
            Json::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    strangers(&block.body, item, &unknown[name][index], &within, found);
                }
            }
            inner => strangers(&block.body, inner, &unknown[name], &within, found),
        }
    }
}

/// Likewise of the fields of objects in a value.
fn inside(kind: &Type, json: &Json, within: &str, found: &mut BTreeSet<String>) {
    match (kind, json) {
        (Type::List(kind) | Type::Set(kind), Json::Array(items)) => {
            for item in items {
                inside(kind, item, within, found);
            }
        }
        (Type::Map(kind), Json::Object(entries)) => {
            for item in entries.values() {
                inside(kind, item, within, found);
            }
        }
        (Type::Object(fields), Json::Object(entries)) => {
            for (name, item) in entries.iter().filter(|(_, item)| !item.is_null()) {
                let within = format!("{within}.{name}");
                match fields.iter().find(|(field, _)| field == name) {
                    Some((_, kind)) => inside(kind, item, &within, found),
                    None => drop(found.insert(within)),
                }
            }
        }
        _ => {}
    }
}

/// The text of what is hidden: text as itself, so that a value whose mark alone changes is the same.
fn content(json: &Json) -> String {
    json.as_str()
        .map_or_else(|| json.to_string(), str::to_owned)
}

/// What is marked on either side. Hidden on one side is hidden on both: what stands in clear on one may be the secret of the other.
pub(super) fn either(one: &Json, other: &Json) -> Json {
    if one == other {
        return one.clone();
    }
    match (one, other) {
        (Json::Bool(true), _) | (_, Json::Bool(true)) => Json::Bool(true),
        (Json::Object(one), Json::Object(other)) => {
            let mut marks = one.clone();
            for (name, mark) in other {
                let mark = either(&marks.remove(name).unwrap_or_default(), mark);
                marks.insert(name.clone(), mark);
            }
            Json::Object(marks)
        }
        (Json::Array(one), Json::Array(other)) => (0..one.len().max(other.len()))
            .map(|index| {
                let at = |marks: &[Json]| marks.get(index).cloned().unwrap_or_default();
                either(&at(one), &at(other))
            })
            .collect(),
        (Json::Null | Json::Bool(_), marks) | (marks, _) => marks.clone(),
    }
}

/// True if the value, or part of it, is marked.
pub(super) fn is_marked(mark: &Json) -> bool {
    match mark {
        Json::Bool(marked) => *marked,
        Json::Array(items) => items.iter().any(is_marked),
        Json::Object(entries) => entries.values().any(is_marked),
        _ => false,
    }
}

fn value(kind: &Type, json: &Json) -> Value {
    match json {
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Value::from(json),
        Json::Array(items) => {
            let items = items.iter();
            match kind {
                Type::Set(inner) => Value::set(items.map(|item| value(inner, item))),
                Type::List(inner) => Value::List(items.map(|item| value(inner, item)).collect()),
                _ => Value::List(items.map(|item| value(kind, item)).collect()),
            }
        }
        Json::Object(entries) => Value::map(entries.iter().filter_map(|(name, item)| {
            let kind = match kind {
                Type::Map(inner) => inner,
                // Of a field that nobody here knows it is told that it is there.
                Type::Object(fields) => {
                    let mut fields = fields.iter();
                    let (_, kind) = fields.find(|(field, _)| field == name)?;
                    kind
                }
                _ => kind,
            };
            Some((name.clone(), value(kind, item)))
        })),
    }
}

pub(super) fn path(json: &Json) -> AttributePath {
    json.as_array()
        .into_iter()
        .flatten()
        .fold(AttributePath::root(), |path, step| match step {
            Json::String(name) => path.then(name),
            Json::Number(index) => path.index(
                index
                    .as_u64()
                    .and_then(|index| usize::try_from(index).ok())
                    .unwrap_or_default(),
            ),
            _ => path,
        })
}
