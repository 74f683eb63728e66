//! The body of one of our own blocks, read by its schema.

use std::collections::BTreeMap;

use super::Walk;
use super::lower::{Learnt, is_settable, value_of};
use super::names::IteratorNames;
use super::prepared::{Prepared, PreparedBlock};
use crate::diagnostic::{Diagnostic, Span};
use crate::language::evaluate::{Names, Scope};
use crate::language::graph::iterator_name;
use crate::language::module::check_unknown;
use crate::language::source::Spot;
use crate::language::syntax::{Attribute, Block, Body};
use crate::language::term::{Content, Shape, Term, convert};
use crate::model::schema::{
    Attribute as SchemaAttribute, Block as SchemaBlock, Body as SchemaBody, Nesting, Presence,
};
use crate::suggest::closest;
use crate::value::{AttributePath, Value};

/// A body that was evaluated.
pub(super) struct Filled {
    /// Every attribute and block, converted to its type, marks and all; null where the configuration says nothing.
    pub(super) term: Term,
    pub(super) value: Value,
}

/// One block, written out or made by a `dynamic` block.
struct Occurrence<'b> {
    body: &'b Body,
    head: Spot,
    /// The dynamic blocks around it and the element each is at, outermost first.
    elements: Vec<(crate::language::syntax::Name, Term)>,
}

/// What is collected while a body is read.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) learnt: Learnt,
    pub(super) spans: BTreeMap<AttributePath, Span>,
    /// Places are the same for every instance and wanted only once.
    pub(super) skip_spans: bool,
}

