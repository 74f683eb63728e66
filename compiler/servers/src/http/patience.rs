//! Long waits are told: whoever looks at a silent program takes it for one that hangs.

use std::sync::OnceLock;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use crate::error::ServerError;

type Listener = Box<dyn Fn(&str) + Send + Sync>;

static LISTENER: OnceLock<Listener> = OnceLock::new();

/// A wait that is over sooner is nobody's business.
const LONG: Duration = Duration::from_secs(5);
/// All requests to one server wait for the same reason: one of them says so, and again after so long.
const PACE: Duration = Duration::from_secs(15);

/// Has long waits told in so many words, beside the log. Said once; who says it again is not heard.
pub(crate) fn tell_waits(listener: impl Fn(&str) + Send + Sync + 'static) {
    // The first one stands: a process talks to one person.
    let _ = LISTENER.set(Box::new(listener));
}

/// When a wait for one server was told last.
#[derive(Default)]
pub(super) struct Patience(Mutex<Option<Instant>>);

impl Patience {
    /// Tells of a request that failed for a passing reason and is sent again after `pause`, having waited for so long already.
    pub(super) fn will_wait(&self, error: &ServerError, waited: Duration, pause: Duration) {
        if waited + pause < LONG || !self.is_time() {
            return;
        }
        let text = format!(
            "waiting: {error}. It is asked again in {} seconds; so far this took {}.",
            pause.as_secs().max(1),
            waited.as_secs()
        );
        tracing::warn!("{text}");
        if let Some(listener) = LISTENER.get() {
            listener(&text);
        }
    }

    fn is_time(&self) -> bool {
        let now = Instant::now();
        let mut told = self.0.lock();
        let is_time = told.is_none_or(|told| now.duration_since(told) >= PACE);
        if is_time {
            *told = Some(now);
        }
        is_time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_wait_is_told_by_one_for_all_and_again_after_a_while() {
        let patience = Patience::default();
        assert!(patience.is_time());
        assert!(!patience.is_time());
        tokio::time::advance(PACE).await;
        assert!(patience.is_time());
    }
}
