//! Equality and the order of set elements.

use std::cmp::Ordering;

use super::{Content, Term};

/// True if both are the same value of the same type, marks aside. Unknowns equal each other here; callers that mean "equal in the
/// end" check first that both are known.
pub(crate) fn equal(left: &Term, right: &Term) -> bool {
    match (&left.content, &right.content) {
        (Content::Null(left), Content::Null(right)) => left == right,
        (Content::Unknown(left), Content::Unknown(right)) => left == right,
        (Content::Bool(left), Content::Bool(right)) => left == right,
        (Content::Number(left), Content::Number(right)) => left == right,
        (Content::String(left), Content::String(right)) => left == right,
        (Content::List(left), Content::List(right)) | (Content::Set(left), Content::Set(right)) => {
            left.element == right.element && all_equal(&left.items, &right.items)
        }
        (Content::Tuple(left), Content::Tuple(right)) => all_equal(&left.items, &right.items),
        (Content::Map(left), Content::Map(right)) => {
            left.element == right.element && entries_equal(&left.entries, &right.entries)
        }
        (Content::Object(left), Content::Object(right)) => {
            entries_equal(&left.entries, &right.entries)
        }
        _ => false,
    }
}

fn all_equal(left: &[Term], right: &[Term]) -> bool {
    left.len() == right.len()
        && left
            .iter()
            .zip(right)
            .all(|(left, right)| equal(left, right))
}

fn entries_equal(left: &super::Entries, right: &super::Entries) -> bool {
    left.len() == right.len()
        && left
            .iter()
            .zip(right)
            .all(|(left, right)| left.0 == right.0 && equal(left.1, right.1))
}

/// The order in which a set lists its elements: known before unknown before null; text, numbers and bools in their natural order;
/// everything else in an order that is stable but means nothing.
pub(crate) fn compare(left: &Term, right: &Term) -> Ordering {
    fn rank(term: &Term) -> u8 {
        match term.content {
            Content::Null(_) => 2,
            Content::Unknown(_) => 1,
            _ => 0,
        }
    }
    rank(left)
        .cmp(&rank(right))
        .then_with(|| match (&left.content, &right.content) {
            (Content::String(left), Content::String(right)) => left.cmp(right),
            (Content::Number(left), Content::Number(right)) => left.cmp(right),
            (Content::Bool(left), Content::Bool(right)) => left.cmp(right),
            (Content::Null(_) | Content::Unknown(_), _) => Ordering::Equal,
            _ => key(left).cmp(&key(right)),
        })
}

/// The bytes by which Terraform orders structured set elements: its own, so that both list them in the same order.
fn key(term: &Term) -> Vec<u8> {
    let mut bytes = Vec::new();
    append(term, &mut bytes);
    bytes
}

fn append(term: &Term, bytes: &mut Vec<u8>) {
    match &term.content {
        Content::Unknown(_) => bytes.push(b'?'),
        Content::Null(_) => bytes.push(b'~'),
        Content::Bool(value) => bytes.push(if *value { b'T' } else { b'F' }),
        Content::Number(value) => bytes.extend(go_number(value).bytes()),
        Content::String(value) => bytes.extend(format!("{value:?}").bytes()),
        Content::List(items) | Content::Set(items) => {
            bytes.push(b'[');
            for item in &items.items {
                append(item, bytes);
                bytes.push(b';');
            }
            bytes.push(b']');
        }
        Content::Tuple(items) => {
            bytes.push(b'<');
            for item in &items.items {
                append(item, bytes);
                bytes.push(b';');
            }
            bytes.push(b'>');
        }
        Content::Map(entries) => {
            bytes.push(b'{');
            for (name, item) in &entries.entries {
                bytes.extend(format!("{name:?}").bytes());
                bytes.push(b':');
                append(item, bytes);
                bytes.push(b';');
            }
            bytes.push(b'}');
        }
        Content::Object(entries) => {
            bytes.push(b'<');
            for item in entries.entries.values() {
                append(item, bytes);
                bytes.push(b';');
            }
            bytes.push(b'>');
        }
    }
}

/// A number as Go's `%.10g` spells it, which is what the order above is made of.
fn go_number(value: &crate::value::Number) -> String {
    let text = value.to_string();
    let digits = text.trim_start_matches('-').replace('.', "");
    let significant = digits.trim_start_matches('0').len();
    if value.is_integer() && significant <= 10 {
        return text;
    }
    let spelled = format!("{:.9e}", value.as_f64());
    let (mantissa, exponent) = spelled.split_once('e').unwrap_or((&spelled, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..10).contains(&exponent) {
        let places = usize::try_from(9 - exponent).unwrap_or_default();
        let fixed = format!("{:.places$}", value.as_f64());
        return match fixed.contains('.') {
            true => fixed.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => fixed,
        };
    }
    let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}
