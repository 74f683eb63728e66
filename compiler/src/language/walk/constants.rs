//! What is the same in every instance of a block is evaluated once.

use std::collections::HashMap;
use std::sync::Arc;

use super::prepared::Prepared;
use crate::language::syntax::{self, Attribute, references};
use crate::language::term::{Entries, Term};
use crate::language::which::Language;
use crate::model::schema::Body;
use crate::value::{Entries as Values, Value};

/// What is known of each body, by where it is in memory: the tree of modules stays there while it is evaluated.
pub(super) type Constants = HashMap<usize, Arc<Constant>>;

/// The part of a body that every instance has in common. What others add to it is all that they hold themselves.
#[derive(Clone)]
pub(super) struct Constant {
    pub(super) entries: Entries,
    pub(super) values: Values,
    /// Which attributes and blocks of the schema are in there.
    known: Arc<[bool]>,
}

impl Constant {
    /// Nothing yet.
    pub(super) fn absent(schema: &Body, prepared: &Prepared) -> Self {
        Self {
            entries: prepared.absent.clone(),
            values: schema.absent(),
            known: vec![false; schema.attributes.len() + schema.blocks.len()].into(),
        }
    }

    pub(super) fn has(&self, index: usize) -> bool {
        self.known[index]
    }

    pub(super) fn add(&mut self, index: usize, name: &Arc<str>, term: &Term, value: &Value) {
        self.entries.insert(name.clone(), term.clone());
        self.values.insert(name.clone(), value.clone());
        if let Some(known) = Arc::get_mut(&mut self.known) {
            known[index] = true;
        }
    }

    /// As something that others can differ from.
    pub(super) fn settled(self) -> Self {
        Self {
            entries: self.entries.settled(),
            values: self.values.settled(),
            ..self
        }
    }
}

/// Where a body is.
pub(super) fn place_of(body: &syntax::Body) -> usize {
    std::ptr::from_ref(body).addr()
}

/// True if an argument can be evaluated once for all instances.
pub(super) fn is_constant(attribute: &Attribute, language: Language) -> bool {
    let mut refers = false;
    references(&attribute.expression, language, &mut |_| refers = true);
    !refers
}

/// Likewise all blocks of a kind.
pub(super) fn are_constant(body: &syntax::Body, kind: &str, language: Language) -> bool {
    let mut blocks = body.blocks.iter();
    blocks.all(|block| {
        let is_dynamic = block.kind.as_ref() == "dynamic";
        !is_dynamic && (*block.kind != *kind || is_constant_body(&block.body, language))
    })
}

fn is_constant_body(body: &syntax::Body, language: Language) -> bool {
    let is_constant_block = |block: &syntax::Block| {
        block.kind.as_ref() != "dynamic" && is_constant_body(&block.body, language)
    };
    let mut attributes = body.attributes.iter();
    attributes.all(|attribute| is_constant(attribute, language))
        && body.blocks.iter().all(is_constant_block)
}

/// True if nothing about a value is its own instance's.
pub(super) fn is_plain(term: &Term) -> bool {
    let weight = term.weight();
    weight.wholly_known && !weight.marked
}
