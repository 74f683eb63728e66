//! `count` and `for_each`: which instances a block has.

use super::{Place, Repeated, Walk};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::bounds::{self, grouped_size};
use crate::language::configuration::Key;
use crate::language::module::Repetition;
use crate::language::source::Spot;
use crate::language::syntax::Expression;
use crate::language::term::{Content, Shape, Term, as_usize, convert};

/// What is repeated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeating {
    Module,
    Resource,
    Provider,
    Import,
}

impl Repeating {
    fn name(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Resource => "resource",
            Self::Provider => "provider",
            Self::Import => "import",
        }
    }

    /// The most instances that one block can have.
    fn most(self) -> usize {
        match self {
            Self::Module => bounds::MODULES,
            Self::Resource | Self::Provider | Self::Import => bounds::INSTANCES,
        }
    }
}

/// The instances of a block: their keys, and for `for_each` their values.
pub(super) struct Keys {
    pub(super) repeated: Repeated,
    pub(super) items: Vec<(Key, Option<Term>)>,
}

impl Walk<'_> {
    /// `None` when they are not known, or after a complaint.
    pub(super) fn keys(
        &self,
        repetition: &Repetition,
        place: Place<'_>,
        what: Repeating,
    ) -> Option<Keys> {
        match repetition {
            Repetition::Once => Some(Keys {
                repeated: Repeated::Once,
                items: vec![(Key::None, None)],
            }),
            Repetition::Count(expression) => self.count(expression, place, what),
            Repetition::ForEach(expression) => self.for_each(expression, place, what),
            Repetition::Enabled(expression) => self.enabled(expression, place, what),
        }
    }

    fn enabled(&self, expression: &Expression, place: Place<'_>, what: Repeating) -> Option<Keys> {
        let invalid = |detail: String| {
            let error =
                Diagnostic::error(Code::InvalidCount, "Invalid enabled argument").detail(detail);
            self.evaluator.complain(expression.spot, error);
            None
        };
        let mark = self.evaluator.mark();
        let (term, marks) = self.evaluate(expression, place).unmarked();
        if marks.is_sensitive() {
            return invalid("Sensitive values, or values derived from sensitive values, cannot decide whether there is an instance: that would show them.".to_owned());
        }
        if marks.is_ephemeral() {
            return invalid("An ephemeral value cannot decide whether there is an instance: that must be known at every plan.".to_owned());
        }
        if term.is_null() {
            return invalid("The given \"enabled\" argument value is null.".to_owned());
        }
        match convert(&term, &Shape::Bool) {
            Ok(term) => match term.as_bool() {
                Some(is_enabled) => Some(Keys {
                    repeated: Repeated::Perhaps,
                    items: is_enabled
                        .then_some((Key::None, None))
                        .into_iter()
                        .collect(),
                }),
                None => {
                    self.unknown_instances(expression.spot, mark, what, "enabled");
                    None
                }
            },
            Err(mismatch) => invalid(format!("The given value is not suitable: {mismatch}.")),
        }
    }

    fn count(&self, expression: &Expression, place: Place<'_>, what: Repeating) -> Option<Keys> {
        let invalid = |detail: String| {
            let error =
                Diagnostic::error(Code::InvalidCount, "Invalid count argument").detail(detail);
            self.evaluator.complain(expression.spot, error);
            None
        };
        let mark = self.evaluator.mark();
        let (term, marks) = self.evaluate(expression, place).unmarked();
        if marks.is_ephemeral() {
            return invalid("An ephemeral value cannot decide how many instances there are: the number must be known at every plan.".to_owned());
        }
        let term = match convert(&term, &Shape::Number) {
            Ok(term) => term,
            Err(mismatch) => {
                return invalid(format!("The given value is not suitable: {mismatch}."));
            }
        };
        let number = match &term.content {
            Content::Number(number) => number,
            Content::Null(_) => {
                return invalid(
                    "The given \"count\" argument value is null. An integer is required."
                        .to_owned(),
                );
            }
            _ => {
                self.unknown_instances(expression.spot, mark, what, "count");
                return None;
            }
        };
        if !number.is_integer() {
            return invalid(
                "The given \"count\" argument value is unsuitable: it must be a whole number."
                    .to_owned(),
            );
        }
        let Some(count) = as_usize(number) else {
            return invalid("The given \"count\" argument value is unsuitable: it must be greater than or equal to zero.".to_owned());
        };
        if count > what.most() {
            return invalid(format!(
                "A block can have at most {} instances.",
                grouped_size(what.most())
            ));
        }
        self.evaluator
            .spend(u64::try_from(count).unwrap_or(u64::MAX), expression.spot);
        Some(Keys {
            repeated: Repeated::Count,
            items: (0..count)
                .map(|index| (Key::Index(u64::try_from(index).unwrap_or(u64::MAX)), None))
                .collect(),
        })
    }

    fn for_each(&self, expression: &Expression, place: Place<'_>, what: Repeating) -> Option<Keys> {
        let invalid = |detail: &str| {
            let error =
                Diagnostic::error(Code::InvalidForEach, "Invalid for_each argument").detail(detail);
            self.evaluator.complain(expression.spot, error);
            None
        };
        let mark = self.evaluator.mark();
        let (term, marks) = self.evaluate(expression, place).unmarked();
        if marks.is_sensitive() {
            return invalid(
                "Sensitive values, or values derived from sensitive values, cannot be used as for_each arguments: the keys would show them in addresses.",
            );
        }
        if marks.is_ephemeral() {
            return invalid(
                "Ephemeral values, or values derived from them, cannot be used as for_each arguments: the keys must be known at every plan.",
            );
        }
        let items: Vec<(Key, Option<Term>)> = match &term.content {
            Content::Null(_) => {
                return invalid(
                    "The given \"for_each\" argument value is null. A map, or a set of strings, is required.",
                );
            }
            Content::Map(entries) | Content::Object(entries) => entries
                .entries
                .iter()
                .map(|(name, value)| (Key::Name(name.clone()), Some(value.clone())))
                .collect(),
            Content::Set(set) if set.items.is_empty() => Vec::new(),
            Content::Set(set) if set.element != Shape::String && set.element != Shape::Any => {
                return invalid(&format!(
                    "The given \"for_each\" argument value is unsuitable: \"for_each\" supports maps and sets of strings, but this is a set of {}.",
                    set.element.friendly()
                ));
            }
            Content::Set(set) => {
                let mut items = Vec::with_capacity(set.items.len());
                for item in &set.items {
                    match &item.content {
                        Content::String(name) => items.push((Key::Name(name.clone()), None)),
                        Content::Null(_) => {
                            return invalid("\"for_each\" sets must not contain null values.");
                        }
                        _ => {
                            self.unknown_instances(expression.spot, mark, what, "for_each");
                            return None;
                        }
                    }
                }
                items
            }
            Content::Unknown(unknown)
                if matches!(
                    unknown.shape,
                    Shape::Any | Shape::Map(_) | Shape::Object(_) | Shape::Set(_)
                ) =>
            {
                self.unknown_instances(expression.spot, mark, what, "for_each");
                return None;
            }
            _ => {
                let shape = term.shape();
                let mut error = Diagnostic::error(Code::InvalidForEach, "Invalid for_each argument").detail(format!(
                    "The given \"for_each\" argument value is unsuitable: it must be a map, or a set of strings, and this is a value of type {}.",
                    shape.friendly()
                ));
                if matches!(shape, Shape::List(_) | Shape::Tuple(_)) {
                    error = error.hint("toset(…) makes a set of a list");
                }
                self.evaluator.complain(expression.spot, error);
                return None;
            }
        };
        if items.len() > what.most() {
            return invalid(&format!(
                "A block can have at most {} instances.",
                grouped_size(what.most())
            ));
        }
        self.evaluator.spend(
            u64::try_from(items.len()).unwrap_or(u64::MAX),
            expression.spot,
        );
        Some(Keys {
            repeated: Repeated::ForEach,
            items,
        })
    }

    /// Says that the instances are not known, unless that follows from a mistake already told.
    pub(super) fn unknown_instances(
        &self,
        spot: Spot,
        mark: usize,
        what: Repeating,
        argument: &str,
    ) {
        if self.evaluator.failed_since(mark) || self.has_errors() {
            return;
        }
        let note = Diagnostic::warning(Code::UnknownInstances, "Instances are not known yet")
            .detail(format!("The value of {argument:?} depends on something that is known only after apply, so the instances of this {} are left out.", what.name()));
        self.evaluator.complain(spot, note);
    }

    pub(super) fn has_errors(&self) -> bool {
        self.evaluator.failed_since(0)
    }
}
