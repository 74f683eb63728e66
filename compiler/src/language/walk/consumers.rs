//! Who uses our secrets: arguments of other resources, settings of providers, outputs, provisioners.

use super::Walk;
use super::blocks::pairs;
use super::names::{IteratorNames, Place};
use super::repetition::Repeating;
use crate::language::configuration::{Consumer, ConsumerKind};
use crate::language::evaluate::{Names, Scope};
use crate::language::graph::{iterator_name, qualified};
use crate::language::received::received;
use crate::language::source::Spot;
use crate::language::syntax::Body;
use crate::language::term::{Origin, Term};

impl Walk<'_> {
    /// Notes that a value went to somebody, if it derives from a secret of ours.
    pub(super) fn consume(
        &mut self,
        term: &Term,
        kind: ConsumerKind,
        address: &str,
        path: &str,
        sensitive: Option<bool>,
        spot: Spot,
    ) {
        if !term.weight().marked {
            return;
        }
        let marks = term.deep_marks();
        for origin in marks.origins() {
            let is_the_secret = |other: &std::sync::Arc<Origin>| {
                !other.hashed
                    && other.address == origin.address
                    && other.attribute == origin.attribute
            };
            if origin.hashed && marks.origins().any(is_the_secret) {
                continue;
            }
            // Another text with the same secret says more of it.
            let says_more = |other: &std::sync::Arc<Origin>| {
                is_the_secret(other) && other.written_null && !origin.written_null
            };
            if marks.origins().any(says_more) {
                continue;
            }
            let consumer = Consumer {
                kind,
                attribute: origin.attribute.to_string(),
                address: address.to_owned(),
                path: path.to_owned(),
                sensitive,
                shown: !marks.is_sensitive(),
                hashed: origin.hashed,
                receives: received(term, origin),
                span: self.evaluator.sources.borrow().span(spot),
            };
            self.result
                .consumers
                .entry(origin.address.to_string())
                .or_default()
                .push(consumer);
        }
    }

    /// What a module that is not on disk is given, it consumes. Without known instances, nobody can tell who that is.
    pub(super) fn arguments(&mut self, instance: usize, index: usize) {
        let call = &self.module(self.instances[instance].tree).calls.items[index];
        let place = Place::module(instance);
        let Some(keys) = self.keys(&call.repetition, place, Repeating::Module) else {
            return;
        };
        let name = format!("module.{}", call.name);
        let prefix = qualified(&self.instances[instance].address, &name);
        for (key, value) in &keys.items {
            let place = Place {
                repetition: Some((key, value.as_ref())),
                ..place
            };
            for argument in &call.arguments.attributes {
                let term = self.evaluate(&argument.expression, place);
                self.consume(
                    &term,
                    ConsumerKind::Argument,
                    &format!("{prefix}{key}"),
                    &argument.name,
                    None,
                    argument.expression.spot,
                );
            }
        }
    }

    /// Evaluates everything in a body whose schema is not known; gives each argument with its path.
    pub(super) fn loose_body(
        &self,
        body: &Body,
        names: &dyn Names,
        path: &str,
        found: &mut Vec<(String, Term, Spot)>,
    ) {
        for attribute in &body.attributes {
            let term = self
                .evaluator
                .evaluate(&attribute.expression, Scope::new(names));
            found.push((join(path, &attribute.name), term, attribute.expression.spot));
        }
        for block in &body.blocks {
            if block.kind.as_ref() == "dynamic" {
                self.loose_dynamic(block, names, path, found);
            } else {
                self.loose_body(&block.body, names, &join(path, &block.kind), found);
            }
        }
    }

    fn loose_dynamic(
        &self,
        block: &crate::language::syntax::Block,
        names: &dyn Names,
        path: &str,
        found: &mut Vec<(String, Term, Spot)>,
    ) {
        let Some(name) = iterator_name(block) else {
            return;
        };
        let collection = block
            .body
            .attribute("for_each")
            .map_or_else(Term::dynamic, |attribute| {
                self.evaluator
                    .evaluate(&attribute.expression, Scope::new(names))
            });
        let (collection, marks) = collection.unmarked();
        let pairs = pairs(&collection).unwrap_or_else(|| vec![(Term::dynamic(), Term::dynamic())]);
        let label = block.labels.first().map_or("", |label| label.text.as_ref());
        for (key, value) in pairs {
            if !self.evaluator.spend(4, block.head) {
                return;
            }
            let element =
                Term::object([("key", key.marked(&marks)), ("value", value.marked(&marks))].into());
            let names = IteratorNames {
                outer: names,
                name: name.clone(),
                element,
            };
            for content in block.body.blocks_of("content") {
                self.loose_body(&content.body, &names, &join(path, label), found);
            }
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}
