//! Diagnostics on their way to people, with the line they speak of.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::language::{Sources, report};
use lanyard_compiler::review::Reviewed;

use crate::console::Console;

/// Why a command could not be carried out. `main` tells it.
pub(crate) struct Failure {
    problems: Vec<Diagnostic>,
    sources: Box<Sources>,
}

impl Failure {
    /// Of problems with places in these files.
    pub(crate) fn in_files(problems: Vec<Diagnostic>, sources: Sources) -> Self {
        Self {
            problems,
            sources: Box::new(sources),
        }
    }

    /// In place of a review that could not be made.
    pub(crate) fn review(&self) -> Reviewed {
        Reviewed::failed(&self.problems, &self.sources)
    }

    /// The texts in which its problems have their places.
    pub(crate) fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The problems, with the texts in which they have their places.
    pub(crate) fn into_parts(self) -> (Vec<Diagnostic>, Sources) {
        (self.problems, *self.sources)
    }

    pub(crate) fn tell(&self, console: &Console) {
        tell(&self.problems, &self.sources, console);
    }
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(problems: Vec<Diagnostic>) -> Self {
        Self::in_files(problems, Sources::default())
    }
}

impl From<Diagnostic> for Failure {
    fn from(problem: Diagnostic) -> Self {
        vec![problem].into()
    }
}

/// Tells people on stderr: errors last, where the eye is when it is over.
pub(crate) fn tell(diagnostics: &[Diagnostic], sources: &Sources, console: &Console) {
    if diagnostics.is_empty() {
        return;
    }
    let mut ordered = diagnostics.to_vec();
    ordered.sort_by_key(Diagnostic::is_error);
    console.complain(&report(&ordered, sources, console.talk));
}

/// Tells people of one mistake that has no place in a file.
pub(crate) fn tell_one(diagnostic: &Diagnostic, console: &Console) {
    tell(
        std::slice::from_ref(diagnostic),
        &Sources::default(),
        console,
    );
}

/// "2 errors and 1 warning", as far as there are any; `None` without.
pub(crate) fn count(diagnostics: &[Diagnostic]) -> Option<String> {
    let errors = diagnostics.iter().filter(|each| each.is_error()).count();
    let warnings = diagnostics.len() - errors;
    let some = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        count => Some(format!("{count} {what}s")),
    };
    match (some(errors, "error"), some(warnings, "warning")) {
        (Some(errors), Some(warnings)) => Some(format!("{errors} and {warnings}")),
        (errors, warnings) => errors.or(warnings),
    }
}
