//! `lanyard apply`, killed at any moment, on every server whose secrets can be replaced: what the next applies make of it. Twenty
//! kills here; `LANYARD_KILLS=300` makes it as many.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::delivery::TOKENS;
use super::story::Story;
use crate::support::console::note;
use crate::support::hand::Hand;

const APPLY: &str = "apply --yes --out-file secrets.jsonl";

#[test]
fn a_kill_at_any_moment_loses_no_secret() {
    let kills = number("LANYARD_KILLS", 20);
    let mut chance = Chance(0x5eed);
    // How long a whole apply takes on this machine, in microseconds.
    let mut whole = 100_000;
    let mut reached = BTreeMap::<&str, usize>::new();
    for kill in 0..kills {
        let (api, configuration) = TOKENS[kill % TOKENS.len()];
        let story = Story::on(api, configuration);
        // From a kill before anything was read to one after everything was done.
        let apply = story.start(APPLY);
        let moment = Duration::from_micros(chance.below(whole));
        let begun = Instant::now();
        while begun.elapsed() < moment {
            std::thread::yield_now();
        }
        drop(apply);
        wait_for_the_lock(&story);
        *reached.entry(how_far(&story)).or_default() += 1;

        // A server may still be at the write of an apply that is gone: then, and only then, the next one may fail, and say so.
        let begun = Instant::now();
        let ended = (0..3)
            .map(|_| story.run(APPLY))
            .find(|ended| ended.code == Some(0))
            .unwrap_or_else(|| panic!("{api}, kill {kill}: no apply succeeds"));
        let took = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        whole = whole.max(took.min(3_000_000));
        expect_every_secret_delivered(&story, &format!("{api}, kill {kill}: {ended}"));
        story.expect_nothing_to_do();
    }
    note(&format!(
        "{kills} kills, secrets lost: 0; the kill came {reached:?}"
    ));
}

/// Of every token that is configured, the secret handed over last works.
fn expect_every_secret_delivered(story: &Story, when: &str) {
    let delivered = story.read("secrets.jsonl");
    // A line that a kill tore was never handed over.
    let mut lines = delivered
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let last = lines
        .rfind(|line: &Value| line["address"] == "lanyard_access_token.ci")
        .unwrap_or_else(|| panic!("nothing was handed over: {when}"));
    let text = |name: &str| last[name].as_str().unwrap_or_default();
    assert!(
        Hand::on(&story.server).lets_in(text("id"), text("token")),
        "the secret does not work: {when}"
    );
}

/// The lock of a killed process is free once the system has cleared it away.
fn wait_for_the_lock(story: &Story) {
    let Ok(lock) = std::fs::File::open(story.path(".lanyard/lock")) else {
        return;
    };
    lock.lock().expect("a lock can be waited for");
}

fn how_far(story: &Story) -> &'static str {
    let journal = story.read(".lanyard/journal.jsonl");
    let delivered = !story.read("secrets.jsonl").is_empty();
    match (journal.contains("\"begin\""), delivered) {
        (false, false) => "before any secret was issued",
        (true, false) => "while a secret was on its way",
        (true, true) => "after it was handed over",
        (false, true) => "at the end",
    }
}

pub(super) fn number(name: &str, default: usize) -> usize {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// Chance that can be had again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        // Knuth's multiplier; the high bits are the good ones.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}
