//! When requests may leave for one server: no more per second than the settings say, and none while it asked for quiet.

use std::time::Duration;

use parking_lot::Mutex;
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
            let mut next = self.next.lock();
            let now = Instant::now();
            let turn = next.map_or(now, |next| next.max(now));
            *next = Some(turn + gap);
            turn
        };
        tokio::time::sleep_until(turn).await;
    }
}

/// A server that names a time to one request means all of them.
#[derive(Default)]
pub(super) struct Lull(Mutex<Option<Instant>>);

impl Lull {
    /// Nothing leaves for so long.
    pub(super) fn begin(&self, pause: Duration) {
        let end = Instant::now() + pause;
        let mut lull = self.0.lock();
        *lull = lull.map_or(Some(end), |earlier| Some(earlier.max(end)));
    }

    /// Returns when it is over.
    pub(super) async fn wait(&self) {
        loop {
            let end = *self.0.lock();
            match end {
                Some(end) if end > Instant::now() => tokio::time::sleep_until(end).await,
                _ => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn nobody_leaves_before_the_longest_pause_asked_for_is_over() {
        let lull = Lull::default();
        let start = Instant::now();
        lull.wait().await;
        assert_eq!(start.elapsed(), Duration::ZERO);
        lull.begin(Duration::from_secs(3));
        lull.begin(Duration::from_secs(1));
        lull.wait().await;
        assert!(start.elapsed() >= Duration::from_secs(3));
    }

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
