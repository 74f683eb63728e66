//! What is wrong with a value on the wire, and where in it.

use std::fmt;

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::value::{AttributePath, Step};

/// One thing that does not fit. Neither part ever quotes a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// From the inside out, so that each level adds its own step at the end.
    steps: Vec<Step>,
    pub what: String,
}

impl Problem {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self {
            steps: Vec::new(),
            what: what.into(),
        }
    }

    #[must_use]
    pub(super) fn within(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Where it is.
    pub fn path(&self) -> AttributePath {
        self.steps.iter().rev().cloned().collect()
    }

    /// The complaint about a value that Terraform sent.
    pub fn received(&self) -> Diagnostic {
        Diagnostic::error(
            Code::UnreadableValue,
            "Terraform sent a value that cannot be read",
        )
        .detail(format!("{self}."))
        .at(self.path())
        .hint("Check that the plan or state was made by the same version of the provider.")
    }

    /// The complaint about a value that Lanyard was about to send.
    pub fn sent(&self) -> Diagnostic {
        Diagnostic::error(
            Code::MisshapenValue,
            "Lanyard made a value of the wrong shape",
        )
        .detail(format!("{self}. This is a bug in the provider."))
        .at(self.path())
        .hint("Please report it with the configuration that led here, without any secret.")
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            write!(formatter, "The value as a whole: {}", self.what)
        } else {
            write!(formatter, "`{}`: {}", self.path(), self.what)
        }
    }
}
