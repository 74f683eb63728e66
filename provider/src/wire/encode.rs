//! Value -> MessagePack. Writes every key the schema declares and nothing else, so that Terraform can always store the answer:
//! what does not fit becomes null and is reported beside the bytes, because refusing to encode would lose what was created.

use lanyard_compiler::value::{Number, Step, Value};

use super::msgpack::Writer;
use super::{Fields, Problem, WireShape, dynamic};

/// Whether the answer may say "known after apply".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknowns {
    /// Plans, and results of functions.
    Kept,
    /// Everything else: unknown values become null.
    Forgotten,
}

/// The bytes, and what did not fit into them.
#[derive(Clone, Debug, Default)]
pub struct Encoded {
    pub bytes: Vec<u8>,
    pub problems: Vec<Problem>,
    /// An unknown value became null.
    pub forgot_unknown: bool,
}

/// Writes one value. Attributes that are missing are null, missing repeated blocks an empty list, write-only attributes null.
pub fn encode(value: &Value, shape: &WireShape, unknowns: Unknowns) -> Encoded {
    let mut encoder = Encoder {
        writer: Writer::with_capacity(512),
        unknowns,
        path: Vec::new(),
        problems: Vec::new(),
        forgot_unknown: false,
    };
    encoder.value(value, shape);
    Encoded {
        bytes: encoder.writer.into_bytes(),
        problems: encoder.problems,
        forgot_unknown: encoder.forgot_unknown,
    }
}

struct Encoder<'a> {
    writer: Writer,
    unknowns: Unknowns,
    path: Vec<Place<'a>>,
    problems: Vec<Problem>,
    forgot_unknown: bool,
}

