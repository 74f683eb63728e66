//! Expressions that are not evaluated but read: the keyword in `type = string`, the address in `from = aws_x.y[0]`.

use super::{Expression, Name, Node};
use crate::language::source::Spot;
use crate::language::term::{Content, Term, as_usize};

/// An address as it was written: `module.a["x"].aws_x.y`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) steps: Vec<PathStep>,
    pub(crate) spot: Spot,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PathStep {
    Name(Name),
    Key(Name),
    Index(usize),
}

/// The expression as an address; `None` when it is anything else. A string of the JSON spelling is read as one.
pub(crate) fn as_path(expression: &Expression) -> Option<Path> {
    let parsed;
    let written = match &expression.node {
        Node::JsonText { raw, .. } => {
            parsed = super::parse_expression(expression.spot.file, raw).ok()?;
            &parsed
        }
        _ => expression,
    };
    let steps = steps(written, |key| match &key.node {
        Node::Literal(term) => key_step(term),
        _ => None,
    })?;
    Some(Path {
        steps,
        spot: expression.spot,
    })
}

/// The steps of an address; `key` reads what stands in brackets. `None` when it is anything else, or a key is none.
pub(crate) fn steps(
    expression: &Expression,
    mut key: impl FnMut(&Expression) -> Option<PathStep>,
) -> Option<Vec<PathStep>> {
    let mut steps = Vec::new();
    let mut current = expression;
    loop {
        match &current.node {
            Node::Attribute(inner, name, _) => {
                steps.push(PathStep::Name(name.clone()));
                current = inner;
            }
            Node::Index(inner, index) => {
                steps.push(key(index)?);
                current = inner;
            }
            Node::Variable(root) => {
                steps.push(PathStep::Name(root.clone()));
                steps.reverse();
                return Some(steps);
            }
            _ => return None,
        }
    }
}

/// The value of a key as a step.
pub(crate) fn key_step(key: &Term) -> Option<PathStep> {
    match &key.content {
        Content::String(text) => Some(PathStep::Key(text.clone())),
        Content::Number(number) => as_usize(number).map(PathStep::Index),
        _ => None,
    }
}

/// The expression as an address, with or without quotes around it: older configurations have them.
pub(crate) fn as_quoted_path(expression: &Expression) -> Option<Path> {
    as_path(expression).or_else(|| {
        let parsed = super::parse_expression(expression.spot.file, &as_text(expression)?).ok()?;
        Some(Path {
            spot: expression.spot,
            ..as_path(&parsed)?
        })
    })
}

/// The expression as a single bare word.
pub(crate) fn as_keyword(expression: &Expression) -> Option<Name> {
    match as_path(expression)?.steps.as_slice() {
        [PathStep::Name(word)] => Some(word.clone()),
        _ => None,
    }
}

/// The expression as constant text.
pub(crate) fn as_text(expression: &Expression) -> Option<Name> {
    match &expression.node {
        Node::Literal(term) => match &term.content {
            Content::String(text) => Some(text.clone()),
            _ => None,
        },
        Node::JsonText { template, .. } => as_text(template),
        _ => None,
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (position, step) in self.steps.iter().enumerate() {
            match step {
                PathStep::Name(name) if position == 0 => formatter.write_str(name)?,
                PathStep::Name(name) => write!(formatter, ".{name}")?,
                PathStep::Key(key) => write!(formatter, "[{key:?}]")?,
                PathStep::Index(index) => write!(formatter, "[{index}]")?,
            }
        }
        Ok(())
    }
}
