//! Arithmetic with the precision the language has: binary floating point with 512 bits of mantissa, shown as the shortest decimal
//! that reads back as the same number. Whole numbers below 2^512 are exact.

use bigdecimal::num_bigint::{BigInt, BigUint};
use bigdecimal::num_traits::{One, Signed, Zero};
use bigdecimal::{BigDecimal, ToPrimitive};

use crate::value::Number;

/// Bits of mantissa.
const PRECISION: u64 = 512;
/// More decimal digits than this cannot all be significant.
const EXACT_DIGITS: u64 = 154;

/// `mantissa * 2^exponent`.
struct Binary {
    mantissa: BigInt,
    exponent: i64,
}

pub(crate) fn add(left: &Number, right: &Number) -> Number {
    if both_whole(left, right) {
        if let Some(number) = small(left, right, i64::checked_add) {
            return number;
        }
        return rounded(Number::from(&*left.as_decimal() + &*right.as_decimal()));
    }
    sum(binary(left), binary(right))
}

pub(crate) fn subtract(left: &Number, right: &Number) -> Number {
    if both_whole(left, right) {
        if let Some(number) = small(left, right, i64::checked_sub) {
            return number;
        }
        return rounded(Number::from(&*left.as_decimal() - &*right.as_decimal()));
    }
    let right = binary(right);
    sum(
        binary(left),
        Binary {
            mantissa: -right.mantissa,
            exponent: right.exponent,
        },
    )
}

pub(crate) fn multiply(left: &Number, right: &Number) -> Number {
    if both_whole(left, right) {
        if let Some(number) = small(left, right, i64::checked_mul) {
            return number;
        }
        return rounded(Number::from(&*left.as_decimal() * &*right.as_decimal()));
    }
    let (left, right) = (binary(left), binary(right));
    shortest(&round(
        left.mantissa * right.mantissa,
        left.exponent + right.exponent,
        false,
    ))
}

/// `None` when the divisor is zero.
pub(crate) fn divide(left: &Number, right: &Number) -> Option<Number> {
    if right.as_decimal().is_zero() {
        return None;
    }
    let (left, right) = (binary(left), binary(right));
    let shift = PRECISION + 2 + right.mantissa.bits().saturating_sub(left.mantissa.bits());
    let dividend = &left.mantissa << shift;
    let quotient = &dividend / &right.mantissa;
    let inexact = !(&dividend % &right.mantissa).is_zero();
    let exponent = left.exponent - right.exponent - i64::try_from(shift).unwrap_or_default();
    Some(shortest(&round(quotient, exponent, inexact)))
}

/// The remainder with the sign of the dividend, which is what remains where the divisor is zero.
pub(crate) fn remainder(left: &Number, right: &Number) -> Number {
    if both_whole(left, right) && !right.as_decimal().is_zero() {
        return Number::from(&*left.as_decimal() % &*right.as_decimal());
    }
    let Some(quotient) = divide(left, right) else {
        return left.clone();
    };
    let whole = Number::from(quotient.as_decimal().with_scale(0));
    subtract(left, &multiply(right, &whole))
}

/// A decimal with no more digits than the precision carries.
pub(crate) fn rounded(number: Number) -> Number {
    if number.as_decimal().digits() <= EXACT_DIGITS {
        return number;
    }
    shortest(&binary(&number))
}

/// The result for numbers that fit, if it fits.
fn small(left: &Number, right: &Number, operation: fn(i64, i64) -> Option<i64>) -> Option<Number> {
    operation(left.as_i64()?, right.as_i64()?).map(Number::from)
}

fn both_whole(left: &Number, right: &Number) -> bool {
    left.is_integer() && right.is_integer()
}

fn sum(left: Binary, right: Binary) -> Number {
    let exponent = left.exponent.min(right.exponent);
    let align = |number: Binary| -> BigInt {
        number.mantissa << u64::try_from(number.exponent - exponent).unwrap_or_default()
    };
    shortest(&round(align(left) + align(right), exponent, false))
}

fn ten_to(power: u64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(power).unwrap_or(u32::MAX))
}

fn binary(number: &Number) -> Binary {
    let (digits, scale) = number.as_decimal().as_bigint_and_exponent();
    if scale <= 0 {
        return round(digits * ten_to(scale.unsigned_abs()), 0, false);
    }
    let divisor = ten_to(scale.unsigned_abs());
    let shift = PRECISION + 2 + divisor.bits().saturating_sub(digits.bits());
    let dividend = digits << shift;
    let quotient = &dividend / &divisor;
    let inexact = !(&dividend % &divisor).is_zero();
    round(quotient, -i64::try_from(shift).unwrap_or_default(), inexact)
}

