//! Terms to values: what the model, the diff and the review understand.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::language::configuration::{Link, Marking};
use crate::language::term::{Content, Field, Marks, Shape, Term};
use crate::model::schema::{Attribute, Body, Nesting, Type};
use crate::secret::Secret;
use crate::value::{AttributePath, Value};

/// The type of an attribute as the language sees it.
pub(super) fn shape_of(kind: &Type) -> Shape {
    match kind {
        Type::Bool => Shape::Bool,
        Type::Number => Shape::Number,
        Type::String => Shape::String,
        Type::List(element) => Shape::list(shape_of(element)),
        Type::Set(element) => Shape::set(shape_of(element)),
        Type::Map(element) => Shape::map(shape_of(element)),
        Type::Object(fields) => Shape::object(
            fields
                .iter()
                .map(|(name, kind)| (name.as_str(), shape_of(kind))),
        ),
        Type::Dynamic => Shape::Any,
    }
}

/// The type of a whole block.
pub(super) fn shape_of_body(body: &Body) -> Shape {
    let attributes = body.attributes.iter().map(|attribute| {
        (
            Arc::from(attribute.name.as_str()),
            Field::required(shape_of(&attribute.kind)),
        )
    });
    let blocks = body.blocks.iter().map(|block| {
        let inner = shape_of_body(&block.body);
        let shape = match block.nesting {
            Nesting::Single => inner,
            Nesting::List => Shape::list(inner),
        };
        (Arc::from(block.name.as_str()), Field::required(shape))
    });
    Shape::Object(Arc::new(attributes.chain(blocks).collect()))
}

/// The value of a term that was already converted to the attribute's type.
pub(super) fn value_of(term: &Term, kind: &Type, secret: bool) -> Value {
    match (&term.content, kind) {
        (_, Type::Dynamic) => plain_value(term, secret),
        (Content::Null(_), _) => Value::Null,
        (Content::Bool(value), _) => Value::Bool(*value),
        (Content::Number(value), _) => Value::Number(value.clone()),
        (Content::String(text), _) if secret => Value::Secret(Secret::new(&**text)),
        (Content::String(text), _) => Value::String(text.to_string()),
        (
            Content::List(items) | Content::Set(items) | Content::Tuple(items),
            Type::List(element),
        ) => Value::List(
            items
                .items
                .iter()
                .map(|item| value_of(item, element, secret))
                .collect(),
        ),
        (
            Content::List(items) | Content::Set(items) | Content::Tuple(items),
            Type::Set(element),
        ) => Value::set(
            items
                .items
                .iter()
                .map(|item| value_of(item, element, secret)),
        ),
        (Content::Map(entries) | Content::Object(entries), Type::Map(element)) => Value::map(
            entries
                .entries
                .iter()
                .map(|(name, item)| (name.to_string(), value_of(item, element, secret))),
        ),
        (Content::Map(entries) | Content::Object(entries), Type::Object(fields)) => {
            Value::map(fields.iter().map(|(name, kind)| {
                let value = entries
                    .entries
                    .get(name.as_str())
                    .map_or(Value::Null, |item| value_of(item, kind, secret));
                (name.clone(), value)
            }))
        }
        _ => Value::Unknown,
    }
}

/// The value of an output, whatever its type; what is sensitive is hidden.
pub(super) fn output_value(term: &Term) -> Value {
    plain_value(term, term.marks.is_sensitive())
}

fn plain_value(term: &Term, hidden: bool) -> Value {
    let hidden = hidden || term.marks.is_sensitive();
    match &term.content {
        Content::Null(_) => Value::Null,
        Content::Unknown(_) => Value::Unknown,
        Content::String(text) if hidden => Value::Secret(Secret::new(&**text)),
        // Only a secret hides, and a secret is text.
        Content::Bool(value) if hidden => Value::Secret(Secret::new(value.to_string())),
        Content::Number(value) if hidden => Value::Secret(Secret::new(value.to_string())),
        Content::Bool(value) => Value::Bool(*value),
        Content::Number(value) => Value::Number(value.clone()),
        Content::String(text) => Value::String(text.to_string()),
        Content::List(items) | Content::Set(items) | Content::Tuple(items) => Value::List(
            items
                .items
                .iter()
                .map(|item| plain_value(item, hidden))
                .collect(),
        ),
        Content::Map(entries) | Content::Object(entries) => Value::map(
            entries
                .entries
                .iter()
                .map(|(name, item)| (name.to_string(), plain_value(item, hidden))),
        ),
    }
}

