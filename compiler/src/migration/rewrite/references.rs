//! What refers to a vendor's resource, in expressions, templates and lists of dependencies, refers to ours.

use std::ops::Range;

use hcl_edit::expr::{Expression, ForExpr, ForIntro, FuncCall, Traversal, TraversalOperator};
use hcl_edit::structure::{Attribute, Block};
use hcl_edit::template::ForTemplateExpr;
use hcl_edit::visit::{self, Visit};
use hcl_edit::{Decorated, Ident, Span as _};

use super::file::Found;
use super::slots::{self, Slot};
use super::vendors::Mapping;
use crate::migration::text::Edit;

/// Functions that hand on what they are given, or one of several.
const HAND_ON: [&str; 14] = [
    "coalescelist",
    "concat",
    "element",
    "flatten",
    "lookup",
    "merge",
    "one",
    "reverse",
    "slice",
    "tolist",
    "tomap",
    "toset",
    "try",
    "values",
];
/// Functions that look at none of the attributes.
const LOOK_AT_NONE: [&str; 3] = ["can", "keys", "length"];

pub(super) struct References<'a> {
    pub(super) found: &'a mut Found,
    slots: &'a [Slot],
    /// The resource that is looked at, for `self`.
    own: Option<&'static Mapping>,
    /// True where a resource is named and not read.
    is_named: bool,
    /// Variables of `for`, and whose resources they stand for.
    bound: Vec<(String, Option<&'static Mapping>)>,
    /// Likewise what has such a resource as its `value`: `each`, and the iterators of dynamic blocks.
    iterators: Vec<(String, Option<&'static Mapping>)>,
}

impl<'a> References<'a> {
    pub(super) fn of(slots: &'a [Slot], found: &'a mut Found) -> Self {
        Self {
            found,
            slots,
            own: None,
            is_named: false,
            bound: Vec::new(),
            iterators: Vec::new(),
        }
    }

    /// Inside a resource of this kind.
    pub(super) fn within(self, own: Option<&'static Mapping>) -> Self {
        Self { own, ..self }
    }

    /// Where resources are named and not read.
    pub(super) fn naming(self) -> Self {
        Self {
            is_named: true,
            ..self
        }
    }

    fn replace(&mut self, range: Option<Range<usize>>, text: &str) {
        let Some(range) = range else { return };
        let text = text.to_owned();
        self.found.edits.push(Edit { range, text });
    }

    fn named(&mut self, is_named: bool, visit: impl FnOnce(&mut Self)) {
        let before = self.is_named;
        self.is_named |= is_named;
        visit(self);
        self.is_named = before;
    }

    fn bound(&self, name: &str) -> Option<&'static Mapping> {
        let found = self.bound.iter().rev().find(|(bound, _)| bound == name);
        found.and_then(|(_, mapping)| *mapping)
    }

    fn iterated(
        &self,
        name: &str,
        operator: Option<&TraversalOperator>,
    ) -> Option<&'static Mapping> {
        let found = self.iterators.iter().rev().find(|(bound, _)| bound == name);
        let is_value =
            matches!(operator, Some(TraversalOperator::GetAttr(name)) if name.as_str() == "value");
        found.and_then(|(_, mapping)| *mapping).filter(|_| is_value)
    }

    /// A block, where its `for_each` may go through resources.
    fn inside(&mut self, block: &Block, iterator: &str) {
        let each = block.body.get_attribute("for_each");
        let mapping = each.and_then(|each| self.mapped(&each.value));
        self.iterators.push((iterator.to_owned(), mapping));
        visit::visit_block(self, block);
        self.iterators.pop();
    }

    /// Whose resource an expression is, or several of them.
    fn mapped(&self, expression: &Expression) -> Option<&'static Mapping> {
        match expression {
            Expression::Variable(name) => self.bound(name.as_str()),
            Expression::Parenthesis(inner) => self.mapped(inner.inner()),
            Expression::Conditional(either) => self
                .mapped(&either.true_expr)
                .or_else(|| self.mapped(&either.false_expr)),
            Expression::Array(items) => items.iter().find_map(|item| self.mapped(item)),
            Expression::Object(members) => {
                let mut members = members.iter();
                members.find_map(|(_, member)| self.mapped(member.expr()))
            }
            Expression::FuncCall(call) if HAND_ON.contains(&call.name.name.as_str()) => {
                call.args.iter().find_map(|argument| self.mapped(argument))
            }
            Expression::Traversal(traversal) => {
                let (mapping, from) = match &traversal.expr {
                    Expression::Variable(name) => match Mapping::of(name.as_str()) {
                        Some(mapping) => (mapping, 1),
                        None => (self.bound(name.as_str())?, 0),
                    },
                    other => (self.mapped(other)?, 0),
                };
                let reads = traversal
                    .operators
                    .iter()
                    .skip(from)
                    .any(|operator| matches!(operator.value(), TraversalOperator::GetAttr(_)));
                (!reads).then_some(mapping)
            }
            _ => None,
        }
    }

    /// The names of a `for` count inside it.
    fn each(
        &mut self,
        (key, value): (Option<&Ident>, &Ident),
        collection: &Expression,
        inside: impl FnOnce(&mut Self),
    ) {
        let mapping = self.mapped(collection);
        self.named(mapping.is_some(), |this| this.visit_expr(collection));
        let depth = self.bound.len();
        self.bound.extend(key.map(|key| (key.to_string(), None)));
        self.bound.push((value.to_string(), mapping));
        inside(self);
        self.bound.truncate(depth);
    }

    /// What stands for a provider of the vendor.
    fn provider(&self, own: &Mapping, name: &str, alias: Option<&str>) -> Option<String> {
        let slot = slots::of(self.slots, own.vendor)?;
        (name == own.vendor.provider).then(|| slot.reference(alias))
    }

    /// A whole resource is handed on.
    fn whole(&mut self, mapping: &'static Mapping, range: Option<Range<usize>>) {
        if !self.is_named && !mapping.reads_alike() {
            self.found.person(
                range.unwrap_or(0..0),
                &format!(
                    "All of a {} is handed on, and its attributes have other names here",
                    mapping.theirs
                ),
            );
        }
    }

    /// The attribute that is read, behind indexes and splats.
    fn reading(&mut self, mapping: &'static Mapping, traversal: &Traversal, from: usize) {
        let is_self =
            matches!(&traversal.expr, Expression::Variable(name) if name.as_str() == "self");
        let steps = traversal.operators.iter().skip(from);
        let Some(Reading {
            name,
            range,
            is_quoted,
        }) = attribute(mapping, is_self, steps.map(|operator| operator.value()))
        else {
            self.whole(mapping, traversal.span());
            return;
        };
        match mapping.reading(name) {
            Some(ours) if ours == name => {}
            Some(ours) if is_quoted => self.replace(range, &format!("\"{ours}\"")),
            Some(ours) => self.replace(range, ours),
            None => self.found.person(
                range.unwrap_or(0..0),
                &format!(
                    "`{name}` of {} is read, and Lanyard has nothing like it",
                    mapping.theirs
                ),
            ),
        }
    }
}

