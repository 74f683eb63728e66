//! What the provider costs: start to handshake, size, and a plan that changes nothing, beside `terraform_data` for the same number of
//! resources in the same run. `cargo bench -p lanyard-acceptance-tests` prints a table; machines are noisy, so read the ratios.
//!
//! `cargo bench -p lanyard-acceptance-tests --bench provider -- costs` prints what each part of a schema costs Terraform itself.
//!
//! `… -- beside /PATH/terraform-provider-signalfx` compares with the vendor's Go provider; further paths are older builds of our own.
//!
//! Under Terraform this program also stands in for the provider: it starts the real one and notes what that used.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench reports to whoever runs it"
)]

mod beside;
mod costs;
mod handshake;
mod plan;
mod shim;
mod stub;
mod terraform;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Resources of the plan; another number as the first argument.
const RESOURCES: usize = 1000;
const STARTS: usize = 20;

fn main() -> ExitCode {
    if let Some(real) = std::env::var_os(shim::REAL_PROVIDER) {
        return shim::run(Path::new(&real));
    }
    if let Ok(shape) = std::env::var(costs::SHAPE) {
        return lanyard_provider::serve(|| stub::provider(stub::Shape::read(&shape)));
    }
    // Cargo passes `--bench`.
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut numbers = words.iter().filter_map(|word| word.parse().ok());
    let [count, rounds] = [numbers.next(), numbers.next()];
    let asks = |name: &str| words.iter().any(|word| word == name);
    let measured = if asks("costs") {
        let rounds = rounds.unwrap_or(costs::ROUNDS);
        costs::table(count.unwrap_or(costs::RESOURCES), rounds)
    } else if asks("beside") {
        let paths = words.iter().map(String::as_str);
        let others: Vec<&str> = paths.filter(|word| word.contains('/')).collect();
        let count = count.unwrap_or(beside::RESOURCES);
        let rounds = rounds.unwrap_or(beside::ROUNDS);
        build().and_then(|ours| beside::compare(&ours, &others, count, rounds))
    } else {
        measure(count.unwrap_or(RESOURCES))
    };
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn measure(count: usize) -> Result<(), String> {
    let provider = build()?;
    let size = std::fs::metadata(&provider)
        .map_err(|error| error.to_string())?
        .len();
    println!("| what | figure |\n|---|---|");
    println!(
        "| stripped release provider | {:.1} MB |",
        size as f64 / 1e6
    );
    for (name, certificate) in [("plain", false), ("with a client certificate", true)] {
        let mut starts = handshake::starts(&provider, certificate, STARTS)?;
        starts.sort_by(f64::total_cmp);
        let (median, best) = (starts[STARTS / 2], starts[0]);
        println!(
            "| start to handshake, {name} | median {median:.1} ms, best {best:.1} ms of {STARTS} |"
        );
    }
    plan::compare(&provider, count)
}

/// The provider as it is released, or the one that the environment names.
fn build() -> Result<PathBuf, String> {
    if let Some(built) = std::env::var_os("LANYARD_BENCH_PROVIDER") {
        return Ok(PathBuf::from(built));
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args([
            "build",
            "--release",
            "--package",
            "terraform-provider-lanyard",
        ])
        .status()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    if !built.success() {
        return Err("the provider does not build; what cargo said stands above".to_owned());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root, PathBuf::from);
    let name = format!("terraform-provider-lanyard{}", std::env::consts::EXE_SUFFIX);
    let provider = target.join("release").join(name);
    provider
        .canonicalize()
        .map_err(|error| format!("{}: {error}", provider.display()))
}
