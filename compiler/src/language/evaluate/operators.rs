//! Arithmetic, comparison and logic.

use std::cmp::Ordering;

use super::{Evaluator, Scope};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::source::Spot;
use crate::language::syntax::{Binary, Expression, Unary};
use crate::language::term::{
    Content, Shape, Term, add, convert, divide, equal, multiply, remainder, subtract,
};
use crate::value::Number;

impl Evaluator<'_> {
    pub(super) fn unary(&self, operator: Unary, operand: &Expression, scope: Scope<'_>) -> Term {
        let shape = match operator {
            Unary::Negate => Shape::Number,
            Unary::Not => Shape::Bool,
        };
        let mark = self.mark();
        let Some(term) = self.operand(operand, &shape, scope, "unary operand") else {
            return Term::unknown(shape);
        };
        if self.failed_since(mark) {
            return Term::unknown(shape);
        }
        let (term, marks) = term.unmarked();
        let result = match (&term.content, operator) {
            (Content::Number(number), Unary::Negate) => {
                Term::number(subtract(&Number::from(0_i64), number))
            }
            (Content::Bool(value), Unary::Not) => Term::bool(!value),
            _ => Term::unknown_not_null(shape),
        };
        result.marked(&marks)
    }

    /// Operators of one strength, from left to right.
    pub(super) fn binary(
        &self,
        first: &Expression,
        rest: &[(Binary, Expression)],
        scope: Scope<'_>,
    ) -> Term {
        let start = self.mark();
        let mut left = self.evaluate(first, scope);
        let mut spot = first.spot;
        for (operator, right) in rest {
            if !self.spend(1, right.spot) {
                return Term::dynamic();
            }
            left = match operator {
                Binary::And | Binary::Or => {
                    self.logic(*operator, start, (left, spot), right, scope)
                }
                _ => self.operation(*operator, (left, spot), right, scope),
            };
            spot = spot.to(right.spot);
        }
        left
    }

    fn operation(
        &self,
        operator: Binary,
        (left, left_spot): (Term, Spot),
        right_expression: &Expression,
        scope: Scope<'_>,
    ) -> Term {
        let (operand, result) = types(operator);
        let mark = self.mark();
        let left = self.fit_operand(&left, left_spot, &operand, "left operand");
        let right = self.operand(right_expression, &operand, scope, "right operand");
        let (Some(left), Some(right)) = (left, right) else {
            return Term::unknown(result);
        };
        let marks = match operator {
            // Equality looks inside.
            Binary::Equal | Binary::NotEqual => {
                left.deep_marks().union(&right.deep_marks()).hashed()
            }
            _ => left.marks.union(&right.marks),
        };
        if self.failed_since(mark) {
            return Term::unknown(result).marked(&marks);
        }
        let spot = left_spot.to(right_expression.spot);
        let (left, right) = (left.without_marks(), right.without_marks());
        let term = match operator {
            Binary::Equal => same(&left, &right),
            Binary::NotEqual => {
                let same = same(&left, &right);
                same.as_bool().map_or(same, |same| Term::bool(!same))
            }
            _ => match (left.as_number(), right.as_number()) {
                (Some(left), Some(right)) => match calculate(operator, left, right) {
                    Some(term) => self.bounded(term, spot),
                    None => {
                        self.complain(spot, division_by_zero(left));
                        Term::unknown(result)
                    }
                },
                _ => Term::unknown_not_null(result),
            },
        };
        term.marked(&marks)
    }

    /// Where one side decides, what is wrong with the other one does not matter: Terraform 1.12 and newer take
    /// `value != null && value.name == "a"` for what it means. What was complained of since `start` is about the left side.
    fn logic(
        &self,
        operator: Binary,
        start: usize,
        (left, left_spot): (Term, Spot),
        right_expression: &Expression,
        scope: Scope<'_>,
    ) -> Term {
        let before = self.mark();
        let right = self.evaluate(right_expression, scope);
        let of_right = self.complaints_since(before);
        let of_left = self.complaints_since(start);
        let left_failed = of_left.iter().any(Diagnostic::is_error);
        // A type that does not fit is wrong whatever the other side is.
        let sides = [
            (&left, left_spot, "left operand"),
            (&right, right_expression.spot, "right operand"),
        ];
        let mark = self.mark();
        let fitted = sides.map(|(term, spot, what)| match convert(term, &Shape::Bool) {
            Ok(term) => term,
            Err(mismatch) => {
                let error = Diagnostic::error(Code::InvalidOperand, "Invalid operand")
                    .detail(format!("Unsuitable value for {what}: {mismatch}."));
                self.complain(spot, error);
                Term::unknown(Shape::Bool)
            }
        });
        let of_types = self.complaints_since(mark);
        let [left, right] = fitted.map(Term::unmarked);
        let marks = left.1.union(&right.1);
        let decided = match of_types.is_empty() {
            true => decided(operator, &left.0, &right.0, left_failed),
            false => None,
        };
        let (term, is_left, is_right) = match decided {
            Some((term, Side::Left)) => (term, true, false),
            Some((term, Side::Right)) => (term, false, true),
            None => (Term::unknown_not_null(Shape::Bool), true, true),
        };
        let told = |complaints: Vec<Diagnostic>, is_told: bool| {
            let told = complaints.into_iter();
            told.filter(move |complaint| is_told || !complaint.is_error())
        };
        self.diagnostics.borrow_mut().extend(
            told(of_left, is_left)
                .chain(told(of_right, is_right))
                .chain(of_types),
        );
        if decided_by_neither(operator, &left.0, &right.0) && !self.failed_since(start) {
            if left.0.is_null() || right.0.is_null() {
                let error = Diagnostic::error(Code::InvalidOperand, "Operation failed")
                    .detail("Error during operation: argument must not be null.");
                self.complain(left_spot.to(right_expression.spot), error);
                return Term::unknown(Shape::Bool).marked(&marks);
            }
            return Term::bool(operator == Binary::And).marked(&marks);
        }
        term.marked(&marks)
    }

    /// An operand of the wanted type; `None` after a complaint.
    fn operand(
        &self,
        expression: &Expression,
        shape: &Shape,
        scope: Scope<'_>,
        what: &str,
    ) -> Option<Term> {
        let term = self.evaluate(expression, scope);
        self.fit_operand(&term, expression.spot, shape, what)
    }

    fn fit_operand(&self, term: &Term, spot: Spot, shape: &Shape, what: &str) -> Option<Term> {
        let problem = match convert(term, shape) {
            Ok(term) if term.is_null() && *shape != Shape::Any => {
                "argument must not be null".to_owned()
            }
            Ok(term) => return Some(term),
            Err(mismatch) => mismatch.to_string(),
        };
        let error = Diagnostic::error(Code::InvalidOperand, "Invalid operand")
            .detail(format!("Unsuitable value for {what}: {problem}."));
        self.complain(spot, error);
        None
    }
}

