//! `lanyard apply`, killed while it runs, at any moment, on every server: what the next applies make of it. Twenty-four kills here;
//! `LANYARD_KILLS=300` makes it as many.

mod estate;
mod sink;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::story::Story;
use crate::support::console::note;
use crate::support::hand::Hand;
use estate::{Estate, estates};
use sink::Sink;

/// Changes, and kills, that one story goes through.
const ROUNDS: usize = 6;
/// In this time everything is due that can be.
const UNTIL_DUE: u64 = 20 * 86_400;

#[test]
fn a_kill_at_any_moment_loses_no_secret() {
    let kills = number("LANYARD_KILLS", 24);
    let mut chance = Chance(0x5eed);
    let mut reached = BTreeMap::<String, usize>::new();
    let mut stories = 0;
    let estates = estates();
    while total(&reached) < kills {
        let estate = &estates[stories % estates.len()];
        let sink = Sink::ALL[stories / estates.len() % Sink::ALL.len()];
        Life::begin(estate, sink).be_killed(&mut chance, &mut reached, kills);
        stories += 1;
    }
    note(&format!(
        "{} kills of a running apply in {stories} stories, secrets lost: 0; they came {reached:#?}",
        total(&reached)
    ));
}

fn total(reached: &BTreeMap<String, usize>) -> usize {
    reached.values().sum()
}

/// A folder whose secrets grow in number, and come due.
struct Life<'a> {
    estate: &'a Estate,
    sink: Sink,
    story: Story,
    hand: Hand,
    /// Secrets that are configured.
    count: usize,
    /// How long an apply takes that nobody kills.
    whole: Duration,
}

impl<'a> Life<'a> {
    fn begin(estate: &'a Estate, sink: Sink) -> Self {
        let story = Story::on(estate.api, "");
        let mut life = Self {
            estate,
            sink,
            hand: Hand::on(&story.server),
            story,
            count: 0,
            whole: Duration::ZERO,
        };
        life.grow();
        life.apply_until_done("the first apply");
        life
    }

    fn grow(&mut self) {
        self.count += 2;
        let configuration = self.estate.configuration(self.count, self.sink);
        self.story.configure(&configuration);
    }

    fn be_killed(
        &mut self,
        chance: &mut Chance,
        reached: &mut BTreeMap<String, usize>,
        most: usize,
    ) {
        for round in 0..ROUNDS {
            if total(reached) >= most {
                return;
            }
            let what = if round % 2 == 1 && self.estate.comes_due {
                self.story.advance_clock(UNTIL_DUE);
                "a rotation"
            } else {
                self.grow();
                "a creation"
            };
            // What makes the kill good is killed as well, now and then.
            for attempt in 0..3 {
                if let Some(how_far) = self.kill(chance) {
                    let again = if attempt == 0 { "" } else { ", again" };
                    *reached
                        .entry(format!("at {what}{again}, {how_far}"))
                        .or_default() += 1;
                }
                if chance.below(3) > 0 {
                    break;
                }
            }
            let Estate { api, .. } = self.estate;
            self.apply_until_done(&format!("{api}, {:?}, round {round}, {what}", self.sink));
        }
    }

    /// Starts an apply and kills it while it runs, and says how far it came; `None` if it was done before.
    fn kill(&mut self, chance: &mut Chance) -> Option<&'static str> {
        let apply = self.story.start(&self.sink.apply());
        let whole = u64::try_from(self.whole.as_micros()).unwrap_or(u64::MAX);
        let moment = Duration::from_micros(chance.below(whole));
        let begun = Instant::now();
        while begun.elapsed() < moment {
            std::thread::yield_now();
        }
        let was_running = apply.kill();
        let how_far = self.how_far();
        was_running.then_some(how_far)
    }

    /// A server may still be at the write of an apply that is gone: then, and only then, the next one may fail, and say so.
    fn apply_until_done(&mut self, when: &str) {
        let mut failed = Vec::new();
        let ended = loop {
            let begun = Instant::now();
            let ended = self.story.run(&self.sink.apply());
            if ended.code == Some(0) {
                self.whole = begun.elapsed();
                break ended;
            }
            failed.push(ended);
            assert!(failed.len() < 4, "{when}: no apply succeeds: {failed:#?}");
        };
        self.expect_every_secret_delivered(&format!("{when}: {failed:?} {ended}"));
        self.story.expect_nothing_to_do();
    }

    /// Of everything that is configured, the secret handed over last works.
    fn expect_every_secret_delivered(&self, when: &str) {
        for number in 0..self.count {
            let (address, id) = self.estate.named(number);
            let secret = self
                .sink
                .last(&self.story, &address)
                .unwrap_or_else(|| panic!("nothing was handed over of {address}: {when}"));
            assert!(
                self.hand.lets_in(&id, &secret),
                "the secret of {address} does not work: {when}"
            );
        }
    }

    fn how_far(&self) -> &'static str {
        let journal = self.story.read(".lanyard/journal.jsonl");
        let lines = |step: &str| journal.matches(&format!("\"step\":\"{step}\"")).count();
        match (journal.is_empty(), lines("begin"), lines("done")) {
            (true, _, _) => "before it opened its journal or after it closed it",
            (false, 0, _) => "before its first change",
            (false, begun, done) if begun > done => "while secrets were on their way",
            (false, _, _) => "between changes",
        }
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
