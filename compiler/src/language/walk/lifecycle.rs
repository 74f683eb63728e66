//! The `lifecycle` block of one instance: what it refers to depends on the instance (`lanyard_service_account.ci[each.key]`).

use super::names::Place;
use super::{Scope, Walk};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::configuration::{Lifecycle, Mode, Trigger, Watched};
use crate::language::graph::qualified;
use crate::language::module::Resource;
use crate::language::resolve::our_kind;
use crate::language::syntax::{
    Expression, Name, Node, Path, PathStep, key_step, parse_expression, steps,
};
use crate::language::term::{Shape, Term};
use crate::language::which::Language;
use crate::value::{AttributePath, Step};

impl Walk<'_> {
    pub(super) fn lifecycle(&self, resource: &Resource, place: Place<'_>) -> Lifecycle {
        let block = &resource.lifecycle;
        let triggers = block.replace_triggered_by.iter();
        Lifecycle {
            create_before_destroy: block.create_before_destroy,
            prevent_destroy: self.prevents_destroy(resource, place),
            forgets: block.forgets,
            state_remembers: self.evaluator.language == Language::OpenTofu,
            ignore_changes: block.ignore_changes.clone(),
            replace_triggered_by: triggers
                .map(|trigger| self.trigger(trigger, place))
                .collect(),
        }
    }

    /// For all instances alike: OpenTofu asks this of those that are gone, too.
    fn prevents_destroy(&self, resource: &Resource, place: Place<'_>) -> bool {
        let Some(expression) = &resource.lifecycle.prevent_destroy else {
            return false;
        };
        let term = self.prevents_in(expression, place.instance);
        let wrong = |detail: &str| {
            let error = Diagnostic::error(Code::InvalidValue, "Invalid value for prevent_destroy");
            self.evaluator
                .complain(expression.spot, error.detail(detail));
        };
        if term.is_null() {
            wrong("It is null, and must be true or false.");
        } else if term.deep_marks().is_sensitive() || term.deep_marks().is_ephemeral() {
            wrong("It derives from a sensitive or ephemeral value.");
        }
        may_be_true(&term)
    }

    /// In any instance of its module; where that has none, a reference may mean anything.
    pub(super) fn may_prevent_destroy(&self, resource: &Resource, tree: usize) -> bool {
        let Some(expression) = &resource.lifecycle.prevent_destroy else {
            return false;
        };
        let mut instances = self.of_module[tree].iter();
        match &expression.node {
            Node::Literal(term) => may_be_true(term),
            _ if instances.len() == 0 => true,
            _ => instances.any(|instance| may_be_true(&self.prevents_in(expression, *instance))),
        }
    }

    fn prevents_in(&self, expression: &Expression, instance: usize) -> Term {
        let names = Place::module(instance).names(self);
        let what = "\"prevent_destroy\"";
        self.evaluator
            .evaluate_as(expression, &Shape::Bool, Scope::new(&names), what)
    }

    fn trigger(&self, expression: &Expression, place: Place<'_>) -> Trigger {
        let sources = self.evaluator.sources.borrow();
        let written = sources.slice(expression.spot).to_owned();
        drop(sources);
        let watched = match &expression.node {
            // In the JSON spelling, the text is the reference.
            Node::JsonText { raw, .. } => parse_expression(expression.spot.file, raw)
                .ok()
                .and_then(|parsed| self.steps(&parsed, place)),
            _ => self.steps(expression, place),
        };
        Trigger {
            written,
            watched: watched.and_then(|steps| self.watched(&steps, expression, place)),
        }
    }

    /// The steps of a reference, keys evaluated; `None` if it is none, or one of its keys is not known.
    fn steps(&self, expression: &Expression, place: Place<'_>) -> Option<Vec<PathStep>> {
        steps(expression, |key| {
            let names = place.names(self);
            key_step(&self.evaluator.evaluate(key, Scope::new(&names)))
        })
    }

    /// What a reference watches, if that is a resource of ours in the same module.
    fn watched(
        &self,
        steps: &[PathStep],
        expression: &Expression,
        place: Place<'_>,
    ) -> Option<Watched> {
        let instance = &self.instances[place.instance];
        let module = self.module(instance.tree);
        let steps = match steps {
            [PathStep::Name(root), rest @ ..] if **root == *"resource" => rest,
            steps => steps,
        };
        let [PathStep::Name(kind), PathStep::Name(name), rest @ ..] = steps else {
            return None;
        };
        let kind = our_kind(module, kind);
        let key = (Mode::Managed, kind.clone(), Name::clone(name));
        let index = *module.resource_index.get(&key)?;
        if !module.resources[index].is_ours() {
            return None;
        }
        let own = rest
            .iter()
            .take_while(|step| !matches!(step, PathStep::Name(_)))
            .count()
            .min(1);
        let mut address = vec![PathStep::Name(kind), PathStep::Name(name.clone())];
        address.extend_from_slice(&rest[..own]);
        let address = Path {
            steps: address,
            spot: expression.spot,
        };
        let path: AttributePath = rest[own..]
            .iter()
            .map(|step| match step {
                PathStep::Name(name) => Step::Attribute(name.to_string()),
                PathStep::Key(key) => Step::Key(key.to_string()),
                PathStep::Index(index) => Step::Index(*index),
            })
            .collect();
        Some(Watched {
            address: qualified(&instance.address, &address.to_string()),
            path,
        })
    }
}

/// What is not known yet may well forbid it.
fn may_be_true(prevents: &Term) -> bool {
    prevents.is_unknown() || prevents.as_bool().unwrap_or_default()
}
