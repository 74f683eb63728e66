//! How a change ends.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::State;

use super::evidence::Evidence;
use crate::shown::Shown;

/// What really is there now, errors or not (`None`: nothing is), and what to tell.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) state: Option<State>,
    /// What is kept beside it, where a deletion has found something else there.
    pub(super) evidence: Option<Evidence>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// What the server shows of a secret that was issued and is sealed in the state.
    pub(super) shown: Option<Shown>,
    /// It is certain that no secret was issued.
    pub(super) refused: bool,
}

impl Outcome {
    /// Before anything was asked for.
    pub(super) fn failed(state: Option<State>, error: Diagnostic) -> Self {
        Self {
            state,
            diagnostics: vec![error],
            refused: true,
            ..Self::default()
        }
    }
}
