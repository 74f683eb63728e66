//! Numbers as `format` writes them.

use bigdecimal::RoundingMode;

use super::Verb;
use crate::value::Number;

pub(super) fn whole(verb: &Verb, number: &Number) -> Result<String, String> {
    if !number.is_integer() {
        return Err("an integer is required".to_owned());
    }
    let (digits, _) = number.as_decimal().with_scale(0).as_bigint_and_exponent();
    let (radix, prefix) = match verb.letter {
        'b' => (2, "0b"),
        'o' => (8, "0"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let mut text = digits.magnitude().to_str_radix(radix);
    if verb.letter == 'X' {
        text = text.to_uppercase();
    }
    if let Some(precision) = verb.precision {
        text = format!("{}{text}", "0".repeat(precision.saturating_sub(text.len())));
    }
    let prefix = if verb.sharp { prefix } else { "" };
    let negative = digits.sign() == bigdecimal::num_bigint::Sign::Minus;
    let sign = if negative { "-" } else { "" };
    Ok(signed(verb, &format!("{sign}{prefix}{text}")))
}

pub(super) fn signed(verb: &Verb, text: &str) -> String {
    if text.starts_with('-') {
        text.to_owned()
    } else if verb.plus {
        format!("+{text}")
    } else if verb.space {
        format!(" {text}")
    } else {
        text.to_owned()
    }
}

pub(super) fn float(verb: &Verb, number: &Number) -> String {
    let decimal = number.as_decimal();
    match verb.letter {
        'f' | 'F' => {
            let precision = verb.precision.unwrap_or(6);
            let scale = i64::try_from(precision).unwrap_or_default();
            decimal
                .with_scale_round(scale, RoundingMode::HalfEven)
                .to_plain_string()
        }
        'e' | 'E' => scientific(number, verb.precision.unwrap_or(6), verb.letter),
        _ => {
            let letter = if verb.letter == 'G' { 'E' } else { 'e' };
            let exponent = exponent_of(number);
            match verb.precision {
                None => {
                    // The shortest that says it all; an exponent beyond six digits, as C does.
                    if !(-4..6).contains(&exponent) {
                        let digits = significant(number);
                        scientific(number, digits.len().saturating_sub(1), letter)
                    } else {
                        number.to_string()
                    }
                }
                Some(precision) => {
                    let precision = precision.max(1);
                    let limit = i64::try_from(precision).unwrap_or(i64::MAX);
                    if exponent < -4 || exponent >= limit {
                        let text = scientific(number, precision - 1, letter);
                        trim_zeros(&text, letter)
                    } else {
                        let rounded =
                            decimal.with_scale_round(limit - 1 - exponent, RoundingMode::HalfEven);
                        Number::from(rounded).to_string()
                    }
                }
            }
        }
    }
}

fn trim_zeros(text: &str, letter: char) -> String {
    match text.split_once(letter) {
        Some((mantissa, exponent)) if mantissa.contains('.') => {
            let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
            format!("{mantissa}{letter}{exponent}")
        }
        _ => text.to_owned(),
    }
}

/// The significant digits, without sign.
fn significant(number: &Number) -> String {
    let (digits, _) = number.as_decimal().as_bigint_and_exponent();
    let digits = digits.magnitude().to_string();
    let trimmed = digits.trim_end_matches('0');
    if trimmed.is_empty() {
        "0".to_owned()
    } else {
        trimmed.to_owned()
    }
}

/// The power of ten of the first digit.
fn exponent_of(number: &Number) -> i64 {
    let (digits, scale) = number.as_decimal().as_bigint_and_exponent();
    if digits.magnitude().to_string() == "0" {
        return 0;
    }
    i64::try_from(digits.magnitude().to_string().len()).unwrap_or_default() - 1 - scale
}

fn scientific(number: &Number, precision: usize, letter: char) -> String {
    let exponent = exponent_of(number);
    let places = i64::try_from(precision).unwrap_or_default();
    let rounded = Number::from(
        number
            .as_decimal()
            .with_scale_round(places - exponent, RoundingMode::HalfEven),
    );
    // Rounding up may add a digit.
    let exponent = exponent_of(&rounded);
    let mut digits = significant(&rounded);
    digits.push_str(&"0".repeat((precision + 1).saturating_sub(digits.len())));
    let (first, rest) = digits.split_at(1);
    let rest = &rest[..precision.min(rest.len())];
    let point = if precision > 0 { "." } else { "" };
    let sign = if number < &Number::from(0_i64) {
        "-"
    } else {
        ""
    };
    let direction = if exponent < 0 { '-' } else { '+' };
    format!(
        "{sign}{first}{point}{rest}{letter}{direction}{:02}",
        exponent.abs()
    )
}
