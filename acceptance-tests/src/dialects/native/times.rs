//! Times as this API writes them: RFC 3339 in UTC with whole seconds.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// `2026-11-22T10:00:00Z`; fractions of a second are cut off.
pub(super) fn show(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

pub(super) fn show_option(time: Option<Timestamp>) -> Value {
    time.map_or(Value::Null, |time| Value::String(show(time)))
}

/// Reads RFC 3339 with any offset; fractions of a second are cut off.
pub(super) fn read(text: &str) -> Result<Timestamp, String> {
    let example = "use RFC 3339, e.g. 2026-11-22T10:00:00Z";
    if !has_form_of_rfc_3339(text) {
        return Err(format!("{text:?} is no time; {example}"));
    }
    let time: Timestamp = text
        .to_ascii_uppercase()
        .parse()
        .map_err(|_| format!("{text:?} is no time that exists before the year 9999; {example}"))?;
    Ok(whole_seconds(time))
}

pub(super) fn whole_seconds(time: Timestamp) -> Timestamp {
    // Rounds down, and a whole second is always in range.
    Timestamp::from_second(time.as_millisecond().div_euclid(1000)).unwrap_or(time)
}

/// The whole second this many seconds after `now`; `None` beyond the year 9999.
pub(super) fn after(now: Timestamp, seconds: i64) -> Option<Timestamp> {
    whole_seconds(now)
        .checked_add(SignedDuration::from_secs(seconds))
        .ok()
}

/// The form only: the library that reads it also takes looser ones.
fn has_form_of_rfc_3339(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes
            .get(range)
            .is_some_and(|bytes| bytes.iter().all(u8::is_ascii_digit))
    };
    let at = |position: usize, allowed: &[u8]| {
        bytes
            .get(position)
            .is_some_and(|byte| allowed.contains(byte))
    };
    let date = digits(0..4) && at(4, b"-") && digits(5..7) && at(7, b"-") && digits(8..10);
    let time = digits(11..13) && at(13, b":") && digits(14..16) && at(16, b":") && digits(17..19);
    if !(date && at(10, b"Tt") && time) {
        return false;
    }
    let mut rest = &bytes[19..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = fraction
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if length == 0 || length > 9 {
            return false;
        }
        rest = &fraction[length..];
    }
    match rest {
        [b'Z' | b'z'] => true,
        [b'+' | b'-', hours @ .., b':', minute_tens, minute] => {
            hours.len() == 2
                && hours
                    .iter()
                    .chain([minute_tens, minute])
                    .all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_rfc_3339_and_written_in_utc_with_whole_seconds() {
        for (given, expected) in [
            ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
            ("2026-11-22t10:00:00z", "2026-11-22T10:00:00Z"),
            ("2026-11-22T10:00:00.999Z", "2026-11-22T10:00:00Z"),
            ("2026-11-22T10:00:00+01:30", "2026-11-22T08:30:00Z"),
            ("2024-02-29T00:00:00-00:00", "2024-02-29T00:00:00Z"),
        ] {
            assert_eq!(read(given).map(show).as_deref(), Ok(expected), "{given}");
        }
    }

    #[test]
    fn anything_else_is_no_time() {
        for given in [
            "",
            "2026-11-22",
            "2026-11-22 10:00:00Z",
            "2026-11-22T10:00:00",
            "2026-11-22T10:00Z",
            "2026-11-22T10:00:00+01",
            "2026-11-22T10:00:00.Z",
            "2026-11-22T10:00:00+0100",
            "2026-13-01T10:00:00Z",
            "2025-02-29T00:00:00Z",
            "２026-11-22T10:00:00Z",
            "2026-11-22T10:00:00[UTC]",
        ] {
            assert!(read(given).is_err(), "{given}");
        }
    }
}
