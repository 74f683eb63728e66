//! Templates: text with `${…}` and `%{…}`. Strip markers and the indentation of flush heredocs are settled here, once.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::template::{Directive, Element, Strip, Template};

use super::hcl::{Place, lower};
use super::{Expression, Name, Node, Part};
use crate::language::source::Spot;
use crate::language::term::Term;

/// Where a template stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Between quotes; escapes are already resolved.
    Quoted,
    /// A file, or a JSON string.
    Bare,
    Heredoc,
    /// `<<-`: the indentation common to all lines is taken off.
    Flush,
}

/// A template, flat: directives stand as marks between the texts until trimming is done.
enum Token {
    Text(String),
    Value(Expression),
    If(Expression),
    Else,
    EndIf,
    For {
        key: Option<Name>,
        value: Name,
        collection: Expression,
    },
    EndFor,
}

struct Flat<'a> {
    tokens: Vec<(Token, Strip)>,
    kind: Kind,
    place: Place<'a>,
}

/// Our tree for a template that was read.
pub(super) fn template(parsed: &Template, kind: Kind, spot: Spot, place: Place<'_>) -> Expression {
    let mut flat = Flat {
        tokens: Vec::new(),
        kind,
        place,
    };
    flat.elements(parsed);
    trim(&mut flat.tokens);
    if kind == Kind::Flush {
        flush(&mut flat.tokens);
    }
    let mut tokens = flat.tokens.into_iter().map(|(token, _)| token);
    let mut parts = build(&mut tokens).0;
    // `"${x}"` alone is the value of x, not its text.
    if let [Part::Value(_)] = parts.as_slice()
        && let Some(Part::Value(inner)) = parts.pop()
    {
        return Expression::new(Node::Unwrapped(Box::new(inner)), spot);
    }
    let node = match parts.as_slice() {
        [] => Node::Literal(Term::string("")),
        [Part::Text(text)] => Node::Literal(Term::string(text.clone())),
        _ => Node::Template(parts),
    };
    Expression::new(node, spot)
}

impl Flat<'_> {
    fn elements(&mut self, template: &Template) {
        for element in template {
            match element {
                Element::Literal(text) => self.text(text.value(), text.span()),
                Element::Interpolation(hole) => {
                    let expression = lower(&hole.expr, self.place);
                    self.push(Token::Value(expression), hole.strip);
                }
                Element::Directive(directive) => self.directive(directive),
            }
        }
    }

    fn directive(&mut self, directive: &Directive) {
        match directive {
            Directive::If(directive) => {
                let condition = lower(&directive.if_expr.cond_expr, self.place);
                self.push(Token::If(condition), directive.if_expr.strip);
                self.elements(&directive.if_expr.template);
                if let Some(otherwise) = &directive.else_expr {
                    self.push(Token::Else, otherwise.strip);
                    self.elements(&otherwise.template);
                }
                self.push(Token::EndIf, directive.endif_expr.strip);
            }
            Directive::For(directive) => {
                let head = &directive.for_expr;
                let token = Token::For {
                    key: head.key_var.as_ref().map(|name| name.as_str().into()),
                    value: head.value_var.as_str().into(),
                    collection: lower(&head.collection_expr, self.place),
                };
                self.push(token, head.strip);
                self.elements(&head.template);
                self.push(Token::EndFor, directive.endfor_expr.strip);
            }
        }
    }

    fn text(&mut self, text: &str, range: Option<Range<usize>>) {
        if matches!(self.kind, Kind::Quoted | Kind::Bare) {
            self.push(Token::Text(text.to_owned()), Strip::None);
            return;
        }
        // A heredoc is read again from the file: the parser has already moved its indentation, by other rules. Each line is
        // a text of its own, so that strip markers reach no further than the line they stand on.
        let source = range
            .and_then(|range| self.place.text.get(range))
            .map_or_else(
                || text.to_owned(),
                |source| source.replace("$${", "${").replace("%%{", "%{"),
            );
        for line in source.split_inclusive('\n') {
            self.push(Token::Text(line.to_owned()), Strip::None);
        }
    }

    fn push(&mut self, token: Token, strip: Strip) {
        self.tokens.push((token, strip));
    }
}

/// `~` takes the white space off the text next to it.
fn trim(tokens: &mut [(Token, Strip)]) {
    for index in 0..tokens.len() {
        let strip = tokens[index].1;
        if strip.strip_start()
            && let Some((Token::Text(before), _)) =
                index.checked_sub(1).map(|index| &mut tokens[index])
        {
            before.truncate(before.trim_end().len());
        }
        if strip.strip_end()
            && let Some((Token::Text(after), _)) = tokens.get_mut(index + 1)
        {
            *after = after.trim_start().to_owned();
        }
    }
}

/// Takes off every line the indentation that all lines have. Blank lines have no say.
fn flush(tokens: &mut [(Token, Strip)]) {
    let mut smallest = usize::MAX;
    let mut starts = Vec::new();
    let mut line_start = true;
    for (index, (token, _)) in tokens.iter().enumerate() {
        if line_start {
            line_start = false;
            match token {
                Token::Text(text) if text.trim_start().is_empty() && text.ends_with('\n') => {}
                Token::Text(text) => {
                    let indent = text
                        .chars()
                        .take_while(|letter| letter.is_whitespace())
                        .count();
                    smallest = smallest.min(indent);
                    starts.push(index);
                }
                _ => smallest = 0,
            }
        }
        line_start |= matches!(token, Token::Text(text) if text.ends_with('\n'));
    }
    for index in starts {
        if let Token::Text(text) = &mut tokens[index].0 {
            *text = text.chars().skip(smallest).collect();
        }
    }
}

/// Folds the flat tokens back into nested parts; returns the token that ended them.
fn build(tokens: &mut impl Iterator<Item = Token>) -> (Vec<Part>, Option<Token>) {
    let mut parts: Vec<Part> = Vec::new();
    let mut text = String::new();
    let end = loop {
        let Some(token) = tokens.next() else {
            break None;
        };
        if let Token::Text(more) = &token {
            text.push_str(more);
            continue;
        }
        if !text.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut text).into()));
        }
        match token {
            Token::Text(_) => {}
            Token::Value(expression) => parts.push(Part::Value(expression)),
            Token::If(condition) => {
                let (yes, end) = build(tokens);
                let no = match end {
                    Some(Token::Else) => build(tokens).0,
                    _ => Vec::new(),
                };
                parts.push(Part::If { condition, yes, no });
            }
            Token::For {
                key,
                value,
                collection,
            } => {
                let (body, _) = build(tokens);
                parts.push(Part::For {
                    key,
                    value,
                    collection,
                    body,
                });
            }
            end @ (Token::Else | Token::EndIf | Token::EndFor) => break Some(end),
        }
    };
    if !text.is_empty() {
        parts.push(Part::Text(text.into()));
    }
    (parts, end)
}
