//! The server's clock, so that "now" in a lifecycle means the same on both sides.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{self, HeaderMap};

/// The latest `Date` of the server and when it was seen.
#[derive(Default)]
pub(super) struct ServerClock {
    seen: Mutex<Option<(Timestamp, Instant)>>,
}

impl ServerClock {
    /// Takes over the `Date` of an answer; without one, or with one that makes no sense, nothing changes.
    pub(super) fn observe(&self, headers: &HeaderMap) {
        let Some(date) = headers
            .get(header::DATE)
            .and_then(|value| value.to_str().ok())
            .and_then(parse_date)
        else {
            return;
        };
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((date, Instant::now()));
    }

    /// Now, on the server; our own clock before its first answer.
    pub(super) fn now(&self) -> Timestamp {
        let seen = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.and_then(|(date, at)| {
            date.checked_add(SignedDuration::try_from(at.elapsed()).ok()?)
                .ok()
        })
        .unwrap_or_else(Timestamp::now)
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

    #[test]
    fn the_servers_date_is_now_and_nonsense_changes_nothing() {
        let clock = ServerClock::default();
        let far = "2031-01-02T03:04:05Z".parse::<Timestamp>().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(
            header::DATE,
            HeaderValue::from_static("Thu, 02 Jan 2031 03:04:05 GMT"),
        );
        clock.observe(&headers);
        assert!(clock.now() >= far && clock.now() < far + SignedDuration::from_secs(60));
        headers.insert(header::DATE, HeaderValue::from_static("yesterday"));
        clock.observe(&headers);
        assert!(clock.now() >= far);
    }
}
