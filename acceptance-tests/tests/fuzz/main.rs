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
mod random;
mod run;
mod targets;
mod watch;

use peak_alloc::PeakAlloc;

/// Counts what an input makes us allocate.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

macro_rules! targets {
    ($($name:ident,)*) => {
        $(#[test]
        fn $name() {
            run::bounded(&targets::$name());
        })*

        #[test]
        fn every_target_is_run() {
            let run = [$(stringify!($name)),*];
            let all: Vec<&str> = targets::all().iter().map(|target| target.name).collect();
            assert_eq!(run.as_slice(), all);
        }
    };
}

targets! {
    terraform_files,
    json_files,
    own_documents,
    variable_files,
    expressions,
    templates,
    times,
    policies,
    saved_plans,
    terraform_plans,
    wire_values,
    stored_states,
    provider_calls,
    server_answers,
}
