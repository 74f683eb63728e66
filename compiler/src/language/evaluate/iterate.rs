//! `for` expressions and splats.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Evaluator, Frame, Scope, TooLarge};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::bounds;
use crate::language::source::Spot;
use crate::language::syntax::{Expression, For};
use crate::language::term::{Content, Marks, Shape, Term, convert, unify};

impl Evaluator<'_> {
    /// The (key, value) pairs of a collection; `None` when it is unknown or, after a complaint, when it is none.
    pub(super) fn iteration(
        &self,
        term: &Term,
        expression: &Expression,
    ) -> Option<Vec<(Term, Term)>> {
        let error = match &term.content {
            Content::List(items) | Content::Tuple(items) => {
                return Some(
                    items
                        .items
                        .iter()
                        .enumerate()
                        .map(|(index, item)| (Term::count(index), item.clone()))
                        .collect(),
                );
            }
            Content::Set(items) => {
                return Some(
                    items
                        .items
                        .iter()
                        .map(|item| (item.clone(), item.clone()))
                        .collect(),
                );
            }
            Content::Map(entries) | Content::Object(entries) => {
                return Some(
                    entries
                        .entries
                        .iter()
                        .map(|(name, item)| (Term::string(name.clone()), item.clone()))
                        .collect(),
                );
            }
            Content::Unknown(unknown) if !unknown.shape.is_primitive() => return None,
            Content::Null(_) => Diagnostic::error(Code::NullValue, "Iteration over null value")
                .detail("A null value cannot be used as the collection in a 'for' expression."),
            _ => Diagnostic::error(Code::WrongType, "Iteration over non-iterable value").detail(
                format!(
                    "A value of type {} cannot be used as the collection in a 'for' expression.",
                    term.shape().friendly()
                ),
            ),
        };
        self.complain(expression.spot, error);
        None
    }

    pub(super) fn for_expression(&self, expression: &For, spot: Spot, scope: Scope<'_>) -> Term {
        let (collection, mut marks) = self.evaluate(&expression.collection, scope).unmarked();
        let Some(items) = self.iteration(&collection, &expression.collection) else {
            return Term::dynamic().marked(&marks);
        };
        let mut known = true;
        let mut results = Vec::new();
        let mut named: BTreeMap<Arc<str>, Term> = BTreeMap::new();
        let mut groups: BTreeMap<Arc<str>, Vec<Term>> = BTreeMap::new();
        let mut size: u32 = 0;
        for (key, value) in items {
            if !self.spend(1, spot) {
                return Term::dynamic();
            }
            let frame = Frame {
                key: expression.key.as_ref().map(|name| (name, key)),
                value: (&expression.value, value),
                outer: scope.frame,
            };
            let inner = Scope {
                frame: Some(&frame),
                ..scope
            };
            match self.included(expression, inner, &mut marks) {
                Some(true) => {}
                Some(false) => continue,
                None => {
                    known = false;
                    continue;
                }
            }
            let Some(key_expression) = &expression.key_result else {
                let value = self.evaluate(&expression.result, inner);
                size = size.saturating_add(value.weight().size);
                results.push(value);
                if size > bounds::VALUES {
                    break;
                }
                continue;
            };
            let Some(key) = self.object_key(key_expression, inner, &mut marks) else {
                known = false;
                continue;
            };
            let value = self.evaluate(&expression.result, inner);
            size = size.saturating_add(value.weight().size);
            if size > bounds::VALUES {
                break;
            }
            if expression.grouped {
                groups.entry(key).or_default().push(value);
            } else if named.insert(key.clone(), value).is_some() {
                let error = Diagnostic::error(Code::DuplicateKey, "Duplicate object key")
                    .detail(format!(
                        "Two items produce the key {key:?} in this 'for' expression."
                    ))
                    .hint("write `...` after the value to group the values by key");
                self.complain(key_expression.spot, error);
            }
        }
        if size > bounds::VALUES {
            // What it came to so far is refused like the whole.
            return self.too_large(spot, TooLarge::Values);
        }
        if !known {
            let inside = collection
                .deep_marks()
                .union(&Term::tuple(results).deep_marks());
            return Term::dynamic().marked(&marks.union(&inside.origins_only()));
        }
        let term = match (&expression.key_result, expression.grouped) {
            (None, _) => Term::tuple(results),
            (Some(_), false) => Term::object(named.into()),
            (Some(_), true) => Term::object(
                groups
                    .into_iter()
                    .map(|(key, values)| (key, Term::tuple(values)))
                    .collect(),
            ),
        };
        self.bounded(term, spot).marked(&marks)
    }

    /// Whether the `if` clause lets an item in; `None` when that is not known.
    fn included(&self, expression: &For, scope: Scope<'_>, marks: &mut Marks) -> Option<bool> {
        let Some(condition) = &expression.condition else {
            return Some(true);
        };
        let (value, condition_marks) = self.evaluate(condition, scope).unmarked();
        *marks = marks.union(&condition_marks);
        let detail = match convert(&value, &Shape::Bool) {
            Ok(value) if !value.is_null() => return value.as_bool(),
            Ok(_) => "The value of the 'if' clause must not be null.".to_owned(),
            Err(mismatch) => format!("The value of the 'if' clause is invalid: {mismatch}."),
        };
        let error = Diagnostic::error(Code::WrongType, "Invalid 'for' condition").detail(detail);
        self.complain(condition.spot, error);
        None
    }

    fn object_key(
        &self,
        expression: &Expression,
        scope: Scope<'_>,
        marks: &mut Marks,
    ) -> Option<Arc<str>> {
        let (key, key_marks) = self.evaluate(expression, scope).unmarked();
        *marks = marks.union(&key_marks);
        let detail = match convert(&key, &Shape::String) {
            Ok(key) => match key.content {
                Content::String(key) => return Some(key),
                Content::Null(_) => "The key must not be null.".to_owned(),
                _ => return None,
            },
            Err(mismatch) => format!("The key is invalid: {mismatch}."),
        };
        let error = Diagnostic::error(Code::WrongType, "Invalid object key").detail(detail);
        self.complain(expression.spot, error);
        None
    }

    pub(super) fn splat(
        &self,
        source: &Expression,
        each: &Expression,
        spot: Spot,
        scope: Scope<'_>,
    ) -> Term {
        let mark = self.mark();
        let (term, marks) = self.evaluate(source, scope).unmarked();
        if self.failed_since(mark) {
            return Term::dynamic();
        }
        let shape = term.shape();
        let sequence = matches!(shape, Shape::List(_) | Shape::Set(_) | Shape::Tuple(_));
        if term.is_null() {
            if !sequence {
                return Term::tuple(Vec::new()).marked(&marks);
            }
            let error = Diagnostic::error(Code::NullValue, "Splat of null value")
                .detail("A splat (the * symbol) cannot be applied to a null list.");
            self.complain(source.spot, error);
            return Term::dynamic();
        }
        if shape == Shape::Any {
            return Term::dynamic().marked(&marks);
        }
        let apply = |item: &Term| {
            let inner = Scope {
                item: Some(item),
                ..scope
            };
            self.evaluate(each, inner)
        };
        if !sequence {
            // A single value is treated as a list of one; whether an unknown will be null is not known.
            let result = apply(&term);
            if term.is_unknown() && !term.is_certainly_not_null() {
                let inside = result.deep_marks().origins_only();
                return Term::dynamic().marked(&marks.union(&inside));
            }
            return Term::tuple(vec![result]).marked(&marks);
        }
        let Some(items) = term.as_items() else {
            let shape = match shape {
                Shape::List(element) | Shape::Set(element) => {
                    Shape::list(apply(&Term::unknown(Shape::clone(&element))).shape())
                }
                Shape::Tuple(items) => Shape::Tuple(
                    items
                        .iter()
                        .map(|item| apply(&Term::unknown(item.clone())).shape())
                        .collect(),
                ),
                _ => Shape::Any,
            };
            return Term::unknown_not_null(shape).marked(&marks);
        };
        let mark = self.mark();
        let results: Vec<Term> = items.iter().map(apply).collect();
        if self.failed_since(mark) {
            return Term::dynamic().marked(&marks);
        }
        let term = match &shape {
            Shape::List(element) | Shape::Set(element) => {
                let inner = if results.is_empty() {
                    Some(apply(&Term::unknown(Shape::clone(element))).shape())
                } else {
                    let shapes: Vec<Shape> = results.iter().map(Term::shape).collect();
                    unify(&shapes)
                };
                match inner {
                    Some(Shape::Any) if !results.is_empty() => Term::dynamic(),
                    Some(inner) => Term::list(inner, results),
                    None => Term::tuple(results),
                }
            }
            _ => Term::tuple(results),
        };
        self.bounded(term, spot).marked(&marks)
    }
}
