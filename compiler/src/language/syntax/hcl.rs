//! The native spelling: `hcl-edit` reads the text, this file turns what it read into our tree, with places.

use std::ops::Range;
use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::expr::{
    BinaryOperator, Expression as HclExpression, ForExpr, FuncCall, Object, ObjectKey,
    TraversalOperator, UnaryOperator,
};
use hcl_edit::structure::{Body as HclBody, Structure};

use super::template::{Kind, template};
use super::{
    Attribute, Binary, Block, Body, Call, Expression, For, Label, Name, Node, Unary, recover,
};
use crate::language::source::{FileId, Spot};
use crate::language::term::{Shape, Term, parse_number};

/// A syntax error: what is wrong, where.
pub(crate) struct SyntaxError {
    pub(crate) spot: Spot,
    pub(crate) message: String,
    /// The input is well-formed but beyond a limit.
    pub(crate) limit: bool,
}

/// A body and whatever kept parts of it from being read.
pub(crate) struct Parsed {
    pub(crate) body: Body,
    pub(crate) errors: Vec<SyntaxError>,
    /// The kinds of top-level blocks that could not be read; empty text stands for "could be any".
    pub(crate) broken: Vec<Name>,
}

/// How offsets in a parsed text translate to offsets in its file.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
    offsets: Offsets<'a>,
}

#[derive(Clone, Copy)]
enum Offsets<'a> {
    /// The text starts at this byte of the file.
    From(usize),
    /// The file's byte for every byte of the text and for its end: a JSON string with escapes.
    Table(&'a [u32]),
}

impl<'a> Place<'a> {
    pub(super) fn spot(&self, range: Range<usize>) -> Spot {
        let at = |offset: usize| match self.offsets {
            Offsets::From(base) => u32::try_from(base + offset).unwrap_or(u32::MAX),
            Offsets::Table(table) => table
                .get(offset)
                .or(table.last())
                .copied()
                .unwrap_or_default(),
        };
        Spot {
            file: self.file,
            start: at(range.start),
            end: at(range.end),
        }
    }

    fn whole(&self) -> Spot {
        self.spot(0..self.text.len())
    }
}

/// Reads a file. Where it is broken, everything up to the next top-level block is skipped.
pub(crate) fn parse_body(file: FileId, text: &str) -> Parsed {
    match hcl_edit::parser::parse_body(text) {
        Ok(body) => Parsed {
            body: lower_body(&body, place(file, text, 0)),
            errors: Vec::new(),
            broken: Vec::new(),
        },
        Err(_) => recover::parse_in_pieces(file, text),
    }
}

/// Reads a part of a file that starts at the byte `base`.
pub(super) fn parse_piece(file: FileId, text: &str, base: usize) -> Result<Body, SyntaxError> {
    let place = place(file, text, base);
    hcl_edit::parser::parse_body(text)
        .map(|body| lower_body(&body, place))
        .map_err(|error| syntax_error(&error, place))
}

/// Reads an expression that stands alone, for example the value of `-var`.
pub(crate) fn parse_expression(file: FileId, text: &str) -> Result<Expression, SyntaxError> {
    let place = place(file, text, 0);
    let trimmed = text.trim();
    let place = Place {
        text: trimmed,
        offsets: Offsets::From(text.len() - text.trim_start().len()),
        ..place
    };
    hcl_edit::parser::parse_expr(trimmed)
        .map(|expression| lower(&expression, place))
        .map_err(|error| syntax_error(&error, place))
}

/// Reads a template file, or a string that is one.
pub(crate) fn parse_template_text(file: FileId, text: &str) -> Result<Expression, SyntaxError> {
    parse_template(place(file, text, 0))
}

/// Reads the template in a JSON string; `table` gives the file's byte for each byte of `text`.
pub(super) fn parse_json_template(
    file: FileId,
    text: &str,
    table: &[u32],
) -> Result<Expression, SyntaxError> {
    parse_template(Place {
        file,
        text,
        offsets: Offsets::Table(table),
    })
}

fn parse_template(place: Place<'_>) -> Result<Expression, SyntaxError> {
    hcl_edit::parser::parse_template(place.text)
        .map(|parsed| template(&parsed, Kind::Bare, place.whole(), place))
        .map_err(|error| syntax_error(&error, place))
}

fn place(file: FileId, text: &str, base: usize) -> Place<'_> {
    Place {
        file,
        text,
        offsets: Offsets::From(base),
    }
}

fn syntax_error(error: &hcl_edit::parser::Error, place: Place<'_>) -> SyntaxError {
    let start = error.location().offset().min(place.text.len());
    let length = place.text[start..].chars().next().map_or(0, char::len_utf8);
    let message = error.message().to_owned();
    SyntaxError {
        spot: place.spot(start..start + length),
        limit: message.contains("at most 64") || message.contains("at most 128"),
        message,
    }
}

