//! What a server answered after a write, held to what it was asked for: one that takes more away, or gives more power, says so nowhere else.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::Kind;
use lanyard_compiler::plan::NotTaken;
use lanyard_compiler::review::beyond;

/// The power that an object has and was not to have, each as a short phrase.
pub(super) fn more_power(kind: Kind, differs: &NotTaken) -> Vec<String> {
    beyond(kind, differs.asked.clone(), differs.answered.clone())
}

/// What is told of an object that can do more than was asked for: nobody agreed to that.
pub(super) fn goes_beyond(mut told: Diagnostic, beyond: &[String]) -> Diagnostic {
    told.detail = format!(
        "{} It goes beyond that: {}.",
        told.detail,
        beyond.join("; ")
    );
    told
}
