//! Writes run to their end: on a task of their own, which outlives the call that began it, and counted, so that the process
//! can wait for them.

use std::future::Future;
use std::panic::resume_unwind;

use tokio::sync::watch;

/// The writes in flight.
pub(super) struct Writes(watch::Sender<usize>);

impl Default for Writes {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Writes {
    /// Runs a write. If the caller goes away meanwhile, the write goes on.
    pub(super) async fn run<Work>(&self, work: Work) -> Work::Output
    where
        Work: Future<Output: Send> + Send + 'static,
    {
        let counted = self.begin();
        let task = tokio::spawn(async move {
            let output = work.await;
            drop(counted);
            output
        });
        match task.await {
            Ok(output) => output,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                // The runtime is going down, and the caller with it.
                Err(_) => std::future::pending().await,
            },
        }
    }

    /// Counts a write until the guard is dropped.
    pub(super) fn begin(&self) -> Counted {
        self.0.send_modify(|running| *running += 1);
        Counted(self.0.clone())
    }

    /// Waits until no write is in flight.
    pub(super) async fn idle(&self) {
        // It only fails once the sender is gone, and with it the writes.
        let _ = self.0.subscribe().wait_for(|running| *running == 0).await;
    }
}

/// One write in flight.
pub(super) struct Counted(watch::Sender<usize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|running| *running -= 1);
    }
}
