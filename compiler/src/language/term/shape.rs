//! Types of the language, and type constraints: `list(string)`, `object({ name = optional(string, "x") })`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Term;

/// A type. `Any` as the type of a value means that the type is not known; in a constraint, that every type will do.
#[derive(Clone, Debug, Default)]
pub(crate) enum Shape {
    #[default]
    Any,
    Bool,
    Number,
    String,
    List(Arc<Self>),
    Set(Arc<Self>),
    Map(Arc<Self>),
    Tuple(Arc<[Self]>),
    Object(Arc<BTreeMap<Arc<str>, Field>>),
}

/// One attribute of an object type.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) shape: Shape,
    /// Only in constraints: may be missing, and then takes the default, or null.
    pub(crate) optional: bool,
    pub(crate) default: Option<Box<Term>>,
}

impl Field {
    pub(crate) fn required(shape: Shape) -> Self {
        Self {
            shape,
            optional: false,
            default: None,
        }
    }
}

/// Types are compared; whether an attribute is optional, and its default, belong to constraints and are not.
impl PartialEq for Shape {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, Self::Any)
            | (Self::Bool, Self::Bool)
            | (Self::Number, Self::Number)
            | (Self::String, Self::String) => true,
            (Self::List(left), Self::List(right))
            | (Self::Set(left), Self::Set(right))
            | (Self::Map(left), Self::Map(right)) => Arc::ptr_eq(left, right) || left == right,
            (Self::Tuple(left), Self::Tuple(right)) => left == right,
            (Self::Object(left), Self::Object(right)) => {
                Arc::ptr_eq(left, right)
                    || (left.len() == right.len()
                        && left.iter().zip(right.iter()).all(|(left, right)| {
                            left.0 == right.0 && left.1.shape == right.1.shape
                        }))
            }
            _ => false,
        }
    }
}

impl Eq for Shape {}

impl Shape {
    pub(crate) fn list(element: Self) -> Self {
        Self::List(Arc::new(element))
    }

    pub(crate) fn set(element: Self) -> Self {
        Self::Set(Arc::new(element))
    }

    pub(crate) fn map(element: Self) -> Self {
        Self::Map(Arc::new(element))
    }

    pub(crate) fn object<'a>(fields: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        Self::Object(Arc::new(
            fields
                .into_iter()
                .map(|(name, shape)| (Arc::from(name), Field::required(shape)))
                .collect(),
        ))
    }

    pub(crate) fn is_primitive(&self) -> bool {
        matches!(self, Self::Bool | Self::Number | Self::String)
    }

    /// The type of every element of a list, set or map.
    pub(crate) fn element(&self) -> Option<&Self> {
        match self {
            Self::List(element) | Self::Set(element) | Self::Map(element) => Some(element),
            _ => None,
        }
    }

    /// True if any part of the type is not known.
    pub(crate) fn has_any(&self) -> bool {
        match self {
            Self::Any => true,
            Self::Bool | Self::Number | Self::String => false,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_any(),
            Self::Tuple(items) => items.iter().any(Self::has_any),
            Self::Object(fields) => fields.values().any(|field| field.shape.has_any()),
        }
    }

    /// The type in words, as in "list of string".
    pub(crate) fn friendly(&self) -> String {
        match self {
            Self::Any => "dynamic".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Number => "number".to_owned(),
            Self::String => "string".to_owned(),
            Self::List(element) => format!("list of {}", element.friendly()),
            Self::Set(element) => format!("set of {}", element.friendly()),
            Self::Map(element) => format!("map of {}", element.friendly()),
            Self::Tuple(_) => "tuple".to_owned(),
            Self::Object(_) => "object".to_owned(),
        }
    }

    /// The type as a constraint spells it: `list(string)`.
    pub(crate) fn spelling(&self) -> String {
        match self {
            Self::Any => "any".to_owned(),
            Self::Bool | Self::Number | Self::String => self.friendly(),
            Self::List(element) => format!("list({})", element.spelling()),
            Self::Set(element) => format!("set({})", element.spelling()),
            Self::Map(element) => format!("map({})", element.spelling()),
            Self::Tuple(items) => {
                let items: Vec<String> = items.iter().map(Self::spelling).collect();
                format!("tuple([{}])", items.join(", "))
            }
            Self::Object(fields) => {
                let fields: Vec<String> = fields
                    .iter()
                    .map(|(name, field)| format!("{name} = {}", field.shape.spelling()))
                    .collect();
                format!("object({{{}}})", fields.join(", "))
            }
        }
    }
}
