//! How many requests per second leave for one server.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Spaces requests evenly; without a limit it costs nothing.
pub(super) struct RateLimit {
    gap: Option<Duration>,
    next: Mutex<Option<Instant>>,
}

impl RateLimit {
    pub(super) fn new(requests_per_second: Option<u32>) -> Self {
        Self {
            gap: requests_per_second
                .filter(|limit| *limit > 0)
                .map(|limit| Duration::from_secs(1) / limit),
            next: Mutex::new(None),
        }
    }

    /// Returns when the next request may leave.
    pub(super) async fn wait(&self) {
        let Some(gap) = self.gap else {
            return;
        };
        let turn = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let turn = next.map_or(now, |next| next.max(now));
            *next = Some(turn + gap);
            turn
        };
        tokio::time::sleep_until(turn).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn ten_requests_at_five_per_second_take_nearly_two_seconds() {
        let limit = RateLimit::new(Some(5));
        let start = Instant::now();
        for _ in 0..10 {
            limit.wait().await;
        }
        let elapsed = start.elapsed();
        assert!(elapsed >= Duration::from_millis(1800), "{elapsed:?}");
        assert!(elapsed < Duration::from_millis(1900), "{elapsed:?}");
    }
}
