//! What a configuration needs of the program that reads it, held against its `required_version`: a word that every version which is let
//! in refuses is an error here, too.

use std::cell::RefCell;

use super::evaluate::Evaluator;
use super::source::Spot;
use super::syntax::Name;
use super::version::Constraint;
use crate::diagnostic::{Code, Diagnostic};

#[derive(Default)]
pub(crate) struct Required {
    /// Those of all modules, as they are written: one program reads them all.
    constraints: RefCell<Vec<(Name, Constraint)>>,
    newer: RefCell<Vec<Newer>>,
}

/// Something that not every version of Terraform reads.
struct Newer {
    what: String,
    /// The minor version of Terraform 1 that brought it.
    since: u32,
    spot: Spot,
}

impl Required {
    pub(crate) fn demand(&self, text: Name, constraint: Constraint) {
        self.constraints.borrow_mut().push((text, constraint));
    }

    pub(crate) fn note(&self, what: String, since: u32, spot: Spot) {
        self.newer.borrow_mut().push(Newer { what, since, spot });
    }

    /// Complains of what is newer than all versions that are let in.
    pub(crate) fn tell(&self, evaluator: &Evaluator<'_>) {
        let constraints = self.constraints.borrow();
        for newer in self.newer.borrow().iter() {
            let excluding = constraints
                .iter()
                .find(|(_, constraint)| !constraint.allows_since(newer.since));
            if let Some((text, _)) = excluding {
                let Newer { what, since, spot } = newer;
                let error = Diagnostic::error(
                    Code::NeedsNewerVersion,
                    "Newer than the required version",
                )
                .detail(format!(
                    "Terraform reads {what} from 1.{since} on, and required_version = {text:?} lets no such version in."
                ))
                .hint("allow a newer version, or leave this out");
                evaluator.complain(*spot, error);
            }
        }
    }
}
