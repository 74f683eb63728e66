//! What refers to a vendor's resource, in expressions, templates and lists of dependencies, refers to ours.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, Traversal, TraversalOperator};
use hcl_edit::structure::{Attribute, Block};
use hcl_edit::visit::{self, Visit};

use super::file::Found;
use super::text::Edit;
use super::vendors::Mapping;

pub(super) struct References<'a> {
    pub(super) found: &'a mut Found,
    /// The resource that is looked at, for `self`.
    own: Option<&'static Mapping>,
    /// True where a resource is named and not read.
    is_named: bool,
}

impl<'a> References<'a> {
    pub(super) fn of(found: &'a mut Found) -> Self {
        Self {
            found,
            own: None,
            is_named: false,
        }
    }

    fn replace(&mut self, range: Option<Range<usize>>, text: &str) {
        let Some(range) = range else { return };
        let text = text.to_owned();
        self.found.edits.push(Edit { range, text });
    }

    /// The attribute that is read, behind indexes and splats.
    fn reading(&mut self, mapping: &'static Mapping, traversal: &Traversal, from: usize) {
        let attribute =
            traversal
                .operators
                .iter()
                .skip(from)
                .find_map(|operator| match operator.value() {
                    TraversalOperator::GetAttr(name) => Some(name),
                    _ => None,
                });
        let Some(attribute) = attribute else {
            if !self.is_named && !mapping.reads_alike() {
                let range = traversal.span().unwrap_or(0..0);
                self.found.person(
                    range,
                    &format!(
                        "All of a {} is handed on, and its attributes have other names here",
                        mapping.theirs
                    ),
                );
            }
            return;
        };
        match mapping.reading(attribute.as_str()) {
            Some(ours) if ours == attribute.as_str() => {}
            Some(ours) => self.replace(attribute.span(), ours),
            None => self.found.person(
                attribute.span().unwrap_or(0..0),
                &format!(
                    "`{}` of {} is read, and Lanyard has nothing like it",
                    attribute.as_str(),
                    mapping.theirs
                ),
            ),
        }
    }
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
            ("resource", Some(theirs)) => {
                if let Some(mapping) = Mapping::of(theirs) {
                    self.own = Some(mapping);
                    visit::visit_block(self, block);
                    self.own = None;
                    return;
                }
            }
            ("import", _) => {
                self.is_named = true;
                visit::visit_block(self, block);
                self.is_named = false;
                return;
            }
            _ => {}
        }
        visit::visit_block(self, block);
    }

    fn visit_attr(&mut self, attribute: &Attribute) {
        let key = attribute.key.as_str();
        if let (Some(own), "provider") = (self.own, key) {
            let name = match &attribute.value {
                Expression::Traversal(traversal) => &traversal.expr,
                whole => whole,
            };
            match name {
                Expression::Variable(variable) if variable.as_str() == own.vendor.provider => {
                    self.replace(variable.span(), "lanyard");
                }
                _ => self.found.person(
                    attribute.value.span().unwrap_or(0..0),
                    "The provider has another name than its resources: name Lanyard's",
                ),
            }
            return;
        }
        if self.own.is_some() && key == "ignore_changes" {
            return;
        }
        let before = self.is_named;
        self.is_named |= matches!(key, "depends_on" | "replace_triggered_by");
        visit::visit_attr(self, attribute);
        self.is_named = before;
    }

    fn visit_traversal(&mut self, traversal: &Traversal) {
        if let Expression::Variable(variable) = &traversal.expr {
            let name = variable.as_str();
            if let Some(mapping) = Mapping::of(name) {
                self.replace(variable.span(), mapping.ours);
                self.reading(mapping, traversal, 1);
            } else if let (Some(own), "self") = (self.own, name) {
                self.reading(own, traversal, 0);
            }
        } else {
            self.visit_expr(&traversal.expr);
        }
        for operator in &traversal.operators {
            self.visit_traversal_operator(operator);
        }
    }
}
