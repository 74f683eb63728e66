//! `moved` and `removed` blocks, and the order of the result.

use std::cmp::Ordering;
use std::sync::Arc;

use super::Walk;
use crate::language::configuration::{Links, Moved, Prevented, Provider, Removed};
use crate::language::graph::qualified;
use crate::language::module::Repetition;
use crate::language::resolve::our_kind;
use crate::language::syntax::{Path, PathStep};
use crate::value::Value;

impl Walk<'_> {
    pub(super) fn statements(&mut self) {
        for tree in 0..self.tree.modules.len() {
            let module = self.module(tree);
            let prefix = self.tree.modules[tree].address();
            for block in &module.moved {
                let moved = Moved {
                    from: qualified(&prefix, &self.respelled(tree, &block.from)),
                    to: qualified(&prefix, &self.respelled(tree, &block.to)),
                    span: self.evaluator.sources.borrow().span(block.spot),
                };
                self.result.moved.push(moved);
            }
            for block in &module.removed {
                let removed = Removed {
                    from: qualified(&prefix, &self.respelled(tree, &block.from)),
                    destroy: block.destroy,
                    span: self.evaluator.sources.borrow().span(block.spot),
                };
                self.result.removed.push(removed);
            }
            self.forgotten(tree);
            self.prevented(tree);
            self.check_moves(tree);
            self.imports(tree);
        }
        self.default_providers();
        self.result
            .instances
            .sort_by(|left, right| natural(&left.address, &right.address));
        self.result
            .providers
            .sort_by(|left, right| left.reference.cmp(&right.reference));
    }

    /// Instances that go, by their own keys or with those of a module around them, stay on their server where `destroy = false` says
    /// so: as if a `removed` block did.
    fn forgotten(&mut self, tree: usize) {
        let repeats = |repetition: &Repetition| repetition.expression().is_some();
        let mut around = std::iter::successors(self.tree.modules[tree].parent, |parent| {
            self.tree.modules[parent.module].parent
        });
        let in_repeated = around.any(|parent| {
            let calls = &self.module(parent.module).calls;
            repeats(&calls.items[parent.call].repetition)
        });
        let prefix = self.tree.modules[tree].address();
        for resource in &self.module(tree).resources {
            if resource.lifecycle.forgets && (in_repeated || repeats(&resource.repetition)) {
                self.result.removed.push(Removed {
                    from: qualified(&prefix, &resource.address()),
                    destroy: false,
                    span: self.evaluator.sources.borrow().span(resource.spot),
                });
            }
        }
    }

    /// Also where a module has no instance, or a block.
    fn prevented(&mut self, tree: usize) {
        let prefix = self.tree.modules[tree].address();
        for resource in &self.module(tree).resources {
            if self.may_prevent_destroy(resource, tree) {
                self.result.prevented.push(Prevented {
                    address: qualified(&prefix, &resource.address()),
                    span: self.evaluator.sources.borrow().span(resource.spot),
                });
            }
        }
    }

    /// Types of our documents get their prefix.
    pub(super) fn respelled(&self, tree: usize, path: &Path) -> String {
        self.respelled_path(tree, path).to_string()
    }

    pub(super) fn respelled_path(&self, tree: usize, path: &Path) -> Path {
        let module = self.module(tree);
        let mut path = path.clone();
        if module.document
            && let Some(PathStep::Name(first)) = path.steps.first_mut()
        {
            *first = our_kind(module, first);
        }
        path
    }

    /// Resources without any provider block get their settings from the environment.
    fn default_providers(&mut self) {
        let mut missing = std::collections::BTreeSet::new();
        for instance in &self.result.instances {
            let there = self
                .result
                .providers
                .iter()
                .any(|provider| provider.reference == *instance.provider);
            if !there {
                missing.insert(instance.provider.clone());
            }
        }
        for reference in missing {
            let schema = &self.schemas.provider().body;
            let attributes = schema
                .attributes
                .iter()
                .map(|attribute| attribute.name.clone());
            let blocks = schema.blocks.iter().map(|block| block.name.clone());
            self.result.providers.push(Provider {
                reference: reference.as_ref().clone(),
                config: Value::map(attributes.chain(blocks).map(|name| (name, Value::Null))),
                marks: std::collections::BTreeMap::new(),
                links: Links::default(),
                spans: Arc::default(),
                span: None,
            });
        }
    }
}

/// Text order, but numbers by their value: `x[9]` before `x[10]`.
pub(super) fn natural(left: &str, right: &str) -> Ordering {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let same = same_start(left, right);
    let (mut left, mut right) = (&left[same..], &right[same..]);
    loop {
        match (left.first(), right.first()) {
            (Some(one), Some(other)) if one.is_ascii_digit() && other.is_ascii_digit() => {
                let (one, rest) = number(left);
                let (other, other_rest) = number(right);
                let order = one.len().cmp(&other.len()).then_with(|| one.cmp(other));
                if order != Ordering::Equal {
                    return order;
                }
                (left, right) = (rest, other_rest);
            }
            (Some(one), Some(other)) if one == other => {
                (left, right) = (&left[1..], &right[1..]);
            }
            (one, other) => return one.cmp(&other),
        }
    }
}

/// How much is the same in both, without the digits at its end: addresses mostly differ near theirs.
fn same_start(left: &[u8], right: &[u8]) -> usize {
    let (blocks, other_blocks) = (left.as_chunks::<8>().0, right.as_chunks::<8>().0);
    let blocks = blocks.iter().zip(other_blocks);
    let whole = 8 * blocks.take_while(|(one, other)| one == other).count();
    let letters = left[whole..].iter().zip(&right[whole..]);
    let same = whole + letters.take_while(|(one, other)| one == other).count();
    let digits = left[..same].iter().rev();
    same - digits.take_while(|byte| byte.is_ascii_digit()).count()
}

/// The digits at the start, leading zeros aside, and what follows.
fn number(text: &[u8]) -> (&[u8], &[u8]) {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(length);
    let zeros = digits.iter().take_while(|byte| **byte == b'0').count();
    (&digits[zeros.min(length - 1)..], rest)
}