/// An attribute that is read.
struct Reading<'e> {
    name: &'e str,
    range: Option<Range<usize>>,
    /// `["secret"]` and not `.secret`.
    is_quoted: bool,
}

/// The first attribute on the way through a resource, behind what chooses one of several instances. A text in brackets is an attribute
/// where it can be nothing else: in an instance, which a number, a splat or a key that no attribute is called leads to. `None` where none is
/// read, or that is not certain.
fn attribute<'e>(
    mapping: &Mapping,
    mut is_instance: bool,
    steps: impl Iterator<Item = &'e TraversalOperator>,
) -> Option<Reading<'e>> {
    let mut is_doubtful = false;
    for step in steps {
        match step {
            TraversalOperator::GetAttr(name) => {
                return Some(Reading {
                    name: name.as_str(),
                    range: name.span(),
                    is_quoted: false,
                });
            }
            TraversalOperator::Index(Expression::String(text)) if is_instance => {
                return Some(Reading {
                    name: text.as_str(),
                    range: text.span(),
                    is_quoted: true,
                });
            }
            TraversalOperator::Index(index) => match index {
                Expression::String(key) if !mapping.has(key.as_str()) => is_instance = !is_doubtful,
                Expression::Number(_) => is_instance = !is_doubtful,
                index if is_count(index) => is_instance = !is_doubtful,
                // It may be an attribute itself, and what follows a part of it.
                _ => is_doubtful = true,
            },
            TraversalOperator::LegacyIndex(_) | TraversalOperator::FullSplat(_) => {
                is_instance = !is_doubtful;
            }
            // What stands in brackets behind it chooses one of the list that it makes.
            TraversalOperator::AttrSplat(_) => {}
        }
    }
    None
}

/// `count.index`
fn is_count(index: &Expression) -> bool {
    matches!(index, Expression::Traversal(count) if matches!(&count.expr, Expression::Variable(name) if name.as_str() == "count"))
}

