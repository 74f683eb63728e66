//! Stored state: JSON -> Value, guided by the shape. Lenient, because an older or newer schema may have written it: what is
//! missing is null, what the schema does not know is dropped.

use std::collections::BTreeMap;
use std::fmt;

use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::{Number, Value};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::text::normalized;
use super::{Fields, WireShape, dynamic};

/// Reads a value off any source of JSON: stored bytes or a tree that was upgraded.
pub fn decode_json<'de, D: Deserializer<'de>>(
    source: D,
    shape: &WireShape,
) -> Result<Value, D::Error> {
    Seed(shape).deserialize(source)
}

#[derive(Clone, Copy)]
struct Seed<'a>(&'a WireShape);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        if *self.0 == WireShape::Number {
            // The digits as they stand: a float would lose some.
            let raw = Box::<RawValue>::deserialize(source)?;
            return match raw.get() {
                "null" => Ok(Value::Null),
                text => Number::parse(text.trim_matches('"'))
                    .map(Value::Number)
                    .ok_or_else(|| Error::custom("a number is required")),
            };
        }
        if let WireShape::Dynamic { secret } = *self.0 {
            let raw = Box::<RawValue>::deserialize(source)?;
            return Self::dynamic(&raw, secret).map_err(Error::custom);
        }
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.0 {
            WireShape::Bool => "a bool",
            WireShape::Number => "a number",
            WireShape::String | WireShape::Secret => "a string",
            WireShape::List(_) | WireShape::Set(_) | WireShape::Blocks(_) | WireShape::Tuple(_) => {
                "an array"
            }
            WireShape::Map(_) | WireShape::Object(_) | WireShape::Dynamic { .. } => "an object",
        })
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(match self.0 {
            WireShape::Blocks(_) => Value::List(Vec::new()),
            _ => Value::Null,
        })
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        match self.0 {
            WireShape::Bool => Ok(Value::Bool(value)),
            // An attribute that used to be a bool.
            WireShape::String => Ok(Value::String(value.to_string())),
            _ => Err(mismatch(self, "a bool")),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        match (self.0, text) {
            (WireShape::String, _) => Ok(Value::String(normalized(text))),
            (WireShape::Secret, _) => Ok(Value::Secret(Secret::new(normalized(text)))),
            (WireShape::Bool, "true") => Ok(Value::Bool(true)),
            (WireShape::Bool, "false") => Ok(Value::Bool(false)),
            // Never `invalid_type`: it would quote the text, which may be a secret.
            _ => Err(mismatch(self, "a string")),
        }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.number(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.number(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.number(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        match self.0 {
            WireShape::List(item) | WireShape::Set(item) => {
                while let Some(value) = items.next_element_seed(Seed(item))? {
                    values.push(value);
                }
            }
            WireShape::Blocks(fields) => {
                while let Some(value) = items.next_element_seed(BlockSeed(fields))? {
                    values.push(value);
                }
            }
            WireShape::Tuple(shapes) => {
                for shape in shapes {
                    match items.next_element_seed(Seed(shape))? {
                        Some(value) => values.push(value),
                        None => return Err(A::Error::custom("too few items for the tuple")),
                    }
                }
                if items.next_element::<IgnoredAny>()?.is_some() {
                    return Err(A::Error::custom("too many items for the tuple"));
                }
            }
            _ => return Err(mismatch(self, "an array")),
        }
        Ok(match self.0 {
            WireShape::Set(_) => Value::set(values),
            _ => Value::List(values),
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Value, A::Error> {
        match self.0 {
            WireShape::Object(fields) => object(fields, entries),
            WireShape::Map(item) => map(item, entries),
            _ => Err(mismatch(self, "an object")),
        }
    }
}

/// A value that was stored with its type.
#[derive(serde::Deserialize)]
struct Typed {
    r#type: Box<RawValue>,
    value: Box<RawValue>,
}

impl Seed<'_> {
    fn dynamic(raw: &RawValue, secret: bool) -> Result<Value, String> {
        if raw.get() == "null" {
            return Ok(Value::Null);
        }
        // serde_json's complaint could quote what stands there.
        let typed: Typed = serde_json::from_str(raw.get())
            .map_err(|_| "a value with its type is required".to_owned())?;
        let shape = dynamic::shape(typed.r#type.get().as_bytes(), secret)
            .map_err(|problem| problem.what)?;
        let mut source = serde_json::Deserializer::from_str(typed.value.get());
        decode_json(&mut source, &shape).map_err(|error| error.to_string())
    }

    /// An attribute that used to be a number.
    fn number<E: Error>(self, value: impl fmt::Display) -> Result<Value, E> {
        match self.0 {
            WireShape::String => Ok(Value::String(value.to_string())),
            _ => Err(mismatch(self, "a number")),
        }
    }
}

struct BlockSeed<'a>(&'a Fields);

impl<'de> DeserializeSeed<'de> for BlockSeed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        source.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for BlockSeed<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a block")
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Value, A::Error> {
        object(self.0, entries)
    }
}

fn object<'de, A: MapAccess<'de>>(fields: &Fields, mut entries: A) -> Result<Value, A::Error> {
    let mut values: Vec<Value> = fields.absent().values().cloned().collect();
    while let Some(key) = entries.next_key::<std::borrow::Cow<'de, str>>()? {
        match fields.position(&key) {
            Some(index) if !fields[index].write_only => {
                values[index] = entries.next_value_seed(Seed(&fields[index].shape))?;
            }
            _ => {
                entries.next_value::<IgnoredAny>()?;
            }
        }
    }
    let mut values = values.into_iter();
    let named = |_: &str, _: &Value| values.next().unwrap_or_default();
    Ok(Value::Map(fields.absent().map(named)))
}

fn map<'de, A: MapAccess<'de>>(item: &WireShape, mut entries: A) -> Result<Value, A::Error> {
    let mut values = BTreeMap::new();
    while let Some(key) = entries.next_key::<String>()? {
        values.insert(normalized(&key), entries.next_value_seed(Seed(item))?);
    }
    Ok(Value::Map(values.into()))
}

fn mismatch<E: Error>(seed: Seed<'_>, found: &str) -> E {
    struct Expected<'a>(Seed<'a>);
    impl fmt::Display for Expected<'_> {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.expecting(formatter)
        }
    }
    E::custom(format_args!("{} is required, not {found}", Expected(seed)))
}
