//! What a configuration needs of the program that reads it, held against its `required_version`: a word that every version which is let
//! in refuses is an error here, too.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use super::evaluate::Evaluator;
use super::source::Spot;
use super::syntax::Name;
use super::version::Constraint;
use crate::diagnostic::{Code, Diagnostic};

#[derive(Default)]
pub(crate) struct Required {
    /// Those of all modules, as they are written: one program reads them all.
    constraints: RefCell<Vec<(Name, Constraint)>>,
    /// By their places, each once: an expression may be evaluated very often.
    newer: RefCell<BTreeMap<Spot, Newer>>,
}

/// Something that not every version of Terraform reads.
struct Newer {
    what: String,
    /// The minor version of Terraform 1 that brought it.
    since: u32,
}

impl Required {
    pub(crate) fn demand(&self, text: Name, constraint: Constraint) {
        self.constraints.borrow_mut().push((text, constraint));
    }

    pub(crate) fn note(&self, what: fmt::Arguments<'_>, since: u32, spot: Spot) {
        let mut newer = self.newer.borrow_mut();
        newer.entry(spot).or_insert_with(|| Newer {
            what: what.to_string(),
            since,
        });
    }

    /// Complains of what is newer than all versions that are let in.
    pub(crate) fn tell(&self, evaluator: &Evaluator<'_>) {
        let constraints = self.constraints.borrow();
        for (spot, Newer { what, since }) in self.newer.borrow().iter() {
            let excluding = constraints
                .iter()
                .find(|(_, constraint)| !constraint.allows_since(*since));
            if let Some((text, _)) = excluding {
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
