//! What long work is doing right now, on one line of the terminal; once, where a line cannot be taken back. Silent where nobody watches, and when it is over soon.

use std::io::Write as _;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};

use lanyard_compiler::plan::{Action, Change, order};

use crate::console::Console;

/// Work that is over sooner needs no progress.
const PATIENCE: Duration = Duration::from_millis(400);
const PACE: Duration = Duration::from_millis(200);

/// How far a long apply has come.
#[derive(Debug)]
pub(crate) struct Progress {
    started: Instant,
    done: usize,
    total: usize,
}

impl Progress {
    pub(crate) fn of(changes: &[Change]) -> Self {
        let total = changes
            .iter()
            .filter(|change| change.action != Action::NoOp);
        Self {
            started: Instant::now(),
            done: 0,
            total: total.count(),
        }
    }

    /// Counts one change more, and says how many of how many that is, where there are many.
    pub(crate) fn step(&mut self) -> String {
        self.done += 1;
        order::progress(self.done, self.total, self.started.elapsed().as_secs())
    }
}

/// Waits for `work`, and meanwhile shows what is being done and for how long.
pub(crate) async fn during<T>(console: &Console, what: &str, work: impl Future<Output = T>) -> T {
    if !console.is_watched() {
        return work.await;
    }
    let started = Instant::now();
    let mut pace = interval_at(started + PATIENCE, PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut drawn = false;
    let mut work = std::pin::pin!(work);
    if !console.can_redraw {
        tokio::select! {
            result = &mut work => return result,
            _ = pace.tick() => console.say(&format!("{what} …")),
        }
        return work.await;
    }
    loop {
        tokio::select! {
            result = &mut work => {
                if drawn {
                    draw("");
                }
                return result;
            }
            _ = pace.tick() => {
                drawn = true;
                draw(&format!("{what} … {}s ", started.elapsed().as_secs()));
            }
        }
    }
}

/// Replaces the line. Progress that cannot be drawn is not worth a word.
fn draw(text: &str) {
    let mut stream = std::io::stderr().lock();
    let _ = write!(stream, "\r\u{1b}[2K{text}").and_then(|()| stream.flush());
}
