//! When a request is sent again, and after how long.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{self, HeaderMap};

use super::answer::Answer;
use super::clock::parse_date;
use super::request::Repeat;
use crate::error::{ErrorKind, ServerError};

/// Whether the server can have done what a failed attempt asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Provably not, and it may work next time.
    NotDone,
    /// Provably not: there are too many requests, and it will work once there are fewer.
    Busy,
    /// Perhaps.
    PossiblyDone,
    /// Provably not, and asking again changes nothing.
    Refused,
}

/// What an answer that is not a success says about the request.
pub(super) fn verdict(answer: &Answer, unavailable_means_unprocessed: bool) -> Verdict {
    match answer.status {
        StatusCode::TOO_MANY_REQUESTS => Verdict::Busy,
        // GitHub's word for requests that come too fast.
        StatusCode::FORBIDDEN if answer.headers.contains_key(header::RETRY_AFTER) => Verdict::Busy,
        StatusCode::SERVICE_UNAVAILABLE
            if unavailable_means_unprocessed
                && answer.headers.contains_key(header::RETRY_AFTER) =>
        {
            Verdict::NotDone
        }
        StatusCode::REQUEST_TIMEOUT => Verdict::PossiblyDone,
        StatusCode::NOT_IMPLEMENTED => Verdict::Refused,
        status if status.is_server_error() => Verdict::PossiblyDone,
        _ => Verdict::Refused,
    }
}

/// The pause that a server asks for, as seconds or as a date on its own clock.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let wait = parse_date(text)?.duration_since(now);
    Some(Duration::try_from(wait).unwrap_or_default())
}

/// A server that is busy is asked again so many times as often as `max_retries` says: it works, and a plan of many objects that gives
/// up on one of them has failed as a whole.
const BUSY: u32 = 8;
/// One that does not even say for how long gets a minute and a half: its operator may have to end a limit that nobody can see from here.
const BUSY_WITHOUT_A_WORD: u32 = 3;
/// One that is not available for a moment (a restart, a roll-out behind a proxy) is back within a minute.
const UNAVAILABLE: u32 = 2;

/// True for an answer that says: not now.
fn is_unavailable(error: &ServerError) -> bool {
    let status = error.place.as_ref().and_then(|place| place.status);
    status == Some(StatusCode::SERVICE_UNAVAILABLE.as_u16())
}

/// Growing pauses with jitter.
pub(super) struct Backoff {
    first: Duration,
    longest: Duration,
    /// A server that asks for a longer pause than this is not waited for.
    patience: Duration,
    random: RandomState,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(250),
            longest: Duration::from_secs(15),
            patience: Duration::from_secs(60),
            random: RandomState::new(),
        }
    }
}

impl Backoff {
    #[cfg(test)]
    pub(super) fn quick() -> Self {
        Self {
            first: Duration::from_millis(1),
            ..Self::default()
        }
    }

    /// How long to wait before the next attempt; `None` if there is to be none. `tries` counts those that failed for this kind of
    /// reason.
    pub(super) fn pause(
        &self,
        verdict: Verdict,
        repeat: Repeat,
        tries: u32,
        max_retries: u32,
        error: &ServerError,
    ) -> Option<Duration> {
        let may = match (verdict, repeat) {
            (Verdict::Refused, _) | (Verdict::PossiblyDone, Repeat::Never) => false,
            (Verdict::NotDone | Verdict::Busy, _)
            | (Verdict::PossiblyDone, Repeat::Freely | Repeat::Harmless) => true,
        };
        let most = match verdict {
            Verdict::Busy if matches!(error.kind, ErrorKind::Retry { after: Some(_) }) => {
                max_retries.saturating_mul(BUSY)
            }
            Verdict::Busy => max_retries.saturating_mul(BUSY_WITHOUT_A_WORD),
            Verdict::NotDone | Verdict::PossiblyDone if is_unavailable(error) => {
                max_retries.saturating_mul(UNAVAILABLE)
            }
            Verdict::NotDone | Verdict::PossiblyDone | Verdict::Refused => max_retries,
        };
        if !may || tries > most {
            return None;
        }
        if let ErrorKind::Retry { after: Some(after) } = error.kind {
            return (after <= self.patience).then(|| after + self.jitter(tries, self.first));
        }
        let doubled = self
            .first
            .saturating_mul(1 << (tries - 1).min(16))
            .min(self.longest);
        Some(doubled / 2 + self.jitter(tries, doubled / 2))
    }

