//! A token bucket per credential: a burst of one second's worth, refilled evenly. It runs on the server's clock,
//! so a test that moves the clock has its budget back.

use std::collections::HashMap;

use jiff::Timestamp;
use parking_lot::Mutex;

/// More callers than these at once, and idle ones are forgotten.
const REMEMBERED: usize = 10_000;

pub(crate) struct RateLimit {
    per_second: u32,
    buckets: Mutex<HashMap<String, Bucket>>,
}

struct Bucket {
    /// In thousandths of a request, so that milliseconds refill it without rounding.
    filled: i64,
    at: Timestamp,
}

impl RateLimit {
    pub(crate) fn new(per_second: u32) -> Self {
        Self {
            per_second,
            buckets: Mutex::default(),
        }
    }

    /// Takes one request from the caller's budget; `Err` says after how many seconds to come again.
    pub(crate) fn take(&self, caller: &str, now: Timestamp) -> Result<(), u64> {
        let rate = i64::from(self.per_second);
        let full = rate * 1000;
        let mut buckets = self.buckets.lock();
        if buckets.len() >= REMEMBERED {
            buckets.retain(|_, bucket| now.as_millisecond() - bucket.at.as_millisecond() < 1000);
        }
        let bucket = buckets.entry(caller.to_owned()).or_insert(Bucket {
            filled: full,
            at: now,
        });
        let elapsed = now.as_millisecond() - bucket.at.as_millisecond();
        // A clock that was moved back refills nothing and does no harm.
        let refilled = elapsed.clamp(0, 1000) * rate;
        bucket.filled = (bucket.filled + refilled).min(full);
        bucket.at = now;
        if bucket.filled < 1000 {
            return Err(1);
        }
        bucket.filled -= 1000;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_one_second_passes_and_then_the_rate_holds() {
        let limit = RateLimit::new(2);
        let at = |milliseconds| Timestamp::from_millisecond(milliseconds).unwrap();
        assert_eq!(limit.take("a", at(0)), Ok(()));
        assert_eq!(limit.take("a", at(0)), Ok(()));
        assert_eq!(limit.take("a", at(0)), Err(1));
        assert_eq!(
            limit.take("b", at(0)),
            Ok(()),
            "callers have their own budget"
        );
        assert_eq!(limit.take("a", at(499)), Err(1));
        assert_eq!(limit.take("a", at(500)), Ok(()));
        assert_eq!(limit.take("a", at(500)), Err(1));
        assert_eq!(limit.take("a", at(60_000)), Ok(()));
        assert_eq!(limit.take("a", at(60_000)), Ok(()));
        assert_eq!(limit.take("a", at(60_000)), Err(1));
    }
}
