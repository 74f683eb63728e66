//! The body of one of our own blocks, read by its schema.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Walk;
use super::constants::{Constant, are_constant, is_constant, is_plain, place_of};
use super::lower::{Learnt, is_settable, value_of};
use super::prepared::Prepared;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::language::evaluate::{Names, Scope};
use crate::language::module::{check_unknown, missing_argument};
use crate::language::source::Spot;
use crate::language::syntax::{Attribute, Body};
use crate::language::term::{Entries, Shape, Term, convert};
use crate::model::schema::{Attribute as SchemaAttribute, Body as SchemaBody, Presence};
use crate::suggest::closest;
use crate::value::{AttributePath, Entries as Values, Value};

/// A body that was evaluated.
pub(super) struct Filled {
    /// Every attribute and block, converted to its type, marks and all; null where the configuration says nothing.
    pub(super) term: Term,
    pub(super) value: Value,
}

/// What is collected while a body is read.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) learnt: Learnt,
    pub(super) spans: BTreeMap<AttributePath, Span>,
    /// Places are the same for every instance and wanted only once.
    pub(super) skip_spans: bool,
    /// No other instance reads this body, so that nothing of it is kept for others.
    pub(super) is_only: bool,
    /// Nothing of the block is stored, so it takes ephemeral values everywhere.
    pub(super) is_passing: bool,
}

impl Walk<'_> {
    pub(super) fn body(
        &self,
        body: &Body,
        head: Spot,
        schema: (&SchemaBody, &Prepared),
        names: &dyn Names,
        path: &AttributePath,
        reading: &mut Reading,
    ) -> Filled {
        let (entries, values) = self.entries(body, head, schema, names, path, reading);
        Filled {
            term: Term::object(entries),
            value: Value::Map(values),
        }
    }

    /// The attributes and blocks of a body, as terms and as values. What is constant is shared with all its other instances.
    pub(super) fn entries(
        &self,
        body: &Body,
        head: Spot,
        (schema, prepared): (&SchemaBody, &Prepared),
        names: &dyn Names,
        path: &AttributePath,
        reading: &mut Reading,
    ) -> (Entries, Values) {
        let constant = self.constants.borrow().get(&place_of(body)).cloned();
        let is_first = constant.is_none();
        let language = self.evaluator.language;
        if is_first {
            self.check_names(body, schema);
        }
        let mut common = constant.map_or_else(
            || Constant::absent(schema, prepared),
            |constant| Constant::clone(&constant),
        );
        let (mut entries, mut values) = (common.entries.clone(), common.values.clone());
        for (index, (attribute, known)) in schema
            .attributes
            .iter()
            .zip(&prepared.attributes)
            .enumerate()
        {
            let is_common = common.has(index);
            if is_common && reading.skip_spans {
                continue;
            }
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
            if is_common {
                continue;
            }
            let term = self.attribute(
                (attribute, &known.shape),
                given,
                (head, body.is_added(&attribute.name)),
                names,
                &at,
                reading.is_passing,
            );
            reading.learnt.note(&term, &at);
            let value = value_of(&term, &attribute.kind, attribute.sensitive);
            if is_first
                && !reading.is_only
                && given.is_some_and(|given| is_constant(given, language))
                && is_plain(&term)
            {
                common.add(index, &known.name, &term, &value);
            }
            values.insert(attribute.name.as_str(), value);
            entries.insert(known.name.clone(), term);
        }
        for (index, (block, known)) in schema.blocks.iter().zip(&prepared.blocks).enumerate() {
            let index = schema.attributes.len() + index;
            let is_common = common.has(index);
            if is_common && reading.skip_spans {
                continue;
            }
            let written = body
                .blocks
                .iter()
                .any(|found| *found.kind == *block.name || found.kind.as_ref() == "dynamic");
            if !written && !block.required {
                continue;
            }
            let at = path.then(&block.name);
            let filled = self.blocks(body, head, (block, known), names, &at, reading);
            if is_common {
                continue;
            }
            if is_first
                && !reading.is_only
                && are_constant(body, &block.name, language)
                && is_plain(&filled.term)
            {
                common.add(index, &known.name, &filled.term, &filled.value);
            }
            values.insert(block.name.as_str(), filled.value);
            entries.insert(known.name.clone(), filled.term);
        }
        if is_first && !reading.is_only {
            let mut constants = self.constants.borrow_mut();
            constants.insert(place_of(body), Arc::new(common.settled()));
        }
        (entries, values)
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
        (attribute, shape): (&SchemaAttribute, &Shape),
        given: Option<&Attribute>,
        (head, is_added): (Spot, bool),
        names: &dyn Names,
        path: &AttributePath,
        is_passing: bool,
    ) -> Term {
        let missing = |spot: Spot, is_added: bool| {
            let error = missing_argument(&attribute.name, is_added).at(path.clone());
            self.evaluator.complain(spot, error);
        };
        let Some(given) = given else {
            if attribute.presence == Presence::Required {
                missing(head, false);
            }
            return Term::null(shape.clone());
        };
        if !is_settable(attribute) {
            let error = Diagnostic::error(
                Code::ComputedAttribute,
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
            missing(given.expression.spot, false);
        }
        if is_added && attribute.presence == Presence::Required {
            missing(head, true);
        }
        if term.deep_marks().is_ephemeral() && !attribute.write_only && !is_passing {
            let error = Diagnostic::error(Code::EphemeralValue, "Invalid use of ephemeral value")
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
                let error = Diagnostic::error(Code::WrongType, "Incorrect attribute value type")
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
        let mut error = Diagnostic::error(Code::InvalidValue, "Invalid value")
            .detail(format!(
                "{shown} is not a value for {:?}; it takes {}.",
                attribute.name,
                attribute.choices.join(", ")
            ))
            .at(path.clone());
        if let Some(meant) = closest(text, attribute.choices.iter().map(String::as_str)) {
            error = error.meant(meant);
        }
        self.evaluator.complain(given.expression.spot, error);
    }
}
