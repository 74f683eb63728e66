//! Resources of other providers: looked at only for what flows into them.

use super::Walk;
use super::names::Place;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::configuration::{ConsumerKind, Mode};
use crate::language::module::{Resource, check_unknown};
use crate::language::source::Spot;
use crate::language::term::{Entries, Marks, Shape, Term};

impl Walk<'_> {
    pub(super) fn foreign_instance(
        &mut self,
        resource: &Resource,
        address: &str,
        place: Place<'_>,
    ) -> Term {
        let mut found = Vec::new();
        {
            let names = place.names(self);
            self.loose_body(&resource.body, &names, "", &mut found);
        }
        for (path, term, spot) in &found {
            self.consume(term, ConsumerKind::Argument, address, path, None, *spot);
        }
        if !resource.is_terraform_data() {
            let term = Term::dynamic();
            return if resource.mode == Mode::Ephemeral {
                term.marked(&Marks::ephemeral())
            } else {
                term
            };
        }
        self.terraform_data(resource, found)
    }

    /// The one foreign type whose values come from the configuration alone.
    fn terraform_data(&self, resource: &Resource, found: Vec<(String, Term, Spot)>) -> Term {
        check_unknown(
            self.evaluator,
            &resource.body,
            &["input", "triggers_replace"],
            &[],
        );
        let mut entries: Entries = ["input", "triggers_replace", "output"]
            .into_iter()
            .map(|name| (name, Term::null(Shape::Any)))
            .collect();
        entries.insert("id", Term::unknown_not_null(Shape::String));
        for (name, term, spot) in found {
            if term.deep_marks().is_ephemeral() {
                let error = Diagnostic::error(Code::EphemeralValue, "Invalid use of ephemeral value")
                    .detail(format!("An ephemeral value is not allowed for {name:?}, because it would have to be stored."));
                self.evaluator.complain(spot, error);
            }
            if name == "input" && !term.is_null() {
                let output = Term::unknown(term.shape()).marked(&term.deep_marks());
                entries.insert("output", output);
            }
            entries.insert(name.as_str(), term);
        }
        Term::object(entries)
    }
}
