//! What the command costs as configurations grow: `lanyard validate`, `lanyard plan` against the reference server, before anything is
//! there and when all of it is, and beside them `terraform validate` and `terraform plan` of the same files, in the same run. `cargo
//! bench -p lanyard-acceptance-tests --bench compiler` prints a table; machines are noisy, so read the ratios. Other sizes can be
//! given as arguments. `-- beside RESOURCES /PATH/older/lanyard` holds the command against an older build of itself, and `-- applying
//! RESOURCES` its apply against the same requests alone. A second table is about `lanyard review` of plan files; `-- review` prints that one alone.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench reports to whoever runs it"
)]

mod applying;
mod beside;
mod estate;
mod measure;
mod review;
mod terraform;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use lanyard_token_server::{Api, Options, ReferenceServer};

use crate::measure::{Used, fastest, once};
use crate::terraform::{Terraform, with_server};

const SIZES: [usize; 4] = [100, 1_000, 10_000, 100_000];
/// Terraform's own work grows with the square of a `for_each`: beyond this, nobody waits for it.
const TERRAFORM_UP_TO: usize = 10_000;
/// How long any single command may take.
const PATIENCE: Duration = Duration::from_secs(300);
/// Beyond this, making everything once takes longer than all the rest.
const APPLY_UP_TO: usize = 10_000;
/// Making everything once, so that there is something to compare with.
const APPLY_PATIENCE: Duration = Duration::from_secs(1_800);

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    if let [first, rest @ ..] = words.as_slice()
        && first == measure::MEASURED
    {
        return measure::run(rest);
    }
    if let [first, rest @ ..] = words.as_slice()
        && first == applying::BARE
    {
        return ended(applying::bare(rest));
    }
    if let [first, file] = words.as_slice()
        && first == review::PARSED
    {
        return review::parse(Path::new(file));
    }
    // Cargo passes `--bench`.
    let words: Vec<OsString> = words.into_iter().filter(|word| word != "--bench").collect();
    if let [first, rest @ ..] = words.as_slice()
        && first == "beside"
    {
        let told = build("lanyard", "lanyard").and_then(|newer| beside::run(rest, &newer));
        return ended(told);
    }
    if let [first, rest @ ..] = words.as_slice()
        && first == "applying"
    {
        let told = build("lanyard", "lanyard").and_then(|lanyard| applying::run(rest, &lanyard));
        return ended(told);
    }
    let mut sizes: Vec<usize> = words
        .iter()
        .filter_map(|word| word.to_str()?.parse().ok())
        .collect();
    if sizes.is_empty() {
        sizes = SIZES.to_vec();
    }
    let only_review = words.iter().any(|word| word == "review");
    ended(compare(&sizes, only_review))
}

fn ended(told: Result<(), String>) -> ExitCode {
    match told {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn compare(sizes: &[usize], only_review: bool) -> Result<(), String> {
    let lanyard = build("lanyard", "lanyard")?;
    let plans = tempfile::tempdir().map_err(|error| error.to_string())?;
    if only_review {
        return review::compare(plans.path(), &lanyard);
    }
    let provider = build("terraform-provider-lanyard", "terraform-provider-lanyard")?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let terraform = Terraform::find(folder.path(), &provider)?;
    if terraform.is_none() {
        eprintln!("note: there is no terraform on the PATH, so nothing is compared");
    }
    println!(
        "Wall time (CPU, peak memory of the largest process). `plan` of nothing there creates everything; of all there it finds \
         nothing to do.\n"
    );
    println!(
        "| resources | `lanyard validate` | `lanyard plan`, nothing there | `lanyard plan`, all there | \
         `terraform validate` | `terraform plan`, nothing there | Terraform's plan to ours |"
    );
    println!("|---|---|---|---|---|---|---|");
    for size in sizes {
        let root = folder.path().join(size.to_string());
        println!("{}", row(&root, *size, &lanyard, terraform.as_ref())?);
    }
    review::compare(plans.path(), &lanyard)
}

fn row(
    folder: &Path,
    size: usize,
    lanyard: &Path,
    terraform: Option<&Terraform>,
) -> Result<String, String> {
    let resources = estate::write(folder, size).map_err(|error| error.to_string())?;
    let server =
        ReferenceServer::start(Options::new(Api::Native)).map_err(|error| error.to_string())?;
    let rounds = if size > 10_000 { 1 } else { 3 };
    let ours = |words: &[&str]| {
        let mut command = Command::new(lanyard);
        command.args(words).current_dir(folder);
        with_server(command, &server)
    };
    let validate = fastest(rounds, PATIENCE, || ours(&["validate", "--quiet"]))?;
    let plan = fastest(rounds, PATIENCE, || ours(&["plan", "--quiet"]))?;
    let (terraform_validate, terraform_plan) = match terraform {
        Some(terraform) if size <= TERRAFORM_UP_TO => {
            terraform.init(folder)?;
            let run = |words: &[&str]| with_server(terraform.command(folder, words), &server);
            (
                once(PATIENCE, &run(&["validate"]))?,
                once(PATIENCE, &run(&["plan"]))?,
            )
        }
        _ => (None, None),
    };
    let secrets = folder.join("secrets.jsonl");
    let apply = [
        "apply",
        "--quiet",
        "--yes",
        "--out-file",
        &secrets.to_string_lossy(),
    ];
    let again = if size <= APPLY_UP_TO {
        let applied = once(APPLY_PATIENCE, &ours(&apply))?;
        eprintln!(
            "note: `lanyard apply` of {resources} resources: {}",
            shown(applied)
        );
        fastest(rounds, PATIENCE, || {
            ours(&["plan", "--quiet", "--detailed-exitcode"])
        })?
    } else {
        None
    };
    let ratio = match (plan, terraform_plan) {
        (Some(ours), Some(theirs)) => format!("{:.0}", theirs.wall_seconds / ours.wall_seconds),
        _ => "–".to_owned(),
    };
    Ok(format!(
        "| {resources} | {} | {} | {} | {} | {} | {ratio} |",
        shown(validate),
        shown(plan),
        shown(again),
        shown(terraform_validate),
        shown(terraform_plan),
    ))
}

fn shown(used: Option<Used>) -> String {
    match used {
        Some(used) => format!(
            "{:.2} s ({:.2} s, {:.0} MiB)",
            used.wall_seconds, used.cpu_seconds, used.peak_mebibytes
        ),
        None => "–".to_owned(),
    }
}

fn build(package: &str, binary: &str) -> Result<PathBuf, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--release", "--package", package])
        .status()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    if !built.success() {
        return Err(format!(
            "{package} does not build; what cargo said stands above"
        ));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root, PathBuf::from);
    let built = target
        .join("release")
        .join(format!("{binary}{}", std::env::consts::EXE_SUFFIX));
    built
        .canonicalize()
        .map_err(|error| format!("{}: {error}", built.display()))
}
