//! Looks at the work and at the memory that an input takes of a target.

use std::cell::Cell;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::Thread;
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use parking_lot::Mutex;

use crate::MEMORY;

/// Of the processor, which is the same on a busy machine: more than any small input takes without optimisation, by far.
const LONGEST: Duration = Duration::from_secs(10);
/// What an input may make us allocate at once, in bytes.
const MOST_MEMORY: usize = 64 * 1024 * 1024;
/// Where the whole process is ended.
const FAR_TOO_LONG: Duration = Duration::from_secs(120);
const FAR_TOO_MUCH_MEMORY: usize = 2 * 1024 * 1024 * 1024;

/// Watches one target. What never returns cannot be reported from within, so a thread of its own ends the process then.
pub(crate) struct Watch {
    target: &'static str,
    current: Arc<Mutex<Current>>,
    worst: Cell<(Duration, usize)>,
    thread: Thread,
}

enum Current {
    Nothing,
    Input(Instant, Vec<u8>),
    Over,
}

impl Watch {
    pub(crate) fn start(target: &'static str) -> Self {
        let current = Arc::new(Mutex::new(Current::Nothing));
        let watched = Arc::clone(&current);
        let thread = std::thread::spawn(move || {
            loop {
                std::thread::park_timeout(Duration::from_millis(100));
                let current = watched.lock();
                match &*current {
                    Current::Nothing => {}
                    Current::Over => return,
                    Current::Input(start, input) => {
                        if start.elapsed() > FAR_TOO_LONG
                            || MEMORY.current_usage() > FAR_TOO_MUCH_MEMORY
                        {
                            end_everything(target, input);
                        }
                    }
                }
            }
        });
        Self {
            target,
            current,
            worst: Cell::default(),
            thread: thread.thread().clone(),
        }
    }

    /// Does the work, and complains if it took too long or too much.
    pub(crate) fn over(
        &self,
        input: &[u8],
        work: impl FnOnce() -> Result<(), String>,
    ) -> Result<(), String> {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        *self.current.lock() = Current::Input(Instant::now(), input.to_vec());
        let start = time_used();
        let outcome = work();
        *self.current.lock() = Current::Nothing;
        let time = time_used().saturating_sub(start);
        let memory = MEMORY.peak_usage().saturating_sub(before);
        let worst = self.worst.get();
        self.worst.set((worst.0.max(time), worst.1.max(memory)));
        outcome?;
        if time > LONGEST {
            return Err(format!("took {time:?}"));
        }
        if memory > MOST_MEMORY {
            return Err(format!("took {} MiB", memory >> 20));
        }
        Ok(())
    }

    /// Writes an input where people look for it.
    pub(crate) fn keep(&self, input: &[u8]) -> PathBuf {
        keep(self.target, input)
    }

    /// Says what was done, to whoever asks with `--nocapture`.
    #[expect(
        clippy::print_stderr,
        reason = "shown by the test harness if asked for"
    )]
    pub(crate) fn report(&self, seeds: usize, executions: u32) {
        let (time, memory) = self.worst.get();
        eprintln!(
            "{}: {seeds} seeds, {executions} spoiled inputs; at worst {} ms and {} KiB",
            self.target,
            time.as_millis(),
            memory >> 10
        );
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        *self.current.lock() = Current::Over;
        self.thread.unpark();
    }
}

/// Of the processor, by this thread.
fn time_used() -> Duration {
    #[cfg(target_os = "linux")]
    const WHO: UsageWho = UsageWho::RUSAGE_THREAD;
    #[cfg(not(target_os = "linux"))]
    const WHO: UsageWho = UsageWho::RUSAGE_SELF;
    let used = getrusage(WHO).unwrap();
    let both = used.user_time() + used.system_time();
    Duration::from_micros(both.num_microseconds().unsigned_abs())
}

fn end_everything(target: &str, input: &[u8]) -> ! {
    let file = keep(target, input);
    let text = format!(
        "{target}: without end, or without measure; the input is in {}\n",
        file.display()
    );
    let _ = std::io::stderr().write_all(text.as_bytes());
    std::process::exit(1);
}

fn keep(target: &str, input: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("../fuzz")
        .join(target);
    std::fs::create_dir_all(&folder).unwrap();
    let name = input.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let file = folder.join(format!("{name:016x}"));
    std::fs::write(&file, input).unwrap();
    file
}
