//! What long work is doing right now, on one line of the terminal. Silent where nobody watches, and when it is over soon.

use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::console::Console;

/// Work that is over sooner needs no progress.
const PATIENCE: Duration = Duration::from_millis(400);
/// The line changes no more often.
const PACE: Duration = Duration::from_millis(80);

/// A line that says what is going on, until it is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    watched: bool,
    started: Instant,
    drawn: Option<Instant>,
}

impl Progress {
    pub(crate) fn start(console: &Console) -> Self {
        Self {
            watched: console.is_watched(),
            started: Instant::now(),
            drawn: None,
        }
    }

    /// Shows what is being done, if it is time to.
    pub(crate) fn update(&mut self, what: &str) {
        let due = self.drawn.is_none_or(|drawn| drawn.elapsed() >= PACE);
        if !self.watched || !due || self.started.elapsed() < PATIENCE {
            return;
        }
        self.drawn = Some(Instant::now());
        let mut stream = std::io::stderr().lock();
        // Progress that cannot be drawn is not worth a word.
        let _ = write!(stream, "\r\u{1b}[2K{what} ").and_then(|()| stream.flush());
    }

    /// Takes the line away, so that others may write.
    pub(crate) fn clear(&mut self) {
        if self.drawn.take().is_some() {
            let mut stream = std::io::stderr().lock();
            let _ = write!(stream, "\r\u{1b}[2K").and_then(|()| stream.flush());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
