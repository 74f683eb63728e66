//! A template as a flat row of texts, values and directives, and how it becomes a tree. Strip markers and the indentation of flush
//! heredocs are settled here, once.

use super::{Expression, Name, Node, Part, PartFor, PartIf};
use crate::language::bounds::DIRECTIVES;
use crate::language::source::Spot;
use crate::language::term::Term;

/// One piece of a template; small, because there can be very many.
pub(super) struct Token {
    content: Content,
    /// `~` at its start: white space before it goes.
    strip_before: bool,
    strip_after: bool,
}

enum Content {
    Text(String),
    Value(Box<Expression>),
    If(Box<Expression>),
    Else,
    EndIf,
    For(Box<Repeat>),
    EndFor,
}

/// What a `for` directive says; its body follows.
struct Repeat {
    key: Option<Name>,
    value: Name,
    collection: Expression,
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
        Self::new(Content::Value(Box::new(expression)))
    }

    pub(super) fn condition(expression: Expression) -> Self {
        Self::new(Content::If(Box::new(expression)))
    }

    pub(super) fn otherwise() -> Self {
        Self::new(Content::Else)
    }

    pub(super) fn end_if() -> Self {
        Self::new(Content::EndIf)
    }

    pub(super) fn repeat(key: Option<Name>, value: Name, collection: Expression) -> Self {
        Self::new(Content::For(Box::new(Repeat {
            key,
            value,
            collection,
        })))
    }

    pub(super) fn end_for() -> Self {
        Self::new(Content::EndFor)
    }
}

type Row = Vec<(Token, Spot)>;

/// What a text says of its lines.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    /// It is one, whatever breaks are escaped in it.
    One,
    /// Strip markers reach to the end of theirs.
    Many,
    /// Likewise, and the indentation that all of them have is taken off.
    Flush,
}

/// The tree of a template, or where its directives do not match and why.
pub(super) fn fold(
    mut tokens: Row,
    lines: Lines,
    spot: Spot,
) -> Result<Expression, (Spot, String)> {
    trim(&mut tokens, lines);
    if lines == Lines::Flush {
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
        return Ok(Expression::new(Node::Unwrapped(inner), spot));
    }
    let node = match parts.as_slice() {
        [] => Node::Literal(Term::string("")),
        [Part::Text(text)] => Node::Literal(Term::string(text.clone())),
        _ => Node::Template(parts),
    };
    Ok(Expression::new(node, spot))
}

fn trim(tokens: &mut Row, lines: Lines) {
    for index in 0..tokens.len() {
        let (before, after) = (tokens[index].0.strip_before, tokens[index].0.strip_after);
        if before
            && let Some(previous) = index.checked_sub(1)
            && let Content::Text(text) = &mut tokens[previous].0.content
        {
            let line = match lines {
                Lines::One => 0,
                Lines::Many | Lines::Flush => last_line(text),
            };
            text.truncate(line + text[line..].trim_end().len());
        }
        if after
            && let Some((token, _)) = tokens.get_mut(index + 1)
            && let Content::Text(text) = &mut token.content
        {
            let line = match lines {
                Lines::One => text.len(),
                Lines::Many | Lines::Flush => text.find('\n').map_or(text.len(), |end| end + 1),
            };
            text.drain(..line - text[..line].trim_start().len());
        }
    }
}

/// Where the last line of a text starts, its own break included.
fn last_line(text: &str) -> usize {
    let inner = text.strip_suffix('\n').unwrap_or(text);
    inner.rfind('\n').map_or(0, |end| end + 1)
}

/// Takes off every line the indentation that all lines have. Blank lines have no say.
fn take_indentation(tokens: &mut Row) {
    let is_blank = |line: &str| line.trim_start().is_empty() && line.ends_with('\n');
    let mut smallest = usize::MAX;
    let mut line_start = true;
    for (token, _) in &*tokens {
        let Content::Text(text) = &token.content else {
            if line_start {
                smallest = 0;
            }
            line_start = false;
            continue;
        };
        // What a strip marker emptied is a line without indentation.
        if line_start && text.is_empty() {
            smallest = 0;
            line_start = false;
        }
        for line in text.split_inclusive('\n') {
            if line_start && !is_blank(line) {
                let spaces = line.chars().take_while(|letter| letter.is_whitespace());
                smallest = smallest.min(spaces.count());
            }
            line_start = line.ends_with('\n');
        }
    }
    if smallest == 0 || smallest == usize::MAX {
        return;
    }
    line_start = true;
    for (token, _) in tokens {
        let Content::Text(text) = &mut token.content else {
            line_start = false;
            continue;
        };
        let mut taken = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            if line_start && !is_blank(line) {
                taken.extend(line.chars().skip(smallest));
            } else {
                taken.push_str(line);
            }
            line_start = line.ends_with('\n');
        }
        *text = taken;
    }
}

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

impl<T: ExactSizeIterator<Item = (Token, Spot)>> Folding<T> {
    /// The parts up to what closes the directive that is open, and what closed it.
    fn parts(&mut self, open: Option<(Open, Spot)>) -> Result<(Vec<Part>, Closed), (Spot, String)> {
        // Most of a long template is not inside of directives.
        let most = match open {
            None => self.tokens.len(),
            Some(_) => 0,
        };
        let mut parts: Vec<Part> = Vec::with_capacity(most);
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
            if let Content::Text(more) = token.content {
                if text.is_empty() {
                    text = more;
                } else {
                    text.push_str(&more);
                }
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
                    parts.push(Part::If(Box::new(PartIf {
                        condition: *condition,
                        yes,
                        no,
                    })));
                    continue;
                }
                Content::For(repeat) => {
                    let (body, _) = self.deeper((Open::For, spot))?;
                    parts.push(Part::For(Box::new(PartFor {
                        key: repeat.key,
                        value: repeat.value,
                        collection: repeat.collection,
                        body,
                    })));
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
        if self.depth >= DIRECTIVES {
            return Err((
                open.1,
                format!("Directives can be nested at most {DIRECTIVES} levels deep"),
            ));
        }
        self.depth += 1;
        let result = self.parts(Some(open));
        self.depth -= 1;
        result
    }
}
