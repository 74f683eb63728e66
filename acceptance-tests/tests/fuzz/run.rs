//! One bounded run of a target: what broke before, the seeds as they are, then spoiled ones.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::mutation::{random, spoil};
use crate::targets::Target;
use crate::watch::Watch;

/// Memory is counted for the whole process.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Runs the target so often, or as long as `LANYARD_FUZZ_SECONDS` says.
pub(crate) fn bounded(target: &Target, times: u32) {
    let _alone = ONE_AT_A_TIME.lock();
    let watch = Watch::start(target.name);
    let seeds = (target.seeds)();
    assert!(!seeds.is_empty(), "{} has no seeds", target.name);
    for input in found_before(target.name).iter().chain(&seeds) {
        execute(target, input, &watch);
    }
    let mut random = random(target.name, number("LANYARD_FUZZ_SEED").unwrap_or_default());
    let start = Instant::now();
    let seconds = number("LANYARD_FUZZ_SECONDS").map(Duration::from_secs);
    let mut executions = 0;
    while seconds.map_or(executions < times, |seconds| start.elapsed() < seconds) {
        let (seed, other) = (random.below(seeds.len()), random.below(seeds.len()));
        let input = spoil(&seeds[seed], &seeds[other], target.words, &mut random);
        execute(target, &input, &watch);
        executions += 1;
    }
    watch.report(seeds.len(), executions);
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Inputs that broke a promise once.
fn found_before(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzz/findings")
        .join(target);
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .map(|file| std::fs::read(file).unwrap())
        .collect()
}

fn execute(target: &Target, input: &[u8], watch: &Watch) {
    let Err(problem) = attempt(target, input, watch) else {
        return;
    };
    let smallest = quietly(|| cut_down(target, input, watch));
    let file = watch.keep(&smallest);
    panic!(
        "{}: {problem}\nkept in {}:\n{}",
        target.name,
        file.display(),
        String::from_utf8_lossy(&smallest)
    );
}

/// Does something whose panics are no news.
fn quietly<T>(work: impl FnOnce() -> T) -> T {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let outcome = work();
    std::panic::set_hook(told);
    outcome
}

/// What is wrong with how an input is taken.
fn attempt(target: &Target, input: &[u8], watch: &Watch) -> Result<(), String> {
    watch.over(input, || {
        catch_unwind(AssertUnwindSafe(|| (target.check)(input))).map_err(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            format!("panicked: {}", text.unwrap_or("?"))
        })
    })
}

/// Leaves out whatever can be left out while something is still wrong.
fn cut_down(target: &Target, input: &[u8], watch: &Watch) -> Vec<u8> {
    let patience = Instant::now();
    let mut smallest = input.to_vec();
    let mut size = smallest.len() / 2;
    while size > 0 && patience.elapsed() < Duration::from_secs(60) {
        let mut start = 0;
        while start < smallest.len() {
            let mut shorter = smallest.clone();
            shorter.drain(start..(start + size).min(smallest.len()));
            if attempt(target, &shorter, watch).is_err() {
                smallest = shorter;
            } else {
                start += size;
            }
        }
        size /= 2;
    }
    smallest
}
