//! What one command used: wall time, CPU and peak memory. The bench starts itself a second time, and that process starts the command
//! and nothing else, so that what its children used is what the command used, with all that the command started.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

/// The first word of the second process; then come seconds of patience and the command.
pub(crate) const MEASURED: &str = "--measured";
/// What the second process exits with when the command took too long.
const TOO_LONG: u8 = 75;
/// How long an interrupted command may take to end.
const FAREWELL: Duration = Duration::from_secs(20);

/// What a command used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Used {
    pub(crate) wall_seconds: f64,
    pub(crate) cpu_seconds: f64,
    /// Of the largest process.
    pub(crate) peak_mebibytes: f64,
}

impl Used {
    /// The smaller of each figure.
    pub(crate) fn least(self, other: Self) -> Self {
        Self {
            wall_seconds: self.wall_seconds.min(other.wall_seconds),
            cpu_seconds: self.cpu_seconds.min(other.cpu_seconds),
            peak_mebibytes: self.peak_mebibytes.min(other.peak_mebibytes),
        }
    }
}

/// The fastest of some rounds; `None` if one took longer than `patience`.
pub(crate) fn fastest(
    rounds: usize,
    patience: Duration,
    mut command: impl FnMut() -> Command,
) -> Result<Option<Used>, String> {
    let mut best: Option<Used> = None;
    for _ in 0..rounds {
        let Some(used) = once(patience, &command())? else {
            return Ok(None);
        };
        if best.is_none_or(|best| used.wall_seconds < best.wall_seconds) {
            best = Some(used);
        }
    }
    Ok(best)
}

/// Runs a command, which must end with 0, and says what it used; `None` if it took longer than `patience`.
pub(crate) fn once(patience: Duration, command: &Command) -> Result<Option<Used>, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut measured = Command::new(own);
    measured
        .arg(MEASURED)
        .arg(patience.as_secs().to_string())
        .arg(command.get_program())
        .args(command.get_args())
        .stdin(Stdio::null());
    if let Some(folder) = command.get_current_dir() {
        measured.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => measured.env(name, value),
            None => measured.env_remove(name),
        };
    }
    let output = measured.output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(i32::from(TOO_LONG)) {
        return Ok(None);
    }
    let numbers: Vec<f64> = said
        .lines()
        .last()
        .unwrap_or_default()
        .split(' ')
        .filter_map(|number| number.parse().ok())
        .collect();
    match (output.status.success(), numbers.as_slice()) {
        (true, [wall_seconds, cpu_seconds, peak_mebibytes]) => Ok(Some(Used {
            wall_seconds: *wall_seconds,
            cpu_seconds: *cpu_seconds,
            peak_mebibytes: *peak_mebibytes,
        })),
        _ => Err(format!("{command:?} ended with {}:\n{said}", output.status)),
    }
}

/// The second process: runs the command and says what it used on the last line of stderr.
#[expect(clippy::print_stderr, reason = "the first process reads it")]
pub(crate) fn run(words: &[OsString]) -> ExitCode {
    let [patience, program, arguments @ ..] = words else {
        return ExitCode::FAILURE;
    };
    let patience = patience.to_string_lossy().parse().unwrap_or_default();
    let began = Instant::now();
    let status = wait(
        Command::new(Path::new(program))
            .args(arguments)
            .stdout(Stdio::null()),
        Duration::from_secs(patience),
    );
    let wall = began.elapsed().as_secs_f64();
    let used = getrusage(UsageWho::RUSAGE_CHILDREN);
    match (status, used) {
        (Ok(Some(true)), Ok(used)) => {
            let cpu = used.user_time().num_microseconds() + used.system_time().num_microseconds();
            let peak = used.max_rss() as f64 / 1024.0;
            eprintln!("\n{wall} {} {peak}", cpu as f64 / 1e6);
            ExitCode::SUCCESS
        }
        (Ok(None), _) => ExitCode::from(TOO_LONG),
        (Ok(Some(false)), _) => ExitCode::FAILURE,
        (Err(error), _) => {
            eprintln!("{} cannot be started: {error}", program.display());
            ExitCode::FAILURE
        }
        (_, Err(error)) => {
            eprintln!("what it used is not known: {error}");
            ExitCode::FAILURE
        }
    }
}

/// True if it succeeded; `None` if it had to be killed.
fn wait(command: &mut Command, patience: Duration) -> std::io::Result<Option<bool>> {
    let mut child = command.spawn()?;
    let (ended, end) = std::sync::mpsc::channel::<()>();
    let id = child.id().to_string();
    let watch = std::thread::spawn(move || {
        let is_late = |patience| end.recv_timeout(patience) == Err(RecvTimeoutError::Timeout);
        // Terraform ends its providers when it is interrupted, and cannot when it is killed.
        let late = is_late(patience) && signal("-INT", &id);
        if late && is_late(FAREWELL) {
            signal("-KILL", &id);
        }
        late
    });
    let status = child.wait()?;
    drop(ended);
    let killed = watch.join().unwrap_or_default();
    Ok((!killed).then(|| status.success()))
}

fn signal(signal: &str, id: &str) -> bool {
    Command::new("kill").args([signal, id]).status().is_ok()
}