/// Rounds half to even; `inexact` says that a little was already cut off.
fn round(mantissa: BigInt, exponent: i64, inexact: bool) -> Binary {
    let excess = mantissa.bits().saturating_sub(PRECISION);
    if excess == 0 {
        return Binary { mantissa, exponent };
    }
    let sign = mantissa.sign();
    let magnitude = mantissa.magnitude();
    let mut kept = magnitude >> excess;
    let cut = magnitude - (&kept << excess);
    let half = BigUint::one() << (excess - 1);
    let up = cut > half || (cut == half && (inexact || kept.bit(0)));
    if up {
        kept += 1_u8;
    }
    Binary {
        mantissa: BigInt::from_biguint(sign, kept),
        exponent: exponent + i64::try_from(excess).unwrap_or_default(),
    }
}

/// The shortest decimal that lies closer to this number than to its neighbours.
fn shortest(number: &Binary) -> Number {
    shortest_of(number, PRECISION)
}

/// What Terraform makes of an `f64`: with all digits that a mantissa of 53 bits has, though the smallest ones have fewer bits.
pub(crate) fn of_double(value: f64) -> Option<Number> {
    const MANTISSA_BITS: u64 = 53;
    const LEAST_EXPONENT: i64 = -1074;
    if !value.is_subnormal() {
        return Number::from_f64(value);
    }
    let magnitude = BigInt::from(value.abs().to_bits());
    let number = Binary {
        mantissa: if value < 0.0 { -magnitude } else { magnitude },
        exponent: LEAST_EXPONENT,
    };
    Some(shortest_of(&number, MANTISSA_BITS))
}

fn shortest_of(number: &Binary, precision: u64) -> Number {
    let magnitude = number.mantissa.magnitude();
    if magnitude.is_zero() {
        return Number::from(0_i64);
    }
    // A mantissa of exactly `precision` bits plus one: its lowest bit is half a unit in the last place.
    let bits = magnitude.bits();
    let (mantissa, exponent) = if bits <= precision {
        let shift = precision + 1 - bits;
        (
            magnitude << shift,
            number.exponent - i64::try_from(shift).unwrap_or_default(),
        )
    } else {
        (magnitude << 1_u8, number.exponent - 1)
    };
    let inclusive = !mantissa.bit(1);
    // Everything as whole numbers of 10^-scale.
    let (factor, scale) = if exponent >= 0 {
        (BigUint::one() << exponent.unsigned_abs(), 0)
    } else {
        let scale = exponent.unsigned_abs();
        (
            BigUint::from(5_u8).pow(u32::try_from(scale).unwrap_or(u32::MAX)),
            scale,
        )
    };
    let text = |value: BigUint| (value * &factor).to_string().into_bytes();
    let (lower, exact, upper) = (
        text(&mantissa - 1_u8),
        text(mantissa.clone()),
        text(&mantissa + 1_u8),
    );
    let width = upper.len();
    let pad = |digits: Vec<u8>| -> Vec<u8> {
        let mut padded = vec![b'0'; width - digits.len()];
        padded.extend(digits);
        padded
    };
    let (lower, exact, upper) = (pad(lower), pad(exact), pad(upper));
    let significant = |digits: &[u8]| {
        digits
            .iter()
            .rposition(|digit| *digit != b'0')
            .map_or(0, |last| last + 1)
    };
    let (lower_length, upper_length) = (significant(&lower), significant(&upper));
    let mut kept = exact.clone();
    let mut dropped = 0;
    for index in 0..significant(&exact) {
        let (low, digit, high) = (lower[index], exact[index], upper[index]);
        let down = low != digit || (inclusive && index + 1 == lower_length);
        let up = digit != high && (inclusive || digit + 1 < high || index + 1 < upper_length);
        if !down && !up {
            continue;
        }
        let round_up = if down && up {
            nearest_is_up(&exact, index + 1)
        } else {
            up
        };
        kept.truncate(index + 1);
        dropped = exact.len() - kept.len();
        if round_up {
            increment(&mut kept);
        }
        break;
    }
    let dropped = i64::try_from(dropped).unwrap_or_default();
    let digits = BigUint::parse_bytes(&kept, 10).unwrap_or_default();
    let digits = BigInt::from_biguint(number.mantissa.sign(), digits);
    let scale = i64::try_from(scale).unwrap_or_default() - dropped;
    Number::from(BigDecimal::new(digits, scale))
}

/// Whether cutting after `length` digits should round up: more than half, or half and the last kept digit odd.
fn nearest_is_up(digits: &[u8], length: usize) -> bool {
    match digits.get(length) {
        None => false,
        Some(b'5') if digits[length + 1..].iter().all(|digit| *digit == b'0') => {
            digits[length - 1] % 2 == 1
        }
        Some(digit) => *digit >= b'5',
    }
}

/// Adds one to the last digit.
fn increment(digits: &mut Vec<u8>) {
    for index in (0..digits.len()).rev() {
        if digits[index] < b'9' {
            digits[index] += 1;
            return;
        }
        digits[index] = b'0';
    }
    digits.insert(0, b'1');
}

/// The number as a `usize`, if it is whole and fits.
pub(crate) fn as_usize(number: &Number) -> Option<usize> {
    if let Some(small) = number.as_i64() {
        return usize::try_from(small).ok();
    }
    if !number.is_integer() || number.as_decimal().is_negative() {
        return None;
    }
    number.as_decimal().to_usize()
}
