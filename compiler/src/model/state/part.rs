//! How each type of a state is read from a value and written as one.

use std::fmt::Debug;

use super::written::Meaning;
use super::{Form, Restriction, Retired, Rotation, Visibility, Written};
use crate::diagnostic::{Code, Diagnostic, quoted};
use crate::model::access_token::{OnConflict, Status, VisibilityLevel};
use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::service_account::Permission;
use crate::secret::Secret;
use crate::value::{AttributePath, Entries, Number, Step, Value};

/// Part of a state.
pub trait Part: Clone + Debug + PartialEq + Eq + Sized {
    fn read(value: &Value) -> Result<Self, Unreadable>;
    fn write(&self) -> Value;
}

/// A value that a state cannot have.
#[derive(Debug)]
pub struct Unreadable {
    /// Innermost first.
    steps: Vec<Step>,
    /// The text that stands there; told only where nobody can have configured it, as it may be a secret.
    text: Option<String>,
    problem: String,
}

impl Unreadable {
    fn new(value: &Value, expected: &str) -> Self {
        let (text, problem) = match value {
            Value::String(text) => (Some(text.clone()), format!("is not {expected}")),
            other => (
                None,
                format!("{} stands where {expected} should", other.kind()),
            ),
        };
        Self {
            steps: Vec::new(),
            text,
            problem,
        }
    }

    pub(super) fn inside(mut self, name: &str) -> Self {
        self.steps.push(Step::Attribute(name.to_owned()));
        self
    }

    fn at(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    pub(super) fn of(self, kind: Kind) -> Diagnostic {
        let path: AttributePath = self.steps.into_iter().rev().collect();
        let computed = facts::schema(kind).body.computes(&path);
        let text = self.text.map_or_else(String::new, |text| {
            if computed {
                format!("{text:?} ")
            } else {
                format!("{} ", quoted(&text))
            }
        });
        unreadable(format!("`{path}` of the {}: {text}{}.", kind.title(), self.problem))
            .at(path)
            .hint("A newer version of Lanyard may have written this state: use that one. Nothing was changed.")
    }
}

/// Something of a state, or of a plan, that says nothing to this version.
pub(crate) fn unreadable(detail: String) -> Diagnostic {
    Diagnostic::error(
        Code::UnreadableState,
        "What a resource says of itself cannot be read",
    )
    .detail(detail)
}

impl Part for bool {
    fn read(value: &Value) -> Result<Self, Unreadable> {
        let read = value.as_bool();
        read.ok_or_else(|| Unreadable::new(value, "a bool"))
    }

    fn write(&self) -> Value {
        (*self).into()
    }
}

impl Part for i64 {
    fn read(value: &Value) -> Result<Self, Unreadable> {
        let read = value.as_number().and_then(|number| number.as_i64());
        read.ok_or_else(|| Unreadable::new(value, "a whole number"))
    }

    fn write(&self) -> Value {
        (*self).into()
    }
}

impl Part for Number {
    fn read(value: &Value) -> Result<Self, Unreadable> {
        let read = value.as_number().cloned();
        read.ok_or_else(|| Unreadable::new(value, "a number"))
    }

    fn write(&self) -> Value {
        Value::Number(self.clone())
    }
}

impl Part for String {
    fn read(value: &Value) -> Result<Self, Unreadable> {
        let read = value.as_str();
        read.map(str::to_owned)
            .ok_or_else(|| Unreadable::new(value, "a string"))
    }

    fn write(&self) -> Value {
        self.as_str().into()
    }
}

impl Part for Secret {
    fn read(value: &Value) -> Result<Self, Unreadable> {
        match value {
            Value::Secret(secret) => Ok(secret.clone()),
            Value::String(text) => Ok(Self::new(text.as_str())),
            other => Err(Unreadable::new(other, "a string")),
        }
    }

    fn write(&self) -> Value {
        Value::Secret(self.clone())
    }
}

/// Whatever it is.
impl Part for Value {
    fn read(value: &Value) -> Result<Self, Unreadable> {
        Ok(value.clone())
    }

    fn write(&self) -> Value {
        self.clone()
    }
}

impl<T: Meaning + Debug + Eq> Part for Written<T> {
    fn read(value: &Value) -> Result<Self, Unreadable> {
        let read = value.as_str().and_then(Self::parse);
        read.ok_or_else(|| Unreadable::new(value, T::TITLE))
    }

    fn write(&self) -> Value {
        self.text().into()
    }
}

impl<T: Part> Part for Option<T> {
    fn read(value: &Value) -> Result<Self, Unreadable> {
        (!value.is_null()).then(|| T::read(value)).transpose()
    }

    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::write)
    }
}

impl<T: Part> Part for Vec<T> {
    fn read(value: &Value) -> Result<Self, Unreadable> {
        let items = value.as_list();
        let items = items.ok_or_else(|| Unreadable::new(value, "a list"))?;
        let read = items
            .iter()
            .enumerate()
            .map(|(index, item)| T::read(item).map_err(|problem| problem.at(Step::Index(index))));
        read.collect()
    }

    fn write(&self) -> Value {
        Value::List(self.iter().map(T::write).collect())
    }
}

impl Part for Entries {
    fn read(value: &Value) -> Result<Self, Unreadable> {
        let entries = value.as_map().cloned();
        entries.ok_or_else(|| Unreadable::new(value, "a map"))
    }

    fn write(&self) -> Value {
        Value::Map(self.clone())
    }
}

/// Closed choices.
macro_rules! choice {
    ($($kind:ty: $title:literal),*) => {
        $(impl Part for $kind {
            fn read(value: &Value) -> Result<Self, Unreadable> {
                let read = value.as_str().and_then(Self::parse);
                read.ok_or_else(|| Unreadable::new(value, $title))
            }

            fn write(&self) -> Value {
                self.name().into()
            }
        })*
    };
}

choice!(OnConflict: "what to do about a taken name", Status: "a status that this version knows", Permission: "a permission", VisibilityLevel: "a level of visibility");

/// A block of a resource's schema.
macro_rules! block {
    ($($kind:ident of $resource:expr, $name:literal;)*) => {
        $(impl<F: Form> Part for $kind<F> {
            fn read(value: &Value) -> Result<Self, Unreadable> {
                match value {
                    Value::Map(_) => Self::read_from(value),
                    other => Err(Unreadable::new(other, "a block")),
                }
            }

            fn write(&self) -> Value {
                let block = facts::schema($resource).body.block($name);
                let mut entries = block.map(|block| block.body.absent()).unwrap_or_default();
                self.write_into(&mut entries);
                Value::Map(entries)
            }
        })*
    };
}

block! {
    Rotation of Kind::AccessToken, "rotation";
    Restriction of Kind::ServiceAccount, "restriction";
    Visibility of Kind::AccessToken, "visibility";
}

impl Part for Retired {
    fn read(value: &Value) -> Result<Self, Unreadable> {
        fn part<T: Part>(value: &Value, name: &str) -> Result<T, Unreadable> {
            T::read(value.get(name)).map_err(|problem| problem.inside(name))
        }
        Ok(Self {
            id: part(value, "id")?,
            revoke_at: part(value, "revoke_at")?,
            due: part(value, "due")?,
            expires_at: None,
            successor_expires_at: None,
        })
    }

    fn write(&self) -> Value {
        let Self {
            id,
            revoke_at,
            due,
            expires_at: _,
            successor_expires_at: _,
        } = self;
        Value::map([
            ("id", id.write()),
            ("revoke_at", revoke_at.write()),
            ("due", due.write()),
        ])
    }
}