    /// Between nothing and `most`, so that many clients do not come back at once.
    fn jitter(&self, tries: u32, most: Duration) -> Duration {
        let spread = self.random.hash_one((tries, std::time::Instant::now())) % 1000;
        most.mul_f64(f64::from(u32::try_from(spread).unwrap_or_default()) / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;

    fn error(after: Option<u64>) -> ServerError {
        let kind = ErrorKind::Retry {
            after: after.map(Duration::from_secs),
        };
        ServerError::new(kind, "a server", "")
    }

    #[test]
    fn only_what_cannot_do_harm_is_repeated() {
        let backoff = Backoff::default();
        for (verdict, repeat, expected) in [
            (Verdict::NotDone, Repeat::Never, true),
            (Verdict::Busy, Repeat::Never, true),
            (Verdict::PossiblyDone, Repeat::Never, false),
            (Verdict::PossiblyDone, Repeat::Harmless, true),
            (Verdict::PossiblyDone, Repeat::Freely, true),
            (Verdict::Refused, Repeat::Freely, false),
        ] {
            let pause = backoff.pause(verdict, repeat, 1, 4, &error(None));
            assert_eq!(pause.is_some(), expected, "{verdict:?} {repeat:?}");
        }
        assert_eq!(
            backoff.pause(Verdict::NotDone, Repeat::Freely, 5, 4, &error(None)),
            None
        );
        let busy =
            |tries, after| backoff.pause(Verdict::Busy, Repeat::Never, tries, 4, &error(after));
        assert!(busy(32, Some(1)).is_some() && busy(33, Some(1)).is_none());
        assert!(busy(12, None).is_some() && busy(13, None).is_none());
    }

    #[test]
    fn a_server_that_is_away_for_a_moment_is_waited_for_and_none_for_minutes() {
        let backoff = Backoff::default();
        let total = |verdict, error: &ServerError| -> Duration {
            (1..)
                .map_while(|tries| backoff.pause(verdict, Repeat::Freely, tries, 4, error))
                .sum()
        };
        let unavailable = error(None).at(Place {
            method: "GET",
            path: "/things".to_owned(),
            status: Some(503),
        });
        let seconds = |from, to| Duration::from_secs(from)..Duration::from_secs(to);
        let away = total(Verdict::PossiblyDone, &unavailable);
        assert!(seconds(20, 60).contains(&away), "{away:?}");
        let busy = total(Verdict::Busy, &error(None));
        assert!(seconds(50, 110).contains(&busy), "{busy:?}");
    }

    #[test]
    fn pauses_grow_and_the_servers_wish_counts_within_reason() {
        let backoff = Backoff::default();
        let pause = |tries, after| {
            backoff.pause(Verdict::NotDone, Repeat::Freely, tries, 100, &error(after))
        };
        assert!(pause(1, None).unwrap() <= Duration::from_millis(250));
        assert!(pause(5, None).unwrap() >= Duration::from_secs(2));
        assert!(pause(90, None).unwrap() <= Duration::from_secs(15));
        assert!(pause(1, Some(7)).unwrap() >= Duration::from_secs(7));
        assert_eq!(pause(1, Some(3600)), None);
    }

    #[test]
    fn a_pause_is_read_as_seconds_or_as_a_date() {
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        for (text, expected) in [
            ("3", Some(3)),
            ("Sun, 22 Nov 2026 10:00:05 GMT", Some(5)),
            ("Sun, 22 Nov 2026 09:00:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, text.parse().unwrap());
            assert_eq!(
                retry_after(&headers, now),
                expected.map(Duration::from_secs),
                "{text}"
            );
        }
    }
}
