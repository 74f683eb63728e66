//! What keeps object after object from being read is an error once, with a count of the others: fifty tokens behind one dead
//! connection are one problem.
//!
//! One error already ends the plan, so the objects after it may keep the state they have; as warnings, Terraform folds them into
//! one line.

use std::collections::BTreeSet;

use lanyard_compiler::diagnostic::{Code, Diagnostic, Severity};
use lanyard_compiler::model::Kind;
use lanyard_compiler::model::state::Outline;
use lanyard_compiler::value::Value;
use parking_lot::Mutex;

/// Causes that are the same for every object, and are not worth another try in this run.
const HOPELESS: [Code; 3] = [
    Code::ServerUnavailable,
    Code::ServerNotTrusted,
    Code::ServerRefusedCredential,
];
/// Causes that may be different for the next object.
const PERHAPS_COMMON: [Code; 1] = [Code::ServerForbids];

/// The causes that were reported since the provider was configured.
#[derive(Default)]
pub(super) struct Troubles(Mutex<BTreeSet<Code>>);

impl Troubles {
    /// The warning about an object that need not be tried; `None` if it should be.
    pub(super) fn skip(&self, kind: Kind, state: &Value) -> Option<Diagnostic> {
        let reported = self.0.lock();
        let hopeless = HOPELESS.iter().any(|code| reported.contains(code));
        hopeless.then(|| not_read(kind, state))
    }

    /// True if this cause was not reported before. For warnings about imports: they have no place in the configuration, and
    /// Terraform folds only those that have one.
    pub(super) fn is_first(&self, warning: &Diagnostic) -> bool {
        let mut reported = self.0.lock();
        reported.insert(warning.code)
    }

    /// The complaint itself the first time, and then the warning that another object has the same one.
    pub(super) fn once(&self, kind: Kind, state: &Value, problem: Diagnostic) -> Diagnostic {
        let common = HOPELESS.contains(&problem.code) || PERHAPS_COMMON.contains(&problem.code);
        if problem.severity != Severity::Error || !common {
            return problem;
        }
        let mut reported = self.0.lock();
        if reported.insert(problem.code) {
            problem
        } else {
            not_read(kind, state)
        }
    }
}

fn not_read(kind: Kind, state: &Value) -> Diagnostic {
    let said = Outline::of(state);
    let name = said.name.value().or(said.id.value());
    Diagnostic::warning(
        Code::NotRead,
        "An object was not read for the reason of the error",
    )
    .detail(format!(
        "The {} {:?} was not read either, for the same reason as the one that the error speaks of.",
        kind.title(),
        name.map_or("", String::as_str)
    ))
}
