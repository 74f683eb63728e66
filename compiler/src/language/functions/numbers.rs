//! Arithmetic beyond the operators.

use bigdecimal::num_bigint::BigInt;
use bigdecimal::{BigDecimal, RoundingMode};

use super::floats::{ln, pow as to_the_power};
use super::{Failure, Outcome, text, whole};
use crate::language::term::{Shape, Term, add, convert, of_double, rounded};
use crate::value::Number;

fn number(arguments: &[Term], index: usize) -> Result<&Number, Failure> {
    arguments
        .get(index)
        .and_then(Term::as_number)
        .ok_or_else(|| Failure::argument(index, "a number is required"))
}

pub(super) fn abs(arguments: &[Term]) -> Outcome {
    Ok(Term::number(Number::from(
        number(arguments, 0)?.as_decimal().abs(),
    )))
}

pub(super) fn ceil(arguments: &[Term]) -> Outcome {
    to_whole(arguments, RoundingMode::Ceiling)
}

pub(super) fn floor(arguments: &[Term]) -> Outcome {
    to_whole(arguments, RoundingMode::Floor)
}

fn to_whole(arguments: &[Term], mode: RoundingMode) -> Outcome {
    let number = number(arguments, 0)?;
    let decimal = number.as_decimal();
    Ok(Term::number(Number::from(
        decimal.with_scale_round(0, mode),
    )))
}

pub(super) fn signum(arguments: &[Term]) -> Outcome {
    Ok(Term::number(whole(arguments, 0)?.signum()))
}

pub(super) fn max(arguments: &[Term]) -> Outcome {
    extreme(arguments, std::cmp::Ordering::Greater)
}

pub(super) fn min(arguments: &[Term]) -> Outcome {
    extreme(arguments, std::cmp::Ordering::Less)
}

fn extreme(arguments: &[Term], wanted: std::cmp::Ordering) -> Outcome {
    let numbers = arguments.iter().filter_map(Term::as_number);
    numbers
        .reduce(|best, next| if next.cmp(best) == wanted { next } else { best })
        .map(|best| Term::number(best.clone()))
        .ok_or_else(|| Failure::call("must pass at least one number"))
}

pub(super) fn log(arguments: &[Term]) -> Outcome {
    let (value, base) = (
        number(arguments, 0)?.as_f64(),
        number(arguments, 1)?.as_f64(),
    );
    of_double(ln(value) / ln(base))
        .map(Term::number)
        .ok_or_else(|| Failure::call("the result is not a finite number"))
}

pub(super) fn pow(arguments: &[Term]) -> Outcome {
    let (base, power) = (number(arguments, 0)?, number(arguments, 1)?);
    of_double(to_the_power(base.as_f64(), power.as_f64()))
        .map(Term::number)
        .ok_or_else(|| Failure::call("the result is not a finite number"))
}

pub(super) fn sum(arguments: &[Term]) -> Outcome {
    let [list] = arguments else {
        return Err(Failure::call("one list is required"));
    };
    if list.is_unknown() {
        return Ok(Term::unknown_not_null(Shape::Number));
    }
    let Some(items) = list.as_items() else {
        return Err(Failure::argument(
            0,
            "must be a list, set or tuple of numbers",
        ));
    };
    if items.is_empty() {
        return Err(Failure::argument(0, "cannot sum an empty list"));
    }
    if !list.is_wholly_known() {
        return Ok(Term::unknown_not_null(Shape::Number));
    }
    let mut total = Number::from(0_i64);
    for item in items {
        if item.is_null() {
            return Err(Failure::argument(
                0,
                "must be a list, set or tuple of number values, none of them null",
            ));
        }
        let item = convert(item, &Shape::Number)
            .map_err(|_| Failure::argument(0, "must be a list, set or tuple of number values"))?;
        if let Some(number) = item.as_number() {
            total = add(&total, number);
        }
    }
    Ok(Term::number(total))
}

pub(super) fn parseint(arguments: &[Term]) -> Outcome {
    let is_text = |shape: &Shape| matches!(shape, Shape::String | Shape::Any);
    if !arguments
        .first()
        .map(Term::shape)
        .is_some_and(|shape| is_text(&shape))
    {
        return Err(Failure::argument(0, "a string is required"));
    }
    if arguments.iter().any(Term::is_unknown) {
        return Ok(Term::unknown_not_null(Shape::Number));
    }
    let base = whole(arguments, 1)?;
    if !(2..=62).contains(&base) {
        return Err(Failure::argument(
            1,
            "base must be a whole number between 2 and 62 inclusive",
        ));
    }
    let digits = text(arguments, 0);
    let unreadable = || {
        Failure::argument(
            0,
            format!("cannot parse {digits:?} as a base {base} integer"),
        )
    };
    let unsigned = digits.strip_prefix(['-', '+']).unwrap_or(digits);
    if unsigned.is_empty() || unsigned.len() > 4096 {
        return Err(unreadable());
    }
    let mut value = BigInt::default();
    for letter in unsigned.chars() {
        let digit = match letter {
            '0'..='9' => i64::from(letter as u32) - i64::from(b'0'),
            'a'..='z' => i64::from(letter as u32) - i64::from(b'a') + 10,
            // Up to base 36 case does not matter; beyond, capitals are further digits.
            'A'..='Z' if base <= 36 => i64::from(letter as u32) - i64::from(b'A') + 10,
            'A'..='Z' => i64::from(letter as u32) - i64::from(b'A') + 36,
            _ => return Err(unreadable()),
        };
        if digit >= base {
            return Err(unreadable());
        }
        value = value * base + digit;
    }
    if digits.starts_with('-') {
        value = -value;
    }
    Ok(Term::number(rounded(Number::from(BigDecimal::from(value)))))
}
