//! Input made to hurt, at every door: configurations, plans, values on the wire and answers of servers are taken apart and put
//! together wrongly, thousands of times. Whatever arrives, there is no panic, the end comes soon, and memory stays bounded.
//!
//! Each run of the suite makes the same inputs, from a fixed seed. To look further:
//!
//! ```console
//! $ LANYARD_FUZZ_SECONDS=600 LANYARD_FUZZ_SEED=7 cargo test -p lanyard-acceptance-tests --test fuzz terraform_plans
//! ```
//!
//! An input that breaks a promise is cut down to what matters and written to `target/fuzz/`. Once mended, it moves to `findings/`,
//! where each run tries it first. `acceptance-tests/fuzz/run` gives the same targets to libFuzzer, which looks for inputs by the code
//! that they reach.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails where it stands"
)]

mod mutation;
#[path = "../suite/simulation/random.rs"]
mod random;
mod run;
mod targets;
mod watch;

use peak_alloc::PeakAlloc;

/// Counts what an input makes us allocate.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

macro_rules! targets {
    ($($name:ident: $executions:literal,)*) => {
        $(#[test]
        fn $name() {
            run::bounded(&targets::$name(), $executions);
        })*

        #[test]
        fn every_target_is_run() {
            let run = [$(stringify!($name)),*];
            let all: Vec<&str> = targets::all().iter().map(|target| target.name).collect();
            assert_eq!(run.as_slice(), all);
        }
    };
}

// How many spoiled inputs of each are tried.
targets! {
    terraform_files: 1500,
    json_files: 1500,
    own_documents: 1000,
    variable_files: 1000,
    expressions: 2500,
    templates: 1500,
    times: 20_000,
    policies: 5000,
    saved_plans: 4000,
    terraform_plans: 4000,
    wire_values: 8000,
    stored_states: 6000,
    provider_calls: 4000,
    server_answers: 1200,
}
