//! Type conversion as the language does it wherever a type is wanted: `"5"` where a number is, an object where a map is.

mod collections;
mod defaults;

use std::sync::Arc;

use super::shape::Shape;
use super::unify::unify;
use super::{Content, Term, Unknown};
use crate::value::Number;
use collections::{mapping, sequence};

pub(crate) use defaults::apply_defaults;

/// Why a value cannot become the wanted type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// Where inside the value, as it would be written after it: `.name`, `[3]`, `["x"]`; empty for the value itself.
    pub(crate) place: String,
    /// What would have been right: `a number is required`.
    pub(crate) reason: String,
}

impl Mismatch {
    fn new(reason: impl Into<String>) -> Self {
        Self {
            place: String::new(),
            reason: reason.into(),
        }
    }

    fn inside(mut self, step: impl std::fmt::Display) -> Self {
        self.place = format!("{step}{}", self.place);
        self
    }
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.place.is_empty() {
            write!(formatter, "{}: ", self.place)?;
        }
        formatter.write_str(&self.reason)
    }
}

/// True if some value of the one type can become the other.
pub(crate) fn can_convert(from: &Shape, to: &Shape) -> bool {
    match (from, to) {
        (_, Shape::Any) | (Shape::Any, _) => true,
        (from, to) if from.is_primitive() && to.is_primitive() => {
            from == to || *from == Shape::String || *to == Shape::String
        }
        (Shape::List(from) | Shape::Set(from), Shape::List(to) | Shape::Set(to))
        | (Shape::Map(from), Shape::Map(to)) => can_convert(from, to),
        (Shape::Tuple(items), Shape::List(to) | Shape::Set(to)) => {
            if **to == Shape::Any && !items.is_empty() {
                return unify(items).is_some();
            }
            items.iter().all(|item| can_convert(item, to))
        }
        (Shape::Object(fields), Shape::Map(to)) => {
            if **to == Shape::Any && !fields.is_empty() {
                let shapes: Vec<Shape> = fields.values().map(|field| field.shape.clone()).collect();
                return unify(&shapes).is_some();
            }
            fields.values().all(|field| can_convert(&field.shape, to))
        }
        (Shape::Tuple(from), Shape::Tuple(to)) => {
            from.len() == to.len()
                && from
                    .iter()
                    .zip(to.iter())
                    .all(|(from, to)| can_convert(from, to))
        }
        (Shape::Object(from), Shape::Object(to)) => to.iter().all(|(name, field)| {
            from.get(name).map_or(field.optional, |given| {
                can_convert(&given.shape, &field.shape)
            })
        }),
        (Shape::Map(from), Shape::Object(to)) => to
            .values()
            .all(|field| field.optional || can_convert(from, &field.shape)),
        _ => false,
    }
}

/// Converts a value; its marks stay where they are.
pub(crate) fn convert(term: &Term, to: &Shape) -> Result<Term, Mismatch> {
    if *to == Shape::Any {
        return Ok(term.clone());
    }
    let converted = match &term.content {
        Content::Null(from) => {
            check(from, to)?;
            Term::null(replace_any(from, to))
        }
        Content::Unknown(unknown) => {
            check(&unknown.shape, to)?;
            Term::new(Content::Unknown(Arc::new(Unknown {
                shape: replace_any(&unknown.shape, to),
                not_null: unknown.not_null,
                prefix: unknown.prefix.clone().filter(|_| *to == Shape::String),
                link: unknown.link.clone().filter(|_| *to == unknown.shape),
            })))
        }
        Content::Bool(value) => primitive(term, to, || value.to_string())?,
        Content::Number(value) => primitive(term, to, || value.to_string())?,
        Content::String(value) => string(value, term, to)?,
        Content::List(_) | Content::Set(_) | Content::Tuple(_) => sequence(term, to)?,
        Content::Map(_) | Content::Object(_) => mapping(term, to)?,
    };
    Ok(converted.marked(&term.marks))
}

fn check(from: &Shape, to: &Shape) -> Result<(), Mismatch> {
    can_convert(from, to)
        .then_some(())
        .ok_or_else(|| Mismatch::new(required(to)))
}

fn required(to: &Shape) -> String {
    let spelled = to.friendly();
    let spelled = spelled.trim_end_matches(" of dynamic");
    format!("{spelled} required")
}

