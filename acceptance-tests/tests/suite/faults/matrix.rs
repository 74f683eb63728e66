//! The trial of every cell, several side by side.

use futures_util::{StreamExt as _, stream};

use super::report::{self, Cell};
use super::table::{OPERATIONS, TROUBLES};
use super::world::World;
use crate::support::console::note;

/// Cells under way at once; most of their time is waiting.
const AT_ONCE: usize = 24;

#[test]
fn no_fault_leaves_an_orphan_or_loses_a_secret() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be built");
    let cells = runtime.block_on(try_everything());
    let bad: Vec<String> = cells
        .iter()
        .filter(|cell| !cell.is_good())
        .map(|cell| {
            format!(
                "{} / {} / {} / {:?}: {:?}",
                cell.operation, cell.call, cell.title, cell.span, cell.outcome
            )
        })
        .collect();
    note(&report::counts(&cells));
    assert!(
        bad.is_empty(),
        "{} of {} cells end badly:\n{}",
        bad.len(),
        cells.len(),
        bad.join("\n")
    );
    report::write(&cells);
}

async fn try_everything() -> Vec<Cell> {
    let mut trials = Vec::new();
    for operation in OPERATIONS {
        let calls = World::before(operation).await.calls().await;
        for (number, call) in calls.iter().enumerate() {
            for (trouble, title) in TROUBLES {
                for span in trouble.spans() {
                    let cell = Cell {
                        operation: operation.name,
                        number,
                        call: call.clone(),
                        trouble: *trouble,
                        title,
                        span: *span,
                        outcome: Default::default(),
                    };
                    trials.push((operation, cell));
                }
            }
        }
    }
    stream::iter(trials)
        .map(|(operation, mut cell)| async move {
            let (number, trouble, span) = (cell.number, cell.trouble, cell.span);
            let trial = tokio::spawn(async move {
                World::before(operation)
                    .await
                    .survive(number, trouble, span)
                    .await
            });
            match trial.await {
                Ok(outcome) => cell.outcome = outcome,
                // What the stand-in for Terraform demands by panicking; it has said what.
                Err(error) => cell.outcome.problems.push(error.to_string()),
            }
            cell
        })
        .buffered(AT_ONCE)
        .collect()
        .await
}
