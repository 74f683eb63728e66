//! What a simulation counts, and what it finds wrong.

use std::fmt;

#[derive(Default)]
pub(super) struct Tally {
    pub(super) days: i64,
    pub(super) applies: usize,
    pub(super) checks: usize,
    pub(super) violations: Vec<String>,
}

impl Tally {
    pub(super) fn add(&mut self, other: Self) {
        let Self {
            days,
            applies,
            checks,
            violations,
        } = other;
        self.days += days;
        self.applies += applies;
        self.checks += checks;
        self.violations.extend(violations);
    }

    /// Counts a check; what it finds wrong is told only then.
    pub(super) fn check(&mut self, holds: bool, told: impl FnOnce() -> String) {
        self.checks += 1;
        if !holds {
            self.violations.push(told());
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            days,
            applies,
            checks,
            violations,
        } = self;
        write!(
            formatter,
            "{:.1} years, {applies} applies, {checks} checks, {} violations",
            *days as f64 / 365.0,
            violations.len()
        )?;
        violations
            .iter()
            .try_for_each(|violation| write!(formatter, "\n{violation}"))
    }
}
