//! MessagePack -> Value, guided by the shape the schema promises.

use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::{Entries, Number, Step, Value};

use super::msgpack::{Head, Reader};
use super::text::normalized;
use super::{Fields, Problem, WireShape, dynamic};

/// The most values one message may hold: a value takes far more memory than the byte it may come from.
const MAX_VALUES: usize = 4_000_000;

/// Reads one value. No bytes at all mean null; bytes behind the value are ignored, as Terraform does.
pub fn decode(bytes: &[u8], shape: &WireShape) -> Result<Value, Problem> {
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    Decoder {
        reader: Reader::new(bytes),
        budget: MAX_VALUES,
        dynamics: 0,
    }
    .value(shape)
}

/// Recursion follows the shape, never the bytes, so its depth is the schema's; types that arrive with their value are counted.
struct Decoder<'a> {
    reader: Reader<'a>,
    budget: usize,
    /// Dynamic values around this one.
    dynamics: usize,
}

impl<'a> Decoder<'a> {
    fn value(&mut self, shape: &WireShape) -> Result<Value, Problem> {
        self.budget = self
            .budget
            .checked_sub(1)
            .ok_or_else(|| Problem::new(format!("more than {MAX_VALUES} values")))?;
        match (shape, self.reader.head()?) {
            // Terraform never sends null here; what it means is beyond doubt.
            (WireShape::Blocks(_), Head::Nil) => Ok(Value::List(Vec::new())),
            (_, Head::Nil) => Ok(Value::Null),
            (_, Head::Extension) => Ok(Value::Unknown),
            (WireShape::Bool, Head::Bool(value)) => Ok(Value::Bool(value)),
            (WireShape::Number, Head::Signed(value)) => Ok(Value::Number(value.into())),
            (WireShape::Number, Head::Unsigned(value)) => Ok(Value::Number(value.into())),
            // Whoever sends one says that it is exact.
            (WireShape::Number, Head::Float(value)) => Number::exactly(value)
                .map(Value::Number)
                .ok_or_else(|| Problem::new("an infinite number")),
            (WireShape::Number, Head::Text(text)) => Number::parse(utf8(text)?)
                .map(Value::Number)
                .ok_or_else(|| Problem::new("not a number, or one with too many digits")),
            (WireShape::String, Head::Text(text)) => Ok(Value::String(normalized(utf8(text)?))),
            (WireShape::Secret, Head::Text(text)) => {
                Ok(Value::Secret(Secret::new(normalized(utf8(text)?))))
            }
            (WireShape::List(item), Head::Array(length)) => {
                self.items(item, length).map(Value::List)
            }
            (WireShape::Set(item), Head::Array(length)) => self.items(item, length).map(Value::set),
            (WireShape::Map(item), Head::Map(length)) => self.map(item, length),
            (WireShape::Object(fields), Head::Map(length)) => self.object(fields, length),
            (WireShape::Blocks(fields), Head::Array(length)) => self.blocks(fields, length),
            (WireShape::Dynamic { secret }, Head::Array(2)) => self.dynamic(*secret),
            (WireShape::Tuple(items), Head::Array(length)) => self.tuple(items, length),
            (shape, _) => Err(Problem::new(format!("{} is required", expected(shape)))),
        }
    }

    fn items(&mut self, shape: &WireShape, length: usize) -> Result<Vec<Value>, Problem> {
        (0..length)
            .map(|index| {
                self.value(shape)
                    .map_err(|problem| problem.within(Step::Index(index)))
            })
            .collect()
    }

    fn tuple(&mut self, shapes: &[WireShape], length: usize) -> Result<Value, Problem> {
        if length != shapes.len() {
            return Err(Problem::new(format!(
                "a tuple of {} is required ({length} given)",
                shapes.len()
            )));
        }
        (shapes.iter().enumerate())
            .map(|(index, shape)| {
                self.value(shape)
                    .map_err(|problem| problem.within(Step::Index(index)))
            })
            .collect::<Result<_, _>>()
            .map(Value::List)
    }

    /// The type, then the value.
    fn dynamic(&mut self, secret: bool) -> Result<Value, Problem> {
        if self.dynamics == dynamic::MAX_NESTING {
            return Err(Problem::new("dynamic values nested too deeply"));
        }
        let Head::Text(kind) = self.reader.head()? else {
            return Err(Problem::new("a type is required"));
        };
        let shape = dynamic::shape(kind, secret)?;
        self.dynamics += 1;
        let value = self.value(&shape);
        self.dynamics -= 1;
        value
    }

    fn map(&mut self, shape: &WireShape, length: usize) -> Result<Value, Problem> {
        (0..length)
            .map(|_| {
                let key = normalized(self.key()?);
                match self.value(shape) {
                    Ok(value) => Ok((key, value)),
                    Err(problem) => Err(problem.within(Step::Key(key))),
                }
            })
            .collect::<Result<Entries, _>>()
            .map(Value::Map)
    }

    fn object(&mut self, fields: &Fields, length: usize) -> Result<Value, Problem> {
        if length != fields.len() {
            return Err(Problem::new(format!(
                "an object with {} attributes is required ({length} given)",
                fields.len()
            )));
        }
        let mut values: Vec<Option<Value>> = vec![None; length];
        for position in 0..length {
            let key = self.key()?;
            // Terraform sorts the keys; others need not.
            let position = Some(position)
                .filter(|position| fields[*position].name == key)
                .or_else(|| fields.position(key))
                .ok_or_else(|| {
                    Problem::new("an attribute that the schema does not know")
                        .within(Step::Attribute(key.chars().take(100).collect()))
                })?;
            let field = &fields[position];
            let value = self
                .value(&field.shape)
                .map_err(|problem| problem.within(Step::Attribute(field.name.clone())))?;
            values[position] = Some(value);
        }
        if let Some(missing) = values.iter().position(Option::is_none) {
            return Err(
                Problem::new("the attribute is missing and another one is given twice")
                    .within(Step::Attribute(fields[missing].name.clone())),
            );
        }
        let mut values = values.into_iter().flatten();
        let named = |_: &str, _: &Value| values.next().unwrap_or_default();
        Ok(Value::Map(fields.absent().map(named)))
    }

    fn blocks(&mut self, fields: &Fields, length: usize) -> Result<Value, Problem> {
        (0..length)
            .map(|index| {
                let block = match self.reader.head()? {
                    Head::Map(length) => self.object(fields, length),
                    _ => Err(Problem::new("a block is required")),
                };
                block.map_err(|problem| problem.within(Step::Index(index)))
            })
            .collect::<Result<_, _>>()
            .map(Value::List)
    }

    fn key(&mut self) -> Result<&'a str, Problem> {
        match self.reader.head()? {
            Head::Text(text) => utf8(text),
            _ => Err(Problem::new("a key that is not text")),
        }
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, Problem> {
    std::str::from_utf8(bytes).map_err(|_| Problem::new("text that is not UTF-8"))
}

fn expected(shape: &WireShape) -> &'static str {
    match shape {
        WireShape::Bool => "a bool",
        WireShape::Number => "a number",
        WireShape::String | WireShape::Secret => "a string",
        WireShape::List(_) | WireShape::Set(_) | WireShape::Tuple(_) => "a list",
        WireShape::Map(_) => "a map",
        WireShape::Object(_) => "an object",
        WireShape::Blocks(_) => "a list of blocks",
        WireShape::Dynamic { .. } => "a value with its type",
    }
}
