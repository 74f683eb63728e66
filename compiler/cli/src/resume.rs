//! After an apply that could not hand over every secret: says what is issued again, and keeps the journal true.

use lanyard_compiler::comparison::Comparison;
use lanyard_compiler::delivery::{Issuing, REASON, State};
use lanyard_compiler::diagnostic::{Code, Diagnostic};

use crate::console::Console;
use crate::execution::Report;
use crate::journal::Journal;

/// Tells what the plan issues again, and crosses out what nobody waits for any more.
pub(crate) fn go_on(
    comparison: &Comparison,
    journal: &mut Journal,
    console: &Console,
) -> Result<(), String> {
    for delivery in &comparison.deliveries {
        let open = &delivery.open;
        match &delivery.state {
            State::Reissued { address } => {
                journal.readdress(open, address)?;
                console.say(&format!("{address}: {REASON}; it is issued again."));
            }
            // What is tried again stays open: the first attempt may yet arrive.
            State::NotIssued if issues_again(comparison, &open.address) => {}
            State::NotIssued | State::Gone => journal.done(&open.address, &open.place)?,
            State::Ends { .. } | State::Unconfigured | State::Elsewhere => {}
        }
    }
    Ok(())
}

fn issues_again(comparison: &Comparison, address: &str) -> bool {
    let mut changes = comparison.plan.changes.iter();
    changes.any(|change| change.address == address && Issuing::of(change).is_some())
}

/// Crosses out what ended with its object.
pub(crate) fn end(
    comparison: &Comparison,
    reports: &[Report],
    journal: &mut Journal,
) -> Result<(), String> {
    for delivery in &comparison.deliveries {
        if let State::Ends { address } = &delivery.state
            && reports
                .iter()
                .any(|report| report.address == *address && !report.failed())
        {
            journal.done(&delivery.open.address, &delivery.open.place)?;
        }
    }
    Ok(())
}

/// No apply is a success while a secret is open.
pub(crate) fn still_open(journal: &Journal) -> Option<Diagnostic> {
    let open: Vec<String> = journal
        .unfinished()
        .map(|open| format!("{} on {}", open.address, open.place.url))
        .collect();
    if open.is_empty() {
        return None;
    }
    Some(
        Diagnostic::error(
            Code::UndeliveredSecret,
            "Secrets may be issued and are not delivered",
        )
        .detail(format!("{}.", open.join(", ")))
        .hint("Apply again: each is issued again until it was handed over."),
    )
}