/// The term for a value that the server is known to hold.
pub(super) fn term_of(value: &Value, kind: &Type) -> Term {
    let shape = shape_of(kind);
    match (value, kind) {
        (Value::Null, _) => Term::null(shape),
        (Value::Bool(value), _) => Term::bool(*value),
        (Value::Number(value), _) => Term::number(value.clone()),
        (Value::String(text), _) => Term::string(text.as_str()),
        (Value::Secret(secret), _) => Term::string(secret.expose()).marked(&Marks::sensitive()),
        (Value::List(items), Type::List(element)) => Term::list(
            shape_of(element),
            items.iter().map(|item| term_of(item, element)).collect(),
        ),
        (Value::List(items), Type::Set(element)) => Term::set(
            shape_of(element),
            items.iter().map(|item| term_of(item, element)).collect(),
        ),
        (Value::Map(entries), Type::Map(element)) => Term::map(
            shape_of(element),
            entries
                .iter()
                .map(|(name, item)| (name.clone(), term_of(item, element)))
                .collect(),
        ),
        (Value::Map(entries), Type::Object(fields)) => Term::object(
            fields
                .iter()
                .map(|(name, kind)| {
                    let item = entries.get(name).unwrap_or(&Value::Null);
                    (name.as_str(), term_of(item, kind))
                })
                .collect(),
        ),
        _ => Term::unknown(shape),
    }
}

/// What was learnt about an attribute's value beside the value itself.
#[derive(Default)]
pub(super) struct Learnt {
    pub(super) marks: BTreeMap<AttributePath, Marking>,
    pub(super) links: BTreeMap<AttributePath, Link>,
}

impl Learnt {
    /// Notes the marks and links of a term and of everything inside.
    pub(super) fn note(&mut self, term: &Term, path: &AttributePath) {
        if !term.marks.is_empty() {
            self.marks.insert(path.clone(), marking(&term.marks));
        }
        match &term.content {
            Content::Unknown(unknown) => {
                if let Some(link) = &unknown.link {
                    self.links.insert(
                        path.clone(),
                        Link {
                            address: link.address.clone(),
                            attribute: link.attribute.clone(),
                        },
                    );
                }
            }
            Content::List(items) | Content::Set(items) | Content::Tuple(items)
                if items.weight.marked || !items.weight.wholly_known =>
            {
                for (index, item) in items.items.iter().enumerate() {
                    self.note(item, &path.index(index));
                }
            }
            Content::Map(entries) if entries.weight.marked || !entries.weight.wholly_known => {
                for (name, item) in &entries.entries {
                    self.note(item, &path.key(&**name));
                }
            }
            Content::Object(entries) if entries.weight.marked || !entries.weight.wholly_known => {
                for (name, item) in &entries.entries {
                    self.note(item, &path.then(&**name));
                }
            }
            _ => {}
        }
    }
}

fn marking(marks: &Marks) -> Marking {
    Marking {
        sensitive: marks.is_sensitive(),
        ephemeral: marks.is_ephemeral(),
        secret: marks.origins().any(|origin| !origin.hashed),
        tokens: links(marks),
    }
}

/// The secrets that marks speak of.
pub(super) fn links(marks: &Marks) -> Vec<Link> {
    let mut links: Vec<Link> = marks
        .origins()
        .map(|origin| Link {
            address: origin.address.clone(),
            attribute: origin.attribute.clone(),
        })
        .collect();
    // A secret and a hash of it lead to one token.
    links.dedup();
    links
}

/// Why an attribute may not be set, if it may not.
pub(super) fn is_settable(attribute: &Attribute) -> bool {
    attribute.is_configurable()
}
