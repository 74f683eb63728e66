//! The server's clock, so that "now" in a lifecycle means the same on both sides, and how far it is believed.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use lanyard_compiler::model::Lifetime;
use parking_lot::Mutex;
use reqwest::header::{self, HeaderMap};

use crate::clock::{Clock, Doubt};

/// How far the two clocks may be apart unless the settings say otherwise: what Kerberos takes for a working clock, too.
const TOLERANCE_SECONDS: u64 = 5 * 60;

/// What the server's answers said of the time.
pub(super) struct ServerClock {
    tolerance: Lifetime,
    seen: Mutex<Seen>,
}

#[derive(Clone, Copy, Default)]
struct Seen {
    /// The latest `Date` near this machine's time.
    agreed: Option<Reading>,
    /// The latest one far from it.
    astray: Option<(Reading, Timestamp)>,
}

/// A `Date` and when it was seen.
#[derive(Clone, Copy)]
struct Reading(Timestamp, Instant);

impl Reading {
    /// What that clock says by now.
    fn now(self) -> Timestamp {
        let Self(date, at) = self;
        SignedDuration::try_from(at.elapsed())
            .ok()
            .and_then(|elapsed| date.checked_add(elapsed).ok())
            .unwrap_or(date)
    }
}

impl ServerClock {
    pub(super) fn new(tolerance: Option<Lifetime>) -> Self {
        Self {
            tolerance: tolerance.unwrap_or_else(|| Lifetime::from_seconds(TOLERANCE_SECONDS)),
            seen: Mutex::default(),
        }
    }

    /// Takes note of the `Date` of an answer; without one, or with one that makes no sense, nothing changes.
    pub(super) fn observe(&self, headers: &HeaderMap) {
        let date = headers
            .get(header::DATE)
            .and_then(|value| value.to_str().ok())
            .and_then(parse_date);
        if let Some(date) = date {
            self.observe_at(date, Timestamp::now());
        }
    }

    fn observe_at(&self, date: Timestamp, own: Timestamp) {
        let apart = date.duration_since(own).unsigned_abs();
        let reading = Reading(date, Instant::now());
        let mut seen = self.seen.lock();
        if apart.as_secs() <= self.tolerance.seconds() {
            seen.agreed = Some(reading);
        } else {
            seen.astray = Some((reading, own));
        }
    }

    /// Now, on the server, as far as our own clock does not contradict it; our own before its first answer.
    pub(super) fn read(&self) -> Clock {
        self.read_at(Timestamp::now())
    }

    fn read_at(&self, own: Timestamp) -> Clock {
        let Seen { agreed, astray } = *self.seen.lock();
        let trusted = agreed.map(Reading::now);
        let dated = trusted.or_else(|| astray.map(|(reading, _)| reading.now()));
        Clock {
            now: match (trusted, astray) {
                (Some(trusted), _) => trusted,
                (None, Some((reading, _))) => reading.now().min(own),
                (None, None) => own,
            },
            ends_from: trusted.unwrap_or(own),
            own,
            dated,
            at_earliest: match dated {
                Some(dated) => dated.min(own),
                None => self.tolerance.before(own).unwrap_or(Timestamp::MIN),
            },
            doubt: astray.map(|(reading, own)| Doubt {
                server: reading.0,
                own,
                tolerance: self.tolerance,
                is_an_exception: agreed.is_some(),
            }),
        }
    }
}

/// Reads an HTTP date such as `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(super) fn parse_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(text.trim())
        .ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    const OWN: &str = "2026-11-28T10:00:00Z";

    /// A clock that saw these dates while our own stood at [`OWN`].
    fn seen(dates: &[&str]) -> Clock {
        let clock = ServerClock::new(None);
        for date in dates {
            clock.observe_at(time(date), time(OWN));
        }
        clock.read_at(time(OWN))
    }

    fn is_about(found: Timestamp, expected: &str) {
        let later = found.duration_since(time(expected));
        assert!(
            !later.is_negative() && later < SignedDuration::from_secs(60),
            "{found} is not {expected}"
        );
    }

    #[test]
    fn the_servers_date_is_now_and_nonsense_changes_nothing() {
        let clock = ServerClock::new(None);
        let headers = |date: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::DATE, HeaderValue::from_str(date).unwrap());
            headers
        };
        let date = Timestamp::now() - SignedDuration::from_secs(120);
        let text = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        clock.observe(&headers(&text));
        clock.observe(&headers("yesterday"));
        let Clock { now, doubt, .. } = clock.read();
        assert!(now.duration_since(date).abs() < SignedDuration::from_secs(60));
        assert_eq!(doubt, None);
    }

    #[test]
    fn a_date_far_from_our_own_ends_nothing_and_dates_no_end() {
        for (date, now) in [
            ("2099-01-01T00:00:00Z", OWN),
            ("2026-11-28T10:05:01Z", OWN),
            // Here our own clock may be the one that is wrong: nothing is over that is not by both.
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ] {
            let clock = seen(&[date]);
            is_about(clock.now, now);
            is_about(clock.ends_from, OWN);
            is_about(clock.dated.unwrap(), date);
            is_about(clock.at_earliest, date.min(OWN));
            assert!(clock.doubt.is_some_and(|doubt| !doubt.is_an_exception));
        }
    }

    #[test]
    fn nothing_begins_later_than_any_clock_says() {
        for (dates, expected) in [
            (&["2026-11-28T10:00:03Z"][..], OWN),
            (&["2026-11-28T09:59:57Z"], "2026-11-28T09:59:57Z"),
            // Where no answer is dated, only this machine tells.
            (&[], "2026-11-28T09:55:00Z"),
        ] {
            is_about(seen(dates).at_earliest, expected);
        }
    }

    #[test]
    fn a_date_that_jumps_away_is_told_and_not_followed() {
        let near = "2026-11-28T10:01:00Z";
        for date in ["2099-01-01T00:00:00Z", "1970-01-01T00:00:00Z"] {
            for dates in [[near, date], [date, near]] {
                let clock = seen(&dates);
                is_about(clock.now, near);
                is_about(clock.ends_from, near);
                let warning = clock.doubt.unwrap().warning();
                assert!(warning.detail.contains("was not believed"), "{warning}");
            }
        }
    }

    #[test]
    fn who_tolerates_more_believes_more() {
        let clock = ServerClock::new(Lifetime::parse("2d").ok());
        clock.observe_at(time("2026-11-30T09:59:59Z"), time(OWN));
        let clock = clock.read_at(time(OWN));
        is_about(clock.now, "2026-11-30T09:59:59Z");
        assert_eq!(clock.doubt, None);
    }
}
