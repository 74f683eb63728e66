//! Years of scheduled applies, with everything that happens in between: edits, drift, lost answers, plans that were saved, imports.
//! Which of them happens when follows from the seed alone, and the time is the reference server's, which is moved.
//!
//! What has to hold, by number as violations name it:
//!
//! 1. An apply ends without an error unless a fault was injected; after one, the next apply does.
//! 2. The plan after an apply is empty, unless the apply warned that the next one rotates; then that one leaves nothing to do.
//! 3. Every secret that the state calls alive works.
//! 4. No secret changes without a higher `generation` and a reason, and `generation` never falls while the `id` stays.
//! 5. Nothing is on the server that no state knows: neither an account, nor a token, nor a retired secret.
//! 6. A secret that worked when it was rotated works on in its grace period, and no longer than `retired` knows of it.
//! 7. Both doors agree on which tokens are due, wherever the command can know it.
//! 8. What a review of the plan counts is what happens: so many objects made, changed, replaced, and secrets rotated.
//! 9. The command alone: an apply ends with 0 unless a fault was injected, the plan after it is empty, and every secret that it
//!    handed over last works.
//!
//! The suite runs a few weeks of it. `LANYARD_SIMULATION=YEARS` runs so many years on each server, and `LANYARD_SIMULATION=YEARS:SEED`
//! those that follow the seed.

mod checks;
mod command;
mod estate;
mod events;
mod random;
mod tally;
mod year;

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use lanyard_token_server::Api;

use tally::Tally;

const SERVERS: [Api; 6] = [
    Api::Native,
    Api::Chronosphere,
    Api::Elasticsearch,
    Api::OpenObserve,
    Api::Osmo,
    Api::Splunk,
];

/// How long, and from which seed on.
struct Extent {
    years: usize,
    days: i64,
    seed: u64,
}

impl Extent {
    fn asked_for() -> Self {
        let Ok(text) = std::env::var("LANYARD_SIMULATION") else {
            return Self {
                years: 1,
                days: 60,
                seed: 11,
            };
        };
        let (years, seed) = text.split_once(':').unwrap_or((&text, "1"));
        Self {
            years: years.parse().expect("LANYARD_SIMULATION is YEARS[:SEED]"),
            days: 365,
            seed: seed.parse().expect("LANYARD_SIMULATION is YEARS[:SEED]"),
        }
    }
}

#[tokio::test]
async fn years_of_scheduled_applies_by_the_provider() {
    let Extent { years, days, seed } = Extent::asked_for();
    let mut tally = Tally::default();
    for api in SERVERS {
        for seed in seed..seed + years as u64 {
            let year = AssertUnwindSafe(year::lived(api, seed, days)).catch_unwind();
            match year.await {
                Ok(lived) => tally.add(lived),
                Err(panic) => {
                    tally
                        .violations
                        .push(format!("{} seed {seed}: {}", api.name(), said(&*panic)));
                }
            }
        }
    }
    println!("by the provider: {tally}");
    assert!(tally.violations.is_empty(), "{tally}");
}

#[test]
fn years_of_scheduled_applies_by_the_command() {
    let Extent { years, days, seed } = Extent::asked_for();
    let mut tally = Tally::default();
    for api in SERVERS {
        for seed in seed..seed + years as u64 {
            let year = AssertUnwindSafe(|| command::lived(api, seed, days));
            match std::panic::catch_unwind(year) {
                Ok(lived) => tally.add(lived),
                Err(panic) => {
                    tally
                        .violations
                        .push(format!("{} seed {seed}: {}", api.name(), said(&*panic)));
                }
            }
        }
    }
    println!("by the command: {tally}");
    assert!(tally.violations.is_empty(), "{tally}");
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("panicked: {}", text.unwrap_or("without words"))
}
