//! What a refresh of many objects costs, with reads that coalesce and with one call for each: calls and time, on every server, at 0
//! and 20 ms of latency; and a few among a hundred thousand that others made. `cargo bench -p lanyard-acceptance-tests --bench
//! coalescing` prints two tables; a server's name as an argument leaves out the others.
//!
//! Terraform is not in it: as in its refresh, ten readers ask for one object after the other.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench reports to whoever runs it"
)]

mod estate;
mod refresh;

use std::process::ExitCode;
use std::time::Duration;

use estate::Estate;
use lanyard_token_server::Api;
use refresh::{Cost, Reading};

const COUNTS: [usize; 4] = [10, 100, 1000, 5000];
const LATENCIES: [Duration; 2] = [Duration::ZERO, Duration::from_millis(20)];
const FOREIGN: usize = 100_000;
/// Where the answer to each read is the whole list, so many reads by themselves would take hours.
const MOST_WHOLE_LISTS: usize = 100;

fn main() -> ExitCode {
    // Cargo passes `--bench`.
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let chosen: Vec<Api> = Api::ALL
        .iter()
        .copied()
        .filter(|api| words.is_empty() || words.iter().any(|word| word == api.name()))
        .collect();
    match refreshes(&chosen).and_then(|()| foreign(&chosen)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn refreshes(chosen: &[Api]) -> Result<(), String> {
    println!("| server | objects | latency | coalesced | one by one |\n|---|---|---|---|---|");
    for api in chosen {
        let mut estate = Estate::new(*api)?;
        estate.grow_to(COUNTS[COUNTS.len() - 1])?;
        for count in COUNTS {
            for latency in LATENCIES {
                let coalesced = refresh::cost(&estate, count, latency, Reading::Coalesced)?;
                let singly = (!estate.reads_whole_lists() || count <= MOST_WHOLE_LISTS)
                    .then(|| refresh::cost(&estate, count, latency, Reading::Singly))
                    .transpose()?;
                println!(
                    "| {api} | {count} {} | {} ms | {coalesced} | {} |",
                    estate.what(),
                    latency.as_millis(),
                    singly.map_or_else(|| "not measured".to_owned(), |cost| cost.to_string()),
                );
            }
        }
    }
    Ok(())
}

fn foreign(chosen: &[Api]) -> Result<(), String> {
    println!("\n| server | of ours | foreign | coalesced | one by one |\n|---|---|---|---|---|");
    for api in chosen {
        let mut estate = Estate::new(*api)?;
        estate.grow_to(10)?;
        estate.surround(FOREIGN)?;
        for count in [1, 10] {
            let cost = |reading| refresh::cost(&estate, count, Duration::ZERO, reading);
            let (coalesced, singly): (Cost, Cost) =
                (cost(Reading::Coalesced)?, cost(Reading::Singly)?);
            println!("| {api} | {count} | {FOREIGN} | {coalesced} | {singly} |");
        }
    }
    Ok(())
}