impl Walk<'_> {
    pub(super) fn body(
        &self,
        body: &Body,
        head: Spot,
        (schema, prepared): (&SchemaBody, &Prepared),
        names: &dyn Names,
        path: &AttributePath,
        reading: &mut Reading,
    ) -> Filled {
        self.check_names(body, schema);
        let mut entries = prepared.absent.clone();
        let mut values = schema.absent();
        for (attribute, known) in schema.attributes.iter().zip(&prepared.attributes) {
            let given = body.attribute(&attribute.name);
            if given.is_none() && attribute.presence != Presence::Required {
                continue;
            }
            let at = path.then(&attribute.name);
            if let Some(given) = given
                && !reading.skip_spans
            {
                let span = self.evaluator.sources.borrow().span(given.spot());
                reading.spans.insert(at.clone(), span);
            }
            let term = self.attribute(attribute, &known.shape, given, head, names, &at);
            reading.learnt.note(&term, &at);
            let value = value_of(&term, &attribute.kind, attribute.sensitive);
            values.insert(attribute.name.as_str(), value);
            entries.insert(known.name.clone(), term);
        }
        for (block, known) in schema.blocks.iter().zip(&prepared.blocks) {
            let written = body
                .blocks
                .iter()
                .any(|found| *found.kind == *block.name || found.kind.as_ref() == "dynamic");
            if !written && !block.required {
                continue;
            }
            let at = path.then(&block.name);
            let filled = self.blocks(body, head, (block, known), names, &at, reading);
            values.insert(block.name.as_str(), filled.value);
            entries.insert(known.name.clone(), filled.term);
        }
        Filled {
            term: Term::object(entries),
            value: Value::Map(values),
        }
    }

    fn check_names(&self, body: &Body, schema: &SchemaBody) {
        let known = body
            .attributes
            .iter()
            .all(|attribute| schema.attribute(&attribute.name).is_some())
            && body
                .blocks
                .iter()
                .all(|block| schema.block(&block.kind).is_some());
        if known {
            return;
        }
        let attributes: Vec<&str> = schema
            .attributes
            .iter()
            .map(|attribute| attribute.name.as_str())
            .collect();
        let mut blocks: Vec<&str> = schema
            .blocks
            .iter()
            .map(|block| block.name.as_str())
            .collect();
        blocks.push("dynamic");
        check_unknown(self.evaluator, body, &attributes, &blocks);
    }

    fn attribute(
        &self,
        attribute: &SchemaAttribute,
        shape: &Shape,
        given: Option<&Attribute>,
        head: Spot,
        names: &dyn Names,
        path: &AttributePath,
    ) -> Term {
        let missing = |spot: Spot| {
            let error = Diagnostic::error("missing-attribute", "Missing required argument")
                .detail(format!(
                    "The argument {:?} is required, but no definition was found.",
                    attribute.name
                ))
                .at(path.clone());
            self.evaluator.complain(spot, error);
        };
        let Some(given) = given else {
            if attribute.presence == Presence::Required {
                missing(head);
            }
            return Term::null(shape.clone());
        };
        if !is_settable(attribute) {
            let error = Diagnostic::error(
                "computed-attribute",
                "Value for unconfigurable attribute",
            )
            .detail(format!(
                "The attribute {:?} is decided by the server; the configuration cannot set it.",
                attribute.name
            ))
            .at(path.clone());
            self.evaluator.complain(given.name_spot, error);
        }
        let term = self
            .evaluator
            .evaluate(&given.expression, Scope::new(names));
        if term.is_null() && attribute.presence == Presence::Required {
            missing(given.expression.spot);
        }
        if term.deep_marks().is_ephemeral() && !attribute.write_only {
            let error = Diagnostic::error("ephemeral-value", "Invalid use of ephemeral value")
                .detail(format!("An ephemeral value is not allowed for {:?}, because it would have to be stored.", attribute.name))
                .at(path.clone());
            self.evaluator.complain(given.expression.spot, error);
        }
        match convert(&term, shape) {
            Ok(term) => {
                self.check_choice(attribute, &term, given, path);
                term
            }
            Err(mismatch) => {
                let reason = if term.deep_marks().is_sensitive() {
                    format!("{} required", shape.friendly())
                } else {
                    mismatch.to_string()
                };
                let error = Diagnostic::error("wrong-type", "Incorrect attribute value type")
                    .detail(format!(
                        "Inappropriate value for attribute {:?}: {reason}.",
                        attribute.name
                    ))
                    .at(path.clone());
                self.evaluator.complain(given.expression.spot, error);
                Term::unknown(shape.clone())
            }
        }
    }

    fn check_choice(
        &self,
        attribute: &SchemaAttribute,
        term: &Term,
        given: &Attribute,
        path: &AttributePath,
    ) {
        let Some(text) = term.as_str().filter(|_| !attribute.choices.is_empty()) else {
            return;
        };
        if attribute.choices.iter().any(|choice| choice == text) {
            return;
        }
        let shown = if term.marks.is_sensitive() {
            "This value".to_owned()
        } else {
            format!("{text:?}")
        };
        let mut error = Diagnostic::error("invalid-value", "Invalid value")
            .detail(format!(
                "{shown} is not a value for {:?}; it takes {}.",
                attribute.name,
                attribute.choices.join(", ")
            ))
            .at(path.clone());
        if let Some(meant) = closest(text, attribute.choices.iter().map(String::as_str)) {
            error = error.hint(format!("did you mean {meant:?}?"));
        }
        self.evaluator.complain(given.expression.spot, error);
    }

    fn blocks(
        &self,
        body: &Body,
        head: Spot,
        (schema, prepared): (&SchemaBlock, &PreparedBlock),
        names: &dyn Names,
        path: &AttributePath,
        reading: &mut Reading,
    ) -> Filled {
        let shape = prepared.shape.clone();
        let Some(occurrences) = self.occurrences(body, schema, names) else {
            let shape = match schema.nesting {
                Nesting::Single => shape,
                Nesting::List => Shape::list(shape),
            };
            return Filled {
                term: Term::unknown(shape),
                value: Value::Unknown,
            };
        };
        if occurrences.is_empty() && schema.required {
            let error = Diagnostic::error(
                "missing-block",
                format!("Insufficient {} blocks", schema.name),
            )
            .detail(format!("At least 1 {:?} block is required.", schema.name))
            .at(path.clone());
            self.evaluator.complain(head, error);
        }
        let mut filled = Vec::with_capacity(occurrences.len());
        for (index, occurrence) in occurrences.iter().enumerate() {
            let at = match schema.nesting {
                Nesting::Single => path.clone(),
                Nesting::List => path.index(index),
            };
            if schema.nesting == Nesting::Single && index == 1 {
                let error = Diagnostic::error(
                    "too-many-blocks",
                    format!("Too many {} blocks", schema.name),
                )
                .detail(format!(
                    "No more than 1 {:?} block is allowed.",
                    schema.name
                ))
                .at(path.clone());
                self.evaluator.complain(occurrence.head, error);
            }
            if !reading.skip_spans {
                let span = self.evaluator.sources.borrow().span(occurrence.head);
                reading.spans.entry(at.clone()).or_insert(span);
            }
            filled.push(
                self.with_elements(&occurrence.elements, names, &mut |names| {
                    self.body(
                        occurrence.body,
                        occurrence.head,
                        (&schema.body, &prepared.inner),
                        names,
                        &at,
                        reading,
                    )
                }),
            );
        }
        match schema.nesting {
            Nesting::Single => filled.into_iter().next().unwrap_or_else(|| Filled {
                term: Term::null(shape),
                value: Value::Null,
            }),
            Nesting::List => {
                let (terms, values): (Vec<Term>, Vec<Value>) = filled
                    .into_iter()
                    .map(|filled| (filled.term, filled.value))
                    .unzip();
                Filled {
                    term: Term::list(shape, terms),
                    value: Value::List(values),
                }
            }
        }
    }

    /// Calls `read` with the names that the dynamic blocks around a place add.
    fn with_elements<T>(
        &self,
        elements: &[(crate::language::syntax::Name, Term)],
        names: &dyn Names,
        read: &mut dyn FnMut(&dyn Names) -> T,
    ) -> T {
        match elements {
            [] => read(names),
            [(name, element), rest @ ..] => {
                let names = IteratorNames {
                    outer: names,
                    name: name.clone(),
                    element: element.clone(),
                };
                self.with_elements(rest, &names, read)
            }
        }
    }

    /// The blocks of one kind, dynamic ones written out; `None` when how many there are is not known.
    fn occurrences<'b>(
        &self,
        body: &'b Body,
        schema: &SchemaBlock,
        names: &dyn Names,
    ) -> Option<Vec<Occurrence<'b>>> {
        let mut found = Vec::new();
        let mut known = true;
        for block in &body.blocks {
            if *block.kind == *schema.name {
                found.push(Occurrence {
                    body: &block.body,
                    head: block.head,
                    elements: Vec::new(),
                });
            } else if block.kind.as_ref() == "dynamic"
                && block
                    .labels
                    .first()
                    .is_some_and(|label| *label.text == *schema.name)
            {
                known &= self.dynamic(block, names, &mut found).is_some();
            }
        }
        known.then_some(found)
    }

    fn dynamic<'b>(
        &self,
        block: &'b Block,
        names: &dyn Names,
        found: &mut Vec<Occurrence<'b>>,
    ) -> Option<()> {
        check_unknown(
            self.evaluator,
            &block.body,
            &["for_each", "iterator", "labels"],
            &["content"],
        );
        let missing = |what: &str| {
            let error = Diagnostic::error("missing-block", "Incomplete dynamic block")
                .detail(format!("A dynamic block needs {what}."));
            self.evaluator.complain(block.head, error);
        };
        let content = block.body.blocks_of("content").next();
        if content.is_none() {
            missing("a content block");
        }
        let Some(for_each) = block.body.attribute("for_each") else {
            missing("the argument \"for_each\"");
            return None;
        };
        let (collection, marks) = self
            .evaluator
            .evaluate(&for_each.expression, Scope::new(names))
            .unmarked();
        let pairs: Vec<(Term, Term)> = match &collection.content {
            Content::Unknown(unknown) if !unknown.shape.is_primitive() => return None,
            Content::List(items) | Content::Tuple(items) => items
                .items
                .iter()
                .enumerate()
                .map(|(index, item)| (Term::count(index), item.clone()))
                .collect(),
            Content::Set(items) => items
                .items
                .iter()
                .map(|item| (item.clone(), item.clone()))
                .collect(),
            Content::Map(entries) | Content::Object(entries) => entries
                .entries
                .iter()
                .map(|(name, item)| (Term::string(name.clone()), item.clone()))
                .collect(),
            _ => {
                let error = Diagnostic::error("invalid-for-each", "Invalid dynamic for_each value")
                    .detail(if collection.is_null() {
                        "Cannot use a null value in for_each.".to_owned()
                    } else {
                        format!("Cannot use a {} value in for_each. An iterable collection is required.", collection.shape().friendly())
                    });
                self.evaluator.complain(for_each.expression.spot, error);
                return None;
            }
        };
        let content = content?;
        let name = iterator_name(block)?;
        for (key, value) in pairs {
            if !self.evaluator.spend(4, block.head) {
                return None;
            }
            let element =
                Term::object([("key", key.marked(&marks)), ("value", value.marked(&marks))].into());
            found.push(Occurrence {
                body: &content.body,
                head: block.head,
                elements: vec![(name.clone(), element)],
            });
        }
        Some(())
    }
}
