//! The one value that every front end lowers to: Terraform's wire, HCL and JSON alike. It depends on nothing but [`Secret`].

mod entries;
mod number;
mod path;

use std::fmt;

use serde::Serialize;

pub use entries::{Entries, Iter, Name, Values};
pub use number::Number;
pub use path::{AttributePath, Step};

use crate::secret::Secret;

/// A configured, planned or stored value.
///
/// Objects and maps are both [`Value::Map`], lists and sets both [`Value::List`]: the schema says which is meant. A set is kept
/// sorted and without duplicates (see [`Value::set`]), so that equality of values is equality of meaning.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Value {
    /// Absent.
    #[default]
    Null,
    /// Not known yet: "known after apply".
    Unknown,
    Bool(bool),
    Number(Number),
    String(String),
    /// Text that must never be shown. Equal to a [`Value::String`] in meaning, not in comparison: the schema decides which is used.
    Secret(Secret),
    List(Vec<Self>),
    Map(Entries),
}

impl Value {
    /// Of plain data: text for keys, and no secrets.
    pub(crate) fn plain(data: &impl Serialize) -> Self {
        serde_json::to_value(data).map_or(Self::Null, |json| Self::from(&json))
    }

    /// Builds a set: sorted, without duplicates.
    pub fn set(items: impl IntoIterator<Item = Self>) -> Self {
        let mut items: Vec<Self> = items.into_iter().collect();
        items.sort();
        items.dedup();
        Self::List(items)
    }

    /// Builds a map or an object.
    pub fn map<K: Into<Name>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Map(entries.into_iter().collect())
    }

    /// The same, as what differs from the other where that is little.
    #[must_use]
    pub fn beside(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Map(entries), Self::Map(other)) => Self::Map(entries.beside(other)),
            _ => self.clone(),
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// True for a text, list or map with nothing in it, which people leave out; what is null is absent, not empty.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::String(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Map(entries) => entries.is_empty(),
            _ => false,
        }
    }

    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// True if no part of the value is unknown.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::List(items) => items.iter().all(Self::is_wholly_known),
            Self::Map(entries) => entries.values().all(Self::is_wholly_known),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) | Self::Secret(_) => {
                true
            }
        }
    }

    /// True if a part of the value is a secret.
    pub fn holds_secret(&self) -> bool {
        match self {
            Self::Secret(_) => true,
            Self::List(items) => items.iter().any(Self::holds_secret),
            Self::Map(entries) => entries.values().any(Self::holds_secret),
            Self::Null | Self::Unknown | Self::Bool(_) | Self::Number(_) | Self::String(_) => false,
        }
    }

    /// This without anything unknown: null, or left out of a list.
    #[must_use]
    pub fn known_part(&self) -> Self {
        self.filled_from(&Self::Null)
    }

    /// This, with each unknown part taken from the same place of `actual`; where that is unknown or has no such place, null, or left
    /// out of a list.
    #[must_use]
    pub fn filled_from(&self, actual: &Self) -> Self {
        match self {
            Self::Unknown if actual.is_wholly_known() => actual.clone(),
            Self::Unknown => Self::Null,
            Self::Map(entries) if !self.is_wholly_known() => {
                Self::Map(entries.map(|name, value| value.filled_from(actual.get(name))))
            }
            Self::List(items) if !self.is_wholly_known() => {
                let actual = actual.as_list().unwrap_or_default();
                let fill = |(index, item): (usize, &Self)| match (item, actual.get(index)) {
                    (Self::Unknown, None) => None,
                    (item, actual) => Some(item.filled_from(actual.unwrap_or(&Self::Null))),
                };
                Self::List(items.iter().enumerate().filter_map(fill).collect())
            }
            known => known.clone(),
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(value) => Some(value),
            _ => None,
        }
    }

    /// The text of a string that is not secret.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(value) => Some(value),
            _ => None,
        }
    }

    pub fn as_secret(&self) -> Option<&Secret> {
        match self {
            Self::Secret(value) => Some(value),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_map(&self) -> Option<&Entries> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub fn as_map_mut(&mut self) -> Option<&mut Entries> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The attribute `name` of an object; null when it is absent or this is not an object.
    pub fn get(&self, name: &str) -> &Self {
        const NULL: &Value = &Value::Null;
        match self {
            Self::Map(entries) => entries.get(name).unwrap_or(NULL),
            _ => NULL,
        }
    }

    /// The value at a path; `None` when the path leads nowhere.
    pub fn at(&self, path: &AttributePath) -> Option<&Self> {
        path.steps()
            .iter()
            .try_fold(self, |value, step| match (step, value) {
                (Step::Attribute(name) | Step::Key(name), Self::Map(entries)) => entries.get(name),
                (Step::Index(index), Self::List(items)) => items.get(*index),
                _ => None,
            })
    }

    /// The value at a path, to be changed.
    pub fn at_mut(&mut self, path: &AttributePath) -> Option<&mut Self> {
        path.steps()
            .iter()
            .try_fold(self, |value, step| match (step, value) {
                (Step::Attribute(name) | Step::Key(name), Self::Map(entries)) => {
                    entries.get_mut(name)
                }
                (Step::Index(index), Self::List(items)) => items.get_mut(*index),
                _ => None,
            })
    }

    /// What kind of value this is, in a reader's words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Unknown => "a value known after apply",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::String(_) | Self::Secret(_) => "a string",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }
}

/// Shows values as a configuration would spell them; secrets as `[secret]`.
impl fmt::Debug for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("null"),
            Self::Unknown => formatter.write_str("(known after apply)"),
            Self::Bool(value) => write!(formatter, "{value}"),
            Self::Number(value) => write!(formatter, "{value}"),
            Self::String(value) => write!(formatter, "{value:?}"),
            Self::Secret(value) => write!(formatter, "{value}"),
            Self::List(items) => formatter.debug_list().entries(items).finish(),
            Self::Map(entries) => formatter.debug_map().entries(entries).finish(),
        }
    }
}

/// Plain data. A number keeps its digits.
impl From<&serde_json::Value> for Value {
    fn from(json: &serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => {
                Number::parse(&number.to_string()).map_or(Self::Null, Self::Number)
            }
            Json::String(text) => Self::String(text.clone()),
            Json::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Json::Object(entries) => Self::map(
                entries
                    .iter()
                    .map(|(name, item)| (name.clone(), Self::from(item))),
            ),
        }
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

impl From<Secret> for Value {
    fn from(value: Secret) -> Self {
        Self::Secret(value)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
