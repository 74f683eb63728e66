//! Writes run to their end: on a task of their own, which outlives the call that began it, and counted, so that the process
//! can wait for them.

use std::future::Future;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use tokio::sync::watch;

/// The writes in flight.
pub(super) struct Writes {
    running: watch::Sender<usize>,
    /// The process is to end: what has not begun would be cut off.
    is_closed: AtomicBool,
}

impl Default for Writes {
    fn default() -> Self {
        Self {
            running: watch::Sender::new(0),
            is_closed: AtomicBool::new(false),
        }
    }
}

impl Writes {
    /// Runs a write that begins something, unless nothing begins any more. If the caller goes away meanwhile, the write goes on.
    pub(super) async fn run<Work>(&self, work: Work) -> Result<Work::Output, Vec<Diagnostic>>
    where
        Work: Future<Output: Send> + Send + 'static,
    {
        Ok(Self::finish(self.begin()?, work).await)
    }

    /// Runs a write that ends something.
    pub(super) async fn run_last<Work>(&self, work: Work) -> Work::Output
    where
        Work: Future<Output: Send> + Send + 'static,
    {
        Self::finish(self.count(), work).await
    }

    async fn finish<Work>(counted: Counted, work: Work) -> Work::Output
    where
        Work: Future<Output: Send> + Send + 'static,
    {
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
    pub(super) fn begin(&self) -> Result<Counted, Vec<Diagnostic>> {
        if self.is_closed.load(Ordering::Relaxed) {
            let refused = Diagnostic::error(Code::Interrupted, "The run was interrupted")
                .detail("The provider was told to end before this was begun. Nothing was changed.");
            return Err(vec![refused]);
        }
        Ok(self.count())
    }

    fn count(&self) -> Counted {
        self.running.send_modify(|running| *running += 1);
        Counted(self.running.clone())
    }

    /// Lets nothing begin any more, and waits until no write is in flight.
    pub(super) async fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
        let mut running = self.running.subscribe();
        // It only fails once the sender is gone, and with it the writes.
        let _ = running.wait_for(|running| *running == 0).await;
    }
}

/// One write in flight.
pub(super) struct Counted(watch::Sender<usize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|running| *running -= 1);
    }
}
