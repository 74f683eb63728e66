//! Who uses our secrets: arguments of other resources, settings of providers, outputs, provisioners.

use super::Walk;
use super::blocks::pairs;
use super::names::{IteratorNames, Place};
use super::repetition::Repeating;
use crate::language::configuration::{Consumer, ConsumerKind, Receives};
use crate::language::evaluate::{Names, Scope};
use crate::language::graph::{iterator_name, qualified};
use crate::language::source::Spot;
use crate::language::syntax::Body;
use crate::language::term::{Content, Origin, Term};

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

/// What stands where a secret would, in the value itself or in something inside. A whole resource has the encrypted one beside it.
fn received(term: &Term, origin: &Origin) -> Receives {
    let wanted = (&origin.address, &origin.attribute);
    let is_of_it = |term: &Term| {
        let mut origins = term.marks.origins();
        origins.any(|other| (&other.address, &other.attribute) == wanted)
    };
    let [mut null, mut other_null, mut unknown] = [false; 3];
    // What a collection is marked with, some of what is inside may be of.
    let mut all_may_be = false;
    let mut look_at = |term: &Term, all_may_be: bool| {
        let is_of_it = is_of_it(term);
        let may_be = is_of_it || all_may_be;
        match &term.content {
            Content::Null(_) if is_of_it => null = true,
            Content::Null(_) => other_null |= may_be,
            Content::Unknown(what) => {
                // What will be another attribute is not this one.
                let link = what.link.as_deref();
                let is_other = link.is_some_and(|link| (&link.address, &link.attribute) != wanted);
                unknown |= may_be && !is_other;
            }
            Content::String(text) => {
                other_null |= may_be && Receives::of_text(text) == Receives::PerhapsNull;
            }
            _ => {}
        }
    };
    let mut look_into = |term: &Term| {
        let inside: Vec<&Term> = match &term.content {
            Content::List(items) | Content::Set(items) | Content::Tuple(items) => {
                items.items.iter().collect()
            }
            Content::Map(entries) | Content::Object(entries)
                if !entries.entries.contains_key("encrypted_token") =>
            {
                entries.entries.values().collect()
            }
            _ => return,
        };
        all_may_be |= is_of_it(term);
        inside
            .into_iter()
            .for_each(|term| look_at(term, all_may_be));
    };
    look_into(term);
    term.visit(&mut look_into);
    look_at(term, false);
    match (null, unknown, other_null) {
        (true, ..) => Receives::Null,
        (_, true, _) => Receives::NotKnown,
        (.., true) => Receives::PerhapsNull,
        _ => Receives::NoNull,
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}
