//! A template as a flat row of texts, values and directives, and how it becomes a tree. Strip markers and the indentation of flush
//! heredocs are settled here, once.

use super::{Expression, Name, Node, Part};
use crate::language::source::Spot;
use crate::language::term::Term;

/// One piece of a template.
pub(super) struct Token {
    content: Content,
    /// `~` at its start: white space before it goes.
    strip_before: bool,
    strip_after: bool,
}

enum Content {
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

impl Token {
    fn new(content: Content) -> Self {
        Self {
            content,
            strip_before: false,
            strip_after: false,
        }
    }

    /// The same with its strip markers.
    pub(super) fn stripping(self, strip_before: bool, strip_after: bool) -> Self {
        Self {
            strip_before,
            strip_after,
            ..self
        }
    }

    pub(super) fn text(text: String) -> Self {
        Self::new(Content::Text(text))
    }

    pub(super) fn value(expression: Expression) -> Self {
        Self::new(Content::Value(expression))
    }

    pub(super) fn condition(expression: Expression) -> Self {
        Self::new(Content::If(expression))
    }

    pub(super) fn otherwise() -> Self {
        Self::new(Content::Else)
    }

    pub(super) fn end_if() -> Self {
        Self::new(Content::EndIf)
    }

    pub(super) fn repeat(key: Option<Name>, value: Name, collection: Expression) -> Self {
        Self::new(Content::For {
            key,
            value,
            collection,
        })
    }

    pub(super) fn end_for() -> Self {
        Self::new(Content::EndFor)
    }
}

type Row = Vec<(Token, Spot)>;

/// The tree of a template, or where its directives do not match and why.
pub(super) fn fold(mut tokens: Row, flush: bool, spot: Spot) -> Result<Expression, (Spot, String)> {
    trim(&mut tokens);
    if flush {
        take_indentation(&mut tokens);
    }
    let mut parts = Folding {
        tokens: tokens.into_iter(),
        depth: 0,
    }
    .parts(None)?
    .0;
    // `"${x}"` alone is the value of x, not its text.
    if let [Part::Value(_)] = parts.as_slice()
        && let Some(Part::Value(inner)) = parts.pop()
    {
        return Ok(Expression::new(Node::Unwrapped(Box::new(inner)), spot));
    }
    let node = match parts.as_slice() {
        [] => Node::Literal(Term::string("")),
        [Part::Text(text)] => Node::Literal(Term::string(text.clone())),
        _ => Node::Template(parts),
    };
    Ok(Expression::new(node, spot))
}

fn trim(tokens: &mut Row) {
    for index in 0..tokens.len() {
        let (before, after) = (tokens[index].0.strip_before, tokens[index].0.strip_after);
        if before
            && let Some(previous) = index.checked_sub(1)
            && let Content::Text(text) = &mut tokens[previous].0.content
        {
            text.truncate(text.trim_end().len());
        }
        if after
            && let Some((token, _)) = tokens.get_mut(index + 1)
            && let Content::Text(text) = &mut token.content
        {
            *text = text.trim_start().to_owned();
        }
    }
}

/// Takes off every line the indentation that all lines have. Blank lines have no say.
fn take_indentation(tokens: &mut Row) {
    let mut smallest = usize::MAX;
    let mut starts = Vec::new();
    let mut line_start = true;
    for (index, (token, _)) in tokens.iter().enumerate() {
        if line_start {
            line_start = false;
            match &token.content {
                Content::Text(text) if text.trim_start().is_empty() && text.ends_with('\n') => {}
                Content::Text(text) => {
                    let spaces = text.chars().take_while(|letter| letter.is_whitespace());
                    smallest = smallest.min(spaces.count());
                    starts.push(index);
                }
                _ => smallest = 0,
            }
        }
        line_start |= matches!(&token.content, Content::Text(text) if text.ends_with('\n'));
    }
    for index in starts {
        if let Content::Text(text) = &mut tokens[index].0.content {
            *text = text.chars().skip(smallest).collect();
        }
    }
}

/// The deepest nesting of directives.
const MAX_DIRECTIVES: usize = 100;

struct Folding<T> {
    tokens: T,
    depth: usize,
}

/// Which directive is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    If,
    Else,
    For,
}

#[derive(PartialEq, Eq)]
enum Closed {
    Else,
    EndIf,
    EndFor,
    Text,
}

impl<T: Iterator<Item = (Token, Spot)>> Folding<T> {
    /// The parts up to what closes the directive that is open, and what closed it.
    fn parts(&mut self, open: Option<(Open, Spot)>) -> Result<(Vec<Part>, Closed), (Spot, String)> {
        let mut parts: Vec<Part> = Vec::new();
        let mut text = String::new();
        let closed = loop {
            let Some((token, spot)) = self.tokens.next() else {
                if let Some((_, spot)) = open {
                    return Err((
                        spot,
                        "The template ends before this directive is closed with endif or endfor"
                            .to_owned(),
                    ));
                }
                break Closed::Text;
            };
            if let Content::Text(more) = &token.content {
                text.push_str(more);
                continue;
            }
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text).into()));
            }
            let closed = match token.content {
                Content::Text(_) => continue,
                Content::Value(expression) => {
                    parts.push(Part::Value(expression));
                    continue;
                }
                Content::If(condition) => {
                    let (yes, closed) = self.deeper((Open::If, spot))?;
                    let no = match closed {
                        Closed::Else => self.deeper((Open::Else, spot))?.0,
                        _ => Vec::new(),
                    };
                    parts.push(Part::If { condition, yes, no });
                    continue;
                }
                Content::For {
                    key,
                    value,
                    collection,
                } => {
                    let (body, _) = self.deeper((Open::For, spot))?;
                    parts.push(Part::For {
                        key,
                        value,
                        collection,
                        body,
                    });
                    continue;
                }
                Content::Else => Closed::Else,
                Content::EndIf => Closed::EndIf,
                Content::EndFor => Closed::EndFor,
            };
            let fits = match open {
                Some((Open::If, _)) => matches!(closed, Closed::Else | Closed::EndIf),
                Some((Open::Else, _)) => closed == Closed::EndIf,
                Some((Open::For, _)) => closed == Closed::EndFor,
                None => false,
            };
            if !fits {
                let name = match closed {
                    Closed::Else => "else",
                    Closed::EndIf => "endif",
                    Closed::EndFor | Closed::Text => "endfor",
                };
                return Err((
                    spot,
                    format!(
                        "The directive {name} does not fit here: nothing that it could belong to is open"
                    ),
                ));
            }
            break closed;
        };
        if !text.is_empty() {
            parts.push(Part::Text(text.into()));
        }
        Ok((parts, closed))
    }

    fn deeper(&mut self, open: (Open, Spot)) -> Result<(Vec<Part>, Closed), (Spot, String)> {
        if self.depth >= MAX_DIRECTIVES {
            return Err((
                open.1,
                format!("Directives can be nested at most {MAX_DIRECTIVES} levels deep"),
            ));
        }
        self.depth += 1;
        let result = self.parts(Some(open));
        self.depth -= 1;
        result
    }
}
