//! The same targets, with inputs that libFuzzer chooses by the code they reach. `acceptance-tests/fuzz/run` builds and runs it.

#![no_main]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails where it stands"
)]

mod mutation;
#[path = "../suite/simulation/random.rs"]
mod random;
mod targets;

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use targets::Target;

struct Fuzzed {
    target: Target,
    seeds: Vec<Vec<u8>>,
}

/// The target that `FUZZ_TARGET` names. Its seeds are written to the folder `FUZZ_SEEDS`, where libFuzzer finds them.
static FUZZED: LazyLock<Fuzzed> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").unwrap();
    let target = targets::all()
        .into_iter()
        .find(|target| target.name == name);
    let target = target.unwrap_or_else(|| panic!("there is no target {name}"));
    // Some targets need what their seeds were made with.
    let seeds = (target.seeds)();
    if let Some(folder) = std::env::var_os("FUZZ_SEEDS").map(PathBuf::from) {
        for (number, seed) in seeds.iter().enumerate() {
            std::fs::write(folder.join(number.to_string()), seed).unwrap();
        }
    }
    Fuzzed { target, seeds }
});

fuzz_target!(init: { LazyLock::force(&FUZZED); }, |input: &[u8]| (FUZZED.target.check)(input));

// Half of the time in the way of libFuzzer, which knows what the code compares its input with; half in ours, which keeps JSON JSON.
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut random = mutation::random(FUZZED.target.name, seed.into());
    if random.below(2) == 0 {
        return fuzzer_mutate(data, size, max_size);
    }
    let other = &FUZZED.seeds[random.below(FUZZED.seeds.len())];
    let mut spoiled = mutation::spoil(&data[..size], other, FUZZED.target.words, &mut random);
    spoiled.truncate(max_size);
    data[..spoiled.len()].copy_from_slice(&spoiled);
    spoiled.len()
});
