//! What became of the changes of an apply, in words and for programs.

use std::collections::BTreeMap;

use lanyard_compiler::answers::Outcome;
use lanyard_compiler::diagnostic::{Diagnostic, has_errors};
use lanyard_compiler::plan::Action;

/// What became of one change.
pub(crate) struct Report {
    pub(crate) address: String,
    pub(crate) action: Action,
    pub(crate) rotated: bool,
    pub(crate) id: Option<String>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Not begun: something it depends on failed, or the user stopped the apply.
    pub(crate) skipped: bool,
}

impl Report {
    pub(crate) fn failed(&self) -> bool {
        self.outcome() != Outcome::Done
    }

    pub(crate) fn outcome(&self) -> Outcome {
        match (self.skipped, has_errors(&self.diagnostics)) {
            (true, _) => Outcome::Skipped,
            (false, true) => Outcome::Failed,
            (false, false) => Outcome::Done,
        }
    }
}

pub(super) fn past(action: Action, rotated: bool) -> &'static str {
    match action {
        Action::NoOp => "unchanged",
        Action::Create => "created",
        Action::Update if rotated => "rotated",
        Action::Update => "updated",
        Action::Replace => "replaced",
        Action::Delete => "deleted",
    }
}

/// Counts what was done: `2 created, 1 rotated`; `None` if nothing.
pub(crate) fn summary(reports: &[Report]) -> Option<String> {
    let mut counts: BTreeMap<(u8, &str), usize> = BTreeMap::new();
    for report in reports {
        let (order, word) = match report.action {
            _ if report.skipped => (6, "skipped"),
            _ if report.failed() => (5, "failed"),
            Action::Create => (0, "created"),
            Action::Update if report.rotated => (2, "rotated"),
            Action::Update => (1, "updated"),
            Action::Replace => (3, "replaced"),
            Action::Delete => (4, "deleted"),
            Action::NoOp => continue,
        };
        *counts.entry((order, word)).or_default() += 1;
    }
    let parts: Vec<String> = counts
        .iter()
        .map(|((_, word), count)| format!("{count} {word}"))
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
