//! After an apply that could not hand over every secret: says what is issued again, and keeps the journal true.

use lanyard_compiler::comparison::{Comparison, Next};
use lanyard_compiler::delivery::{self, REASON};
use lanyard_compiler::diagnostic::Diagnostic;

use crate::console::Console;
use crate::execution::Report;
use crate::journal::Journal;

/// Tells what the plan issues again, and crosses out what nobody waits for any more.
pub(crate) fn go_on(
    comparison: &Comparison,
    journal: &mut Journal,
    console: &Console,
) -> Result<(), String> {
    // What is issued again may come to an address where another one is open.
    for delivery in &comparison.deliveries {
        if delivery.open.displaced {
            journal.displace(&delivery.open)?;
        }
    }
    for (open, next) in comparison.resumed() {
        match next {
            Next::IsReissued(address) => {
                journal.readdress(open, address)?;
                console.say(&format!("{address}: {REASON}; it is issued again."));
            }
            Next::WasReplaced(address) => {
                journal.cross_out(open)?;
                console.say(&format!(
                    "{address}: {REASON}, and somebody had another one issued since: that one stays."
                ));
            }
            Next::IsCrossedOut => journal.cross_out(open)?,
            Next::StaysOpen => {}
        }
    }
    Ok(())
}

/// Crosses out what ended with its object.
pub(crate) fn end(
    comparison: &Comparison,
    reports: &[Report],
    journal: &mut Journal,
) -> Result<(), String> {
    let done = |address: &str| {
        let mut reports = reports.iter();
        reports.any(|report| report.address == address && !report.failed())
    };
    for open in comparison.ended(done) {
        journal.cross_out(open)?;
    }
    Ok(())
}

/// No apply is a success while a secret is open.
pub(crate) fn still_open(comparison: &Comparison, journal: &Journal) -> Option<Diagnostic> {
    delivery::still_open(journal.unfinished(), &comparison.deliveries)
}