fn lower_body(body: &HclBody, place: Place<'_>) -> Body {
    let mut lowered = Body::empty(place.spot(body.span().unwrap_or(0..place.text.len())));
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => lowered.attributes.push(Attribute {
                name: attribute.key.as_str().into(),
                name_spot: place.spot(attribute.key.span().unwrap_or_default()),
                expression: Arc::new(lower(&attribute.value, place)),
            }),
            Structure::Block(block) => {
                let kind_spot = place.spot(block.ident.span().unwrap_or_default());
                let labels: Vec<Label> = block
                    .labels
                    .iter()
                    .map(|label| Label {
                        text: label.as_str().into(),
                        spot: place.spot(label.span().unwrap_or_default()),
                    })
                    .collect();
                let head = labels
                    .last()
                    .map_or(kind_spot, |label| kind_spot.to(label.spot));
                let mut inner = lower_body(&block.body, place);
                let whole = place.spot(block.span().unwrap_or_default());
                inner.spot = Spot {
                    start: head.end,
                    ..whole
                };
                lowered.blocks.push(Block {
                    kind: block.ident.as_str().into(),
                    kind_spot,
                    labels,
                    body: inner,
                    head,
                });
            }
        }
    }
    lowered
}

pub(super) fn lower(expression: &HclExpression, place: Place<'_>) -> Expression {
    let own = expression.span().map(|range| place.spot(range));
    let spot = own.unwrap_or_else(|| place.spot(0..0));
    let node = match expression {
        HclExpression::Null(_) => Node::Literal(Term::null(Shape::Any)),
        HclExpression::Bool(value) => Node::Literal(Term::bool(*value.value())),
        HclExpression::Number(number) => number_node(expression, number.as_repr(), place),
        HclExpression::String(text) => Node::Literal(Term::string(text.as_str())),
        HclExpression::Array(items) => {
            Node::Tuple(items.iter().map(|item| lower(item, place)).collect())
        }
        HclExpression::Object(object) => lower_object(object, place),
        HclExpression::StringTemplate(quoted) => {
            return template(quoted, Kind::Quoted, spot, place);
        }
        HclExpression::HeredocTemplate(heredoc) => {
            let flush = place
                .text
                .get(expression.span().unwrap_or_default())
                .is_some_and(|text| text.starts_with("<<-"));
            let kind = if flush { Kind::Flush } else { Kind::Heredoc };
            return template(&heredoc.template, kind, spot, place);
        }
        HclExpression::Parenthesis(inner) => {
            Node::Parentheses(Box::new(lower(inner.inner(), place)))
        }
        HclExpression::Variable(name) => Node::Variable(name.as_str().into()),
        HclExpression::Conditional(conditional) => {
            let parts = [
                lower(&conditional.cond_expr, place),
                lower(&conditional.true_expr, place),
                lower(&conditional.false_expr, place),
            ];
            let spot = own.unwrap_or_else(|| parts[0].spot.to(parts[2].spot));
            return Expression::new(Node::Conditional(Box::new(parts)), spot);
        }
        HclExpression::FuncCall(call) => lower_call(call, place),
        HclExpression::Traversal(traversal) => {
            let operators: Vec<_> = traversal.operators.iter().collect();
            return lower_traversal(lower(&traversal.expr, place), &operators, place);
        }
        HclExpression::UnaryOp(operation) => {
            let operator = match operation.operator.value() {
                UnaryOperator::Neg => Unary::Negate,
                UnaryOperator::Not => Unary::Not,
            };
            Node::Unary(operator, Box::new(lower(&operation.expr, place)))
        }
        HclExpression::BinaryOp(operation) => {
            let sides = [
                lower(&operation.lhs_expr, place),
                lower(&operation.rhs_expr, place),
            ];
            let spot = sides[0].spot.to(sides[1].spot);
            let operator = lower_operator(*operation.operator.value());
            return Expression::new(Node::Binary(operator, Box::new(sides)), spot);
        }
        HclExpression::ForExpr(for_expression) => lower_for(for_expression, place),
    };
    Expression::new(node, spot)
}

/// Numbers are read again from the text, because the parser keeps only what fits a float.
fn number_node(
    expression: &HclExpression,
    repr: Option<&hcl_edit::RawString>,
    place: Place<'_>,
) -> Node {
    let text = repr.map(|repr| &**repr).filter(|text| !text.is_empty());
    let text = text
        .or_else(|| expression.span().and_then(|range| place.text.get(range)))
        .unwrap_or_default();
    let text: String = text.split_whitespace().collect();
    parse_number(&text).map_or(Node::Broken, |number| Node::Literal(Term::number(number)))
}