impl Visit for References<'_> {
    fn visit_block(&mut self, block: &Block) {
        // Where a state came from does not change by what becomes of it.
        if matches!(block.ident.as_str(), "moved" | "removed") {
            let speaks = |attribute: &Attribute| match &attribute.value {
                Expression::Traversal(traversal) => match &traversal.expr {
                    Expression::Variable(name) => Mapping::of(name.as_str()).is_some(),
                    _ => false,
                },
                _ => false,
            };
            if block.body.attributes().any(speaks) {
                let range = block.ident.span().unwrap_or(0..0);
                self.found.left(
                    range,
                    "The block tells of an earlier move or removal, which goes before this one",
                );
            }
            return;
        }
        let labels: Vec<_> = block.labels.iter().map(|label| label.as_str()).collect();
        match (block.ident.as_str(), labels.first().copied()) {
            ("resource", Some(kind)) => {
                self.own = Mapping::of(kind);
                self.inside(block, "each");
                self.own = None;
            }
            ("module" | "data" | "ephemeral", _) => self.inside(block, "each"),
            ("dynamic", Some(label)) => {
                let iterator = block.body.get_attribute("iterator");
                let iterator = iterator.and_then(|iterator| match &iterator.value {
                    Expression::Variable(name) => Some(name.as_str()),
                    _ => None,
                });
                self.inside(block, iterator.unwrap_or(label));
            }
            ("import", _) => self.named(true, |this| visit::visit_block(this, block)),
            _ => visit::visit_block(self, block),
        }
    }

    fn visit_attr(&mut self, attribute: &Attribute) {
        let key = attribute.key.as_str();
        if let (Some(own), "provider") = (self.own, key) {
            let name = match &attribute.value {
                Expression::Traversal(traversal) => &traversal.expr,
                whole => whole,
            };
            let alias = match &attribute.value {
                Expression::Traversal(traversal) => traversal.operators.first(),
                _ => None,
            };
            let alias = alias.and_then(|operator| match operator.value() {
                TraversalOperator::GetAttr(alias) => Some(alias.as_str()),
                _ => None,
            });
            let ours = match name {
                Expression::Variable(variable) => self.provider(own, variable.as_str(), alias),
                // The spelling of old, in quotes.
                Expression::String(text) => {
                    let (name, alias) = match text.as_str().split_once('.') {
                        Some((name, alias)) => (name, Some(alias)),
                        None => (text.as_str(), None),
                    };
                    self.provider(own, name, alias)
                }
                _ => None,
            };
            let place = attribute.value.span();
            match ours {
                Some(ours) => self.replace(place, &ours),
                None => self.found.person(
                    place.unwrap_or(0..0),
                    "The provider has another name than its resources: name Lanyard's",
                ),
            }
            return;
        }
        if self.own.is_some() && key == "ignore_changes" {
            return;
        }
        // What a `for_each` goes through is read where its values are.
        let names = matches!(key, "depends_on" | "replace_triggered_by")
            || key == "for_each" && self.mapped(&attribute.value).is_some();
        self.named(names, |this| visit::visit_attr(this, attribute));
    }

    fn visit_string(&mut self, text: &Decorated<String>) {
        // The spelling of old, in quotes.
        if self.is_named
            && let Some((theirs, rest)) = text.as_str().split_once('.')
            && let Some(mapping) = Mapping::of(theirs)
        {
            self.replace(text.span(), &format!("\"{}.{rest}\"", mapping.ours));
        }
    }

    fn visit_expr(&mut self, expression: &Expression) {
        match expression {
            Expression::Variable(name) => {
                if let Some(mapping) = self.bound(name.as_str()) {
                    self.whole(mapping, name.span());
                }
            }
            _ => visit::visit_expr(self, expression),
        }
    }

    fn visit_func_call(&mut self, call: &FuncCall) {
        let looks_at_none = LOOK_AT_NONE.contains(&call.name.name.as_str());
        self.named(looks_at_none, |this| visit::visit_func_call(this, call));
    }

    fn visit_for_expr(&mut self, each: &ForExpr) {
        let ForIntro {
            key_var,
            value_var,
            collection_expr,
            ..
        } = &each.intro;
        let key = key_var.as_ref().map(|key| key.value());
        self.each((key, value_var.value()), collection_expr, |this| {
            if let Some(key) = &each.key_expr {
                this.visit_expr(key);
            }
            this.visit_expr(&each.value_expr);
            if let Some(condition) = &each.cond {
                this.visit_for_cond(condition);
            }
        });
    }

    fn visit_for_template_expr(&mut self, each: &ForTemplateExpr) {
        let key = each.key_var.as_ref().map(|key| key.value());
        let names = (key, each.value_var.value());
        self.each(names, &each.collection_expr, |this| {
            this.visit_template(&each.template);
        });
    }

    fn visit_traversal(&mut self, traversal: &Traversal) {
        match &traversal.expr {
            Expression::Variable(variable) => {
                let name = variable.as_str();
                let first = traversal.operators.first().map(|first| first.value());
                if let Some(mapping) = self.bound(name) {
                    self.reading(mapping, traversal, 0);
                } else if let Some(mapping) = self.iterated(name, first) {
                    self.reading(mapping, traversal, 1);
                } else if let Some(mapping) = Mapping::of(name) {
                    self.replace(variable.span(), mapping.ours);
                    self.reading(mapping, traversal, 1);
                } else if let (Some(own), "self") = (self.own, name) {
                    self.reading(own, traversal, 0);
                }
            }
            other => {
                let mapping = self.mapped(other);
                self.named(mapping.is_some(), |this| this.visit_expr(other));
                if let Some(mapping) = mapping {
                    self.reading(mapping, traversal, 0);
                }
            }
        }
        for operator in &traversal.operators {
            self.visit_traversal_operator(operator);
        }
    }
}