fn primitive(term: &Term, to: &Shape, text: impl Fn() -> String) -> Result<Term, Mismatch> {
    match (&term.content, to) {
        (Content::Bool(_), Shape::Bool) | (Content::Number(_), Shape::Number) => Ok(term.clone()),
        (_, Shape::String) => Ok(Term::string(text())),
        _ => Err(mismatch(term, to)),
    }
}

fn mismatch(term: &Term, to: &Shape) -> Mismatch {
    let same_kind = term.shape().is_primitive() == to.is_primitive();
    let confusing = same_kind
        && *to != Shape::String
        && !(term.as_number().is_some() && *to == Shape::Bool
            || term.as_bool().is_some() && *to == Shape::Number);
    if confusing {
        Mismatch::new(required(to))
    } else {
        Mismatch::new(format!(
            "{}, but have {}",
            required(to),
            term.shape().friendly()
        ))
    }
}

fn string(value: &str, term: &Term, to: &Shape) -> Result<Term, Mismatch> {
    match to {
        Shape::String => Ok(term.clone()),
        Shape::Number => parse_number(value)
            .map(Term::number)
            .ok_or_else(|| Mismatch::new("a number is required")),
        Shape::Bool => match value {
            "true" | "1" => Ok(Term::bool(true)),
            "false" | "0" => Ok(Term::bool(false)),
            other => Err(Mismatch::new(match other.to_lowercase().as_str() {
                lower @ ("true" | "false") => {
                    format!("a bool is required; to convert from string, use lowercase \"{lower}\"")
                }
                _ => "a bool is required".to_owned(),
            })),
        },
        _ => Err(mismatch(term, to)),
    }
}

/// A number as text may spell it: digits, an optional fraction and exponent.
pub(crate) fn parse_number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let starts_well = digits.starts_with(|letter: char| letter.is_ascii_digit() || letter == '.');
    if !starts_well
        || digits
            .bytes()
            .any(|byte| !matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'))
    {
        return None;
    }
    Number::parse(text).map(super::arithmetic::rounded)
}

/// The type of values that satisfy a constraint: the same without defaults.
fn plain(constraint: &Shape) -> Shape {
    use super::shape::Field;
    match constraint {
        Shape::List(element) => Shape::list(plain(element)),
        Shape::Set(element) => Shape::set(plain(element)),
        Shape::Map(element) => Shape::map(plain(element)),
        Shape::Tuple(items) => Shape::Tuple(items.iter().map(plain).collect()),
        Shape::Object(fields) => Shape::Object(Arc::new(
            fields
                .iter()
                .map(|(name, field)| (name.clone(), Field::required(plain(&field.shape))))
                .collect(),
        )),
        primitive => primitive.clone(),
    }
}

/// The wanted type, with what it leaves open taken from the given one.
fn replace_any(from: &Shape, to: &Shape) -> Shape {
    match (from, to) {
        (Shape::Any, to) => plain(to),
        (from, Shape::Any) => from.clone(),
        (Shape::List(from) | Shape::Set(from), Shape::List(to)) => {
            Shape::list(replace_any(from, to))
        }
        (Shape::List(from) | Shape::Set(from), Shape::Set(to)) => Shape::set(replace_any(from, to)),
        (Shape::Map(from), Shape::Map(to)) => Shape::map(replace_any(from, to)),
        (Shape::Tuple(items), Shape::List(to)) => {
            Shape::list(replace_any(&unify(items).unwrap_or_default(), to))
        }
        (Shape::Tuple(items), Shape::Set(to)) => {
            Shape::set(replace_any(&unify(items).unwrap_or_default(), to))
        }
        (Shape::Tuple(from), Shape::Tuple(to)) if from.len() == to.len() => Shape::Tuple(
            from.iter()
                .zip(to.iter())
                .map(|(from, to)| replace_any(from, to))
                .collect(),
        ),
        (Shape::Object(fields), Shape::Map(to)) => {
            let shapes: Vec<Shape> = fields.values().map(|field| field.shape.clone()).collect();
            Shape::map(replace_any(&unify(&shapes).unwrap_or_default(), to))
        }
        (Shape::Object(from), Shape::Object(to)) => Shape::Object(Arc::new(
            to.iter()
                .map(|(name, field)| {
                    let shape = from.get(name).map_or_else(
                        || plain(&field.shape),
                        |given| replace_any(&given.shape, &field.shape),
                    );
                    (name.clone(), super::shape::Field::required(shape))
                })
                .collect(),
        )),
        (_, to) => plain(to),
    }
}
