//! Type constraints: `list(string)`, `object({ name = string, port = optional(number, 80) })`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::language::evaluate::{Evaluator, NoNames, Scope};
use crate::language::functions::is_identifier;
use crate::language::syntax::{Call, Expression, Node, as_text, parse_expression};
use crate::language::term::{Field, Shape, convert};
use crate::suggest::closest;

const KEYWORDS: [&str; 10] = [
    "any", "bool", "number", "string", "list", "set", "map", "tuple", "object", "optional",
];

/// The type that an expression spells; `Any` after a complaint.
pub(crate) fn parse_type(evaluator: &Evaluator<'_>, expression: &Expression) -> Shape {
    // In the JSON spelling types are written as text.
    if let Node::JsonText { raw, .. } = &expression.node {
        return match parse_expression(expression.spot.file, raw) {
            Ok(mut parsed) => {
                parsed.spot = expression.spot;
                short(&parsed).unwrap_or_else(|| constraint(evaluator, &parsed))
            }
            Err(_) => wrong(evaluator, expression, "this is not a type"),
        };
    }
    short(expression).unwrap_or_else(|| parse_constraint(evaluator, expression))
}

/// The type that an expression spells, all of it.
pub(crate) fn parse_constraint(evaluator: &Evaluator<'_>, expression: &Expression) -> Shape {
    if as_text(expression).is_some() {
        return wrong(
            evaluator,
            expression,
            "the type must be written without quotes",
        );
    }
    constraint(evaluator, expression)
}

/// `list` and `map` alone: of anything that is all the same.
fn short(expression: &Expression) -> Option<Shape> {
    match &expression.node {
        Node::Variable(name) if name.as_ref() == "list" => Some(Shape::list(Shape::Any)),
        Node::Variable(name) if name.as_ref() == "map" => Some(Shape::map(Shape::Any)),
        _ => None,
    }
}

fn wrong(evaluator: &Evaluator<'_>, expression: &Expression, detail: impl Into<String>) -> Shape {
    let error = Diagnostic::error(Code::InvalidType, "Invalid type specification").detail(detail);
    evaluator.complain(expression.spot, error);
    Shape::Any
}

fn constraint(evaluator: &Evaluator<'_>, expression: &Expression) -> Shape {
    match &expression.node {
        Node::Variable(name) => match name.as_ref() {
            "any" => Shape::Any,
            "bool" => Shape::Bool,
            "number" => Shape::Number,
            "string" => Shape::String,
            kind @ ("list" | "set" | "map") => wrong(
                evaluator,
                expression,
                format!(
                    "the {kind} type needs one argument, the type of its elements, as in {kind}(string)"
                ),
            ),
            kind @ ("tuple" | "object") => wrong(
                evaluator,
                expression,
                format!("the {kind} type needs one argument that describes what is inside"),
            ),
            other => unknown(evaluator, expression, other),
        },
        Node::Parentheses(inner) => constraint(evaluator, inner),
        Node::Call(call) => call_constraint(evaluator, expression, call),
        _ => wrong(
            evaluator,
            expression,
            "this is not a type: use a keyword such as string, or one such as list(string)",
        ),
    }
}

fn unknown(evaluator: &Evaluator<'_>, expression: &Expression, name: &str) -> Shape {
    let mut error = Diagnostic::error(Code::InvalidType, "Invalid type specification")
        .detail(format!("The keyword {name:?} is not a type."));
    if let Some(meant) = closest(name, KEYWORDS) {
        error = error.hint(format!("did you mean {meant:?}?"));
    }
    evaluator.complain(expression.spot, error);
    Shape::Any
}

fn call_constraint(evaluator: &Evaluator<'_>, expression: &Expression, call: &Call) -> Shape {
    let name = call.name.as_ref();
    if !KEYWORDS[4..].contains(&name) {
        return match name {
            "any" | "bool" | "number" | "string" => wrong(
                evaluator,
                expression,
                format!("the type {name} takes no arguments"),
            ),
            _ => unknown(evaluator, expression, name),
        };
    }
    if name == "optional" {
        return wrong(
            evaluator,
            expression,
            "optional(…) stands only around the type of an object's attribute",
        );
    }
    let [argument] = call.arguments.as_slice() else {
        return wrong(
            evaluator,
            expression,
            format!("the type {name} takes one argument"),
        );
    };
    match (name, &argument.node) {
        ("list", _) => Shape::list(constraint(evaluator, argument)),
        ("set", _) => Shape::set(constraint(evaluator, argument)),
        ("map", _) => Shape::map(constraint(evaluator, argument)),
        ("tuple", Node::Tuple(items)) => Shape::Tuple(
            items
                .iter()
                .map(|item| constraint(evaluator, item))
                .collect(),
        ),
        ("tuple", _) => wrong(
            evaluator,
            argument,
            "tuple(…) takes a list of types, as in tuple([string, number])",
        ),
        (_, Node::Object(items)) => {
            let mut fields = BTreeMap::new();
            for (key, value) in items {
                match as_text(key).filter(|name| is_identifier(name)) {
                    Some(name) => {
                        if fields.insert(name, field(evaluator, value)).is_some() {
                            wrong(evaluator, key, "each attribute is named once");
                        }
                    }
                    None => {
                        wrong(evaluator, key, "an attribute's name must be a plain word");
                    }
                }
            }
            Shape::Object(Arc::new(fields))
        }
        _ => wrong(
            evaluator,
            argument,
            "object(…) takes the attributes and their types, as in object({ name = string })",
        ),
    }
}

fn field(evaluator: &Evaluator<'_>, expression: &Expression) -> Field {
    let Node::Call(call) = &expression.node else {
        return Field::required(constraint(evaluator, expression));
    };
    if call.name.as_ref() != "optional" {
        return Field::required(constraint(evaluator, expression));
    }
    let (shape, default) = match call.arguments.as_slice() {
        [shape] => (constraint(evaluator, shape), None),
        [shape, default_expression] => {
            let shape = constraint(evaluator, shape);
            let value = evaluator.evaluate(default_expression, Scope::new(&NoNames));
            let filled = crate::language::term::apply_defaults(&value, &shape);
            let default = match convert(&filled, &shape) {
                Ok(default) => Some(Box::new(default)),
                Err(mismatch) => {
                    let error = Diagnostic::error(
                        Code::InvalidDefault,
                        "Invalid default value for optional attribute",
                    )
                    .detail(format!("This default value is not compatible with the attribute's type constraint: {mismatch}."));
                    evaluator.complain(default_expression.spot, error);
                    None
                }
            };
            (shape, default)
        }
        _ => (
            wrong(
                evaluator,
                expression,
                "optional(…) takes a type and, if wanted, a default",
            ),
            None,
        ),
    };
    Field {
        shape,
        optional: true,
        default,
    }
}
