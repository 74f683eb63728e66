//! Spans of time as people say them: the largest unit that counts, no more.

use jiff::{SignedDuration, Timestamp};

/// How long ago, or how far ahead: `5m`, `36h`, `90d`.
pub(crate) fn span(duration: SignedDuration) -> String {
    let seconds = duration.as_secs().unsigned_abs();
    match seconds {
        0..60 => format!("{seconds}s"),
        60..7_200 => format!("{}m", seconds / 60),
        7_200..172_800 => format!("{}h", seconds / 3_600),
        172_800..63_072_000 => format!("{}d", seconds / 86_400),
        _ => format!("{}y", seconds / 31_536_000),
    }
}

/// `in 12d`, or `3h ago`.
pub(crate) fn relative(time: Timestamp, now: Timestamp) -> String {
    let apart = time.duration_since(now);
    if apart.is_negative() {
        format!("{} ago", span(apart))
    } else {
        format!("in {}", span(apart))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_unit_that_counts() {
        for (seconds, expected) in [
            (0, "0s"),
            (59, "59s"),
            (3_599, "59m"),
            (7_200, "2h"),
            (86_400, "24h"),
            (14 * 86_400, "14d"),
            (800 * 86_400, "2y"),
            (-90, "1m"),
        ] {
            assert_eq!(span(SignedDuration::from_secs(seconds)), expected);
        }
        let now: Timestamp = "2026-01-02T00:00:00Z".parse().unwrap();
        assert_eq!(
            relative("2026-01-14T00:00:00Z".parse().unwrap(), now),
            "in 12d"
        );
        assert_eq!(
            relative("2026-01-01T21:00:00Z".parse().unwrap(), now),
            "3h ago"
        );
    }
}