fn lower_object(object: &Object, place: Place<'_>) -> Node {
    let items = object.iter().map(|(key, value)| {
        let key = match key {
            // A bare name is text, even where a variable of that name exists.
            ObjectKey::Ident(name) => Expression::new(
                Node::Literal(Term::string(name.as_str())),
                place.spot(name.span().unwrap_or_default()),
            ),
            ObjectKey::Expression(key) => lower(key, place),
        };
        (key, lower(value.expr(), place))
    });
    Node::Object(items.collect())
}

fn lower_call(call: &FuncCall, place: Place<'_>) -> Node {
    let mut parts: Vec<&str> = call
        .name
        .namespace
        .iter()
        .map(|part| part.as_str())
        .collect();
    parts.push(call.name.name.as_str());
    let first = call.name.namespace.first().unwrap_or(&call.name.name);
    let name_spot = place
        .spot(first.span().unwrap_or_default())
        .to(place.spot(call.name.name.span().unwrap_or_default()));
    Node::Call(Box::new(Call {
        name: parts.join("::").into(),
        name_spot,
        arguments: call
            .args
            .iter()
            .map(|argument| lower(argument, place))
            .collect(),
        expand: call.args.expand_final(),
    }))
}

fn lower_traversal(
    source: Expression,
    operators: &[&hcl_edit::Decorated<TraversalOperator>],
    place: Place<'_>,
) -> Expression {
    let mut current = source;
    let mut index = 0;
    while let Some(operator) = operators.get(index) {
        let spot = current
            .spot
            .to(place.spot(operator.span().unwrap_or_default()));
        index += 1;
        let node = match operator.value() {
            TraversalOperator::GetAttr(name) => Node::Attribute(
                Box::new(current),
                name.as_str().into(),
                place.spot(operator.span().unwrap_or_default()),
            ),
            TraversalOperator::Index(key) => {
                Node::Index(Box::new(current), Box::new(lower(key, place)))
            }
            TraversalOperator::LegacyIndex(number) => {
                let key = Expression::new(
                    Node::Literal(Term::number(*number.value())),
                    place.spot(operator.span().unwrap_or_default()),
                );
                Node::Index(Box::new(current), Box::new(key))
            }
            // What follows `.*` applies to each item as long as it names attributes; what follows `[*]`, all of it.
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                let full = matches!(operator.value(), TraversalOperator::FullSplat(_));
                let rest = &operators[index..];
                let length = if full {
                    rest.len()
                } else {
                    rest.iter()
                        .take_while(|operator| {
                            matches!(
                                operator.value(),
                                TraversalOperator::GetAttr(_) | TraversalOperator::LegacyIndex(_)
                            )
                        })
                        .count()
                };
                let item = Expression::new(Node::SplatItem, spot);
                let each = lower_traversal(item, &rest[..length], place);
                index += length;
                let spot = spot.to(each.spot);
                current = Expression::new(Node::Splat(Box::new(current), Box::new(each)), spot);
                continue;
            }
        };
        current = Expression::new(node, spot);
    }
    current
}

fn lower_operator(operator: BinaryOperator) -> Binary {
    match operator {
        BinaryOperator::Eq => Binary::Equal,
        BinaryOperator::NotEq => Binary::NotEqual,
        BinaryOperator::LessEq => Binary::LessOrEqual,
        BinaryOperator::GreaterEq => Binary::GreaterOrEqual,
        BinaryOperator::Less => Binary::Less,
        BinaryOperator::Greater => Binary::Greater,
        BinaryOperator::Plus => Binary::Add,
        BinaryOperator::Minus => Binary::Subtract,
        BinaryOperator::Mul => Binary::Multiply,
        BinaryOperator::Div => Binary::Divide,
        BinaryOperator::Mod => Binary::Remainder,
        BinaryOperator::And => Binary::And,
        BinaryOperator::Or => Binary::Or,
    }
}

fn lower_for(for_expression: &ForExpr, place: Place<'_>) -> Node {
    Node::For(Box::new(For {
        key: for_expression
            .intro
            .key_var
            .as_ref()
            .map(|name| name.as_str().into()),
        value: for_expression.intro.value_var.as_str().into(),
        collection: lower(&for_expression.intro.collection_expr, place),
        key_result: for_expression
            .key_expr
            .as_ref()
            .map(|key| lower(key, place)),
        result: lower(&for_expression.value_expr, place),
        condition: for_expression
            .cond
            .as_ref()
            .map(|condition| lower(&condition.expr, place)),
        grouped: for_expression.grouping,
    }))
}
