//! Points in time, as RFC 3339 writes them.

use jiff::civil::DateTime;

use super::{Failure, Outcome, text};
use crate::language::term::Term;

/// A local time and how far it is from UTC, in seconds.
struct Moment {
    local: DateTime,
    offset: i32,
}

impl Moment {
    fn parse(source: &str, argument: usize) -> Result<Self, Failure> {
        let wrong = || {
            Failure::argument(
                argument,
                format!(
                    "not a valid RFC3339 timestamp: {source:?}; write it as in 2006-01-02T15:04:05Z"
                ),
            )
        };
        let (local, offset) = split_offset(source).ok_or_else(wrong)?;
        let shape_is_right = local.len() >= 19
            && local.as_bytes()[10] == b'T'
            && local
                .bytes()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'T' | b':' | b'.'));
        let local = shape_is_right
            .then(|| local.parse().ok())
            .flatten()
            .ok_or_else(wrong)?;
        Ok(Self { local, offset })
    }

    /// Nanoseconds since 1970 in UTC.
    fn nanoseconds(&self) -> i128 {
        let epoch = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
        let since = self.local.duration_since(epoch);
        since.as_nanos() - i128::from(self.offset) * 1_000_000_000
    }

    fn zone(&self, colon: bool) -> String {
        let minutes = self.offset.abs() / 60;
        let sign = if self.offset < 0 { '-' } else { '+' };
        let colon = if colon { ":" } else { "" };
        format!("{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
    }
}

fn split_offset(source: &str) -> Option<(&str, i32)> {
    if let Some(local) = source.strip_suffix('Z') {
        return Some((local, 0));
    }
    let at = source.len().checked_sub(6)?;
    let (local, offset) = (source.get(..at)?, source.get(at..)?);
    let sign = match offset.as_bytes()[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = offset[1..].split_once(':')?;
    let part = |digits: &str, limit: i32| -> Option<i32> {
        let valid = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        valid
            .then(|| digits.parse().ok())
            .flatten()
            .filter(|value| *value <= limit)
    };
    Some((
        local,
        sign * (part(hours, 24)? * 3600 + part(minutes, 59)? * 60),
    ))
}

pub(super) fn timecmp(arguments: &[Term]) -> Outcome {
    let left = Moment::parse(text(arguments, 0), 0)?.nanoseconds();
    let right = Moment::parse(text(arguments, 1), 1)?.nanoseconds();
    Ok(Term::number(left.cmp(&right) as i64))
}

pub(super) fn timeadd(arguments: &[Term]) -> Outcome {
    let moment = Moment::parse(text(arguments, 0), 0)?;
    let duration = parse_duration(text(arguments, 1)).ok_or_else(|| {
        Failure::argument(
            1,
            format!(
                "invalid duration {:?}; write it as in 1h30m",
                text(arguments, 1)
            ),
        )
    })?;
    let seconds = i64::try_from(duration.div_euclid(1_000_000_000)).unwrap_or(i64::MAX);
    let nanoseconds = i32::try_from(duration.rem_euclid(1_000_000_000)).unwrap_or_default();
    let local = moment
        .local
        .checked_add(jiff::SignedDuration::new(seconds, nanoseconds))
        .map_err(|_| Failure::call("the result is out of range"))?;
    let zone = if moment.offset == 0 {
        "Z".to_owned()
    } else {
        moment.zone(true)
    };
    Ok(Term::string(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{zone}",
        local.year(),
        local.month(),
        local.day(),
        local.hour(),
        local.minute(),
        local.second()
    )))
}

/// A duration as Go writes it, in nanoseconds: `-1.5h30m`.
fn parse_duration(source: &str) -> Option<i128> {
    let (sign, mut rest) = match source.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, source.strip_prefix('+').unwrap_or(source)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let digits = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_digit() || *byte == b'.')
            .count();
        let (number, after) = rest.split_at(digits);
        let unit_length = after
            .char_indices()
            .find(|(_, letter)| letter.is_ascii_digit() || *letter == '.')
            .map_or(after.len(), |(index, _)| index);
        let (unit, next) = after.split_at(unit_length);
        let scale: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() || whole.len() > 18 || fraction.len() > 18 {
            return None;
        }
        let whole: i128 = if whole.is_empty() {
            0
        } else {
            whole.parse().ok()?
        };
        total = total.checked_add(whole.checked_mul(scale)?)?;
        if !fraction.is_empty() {
            let parts: i128 = fraction.parse().ok()?;
            let power = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
            total = total.checked_add(parts.checked_mul(scale)? / power)?;
        }
        rest = next;
    }
    (total <= i128::from(i64::MAX)).then_some(sign * total)
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

pub(super) fn formatdate(arguments: &[Term]) -> Outcome {
    let moment = Moment::parse(text(arguments, 1), 1)?;
    let format = text(arguments, 0);
    let mut formatted = String::new();
    let mut letters = format.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\'' {
            quoted(&mut letters, &mut formatted)?;
            continue;
        }
        if !letter.is_ascii_alphabetic() {
            formatted.push(letter);
            continue;
        }
        let mut verb = String::from(letter);
        while letters.peek() == Some(&letter) {
            verb.push(letter);
            letters.next();
        }
        formatted.push_str(&verb_value(&verb, &moment).ok_or_else(|| {
            Failure::argument(
                0,
                format!("invalid date format verb {verb:?}; literal text needs single quotes"),
            )
        })?);
    }
    Ok(Term::string(formatted))
}

/// Text in single quotes; two of them stand for one.
fn quoted(
    letters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    out: &mut String,
) -> Result<(), Failure> {
    loop {
        match letters.next() {
            Some('\'') if letters.peek() == Some(&'\'') => {
                letters.next();
                out.push('\'');
            }
            Some('\'') => return Ok(()),
            Some(letter) => out.push(letter),
            None => return Err(Failure::argument(0, "unterminated literal '")),
        }
    }
}

fn verb_value(verb: &str, moment: &Moment) -> Option<String> {
    let local = moment.local;
    let month = MONTHS[usize::try_from(local.month() - 1).ok()?];
    let weekday = DAYS[usize::try_from(local.date().weekday().to_monday_zero_offset()).ok()?];
    let twelve = match local.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let morning = local.hour() < 12;
    Some(match verb {
        "YYYY" => format!("{:04}", local.year()),
        "YY" => format!("{:02}", local.year() % 100),
        "MMMM" => month.to_owned(),
        "MMM" => month[..3].to_owned(),
        "MM" => format!("{:02}", local.month()),
        "M" => local.month().to_string(),
        "DD" => format!("{:02}", local.day()),
        "D" => local.day().to_string(),
        "EEEE" => weekday.to_owned(),
        "EEE" => weekday[..3].to_owned(),
        "hh" => format!("{:02}", local.hour()),
        "h" => local.hour().to_string(),
        "HH" => format!("{twelve:02}"),
        "H" => twelve.to_string(),
        "AA" => if morning { "AM" } else { "PM" }.to_owned(),
        "aa" => if morning { "am" } else { "pm" }.to_owned(),
        "mm" => format!("{:02}", local.minute()),
        "m" => local.minute().to_string(),
        "ss" => format!("{:02}", local.second()),
        "s" => local.second().to_string(),
        "ZZZZZ" => moment.zone(true),
        "ZZZZ" => moment.zone(false),
        "ZZZ" if moment.offset == 0 => "UTC".to_owned(),
        "ZZZ" => moment.zone(false),
        "Z" if moment.offset == 0 => "Z".to_owned(),
        "Z" => moment.zone(true),
        _ => return None,
    })
}
