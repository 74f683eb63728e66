//! Parameters in the address: of one that comes twice the framework takes the last, unless it is a list.

use serde_json::{Value, json};

use super::{Context, body};

pub(super) fn text(context: &Context<'_>, name: &str) -> Option<String> {
    context.parameter(name).last()
}

/// A whole number, which may be written `1.0`; what is none is added to the mistakes.
pub(super) fn number(
    context: &Context<'_>,
    name: &str,
    otherwise: i64,
    mistakes: &mut Vec<Value>,
) -> i64 {
    let Some(given) = text(context, name) else {
        return otherwise;
    };
    parse(&given).unwrap_or_else(|| {
        let message = "Input should be a valid integer, unable to parse string as an integer";
        let place = json!(["query", name]);
        mistakes.push(body::mistake("int_parsing", place, message, json!(given)));
        otherwise
    })
}

fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(digits) || !fraction.bytes().all(|byte| byte == b'0') || fraction.is_empty() {
        return None;
    }
    // Numbers have no bound there.
    let beyond = if whole.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    };
    Some(whole.parse().unwrap_or(beyond))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read_leniently() {
        for (text, expected) in [
            ("7", Some(7)),
            ("-4", Some(-4)),
            ("1.0", Some(1)),
            ("99999999999999999999", Some(i64::MAX)),
            ("1.5", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected, "{text:?}");
        }
    }
}
