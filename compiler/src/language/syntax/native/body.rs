//! Arguments and blocks, and reading on after a mistake.

use std::sync::Arc;

use super::{Parser, Problem, Read};
use crate::language::source::Spot;
use crate::language::syntax::{Attribute, Block, Body, Expression, Label, Name};

/// What a top-level block can be called, in Terraform's files and in our own documents: where a line starts with one of these,
/// without indentation, any block before it has ended, whether its brace was closed or not.
const KINDS: [&str; 20] = [
    "terraform",
    "provider",
    "variable",
    "locals",
    "output",
    "module",
    "resource",
    "data",
    "ephemeral",
    "moved",
    "import",
    "removed",
    "check",
    "action",
    "list",
    "language",
    "required_providers",
    "server",
    "service_account",
    "access_token",
];

impl Parser<'_> {
    pub(super) fn file(&mut self) -> Body {
        let mut body = Body::empty(self.spot(0..self.text.len()));
        loop {
            self.abandoned = false;
            self.skip_lines();
            if self.at >= self.text.len() {
                return body;
            }
            self.item(&mut body, true);
        }
    }

    /// Reads one argument or block. What is wrong with it is noted, and reading goes on after it.
    fn item(&mut self, body: &mut Body, top_level: bool) {
        let start = self.at;
        let brackets = self.brackets.len();
        let nesting = self.nesting;
        if let Err(problem) = self.try_item(body) {
            self.nesting = nesting;
            self.line_breaks_matter = true;
            if top_level {
                let name = self.text[start..]
                    .split(|letter| !super::scan::continues_name(letter))
                    .next();
                let kind = name.filter(|name| KINDS.contains(name)).unwrap_or_default();
                self.broken.push(kind.into());
            }
            self.errors.push(*problem);
            self.recover(start, brackets);
        }
    }

    fn try_item(&mut self, body: &mut Body) -> Read<()> {
        let start = self.at;
        let Some(name) = self.name() else {
            return Err(self.problem(
                "Argument or block definition required",
                "An argument or block definition is required here",
            ));
        };
        let name_spot = self.spot(start..self.at);
        self.skip_space();
        match self.peek() {
            Some(b'=') if !self.looking_at("==") => {
                self.at += 1;
                let before = body.attributes.len();
                self.attribute(name, name_spot, body)?;
                let ended = self.end_of_item("Missing newline after argument", "An argument definition must end with a newline");
                // Half of an expression means something else.
                if let (Err(_), Some(half)) = (&ended, body.attributes.get_mut(before)) {
                    half.expression = Arc::new(Expression::broken(half.expression.spot));
                }
                ended
            }
            Some(b'{' | b'"') => self.block(name, name_spot, start, body),
            _ if self.at_name() => self.block(name, name_spot, start, body),
            _ => Err(self.problem_at(
                start..start + name.len(),
                "Argument or block definition required",
                "An argument or block definition is required here. To set an argument, use the equals sign \"=\" to introduce the argument value",
            )),
        }
    }

    fn attribute(&mut self, name: Name, name_spot: Spot, body: &mut Body) -> Read<()> {
        let again = body.has(&name);
        let expression = self.expression();
        // The name counts as set even if its value cannot be read.
        let (expression, result) = match expression {
            Ok(expression) => (expression, Ok(())),
            Err(problem) => (Expression::broken(problem.spot), Err(problem)),
        };
        if again {
            self.errors.push(*self.problem_of(
                name_spot,
                "Attribute redefined",
                format!(
                    "The argument {name:?} was already set. Each argument may be set only once"
                ),
            ));
            return result;
        }
        body.attributes.push(Attribute {
            name,
            name_spot,
            expression: Arc::new(expression),
        });
        result
    }

    fn problem_of(&self, spot: Spot, summary: &'static str, message: String) -> Problem {
        Box::new(super::SyntaxError {
            spot,
            summary,
            message,
            limit: false,
        })
    }

    /// After an argument or block its line ends.
    fn end_of_item(&mut self, summary: &'static str, message: &str) -> Read<()> {
        self.skip_space();
        if self.at_line_end() {
            Ok(())
        } else {
            Err(self.problem(summary, message))
        }
    }

    fn block(&mut self, kind: Name, kind_spot: Spot, start: usize, body: &mut Body) -> Read<()> {
        let mut labels: Vec<Label> = Vec::new();
        let mut head_end = self.at;
        loop {
            self.skip_space();
            let label_start = self.at;
            let text: Name = match self.peek() {
                Some(b'{') => break,
                Some(b'"') => match self.label() {
                    Ok(label) => label,
                    Err(problem) => {
                        // The block's body is still skipped as one.
                        self.at = label_start;
                        self.skip_quoted();
                        return Err(problem);
                    }
                },
                _ => match self.name() {
                    Some(name) => name,
                    None => return Err(self.invalid_head()),
                },
            };
            labels.push(Label {
                text,
                spot: self.spot(label_start..self.at),
            });
            head_end = self.at;
        }
        let head = if labels.is_empty() {
            kind_spot
        } else {
            self.spot(start..head_end)
        };
        let brace = self.at;
        let mut inner = Body::empty(head);
        self.open();
        let before = std::mem::replace(&mut self.line_breaks_matter, true);
        let result = self.nested(|parser| parser.block_body(&mut inner, brace));
        self.line_breaks_matter = before;
        inner.spot = self.spot(brace..self.at);
        let closed = matches!(result, Ok(true));
        body.blocks.push(Block {
            kind,
            kind_spot,
            labels,
            body: inner,
            head,
        });
        result?;
        if !closed {
            return Ok(());
        }
        self.end_of_item(
            "Missing newline after block definition",
            "A block definition must end with a newline",
        )
    }

    fn invalid_head(&self) -> Problem {
        let summary = "Invalid block definition";
        if self.peek() == Some(b'=') {
            self.problem(summary, "The equals sign \"=\" indicates an argument definition, and must not be used when defining a block")
        } else if self.at_line_end() {
            self.problem(summary, "A block definition must have block content delimited by \"{\" and \"}\", starting on the same line as the block header")
        } else {
            self.problem(
                summary,
                "Either a quoted string block label or an opening brace (\"{\") is expected here",
            )
        }
    }

    /// Reads up to the closing brace; false if the block was never closed.
    fn block_body(&mut self, inner: &mut Body, brace: usize) -> Read<bool> {
        self.skip_space();
        if !self.at_line_end() && self.peek() != Some(b'}') {
            return self.one_line_body(inner, brace).map(|()| true);
        }
        loop {
            self.skip_lines();
            match self.peek() {
                Some(b'}') => {
                    self.close();
                    return Ok(true);
                }
                None => return Err(self.unclosed(brace)),
                _ if self.starts_top_level_block() => {
                    let problem = self.unclosed(brace);
                    self.abandoned = true;
                    return Err(problem);
                }
                _ => self.item(inner, false),
            }
            if self.abandoned {
                return Ok(false);
            }
        }
    }

    fn unclosed(&self, brace: usize) -> Problem {
        self.problem_at(
            brace..brace + 1,
            "Unclosed configuration block",
            "There is no closing brace for this block before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file",
        )
    }

    fn one_line_body(&mut self, inner: &mut Body, brace: usize) -> Read<()> {
        let summary = "Invalid single-argument block definition";
        let start = self.at;
        let Some(name) = self.name() else {
            return Err(self.problem(
                "Argument definition required",
                "An argument definition is required here",
            ));
        };
        let name_spot = self.spot(start..self.at);
        self.skip_space();
        if self.peek() != Some(b'=') {
            return Err(self.problem_at(
                start..start + name.len(),
                "Argument definition required",
                "A single-line block definition can contain only a single argument. If you meant to define one, use the equals sign \"=\"; to define more arguments or blocks, use one line for each",
            ));
        }
        self.at += 1;
        self.attribute(name, name_spot, inner)?;
        self.skip_space();
        match self.peek() {
            Some(b'}') => {
                self.close();
                Ok(())
            }
            Some(b',') => Err(self.problem(summary, "Single-line block syntax can include only one argument definition. To define multiple arguments, use one line for each")),
            None => Err(self.unclosed(brace)),
            _ if self.at_line_end() => Err(self.problem(summary, "An argument on the same line as the opening brace makes a single-line block, which must also be closed on that line")),
            _ => Err(self.problem(summary, "A single-line block definition must end with a closing brace immediately after its single argument definition")),
        }
    }

    /// A label in quotes: plain text.
    fn label(&mut self) -> Read<Name> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text.into());
                }
                Some(b'\\') => text.push(self.escape()?),
                None | Some(b'\n' | b'\r') => {
                    return Err(self.problem_at(
                        start..self.at,
                        "Invalid string literal",
                        "The text is not closed before the end of the line",
                    ));
                }
                Some(b'$' | b'%') if self.rest()[1..].starts_with('{') => {
                    return Err(self.problem("Invalid string literal", "Template sequences are not allowed in this string. To include a literal \"$\", double it (as \"$$\") to escape it"));
                }
                Some(_) => {
                    let letter = self.rest().chars().next().unwrap_or_default();
                    self.at += letter.len_utf8();
                    text.push(letter);
                }
            }
        }
    }

    /// Skips to the end of an item that could not be read, which started at `start` with `brackets` open.
    fn recover(&mut self, start: usize, brackets: usize) {
        while self.at < self.text.len() && !self.abandoned {
            match self.peek() {
                Some(b'\n') if self.brackets.len() <= brackets => break,
                Some(b'\n') => {
                    self.at += 1;
                    self.abandoned = self.starts_top_level_block();
                }
                Some(b'{' | b'[' | b'(') => self.open(),
                Some(bracket @ (b'}' | b']' | b')')) => {
                    // A bracket inside that was never closed is closed with the one around it.
                    let opening = match bracket {
                        b'}' => b'{',
                        b']' => b'[',
                        _ => b'(',
                    };
                    match self.brackets.iter().rposition(|open| *open == opening) {
                        Some(position) if position >= brackets => {
                            self.at += 1;
                            self.brackets.truncate(position);
                        }
                        // It closes the block around this item.
                        Some(_) if bracket == b'}' => break,
                        _ => self.at += 1,
                    }
                }
                Some(b'"') => self.skip_quoted(),
                Some(b'#') => self.skip_line(),
                Some(b'/') if self.looking_at("//") => self.skip_line(),
                Some(b'/') if self.looking_at("/*") => self.skip_space(),
                Some(b'<') if self.looking_at("<<") => self.skip_heredoc(),
                _ => self.at += self.rest().chars().next().map_or(1, char::len_utf8),
            }
        }
        self.brackets.truncate(brackets);
        // Whatever is still open was not closed because of what went wrong here; that is said once.
        self.abandoned |= self.at >= self.text.len();
        if self.at <= start && !self.abandoned {
            self.skip_line();
        }
    }

    /// Skips a text in quotes, no further than its line.
    fn skip_quoted(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => return,
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' => self.at += 1,
                _ => {}
            }
            if self.at < self.text.len() {
                self.at += self.rest().chars().next().map_or(1, char::len_utf8);
            }
        }
    }

    fn skip_heredoc(&mut self) {
        let end = self.heredoc_end();
        self.at = end.unwrap_or(self.at + 2);
    }

    /// True at the start of a line that begins, without indentation, as a top-level block does.
    fn starts_top_level_block(&self) -> bool {
        let line_start = self.at == 0 || self.text.as_bytes().get(self.at - 1) == Some(&b'\n');
        if !line_start {
            return false;
        }
        let word = self.peek_name();
        if !KINDS.contains(&word) {
            return false;
        }
        let after = self.rest()[word.len()..].trim_start_matches([' ', '\t']);
        after.starts_with(['{', '"'])
    }
}
