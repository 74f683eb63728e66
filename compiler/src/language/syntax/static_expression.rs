//! Expressions that are not evaluated but read: the keyword in `type = string`, the address in `from = aws_x.y[0]`.

use super::{Expression, Name, Node};
use crate::language::source::Spot;
use crate::language::term::Content;

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
    let mut current = match &expression.node {
        Node::JsonText { raw, .. } => {
            parsed = super::parse_expression(expression.spot.file, raw).ok()?;
            &parsed
        }
        _ => expression,
    };
    let mut steps = Vec::new();
    loop {
        match &current.node {
            Node::Attribute(inner, name, _) => {
                steps.push(PathStep::Name(name.clone()));
                current = inner;
            }
            Node::Index(inner, key) => {
                let Node::Literal(term) = &key.node else {
                    return None;
                };
                steps.push(match &term.content {
                    Content::String(text) => PathStep::Key(text.clone()),
                    Content::Number(number) => {
                        PathStep::Index(crate::language::term::as_usize(number)?)
                    }
                    _ => return None,
                });
                current = inner;
            }
            Node::Variable(root) => {
                steps.push(PathStep::Name(root.clone()));
                steps.reverse();
                return Some(Path {
                    steps,
                    spot: expression.spot,
                });
            }
            _ => return None,
        }
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
