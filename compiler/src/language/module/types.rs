//! Type constraints: `list(string)`, `object({ name = string, port = optional(number, 80) })`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::evaluate::{NoNames, Scope};
use crate::language::syntax::{Call, Expression, Node, as_text, parse_expression};
use crate::language::term::{Field, Shape, convert};
use crate::suggest::closest;

const KEYWORDS: [&str; 10] = [
    "any", "bool", "number", "string", "list", "set", "map", "tuple", "object", "optional",
];

/// The type that an expression spells; `Any` after a complaint.
pub(crate) fn parse_type(context: &Context<'_>, expression: &Expression) -> Shape {
    // In the JSON spelling types are written as text.
    if let Node::JsonText { raw, .. } = &expression.node {
        return match parse_expression(expression.spot.file, raw) {
            Ok(mut parsed) => {
                parsed.spot = expression.spot;
                short(&parsed).unwrap_or_else(|| constraint(context, &parsed))
            }
            Err(_) => wrong(context, expression, "this is not a type"),
        };
    }
    if let Some(shape) = short(expression) {
        return shape;
    }
    if as_text(expression).is_some() {
        return wrong(
            context,
            expression,
            "the type must be written without quotes",
        );
    }
    constraint(context, expression)
}

/// `list` and `map` alone: of anything that is all the same.
fn short(expression: &Expression) -> Option<Shape> {
    match &expression.node {
        Node::Variable(name) if name.as_ref() == "list" => Some(Shape::list(Shape::Any)),
        Node::Variable(name) if name.as_ref() == "map" => Some(Shape::map(Shape::Any)),
        _ => None,
    }
}

fn wrong(context: &Context<'_>, expression: &Expression, detail: impl Into<String>) -> Shape {
    context.error(
        expression.spot,
        Code::InvalidType,
        "Invalid type specification",
        detail,
    );
    Shape::Any
}

fn constraint(context: &Context<'_>, expression: &Expression) -> Shape {
    match &expression.node {
        Node::Variable(name) => match name.as_ref() {
            "any" => Shape::Any,
            "bool" => Shape::Bool,
            "number" => Shape::Number,
            "string" => Shape::String,
            kind @ ("list" | "set" | "map") => wrong(
                context,
                expression,
                format!(
                    "the {kind} type needs one argument, the type of its elements, as in {kind}(string)"
                ),
            ),
            kind @ ("tuple" | "object") => wrong(
                context,
                expression,
                format!("the {kind} type needs one argument that describes what is inside"),
            ),
            other => unknown(context, expression, other),
        },
        Node::Parentheses(inner) => constraint(context, inner),
        Node::Call(call) => call_constraint(context, expression, call),
        _ => wrong(
            context,
            expression,
            "this is not a type: use a keyword such as string, or one such as list(string)",
        ),
    }
}

fn unknown(context: &Context<'_>, expression: &Expression, name: &str) -> Shape {
    let mut error = Diagnostic::error(Code::InvalidType, "Invalid type specification")
        .detail(format!("The keyword {name:?} is not a type."));
    if let Some(meant) = closest(name, KEYWORDS) {
        error = error.hint(format!("did you mean {meant:?}?"));
    }
    context.complain(expression.spot, error);
    Shape::Any
}

fn call_constraint(context: &Context<'_>, expression: &Expression, call: &Call) -> Shape {
    let name = call.name.as_ref();
    if !KEYWORDS[4..].contains(&name) {
        return match name {
            "any" | "bool" | "number" | "string" => wrong(
                context,
                expression,
                format!("the type {name} takes no arguments"),
            ),
            _ => unknown(context, expression, name),
        };
    }
    if name == "optional" {
        return wrong(
            context,
            expression,
            "optional(…) stands only around the type of an object's attribute",
        );
    }
    let [argument] = call.arguments.as_slice() else {
        return wrong(
            context,
            expression,
            format!("the type {name} takes one argument"),
        );
    };
    match (name, &argument.node) {
        ("list", _) => Shape::list(constraint(context, argument)),
        ("set", _) => Shape::set(constraint(context, argument)),
        ("map", _) => Shape::map(constraint(context, argument)),
        ("tuple", Node::Tuple(items)) => {
            Shape::Tuple(items.iter().map(|item| constraint(context, item)).collect())
        }
        ("tuple", _) => wrong(
            context,
            argument,
            "tuple(…) takes a list of types, as in tuple([string, number])",
        ),
        (_, Node::Object(items)) => {
            let mut fields = BTreeMap::new();
            for (key, value) in items {
                match as_text(key) {
                    Some(name) => {
                        fields.insert(name, field(context, value));
                    }
                    None => {
                        wrong(context, key, "an attribute's name must be a plain word");
                    }
                }
            }
            Shape::Object(Arc::new(fields))
        }
        _ => wrong(
            context,
            argument,
            "object(…) takes the attributes and their types, as in object({ name = string })",
        ),
    }
}

fn field(context: &Context<'_>, expression: &Expression) -> Field {
    let Node::Call(call) = &expression.node else {
        return Field::required(constraint(context, expression));
    };
    if call.name.as_ref() != "optional" {
        return Field::required(constraint(context, expression));
    }
    let (shape, default) = match call.arguments.as_slice() {
        [shape] => (constraint(context, shape), None),
        [shape, default_expression] => {
            let shape = constraint(context, shape);
            let value = context
                .evaluator
                .evaluate(default_expression, Scope::new(&NoNames));
            let filled = crate::language::term::apply_defaults(&value, &shape);
            let default = match convert(&filled, &shape) {
                Ok(default) => Some(Box::new(default)),
                Err(mismatch) => {
                    context.error(
                        default_expression.spot,
                        Code::InvalidDefault,
                        "Invalid default value for optional attribute",
                        format!("This default value is not compatible with the attribute's type constraint: {mismatch}."),
                    );
                    None
                }
            };
            (shape, default)
        }
        _ => (
            wrong(
                context,
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
