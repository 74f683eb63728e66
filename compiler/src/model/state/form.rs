//! The forms of everything in a state: known, perhaps known only after an apply, or perhaps not to be seen.

use std::fmt::Debug;
use std::ops::Deref;

use super::part::{Part, Unreadable};
use crate::value::Value;

/// A value that may be known only after an apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Open<T> {
    Known(T),
    Unknown,
}

/// How the values of a state are kept.
pub trait Form: Clone + Debug + PartialEq + Eq + 'static {
    type Of<T: Part>: Part;

    /// The value, if it is known.
    fn known<T: Part>(value: &Self::Of<T>) -> Option<&T>;

    /// True if only an apply can tell it.
    fn is_unknown<T: Part>(value: &Self::Of<T>) -> bool;
}

/// Everything is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored;

/// Anything may be known only after an apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned;

/// Likewise, or hidden: what a reviewer is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown;

/// A value that a reviewer may not be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen<T> {
    Known(T),
    Unknown,
    /// There is something, and it is hidden, or part of it is: whatever is decided by it may be so or not. To be compared alone.
    Hidden(Box<Value>),
}

/// As somebody wrote it, right or wrong: what cannot be read is taken for unknown, and complained of where its form is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rough;

/// A value that may be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loose<T> {
    value: Open<T>,
    is_wrong: bool,
}

impl Form for Stored {
    type Of<T: Part> = T;

    fn known<T: Part>(value: &T) -> Option<&T> {
        Some(value)
    }

    fn is_unknown<T: Part>(_: &T) -> bool {
        false
    }
}

impl Form for Planned {
    type Of<T: Part> = Open<T>;

    fn known<T: Part>(value: &Open<T>) -> Option<&T> {
        match value {
            Open::Known(value) => Some(value),
            Open::Unknown => None,
        }
    }

    fn is_unknown<T: Part>(value: &Open<T>) -> bool {
        value.is_unknown()
    }
}

impl Form for Shown {
    type Of<T: Part> = Seen<T>;

    fn known<T: Part>(value: &Seen<T>) -> Option<&T> {
        match value {
            Seen::Known(value) => Some(value),
            Seen::Unknown | Seen::Hidden(_) => None,
        }
    }

    fn is_unknown<T: Part>(value: &Seen<T>) -> bool {
        matches!(value, Seen::Unknown)
    }
}

impl Form for Rough {
    type Of<T: Part> = Loose<T>;

    fn known<T: Part>(value: &Loose<T>) -> Option<&T> {
        Planned::known(&value.value)
    }

    fn is_unknown<T: Part>(value: &Loose<T>) -> bool {
        value.value.is_unknown()
    }
}

impl<T> Seen<T> {
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    pub fn is_hidden(&self) -> bool {
        matches!(self, Self::Hidden(_))
    }
}

impl<T> Seen<Option<T>> {
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Known(None))
    }

    /// The value, if it can be seen and there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Known(value) => value.as_ref(),
            Self::Unknown | Self::Hidden(_) => None,
        }
    }
}

impl<T: Part> Loose<T> {
    pub(crate) fn of(value: &Value) -> Self {
        let read = Open::read(value);
        Self {
            is_wrong: read.is_err(),
            value: read.unwrap_or(Open::Unknown),
        }
    }
}

impl<T> Loose<Option<T>> {
    /// True if something stands there, be it wrong.
    pub fn is_written(&self) -> bool {
        self.is_wrong || self.value.value().is_some()
    }
}

impl<T> Deref for Loose<T> {
    type Target = Open<T>;

    fn deref(&self) -> &Open<T> {
        &self.value
    }
}

impl<T> From<T> for Loose<T> {
    fn from(value: T) -> Self {
        Self {
            value: value.into(),
            is_wrong: false,
        }
    }
}

impl<T> Open<T> {
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }
}

impl<T> Open<Option<T>> {
    pub const NULL: Self = Self::Known(None);

    pub fn some(value: T) -> Self {
        Self::Known(Some(value))
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Known(None))
    }

    /// The value, if it is known and there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Known(value) => value.as_ref(),
            Self::Unknown => None,
        }
    }
}

impl<T> From<T> for Open<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T: Part> Part for Open<T> {
    fn read(value: &Value) -> Result<Self, Unreadable> {
        match value {
            Value::Unknown => Ok(Self::Unknown),
            known => T::read(known).map(Self::Known),
        }
    }

    fn write(&self) -> Value {
        match self {
            Self::Known(value) => value.write(),
            Self::Unknown => Value::Unknown,
        }
    }
}

impl<T: Part> Part for Seen<T> {
    fn read(value: &Value) -> Result<Self, Unreadable> {
        match (value, T::read(value)) {
            (Value::Unknown, _) => Ok(Self::Unknown),
            (_, Ok(known)) => Ok(Self::Known(known)),
            (value, Err(_)) if value.holds_secret() => Ok(Self::Hidden(Box::new(value.clone()))),
            (_, Err(unreadable)) => Err(unreadable),
        }
    }

    fn write(&self) -> Value {
        match self {
            Self::Known(value) => value.write(),
            Self::Unknown => Value::Unknown,
            Self::Hidden(value) => Value::clone(value),
        }
    }
}

impl<T: Part> Part for Loose<T> {
    fn read(value: &Value) -> Result<Self, Unreadable> {
        Ok(Self::of(value))
    }

    fn write(&self) -> Value {
        self.value.write()
    }
}
