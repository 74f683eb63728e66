//! What an expression refers to, found without evaluating it: the edges of the order in which everything is evaluated.

use super::{Expression, Name, Node, Part};
use crate::language::source::Spot;
use crate::language::term::Content;
use crate::language::which::Language;

/// A name that stands first, and what follows it as far as it can be read off the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) root: Name,
    /// The attributes that follow; a constant index reads as its text in brackets. At most four.
    pub(crate) steps: Vec<Name>,
    pub(crate) spot: Spot,
}

/// How many steps any reference needs to be told apart: `data.T.N["k"].attribute`.
const MAX_STEPS: usize = 4;

/// Calls `found` with each reference, those to variables of `for` expressions excepted.
pub(crate) fn references(
    expression: &Expression,
    language: Language,
    found: &mut impl FnMut(Reference),
) {
    Walk {
        found,
        language,
        locals: Vec::new(),
        calls: false,
    }
    .expression(expression);
}

/// True if a function is called anywhere in the expression.
pub(crate) fn calls_function(expression: &Expression, language: Language) -> bool {
    let mut walk = Walk {
        found: &mut |_| {},
        language,
        locals: Vec::new(),
        calls: false,
    };
    walk.expression(expression);
    walk.calls
}

struct Walk<'a, F> {
    found: &'a mut F,
    language: Language,
    locals: Vec<Name>,
    calls: bool,
}

impl<F: FnMut(Reference)> Walk<'_, F> {
    fn expression(&mut self, expression: &Expression) {
        match &expression.node {
            Node::Literal(_) | Node::SplatItem | Node::Broken => {}
            Node::Template(parts) => self.parts(parts),
            Node::Unwrapped(inner) | Node::Parentheses(inner) | Node::Unary(_, inner) => {
                self.expression(inner);
            }
            Node::JsonText { template, .. } => self.expression(template),
            Node::Variable(_) | Node::Attribute(..) | Node::Index(..) => self.traversal(expression),
            Node::Splat(source, each) => {
                self.expression(source);
                self.expression(each);
            }
            Node::Call(call) => {
                self.calls = true;
                // The second argument of Terraform's `convert` is a type.
                let is_convert = matches!(call.name.as_ref(), "convert" | "core::convert")
                    && self.language == Language::Terraform;
                let values = if is_convert { 1 } else { usize::MAX };
                let arguments = call.arguments.iter().take(values);
                arguments.for_each(|item| self.expression(item));
            }
            Node::Conditional(parts) => parts.iter().for_each(|item| self.expression(item)),
            Node::Binary(first, rest) => {
                self.expression(first);
                rest.iter().for_each(|(_, item)| self.expression(item));
            }
            Node::Tuple(items) => items.iter().for_each(|item| self.expression(item)),
            Node::Object(items) => {
                for (key, value) in items {
                    self.expression(key);
                    self.expression(value);
                }
            }
            Node::For(for_expression) => {
                self.expression(&for_expression.collection);
                let before = self.locals.len();
                self.locals.extend(for_expression.key.clone());
                self.locals.push(for_expression.value.clone());
                if let Some(key) = &for_expression.key_result {
                    self.expression(key);
                }
                self.expression(&for_expression.result);
                if let Some(condition) = &for_expression.condition {
                    self.expression(condition);
                }
                self.locals.truncate(before);
            }
        }
    }

    fn parts(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Text(_) => {}
                Part::Value(value) => self.expression(value),
                Part::If(choice) => {
                    self.expression(&choice.condition);
                    self.parts(&choice.yes);
                    self.parts(&choice.no);
                }
                Part::For(repeat) => {
                    self.expression(&repeat.collection);
                    let before = self.locals.len();
                    self.locals.extend(repeat.key.clone());
                    self.locals.push(repeat.value.clone());
                    self.parts(&repeat.body);
                    self.locals.truncate(before);
                }
            }
        }
    }

    fn traversal(&mut self, expression: &Expression) {
        let mut steps: Vec<Option<Name>> = Vec::new();
        let mut current = expression;
        loop {
            match &current.node {
                Node::Attribute(inner, name, _) => {
                    steps.push(Some(name.clone()));
                    current = inner;
                }
                Node::Index(inner, key) => {
                    steps.push(constant(key));
                    self.expression(key);
                    current = inner;
                }
                Node::Variable(root) => {
                    if !self.locals.contains(root) {
                        let known = steps.into_iter().rev().map_while(|step| step);
                        (self.found)(Reference {
                            root: root.clone(),
                            steps: known.take(MAX_STEPS).collect(),
                            spot: expression.spot,
                        });
                    }
                    return;
                }
                _ => {
                    self.expression(current);
                    return;
                }
            }
        }
    }
}

fn constant(key: &Expression) -> Option<Name> {
    match &key.node {
        Node::Literal(term) => match &term.content {
            Content::String(text) => Some(format!("[{text:?}]").into()),
            Content::Number(number) => Some(format!("[{number}]").into()),
            _ => None,
        },
        _ => None,
    }
}
