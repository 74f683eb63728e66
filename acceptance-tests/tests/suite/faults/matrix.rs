//! The trial of every cell, several side by side.

use std::sync::Arc;

use futures_util::{StreamExt as _, stream};

use super::ground::Ground;
use super::grounds::{CHRONOSPHERE, ELASTICSEARCH, NATIVE, OPENOBSERVE, OSMO, SPLUNK};
use super::report::{self, Cell, Section};
use super::trouble::{Place, TROUBLES};
use super::world::World;
use crate::support::console::note;

/// In the order of the documentation.
const GROUNDS: [&Ground; 6] = [
    &NATIVE,
    &CHRONOSPHERE,
    &ELASTICSEARCH,
    &OPENOBSERVE,
    &OSMO,
    &SPLUNK,
];

/// Cells of one server under way at once; most of their time is waiting.
const AT_ONCE: usize = 48;

#[test]
fn no_fault_leaves_an_orphan_or_loses_a_secret_on_the_native_server() {
    no_fault_leaves_anything_behind(0);
}

#[test]
fn no_fault_leaves_an_orphan_or_loses_a_secret_on_chronosphere() {
    no_fault_leaves_anything_behind(1);
}

#[test]
fn no_fault_leaves_an_orphan_or_loses_a_secret_on_elasticsearch() {
    no_fault_leaves_anything_behind(2);
}

#[test]
fn no_fault_leaves_an_orphan_or_loses_a_secret_on_openobserve() {
    no_fault_leaves_anything_behind(3);
}

#[test]
fn no_fault_leaves_an_orphan_or_loses_a_secret_on_osmo() {
    no_fault_leaves_anything_behind(4);
}

#[test]
fn no_fault_leaves_an_orphan_or_loses_a_secret_on_splunk() {
    no_fault_leaves_anything_behind(5);
}

fn no_fault_leaves_anything_behind(number: usize) {
    let ground = GROUNDS[number];
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be built");
    let cells = runtime.block_on(try_everything(ground));
    let bad: Vec<String> = cells
        .iter()
        .filter(|cell| !cell.is_good())
        .map(|cell| {
            format!(
                "{} / {} {} / {} / {:?}: {:?}",
                cell.operation, cell.place.number, cell.call, cell.title, cell.span, cell.outcome
            )
        })
        .collect();
    let section = Section {
        title: ground.title,
        cells,
    };
    note(&format!("{}: {}", ground.title, section.counts()));
    assert!(
        bad.is_empty(),
        "{} of {} cells end badly:\n{}",
        bad.len(),
        section.cells.len(),
        bad.join("\n")
    );
    report::write(&section, &GROUNDS.map(|ground| ground.title));
}

async fn try_everything(ground: &'static Ground) -> Vec<Cell> {
    let watched: Vec<_> = stream::iter(ground.operations)
        .map(|operation| async move {
            let world = Arc::new(World::before(ground, operation).await);
            let calls = world.copy().calls().await;
            (world, calls)
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let mut trials = Vec::new();
    for (world, calls) in watched {
        for (place, call) in Place::of(&calls).into_iter().zip(&calls) {
            for (trouble, title) in TROUBLES {
                for span in trouble.spans(place) {
                    let cell = Cell {
                        operation: world.operation.name,
                        place,
                        call: call.clone(),
                        trouble: *trouble,
                        title,
                        span: *span,
                        outcome: Default::default(),
                    };
                    trials.push((Arc::clone(&world), cell));
                }
            }
        }
    }
    let mut tried: Vec<(usize, Cell)> = stream::iter(trials.into_iter().enumerate())
        .map(|(place, (world, mut cell))| async move {
            let (call, trouble, span) = (cell.place, cell.trouble, cell.span);
            let trial =
                tokio::spawn(async move { world.copy().survive(call, trouble, span).await });
            match trial.await {
                Ok(outcome) => cell.outcome = outcome,
                // What the stand-in for Terraform demands by panicking; it has said what.
                Err(error) => cell.outcome.problems.push(error.to_string()),
            }
            (place, cell)
        })
        // Some wait for time-outs and others do not: whoever is done makes room.
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    tried.sort_by_key(|(place, _)| *place);
    tried.into_iter().map(|(_, cell)| cell).collect()
}
