//! Writes finish: once begun, a sequence of writes runs on a task of its own, so that a cancelled request (Terraform was
//! interrupted) cannot leave half of it. Each sequence is bounded: a fixed number of calls, each with a time-out and a bounded
//! number of repetitions.
//! A process whose parent was killed is no caller that was interrupted: there, no further write begins.

use std::future::Future;

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use tokio::sync::watch;

use std::sync::LazyLock;

/// How many sequences are running in this process.
static RUNNING: LazyLock<watch::Sender<usize>> = LazyLock::new(|| watch::Sender::new(0));

/// Returns once no write is in flight; at once if none is. A process that is asked to stop waits for this, with a limit of its
/// own.
pub async fn in_flight() {
    let mut running = RUNNING.subscribe();
    // The sender is never dropped.
    let _ = running.wait_for(|count| *count == 0).await;
}

/// From now on, no request that writes begins in this process unless this is true; what is in flight may finish. For a process that
/// can outlive whoever asks.
pub fn write_only_while(attended: impl Fn() -> bool + Send + Sync + 'static) {
    crate::http::write_only_while(attended);
}

/// Runs to its end whatever happens to the caller.
pub(super) async fn detached<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Diagnostic> {
    RUNNING.send_modify(|count| *count += 1);
    let guard = Running;
    let task = tokio::spawn(async move {
        let _guard = guard;
        work.await
    });
    task.await.map_err(|error| {
        Diagnostic::error(Code::InternalError, "Lanyard failed in the middle of a change").detail(
            format!("This is a mistake in Lanyard; what was changed so far shows in the next plan ({error})."),
        )
    })
}

struct Running;

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.send_modify(|count| *count -= 1);
    }
}
