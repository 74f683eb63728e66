//! Value -> model: a wholly known value becomes an account, a token or settings, each read as its fields are declared.

use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_path_to_error::Segment;

use crate::diagnostic::{Code, Diagnostic, quoted};
use crate::secret::Secret;
use crate::value::{AttributePath, Value};

/// Reads what is configured; computed attributes are not looked at. The checks complain of all mistakes before, in better words: only
/// the first one is told here.
pub fn decode<T: DeserializeOwned>(value: &Value) -> Result<T, Diagnostic> {
    serde_path_to_error::deserialize(Source(value)).map_err(|error| {
        let mut path = AttributePath::root();
        for segment in error.path() {
            path = match segment {
                Segment::Seq { index } => path.index(*index),
                Segment::Map { key } => path.then(key),
                Segment::Enum { .. } | Segment::Unknown => path,
            };
        }
        let mut problem = error.inner().to_string();
        if let Some(Value::String(text)) = value.at(&path) {
            let spellings = [format!("{text:?}"), format!("`{text}`"), text.clone()];
            let spelling = spellings
                .iter()
                .find(|spelling| problem.contains(*spelling));
            if let Some(spelling) = spelling.filter(|_| text.len() > 3) {
                problem = problem.replace(spelling, &quoted(text));
            }
        }
        let problem = problem.replace("invalid type: unit value", &format!("`{path}` is null"));
        Diagnostic::error(Code::WrongType, "A value cannot be read")
            .detail(format!("{problem}."))
            .at(path)
    })
}

/// A value to read from. What is null is left out; a secret is given to a [`Secret`] alone, and never named in an error.
#[derive(Clone, Copy)]
struct Source<'a>(&'a Value);

impl<'de> IntoDeserializer<'de> for Source<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Source<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(number), _) => visitor.visit_i64(number),
                (None, Some(number)) => visitor.visit_u64(number),
                (None, None) => Err(Error::custom("a whole number is expected")),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::List(items) => visitor.visit_seq(SeqDeserializer::new(items.iter().map(Source))),
            Value::Map(entries) => visitor.visit_map(MapDeserializer::new(
                entries.iter().map(|(name, value)| (&**name, Source(value))),
            )),
            Value::Unknown | Value::Secret(_) => {
                let kind = self.0.kind();
                Err(Error::custom(format_args!("{kind} cannot stand here")))
            }
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let Value::Map(entries) = self.0 else {
            return self.deserialize_any(visitor);
        };
        let said = entries.iter().filter(|(_, value)| !value.is_null());
        visitor.visit_map(MapDeserializer::new(
            said.map(|(name, value)| (&**name, Source(value))),
        ))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::String(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::Secret(secret) if name == Secret::NAME => visitor.visit_str(secret.expose()),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    /// Computed attributes, secrets among them.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct
        map identifier
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::access_token::{AccessToken, OnConflict};
    use crate::model::{ServiceAccount, Settings};

    #[test]
    fn a_mistake_is_told_with_its_place() {
        let webhook = |name: &'static str| Value::map([(name, Value::from("a@b.c"))]);
        for (name, value, place) in [
            ("name", Value::Null, ""),
            ("name", Value::Secret(Secret::new("hunter2")), "name"),
            ("ttl", "90x".into(), "ttl"),
            ("expires_at", "tomorrow".into(), "expires_at"),
            ("disabled", "yes".into(), "disabled"),
            ("on_conflict", "merge".into(), "on_conflict"),
            ("on_conflict", "hunter2".into(), "on_conflict"),
            ("expires_at", "hunter2".into(), "expires_at"),
            ("ttl", "hunter2".into(), "ttl"),
            ("disabled", "hunter2".into(), "disabled"),
            ("roles", Value::set(["a".into(), 1.into()]), "roles[0]"),
            (
                "visibility",
                Value::map([("level", Value::Unknown)]),
                "visibility.level",
            ),
            ("alert", Value::List(vec![webhook("email")]), "alert[0]"),
        ] {
            let token = Value::map([("name", "ci".into()), (name, value)]);
            let problem = decode::<AccessToken>(&token).unwrap_err();
            assert_eq!(problem.path.to_string(), place, "{problem}");
            assert!(!problem.detail.contains("hunter2"), "{problem}");
        }
        let problem = decode::<AccessToken>(&Value::map([
            ("name", Value::from("ci")),
            ("ttl", "90x".into()),
        ]));
        let problem = problem.unwrap_err();
        assert!(
            problem.detail.contains("\"90x\" is not a duration"),
            "{problem}"
        );
        // As what was unknown when it was checked.
        let problem = decode::<AccessToken>(&Value::map([
            ("name", Value::from("ci")),
            ("roles", Value::List(vec![Value::Null])),
        ]));
        let problem = problem.unwrap_err();
        assert!(problem.detail.contains("`roles[0]` is null"), "{problem}");
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let issued = Value::Secret(Secret::new("s"));
        let account = Value::map([
            ("name", "ci".into()),
            ("roles", Value::Null),
            ("token", issued),
        ]);
        let account = decode::<ServiceAccount>(&account).unwrap();
        assert_eq!(account.on_conflict, OnConflict::Error);
        assert!(account.roles.is_empty() && !account.disabled && account.restriction.is_none());
    }

    #[test]
    fn a_secret_is_read_from_a_secret_and_from_text() {
        for token in [Value::from("s"), Value::Secret(Secret::new("s"))] {
            let settings = Value::map([("token", token), ("max_retries", 3.into())]);
            let settings = decode::<Settings>(&settings).unwrap();
            assert_eq!(settings.token, Some(Secret::new("s")));
            assert_eq!(settings.max_retries, Some(3));
        }
    }
}
