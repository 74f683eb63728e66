//! When two values mean the same: the same instant, length, number or set, however they are spelled.

use jiff::Timestamp;
use unicode_normalization::UnicodeNormalization as _;

use crate::model::lifetime::GracePeriod;
use crate::model::schema::{Body, Format, Nesting};
use crate::value::Value;

/// True if both mean the same. Unknown is the same only as unknown.
pub(crate) fn same(format: Format, left: &Value, right: &Value) -> bool {
    if left == right {
        return true;
    }
    match (left, right) {
        (Value::Secret(secret), Value::String(text))
        | (Value::String(text), Value::Secret(secret)) => secret.expose() == text,
        (Value::String(left), Value::String(right)) => match format {
            // A configuration has every text in the composed form, and a server as somebody typed it.
            Format::Plain => !left.is_ascii() && left.nfc().eq(right.nfc()),
            Format::Timestamp => timestamp(left).is_some_and(|time| timestamp(right) == Some(time)),
            Format::Lifetime => {
                GracePeriod::parse(left).is_ok_and(|length| GracePeriod::parse(right) == Ok(length))
            }
        },
        _ => false,
    }
}

/// True if both objects mean the same in everything that may be configured.
pub(crate) fn same_body(body: &Body, left: &Value, right: &Value) -> bool {
    if left.as_map().is_none() || right.as_map().is_none() {
        return left == right;
    }
    body.attributes
        .iter()
        .filter(|attribute| attribute.is_configurable())
        .all(|attribute| {
            same(
                attribute.format,
                left.get(&attribute.name),
                right.get(&attribute.name),
            )
        })
        && body.blocks.iter().all(|block| {
            let (left, right) = (left.get(&block.name), right.get(&block.name));
            match (block.nesting, left, right) {
                (Nesting::List, Value::List(left), Value::List(right)) => {
                    left.len() == right.len()
                        && left
                            .iter()
                            .zip(right)
                            .all(|(left, right)| same_body(&block.body, left, right))
                }
                _ => same_body(&block.body, left, right),
            }
        })
}

/// Reads an RFC 3339 time.
pub(crate) fn timestamp(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}