/// The types an operator takes and gives.
fn types(operator: Binary) -> (Shape, Shape) {
    match operator {
        Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide | Binary::Remainder => {
            (Shape::Number, Shape::Number)
        }
        Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual => {
            (Shape::Number, Shape::Bool)
        }
        Binary::And | Binary::Or => (Shape::Bool, Shape::Bool),
        Binary::Equal | Binary::NotEqual => (Shape::Any, Shape::Bool),
    }
}

fn calculate(operator: Binary, left: &Number, right: &Number) -> Option<Term> {
    let order = left.cmp(right);
    Some(match operator {
        Binary::Add => Term::number(add(left, right)),
        Binary::Subtract => Term::number(subtract(left, right)),
        Binary::Multiply => Term::number(multiply(left, right)),
        Binary::Divide => Term::number(divide(left, right)?),
        Binary::Remainder => Term::number(remainder(left, right)),
        Binary::Less => Term::bool(order == Ordering::Less),
        Binary::LessOrEqual => Term::bool(order != Ordering::Greater),
        Binary::Greater => Term::bool(order == Ordering::Greater),
        Binary::GreaterOrEqual => Term::bool(order != Ordering::Less),
        Binary::Equal | Binary::NotEqual | Binary::And | Binary::Or => return None,
    })
}

/// Terraform refuses zero by zero in these words. Anything else by zero is infinite to it, which it refuses to write down, without
/// saying where it came from.
fn division_by_zero(dividend: &Number) -> Diagnostic {
    if *dividend == Number::from(0_i64) {
        return Diagnostic::error(Code::DivisionByZero, "Operation failed")
            .detail("Error during operation: can't divide zero by zero or infinity by infinity.");
    }
    Diagnostic::error(Code::DivisionByZero, "Division by zero").detail("The right operand is zero.")
}

/// Which side of `&&` or `||` the result comes from.
enum Side {
    Left,
    Right,
}

