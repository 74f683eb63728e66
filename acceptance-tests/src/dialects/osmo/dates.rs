//! Dates as the service reads and shows them: tokens end on a day, at 0 o'clock UTC.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::fault::Refusal;

const LONGEST_DAYS: i32 = 365;

pub(super) fn today(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

/// `2027-1-1` is as good as `2027-01-01`, but a year has four digits; anything else is an uncaught exception.
pub(super) fn parse(text: &str) -> Result<Date, Refusal> {
    let mut rest = text;
    let mut numbers = [0_i16; 3];
    for (index, longest) in [4, 2, 2].into_iter().enumerate() {
        if index > 0 {
            rest = rest.strip_prefix('-').ok_or_else(|| mismatch(text))?;
        }
        let digits = rest
            .bytes()
            .take(longest)
            .take_while(u8::is_ascii_digit)
            .count();
        if index == 0 && digits < longest {
            return Err(mismatch(text));
        }
        let (number, tail) = rest.split_at(digits);
        numbers[index] = number.parse().map_err(|_| mismatch(text))?;
        rest = tail;
    }
    let [year, month, mut day] = numbers;
    if !(1..=12).contains(&month) || day == 0 {
        return Err(mismatch(text));
    }
    // Of a day that no month has, the first digit is read.
    if day > 31 {
        day /= 10;
        rest = &text[text.len() - rest.len() - 1..];
    }
    if !rest.is_empty() {
        return Err(Refusal::internal(&format!(
            "unconverted data remains: {rest}"
        )));
    }
    let narrow = |number: i16| i8::try_from(number).map_err(|_| mismatch(text));
    Date::new(year, narrow(month)?, narrow(day)?)
        .map_err(|_| Refusal::internal("day is out of range for month"))
}

fn mismatch(text: &str) -> Refusal {
    Refusal::internal(&format!(
        "time data '{text}' does not match format '%Y-%m-%d'"
    ))
}

pub(super) fn check_not_too_far(date: Date, now: Timestamp) -> Result<(), Refusal> {
    if date > days_after(now, LONGEST_DAYS) {
        let message = "Access token expiration date cannot be more than 365d from now";
        return Err(Refusal::user(message));
    }
    Ok(())
}

pub(super) fn days_after(now: Timestamp, days: i32) -> Date {
    today(now).saturating_add(days.days())
}

pub(super) fn check_not_past(date: Date, now: Timestamp) -> Result<(), Refusal> {
    let today = today(now);
    if date <= today {
        return Err(Refusal::user(format!(
            "Expiration date must be past the current date ({today})"
        )));
    }
    Ok(())
}

/// The end of a token: a day without a zone.
pub(super) fn show_day(end: Timestamp) -> String {
    end.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// A moment, with microseconds, of which the store keeps the first three digits.
pub(super) fn show_moment(moment: Timestamp) -> String {
    Timestamp::from_millisecond(moment.as_millisecond())
        .unwrap_or(moment)
        .strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
        .to_string()
}

/// Midnight UTC of that day.
pub(super) fn start_of(date: Date) -> Timestamp {
    date.to_zoned(TimeZone::UTC)
        .map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_leniently_and_refused_as_exceptions() {
        assert_eq!(
            parse("2027-1-1").expect("unpadded").to_string(),
            "2027-01-01"
        );
        let refused = |text: &str| {
            let answer = parse(text).expect_err(text).into_answer();
            String::from_utf8_lossy(&answer.body).into_owned()
        };
        assert!(refused("soon").contains("time data 'soon' does not match format"));
        assert!(refused("2027-01-01T00:00:00Z").contains("unconverted data remains: T00:00:00Z"));
        assert!(refused("2027-02-30").contains("day is out of range for month"));
        assert!(refused("01-01-2027").contains("time data '01-01-2027' does not match format"));
        assert!(refused("2027-13-01").contains("does not match"));
        assert!(refused("2027-01-00").contains("does not match"));
        assert!(refused("2027-01-32").contains("unconverted data remains: 2\""));
    }
}
