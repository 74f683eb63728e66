//! Standing in for the provider: passes everything through, and notes what the real one used.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

/// Path of the real provider; set, it makes this program the stand-in.
pub(crate) const REAL_PROVIDER: &str = "LANYARD_BENCH_REAL_PROVIDER";
/// File that a line is added to at each end: CPU in milliseconds, peak memory in KiB.
pub(crate) const LOG: &str = "LANYARD_BENCH_LOG";

/// What all provider processes of one command used.
#[derive(Default)]
pub(crate) struct Used {
    pub(crate) processes: usize,
    pub(crate) cpu_milliseconds: f64,
    pub(crate) peak_kibibytes: f64,
}

pub(crate) fn run(real: &Path) -> ExitCode {
    let status = Command::new(real)
        .args(std::env::args_os().skip(1))
        .env_remove(REAL_PROVIDER)
        .status();
    if let Some(log) = std::env::var_os(LOG)
        && let Ok(used) = getrusage(UsageWho::RUSAGE_CHILDREN)
        && let Ok(mut log) = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(log)
    {
        let cpu = used.user_time().num_microseconds() + used.system_time().num_microseconds();
        // Losing a line would show as one process less.
        let _ = writeln!(log, "{} {}", cpu as f64 / 1e3, used.max_rss());
    }
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) | Err(_) => ExitCode::FAILURE,
    }
}

pub(crate) fn read(log: &Path) -> Used {
    let mut used = Used::default();
    for line in std::fs::read_to_string(log).unwrap_or_default().lines() {
        let mut numbers = line
            .split(' ')
            .filter_map(|number| number.parse::<f64>().ok());
        if let (Some(cpu), Some(peak)) = (numbers.next(), numbers.next()) {
            used.processes += 1;
            used.cpu_milliseconds += cpu;
            used.peak_kibibytes = used.peak_kibibytes.max(peak);
        }
    }
    used
}