/// A step that borrows; an owned one is only made for a problem.
#[derive(Clone, Copy)]
enum Place<'a> {
    Attribute(&'a str),
    Key(&'a str),
    Index(usize),
}

impl<'a> Encoder<'a> {
    fn value(&mut self, value: &'a Value, shape: &'a WireShape) {
        match (shape, value) {
            (WireShape::Blocks(_), Value::Null) => self.writer.array(0),
            (_, Value::Null) => self.writer.nil(),
            (_, Value::Unknown) => self.unknown(shape),
            (WireShape::Bool, Value::Bool(value)) => self.writer.bool(*value),
            (WireShape::Number, Value::Number(value)) => self.number(value),
            (WireShape::String | WireShape::Secret, Value::String(text)) => self.writer.text(text),
            (WireShape::Secret, Value::Secret(secret)) => self.writer.text(secret.expose()),
            (WireShape::String, Value::Secret(_)) => {
                self.misfit("a secret in an attribute that is not sensitive");
            }
            (WireShape::List(item) | WireShape::Set(item), Value::List(items)) => {
                self.writer.array(items.len());
                for (index, value) in items.iter().enumerate() {
                    self.at(Place::Index(index), |this| this.value(value, item));
                }
            }
            (WireShape::Map(item), Value::Map(entries)) => {
                self.writer.map(entries.len());
                for (key, value) in entries {
                    self.writer.text(key);
                    self.at(Place::Key(key), |this| this.value(value, item));
                }
            }
            (WireShape::Object(fields), Value::Map(_)) => self.object(value, fields),
            (WireShape::Blocks(fields), Value::List(items)) => {
                self.writer.array(items.len());
                for (index, value) in items.iter().enumerate() {
                    self.at(Place::Index(index), |this| this.object(value, fields));
                }
            }
            (WireShape::Dynamic { secret }, value) => {
                self.writer.array(2);
                self.writer.binary(dynamic::type_of(value).as_bytes());
                self.untyped(value, *secret);
            }
            (WireShape::Tuple(shapes), Value::List(items)) if shapes.len() == items.len() => {
                self.writer.array(items.len());
                for (index, (value, shape)) in items.iter().zip(shapes).enumerate() {
                    self.at(Place::Index(index), |this| this.value(value, shape));
                }
            }
            (WireShape::Blocks(_), _) => {
                self.complain(format!("{} where blocks belong", value.kind()));
                self.writer.array(0);
            }
            (_, value) => self.misfit(&format!("{} of the wrong kind", value.kind())),
        }
    }

    /// What [`dynamic::type_of`] describes. Null and unknown parts are of the type "dynamic", which writes them plainly.
    fn untyped(&mut self, value: &'a Value, secret: bool) {
        match value {
            Value::Null => self.writer.nil(),
            Value::Unknown => self.unknown(&WireShape::Dynamic { secret }),
            Value::Bool(value) => self.writer.bool(*value),
            Value::Number(value) => self.number(value),
            Value::String(text) => self.writer.text(text),
            Value::Secret(text) if secret => self.writer.text(text.expose()),
            Value::Secret(_) => self.misfit("a secret in an attribute that is not sensitive"),
            Value::List(items) => {
                self.writer.array(items.len());
                for (index, value) in items.iter().enumerate() {
                    self.at(Place::Index(index), |this| this.untyped(value, secret));
                }
            }
            Value::Map(entries) => {
                self.writer.map(entries.len());
                for (key, value) in entries {
                    self.writer.text(key);
                    self.at(Place::Key(key), |this| this.untyped(value, secret));
                }
            }
        }
    }

    /// Both are sorted by name.
    fn object(&mut self, value: &'a Value, fields: &'a Fields) {
        const NULL: &Value = &Value::Null;
        let dropped = |key: &str| {
            tracing::warn!(attribute = %key, "an attribute outside the schema was dropped");
        };
        let mut entries = value.as_map().into_iter().flatten().peekable();
        self.writer.map(fields.len());
        for field in fields.iter() {
            while let Some((key, _)) = entries.next_if(|(key, _)| ***key < *field.name) {
                dropped(key);
            }
            self.writer.text(&field.name);
            let value = match entries.next_if(|(key, _)| ***key == *field.name) {
                Some((_, value)) if !field.write_only => value,
                _ => NULL,
            };
            self.at(Place::Attribute(&field.name), |this| {
                this.value(value, &field.shape);
            });
        }
        for (key, _) in entries {
            dropped(key);
        }
    }

    fn unknown(&mut self, shape: &WireShape) {
        if self.unknowns == Unknowns::Kept {
            self.writer.unknown();
            return;
        }
        self.forgot_unknown = true;
        match shape {
            WireShape::Blocks(_) => self.writer.array(0),
            _ => self.writer.nil(),
        }
    }

    /// As Terraform writes numbers: an integer, a float only where that is exact, otherwise decimal digits.
    fn number(&mut self, number: &Number) {
        if let Some(integer) = number.as_i64() {
            self.writer.integer(integer);
            return;
        }
        let digits = number.to_string();
        let float = number.as_f64();
        if !number.is_integer() && is_exactly(float, &digits) {
            self.writer.float(float);
        } else {
            self.writer.text(&digits);
        }
    }

    fn at(&mut self, place: Place<'a>, inner: impl FnOnce(&mut Self)) {
        self.path.push(place);
        inner(self);
        self.path.pop();
    }

    fn misfit(&mut self, what: &str) {
        self.complain(what.to_owned());
        self.writer.nil();
    }

    fn complain(&mut self, what: String) {
        let problem = self
            .path
            .iter()
            .rev()
            .fold(Problem::new(what), |problem, place| {
                problem.within(match place {
                    Place::Attribute(name) => Step::Attribute((*name).to_owned()),
                    Place::Key(key) => Step::Key((*key).to_owned()),
                    Place::Index(index) => Step::Index(*index),
                })
            });
        self.problems.push(problem);
    }
}

/// True if the float is this decimal fraction and not merely close to it.
fn is_exactly(float: f64, digits: &str) -> bool {
    // No float has more fraction digits than this.
    const MAX_FRACTION: usize = 1074;
    let Some((_, fraction)) = digits.split_once('.') else {
        return false;
    };
    fraction.len() <= MAX_FRACTION
        && float.is_finite()
        && format!("{float:.MAX_FRACTION$}").trim_end_matches('0') == digits
}