/// What one side decides, or leaves open. A null decides as false does.
fn decided(operator: Binary, left: &Term, right: &Term, left_failed: bool) -> Option<(Term, Side)> {
    let unknown = Term::unknown_not_null(Shape::Bool);
    match (decides(operator, left), decides(operator, right)) {
        (Some(true), _) => Some((Term::bool(operator == Binary::Or), Side::Left)),
        (_, Some(true)) => Some((Term::bool(operator == Binary::Or), Side::Right)),
        (None, Some(false)) => Some((unknown, Side::Left)),
        (Some(false), None) => Some((unknown, Side::Right)),
        (None, None) => (!left_failed).then_some((unknown, Side::Left)),
        (Some(false), Some(false)) => None,
    }
}

/// True where both sides are known and leave the decision to each other.
fn decided_by_neither(operator: Binary, left: &Term, right: &Term) -> bool {
    [left, right].map(|side| decides(operator, side)) == [Some(false); 2]
}

/// True if a side decides alone; `None` if it is not known.
fn decides(operator: Binary, side: &Term) -> Option<bool> {
    let is_true = side.as_bool() == Some(true);
    (!side.is_unknown()).then_some(is_true == (operator == Binary::Or))
}

/// Whether two values are equal, as far as that is known.
pub(crate) fn same(left: &Term, right: &Term) -> Term {
    // Null is never unknown, and what is certainly not null never equals it.
    if left.is_null() && right.is_null() {
        return Term::bool(true);
    }
    for (one, other) in [(left, right), (right, left)] {
        if one.is_null() {
            return if other.is_certainly_not_null() {
                Term::bool(false)
            } else {
                Term::unknown_not_null(Shape::Bool)
            };
        }
    }
    compare(left, right).map_or_else(|| Term::unknown_not_null(Shape::Bool), Term::bool)
}

/// `None` where it depends on something unknown.
fn compare(left: &Term, right: &Term) -> Option<bool> {
    match (&left.content, &right.content) {
        (Content::Unknown(_), Content::Unknown(_)) => None,
        (Content::Unknown(unknown), _) | (_, Content::Unknown(unknown)) => {
            let other = if left.is_unknown() { right } else { left };
            let differ = !unknown.shape.has_any() && unknown.shape != other.shape();
            let prefix_differs = match (&unknown.prefix, other.as_str()) {
                (Some(prefix), Some(text)) => !text.starts_with(prefix.as_ref()),
                _ => false,
            };
            (differ || prefix_differs).then_some(false)
        }
        (Content::Tuple(left), Content::Tuple(right)) => all(
            left.items.len() == right.items.len(),
            left.items.iter().zip(&right.items),
        ),
        (Content::List(left), Content::List(right)) if left.element == right.element => all(
            left.items.len() == right.items.len(),
            left.items.iter().zip(&right.items),
        ),
        (Content::Set(one), Content::Set(two)) if one.element == two.element => {
            if !left.is_wholly_known() || !right.is_wholly_known() {
                return None;
            }
            Some(equal(left, right))
        }
        (Content::Object(left), Content::Object(right)) => all(
            left.entries.keys().eq(right.entries.keys()),
            left.entries.values().zip(right.entries.values()),
        ),
        (Content::Map(left), Content::Map(right)) if left.element == right.element => all(
            left.entries.keys().eq(right.entries.keys()),
            left.entries.values().zip(right.entries.values()),
        ),
        _ => Some(equal(left, right)),
    }
}

fn all<'a>(same_keys: bool, mut pairs: impl Iterator<Item = (&'a Term, &'a Term)>) -> Option<bool> {
    if !same_keys {
        return Some(false);
    }
    let mut result = Some(true);
    pairs.try_for_each(|(left, right)| {
        match same(left, right).as_bool() {
            Some(false) => {
                result = Some(false);
                return None;
            }
            Some(true) => {}
            None => result = None,
        }
        Some(())
    });
    result
}

/// A type in a sentence: "a list of string".
pub(super) fn described(shape: &Shape) -> String {
    match shape {
        Shape::Any => "of unknown type".to_owned(),
        Shape::Object(fields) => {
            let names: Vec<&str> = fields.keys().map(AsRef::as_ref).collect();
            format!("an object with the attributes {}", names.join(", "))
        }
        Shape::Tuple(items) => format!("a tuple of {}", items.len()),
        shape => format!("a {}", shape.friendly()),
    }
}

/// Whether two values are equal; `None` when that is not known.
pub(crate) fn same_value(left: &Term, right: &Term) -> Option<bool> {
    same(left, right).as_bool()
}
