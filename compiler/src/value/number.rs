//! Decimal numbers of any size, compared by meaning: Terraform's numbers do not fit an `f64`.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use bigdecimal::{BigDecimal, ToPrimitive};

/// An exact decimal number. `1`, `1.0` and `1e0` are the same number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(Digits);

/// What is small and whole, as most numbers are, needs no memory of its own.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Digits {
    Whole(i64),
    /// Everything else, and only that.
    Any(Arc<BigDecimal>),
}

impl Number {
    /// The longest text accepted by [`Number::parse`], and that it can become when all its digits are written, in bytes.
    pub const MAX_TEXT: usize = 16 * 1024;
    /// The largest power of ten accepted by [`Number::parse`], so that `1e999999999` cannot fill the memory.
    pub const MAX_EXPONENT: i64 = 10_000;

    /// Reads decimal text such as `12`, `-0.5` or `1e100`. `None` when it is not a number or beyond the limits above.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > Self::MAX_TEXT || text.contains('_') {
            return None;
        }
        let number = BigDecimal::from_str(text).ok()?.normalized();
        let exponent = number.fractional_digit_count().abs();
        if exponent > Self::MAX_EXPONENT {
            return None;
        }
        // Whatever was read can be written and read again: a sign, a zero and a point may come before the digits.
        let written = number.digits() + exponent.unsigned_abs() + 3;
        (written <= Self::MAX_TEXT as u64).then(|| Self::of(number))
    }

    /// The shortest decimal that reads back as the same `f64`. `None` for infinities and NaN.
    pub fn from_f64(value: f64) -> Option<Self> {
        value
            .is_finite()
            .then(|| Self::parse(&format!("{value:e}")))
            .flatten()
    }

    /// Exactly this `f64`, all of its digits. `None` for infinities and NaN.
    pub fn exactly(value: f64) -> Option<Self> {
        // The smallest `f64` has 1,074 digits behind the point.
        value
            .is_finite()
            .then(|| Self::parse(&format!("{value:.1074}")))
            .flatten()
    }

    /// The number as an `i64`, if it is whole and fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self.0 {
            Digits::Whole(number) => Some(number),
            Digits::Any(_) => None,
        }
    }

    /// The number as a `u64`, if it is whole and fits.
    pub fn as_u64(&self) -> Option<u64> {
        match &self.0 {
            Digits::Whole(number) => u64::try_from(*number).ok(),
            Digits::Any(_) => self
                .is_integer()
                .then(|| self.to_string().parse().ok())
                .flatten(),
        }
    }

    /// The nearest `f64`.
    pub fn as_f64(&self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Digits::Whole(_) => true,
            Digits::Any(number) => number.is_integer(),
        }
    }

    /// The number for arithmetic.
    pub fn as_decimal(&self) -> Cow<'_, BigDecimal> {
        match &self.0 {
            Digits::Whole(number) => Cow::Owned(BigDecimal::from(*number)),
            Digits::Any(number) => Cow::Borrowed(number),
        }
    }

    /// Of a number without zeros at its end.
    fn of(number: BigDecimal) -> Self {
        let exponent = -number.fractional_digit_count();
        let whole = (0..=18)
            .contains(&exponent)
            .then(|| number.to_i64())
            .flatten();
        Self(match whole {
            Some(whole) => Digits::Whole(whole),
            None => Digits::Any(Arc::new(number)),
        })
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Digits::Whole(one), Digits::Whole(other)) => one.cmp(other),
            _ => self.as_decimal().cmp(&other.as_decimal()),
        }
    }
}

impl From<BigDecimal> for Number {
    fn from(value: BigDecimal) -> Self {
        Self::of(value.normalized())
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(Digits::Whole(value))
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        i64::try_from(value).map_or_else(|_| BigDecimal::from(value).into(), Self::from)
    }
}

/// All digits, without an exponent: `100000000000000000000`, `0.1`.
impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Digits::Whole(number) => write!(formatter, "{number}"),
            Digits::Any(number) => formatter.write_str(&number.to_plain_string()),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_meaning() {
        assert_eq!(Number::parse("1.0"), Number::parse("1"));
        assert_eq!(Number::parse("1e2").unwrap().to_string(), "100");
        assert_eq!(
            Number::parse("18446744073709551616").unwrap().to_string(),
            "18446744073709551616"
        );
        assert_eq!(Number::from_f64(0.1), Number::parse("0.1"));
        assert_ne!(Number::exactly(0.1), Number::parse("0.1"));
        // An eighth is as fine as it gets here, so that fewer digits say which one is meant.
        let fine = 563e12 + 0.25;
        assert_eq!(Number::exactly(fine), Number::parse("563000000000000.25"));
        assert_eq!(Number::from_f64(fine), Number::parse("563000000000000.3"));
        for edge in [f64::MIN_POSITIVE, 5e-324, f64::MAX, -0.5] {
            assert_eq!(Number::exactly(edge).unwrap().as_f64(), edge);
        }
        assert_eq!(Number::from(-3_i64).as_i64(), Some(-3));
        assert_eq!(Number::parse("-0").unwrap().to_string(), "0");
        // However it came about, a number has one form.
        for (text, whole) in [("1e18", 10_i64.pow(18)), ("9223372036854775807", i64::MAX)] {
            assert_eq!(Number::parse(text), Some(Number::from(whole)));
            let next = Number::from(BigDecimal::from(whole) + 1);
            assert!(Number::from(whole) < next);
            assert_eq!(Number::from(BigDecimal::from(whole)), Number::from(whole));
            assert_eq!(
                Number::from(next.as_decimal().into_owned() - 1),
                Number::from(whole)
            );
        }
        assert!(Number::parse("1e19").unwrap() > Number::from(i64::MAX));
        assert!(Number::parse("-0.5").unwrap() < Number::from(0_i64));
    }

    #[test]
    fn what_is_read_can_be_written_and_read_again() {
        for text in ["1e10000", "1e-10000", "-12.5e-9000"] {
            let number = Number::parse(text).unwrap();
            assert_eq!(Number::parse(&number.to_string()), Some(number), "{text}");
        }
        let digits = "7".repeat(10_000);
        assert_eq!(Number::parse(&format!("{digits}e-10000")), None);
    }

    #[test]
    fn absurd_numbers_are_refused() {
        assert_eq!(Number::parse("1e999999999"), None);
        assert_eq!(Number::parse(""), None);
        assert_eq!(Number::parse("NaN"), None);
        assert_eq!(Number::parse("1_000"), None);
        assert_eq!(Number::from_f64(f64::INFINITY), None);
    }
}
