//! Resources of other providers: looked at only for what flows into them.

use super::names::Place;
use super::{Scope, Walk};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::configuration::{ConsumerKind, Mode};
use crate::language::functions::look_at_files;
use crate::language::module::{Resource, check_unknown, check_words};
use crate::language::source::Spot;
use crate::language::syntax::Body;
use crate::language::term::{Entries, Marks, Shape, Term};
use crate::language::which::Language;
use crate::language::words;

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
        if resource.mode == Mode::Data {
            for (_, term, _) in &found {
                look_at_files(self.evaluator, term);
            }
        }
        if !resource.is_terraform_data() {
            let term = Term::dynamic();
            return if resource.mode == Mode::Ephemeral {
                term.marked(&Marks::ephemeral())
            } else {
                term
            };
        }
        self.terraform_data(resource, found, place)
    }

    /// The one foreign type whose values come from the configuration alone.
    fn terraform_data(
        &self,
        resource: &Resource,
        found: Vec<(String, Term, Spot)>,
        place: Place<'_>,
    ) -> Term {
        check_words(
            self.evaluator,
            words::Place::TerraformData,
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
            // What is stored is stored on purpose, and shown as the block says.
            if name.starts_with("store.") {
                continue;
            }
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
        if let Some(store) = resource.body.blocks_of("store").next() {
            let store = match self.evaluator.language {
                Language::Terraform => self.store(&store.body, place),
                // That there is no such block was told.
                Language::OpenTofu => Term::dynamic(),
            };
            entries.insert("store", store);
        }
        Term::object(entries)
    }

    /// Terraform 1.16's `store`: what is put into `input` is seen in `output`, or in `sensitive_output`, once it is applied.
    fn store(&self, body: &Body, place: Place<'_>) -> Term {
        const ARGUMENTS: [(&str, Shape); 4] = [
            ("input", Shape::Any),
            ("version", Shape::Any),
            ("sensitive", Shape::Bool),
            ("replace", Shape::Bool),
        ];
        let names = ARGUMENTS.each_ref().map(|(name, _)| *name);
        check_unknown(self.evaluator, body, &names, &[]);
        let mut entries = Entries::default();
        let scope_names = place.names(self);
        for (name, shape) in &ARGUMENTS {
            let term = match body.attribute(name) {
                Some(attribute) => self.evaluator.evaluate_as(
                    &attribute.expression,
                    shape,
                    Scope::new(&scope_names),
                    &format!("{name:?}"),
                ),
                None => Term::null(shape.clone()),
            };
            entries.insert(*name, term);
        }
        let input = entries.get("input").cloned().unwrap_or_else(Term::dynamic);
        let stored = match input.is_null() {
            true => Term::null(input.shape()),
            // What is ephemeral about it ends here: that is what the block is for.
            false => Term::unknown(input.shape()).marked(&input.deep_marks().without_ephemeral()),
        };
        let is_sensitive = entries.get("sensitive").and_then(Term::as_bool) == Some(true);
        let (shown, hidden) = match is_sensitive {
            true => (Term::null(Shape::Any), stored),
            false => (stored, Term::null(Shape::Any)),
        };
        entries.insert("input", Term::null(Shape::Any));
        entries.insert("output", shown);
        entries.insert("sensitive_output", hidden.marked(&Marks::sensitive()));
        Term::object(entries)
    }
}
