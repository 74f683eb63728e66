//! Templates: text with `${…}` and `%{…}`, between quotes, in heredocs and in files.

use super::{Parser, Read};
use crate::language::source::Spot;
use crate::language::syntax::Expression;
use crate::language::syntax::flat::{Lines, Token, fold};

/// Where a template stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Quoted,
    /// A file, or a JSON string.
    Bare,
    Heredoc,
    /// `<<-`: the indentation common to all lines is taken off.
    Flush,
}

impl From<Kind> for Lines {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Quoted => Self::One,
            Kind::Bare | Kind::Heredoc => Self::Many,
            Kind::Flush => Self::Flush,
        }
    }
}

/// What ends a template.
pub(super) enum End<'a> {
    Quote,
    Whole,
    /// A line that holds only this.
    Marker(&'a str),
}

impl Parser<'_> {
    pub(super) fn quoted(&mut self) -> Read<Expression> {
        let start = self.at;
        let brackets = self.brackets.len();
        self.at += 1;
        let result = self.template(&End::Quote, Kind::Quoted, start);
        if result.is_err() {
            // Where the text would have ended cannot be told; no text goes beyond its line.
            self.brackets.truncate(brackets);
            self.skip_line();
        }
        result
    }

    pub(super) fn bare_template(&mut self) -> Read<Expression> {
        self.template(&End::Whole, Kind::Bare, 0)
    }

    /// Reads up to and including the end; `start` is where the whole expression started.
    pub(super) fn template(&mut self, end: &End<'_>, kind: Kind, start: usize) -> Read<Expression> {
        let mut tokens = Vec::new();
        let mut text = String::new();
        let mut text_start = self.at;
        let mut line_start = true;
        loop {
            if let End::Marker(marker) = end
                && line_start
            {
                let line = self.rest().split('\n').next().unwrap_or_default();
                // The marker's own line break is not part of it.
                if line.trim() == *marker && self.rest().len() > line.len() {
                    self.at += line.trim_end().len();
                    break;
                }
            }
            let Some(byte) = self.peek() else {
                if matches!(end, End::Whole) {
                    break;
                }
                return Err(self.unterminated(end, start));
            };
            match byte {
                b'"' if matches!(end, End::Quote) => {
                    self.at += 1;
                    break;
                }
                b'\n' | b'\r' if matches!(end, End::Quote) => {
                    return Err(self.problem_at(start..self.at, "Invalid multi-line string", "Quoted strings may not be split over multiple lines. To produce a multi-line string, either use the \\n escape or a heredoc"));
                }
                b'\\' if kind == Kind::Quoted => text.push(self.escape()?),
                b'$' | b'%' => {
                    line_start = false;
                    let rest = &self.text.as_bytes()[self.at + 1..];
                    if rest.first() == Some(&byte) && rest.get(1) == Some(&b'{') {
                        text.push(char::from(byte));
                        text.push('{');
                        self.at += 3;
                    } else if rest.first() == Some(&b'{') {
                        push_text(&mut tokens, &mut text, self.spot(text_start..self.at));
                        let token = self.sequence(byte, start)?;
                        tokens.push(token);
                        text_start = self.at;
                    } else {
                        text.push(char::from(byte));
                        self.at += 1;
                    }
                    continue;
                }
                b'\n' => {
                    text.push('\n');
                    self.at += 1;
                    line_start = true;
                    continue;
                }
                _ => {
                    let length = plain_length(&self.text.as_bytes()[self.at..]);
                    text.push_str(&self.text[self.at..self.at + length]);
                    self.at += length;
                }
            }
            line_start = false;
        }
        push_text(&mut tokens, &mut text, self.spot(text_start..self.at));
        let spot = self.spot(start..self.at);
        fold(tokens, kind.into(), spot).map_err(|(spot, message)| {
            Box::new(super::SyntaxError {
                spot,
                summary: "Unbalanced template directives",
                message,
                limit: false,
            })
        })
    }

    fn unterminated(&self, end: &End<'_>, start: usize) -> super::Problem {
        let line = self.text[..start].matches('\n').count() + 1;
        let message = match end {
            End::Marker(marker) => format!(
                "The text that starts on line {line} with <<{marker} has no end: there is no line that holds only {marker}"
            ),
            _ => format!("No closing quote was found for the text that starts on line {line}"),
        };
        self.problem("Unterminated template string", message)
    }

    /// Reads `${…}` or `%{…}`.
    fn sequence(&mut self, kind: u8, start: usize) -> Read<(Token, Spot)> {
        let from = self.at;
        self.at += 2;
        self.brackets.push(b'{');
        let strip_before = self.eat("~");
        let token = self.across_lines(|parser| {
            let (token, name) = if kind == b'$' {
                parser.skip_space();
                (Token::value(parser.expression()?), "interpolation")
            } else {
                parser.directive()?
            };
            parser.skip_space();
            if parser.peek() == Some(b'}') || parser.looking_at("~}") {
                return Ok(token);
            }
            if matches!(parser.peek(), None | Some(b'"')) {
                return Err(parser.problem_at(
                    start..start + 1,
                    "Unclosed template interpolation sequence",
                    "There is no closing brace for this interpolation sequence before the end of the text. This might be caused by incorrect nesting inside the given expression",
                ));
            }
            Err(parser.problem(
                "Extra characters after interpolation expression",
                format!("Expected a closing brace to end the {name}, but found extra characters. If this is a sequence of another language, such as a shell script, escape it by starting with \"{0}{0}{{\" instead of just \"{0}{{\"", char::from(kind)),
            ))
        })?;
        let strip_after = self.eat("~");
        self.close();
        let token = token.stripping(strip_before, strip_after);
        Ok((token, self.spot(from..self.at)))
    }

    fn directive(&mut self) -> Read<(Token, &'static str)> {
        self.skip_space();
        let word = self.peek_name();
        let token = match word {
            "if" => {
                self.eat_word("if");
                return Ok((Token::condition(self.expression()?), "if directive"));
            }
            "for" => {
                self.eat_word("for");
                let (key, value) = self.for_names("Invalid 'for' directive")?;
                return Ok((
                    Token::repeat(key, value, self.expression()?),
                    "for directive",
                ));
            }
            "else" => Token::otherwise(),
            "endif" => Token::end_if(),
            "endfor" => Token::end_for(),
            "" => {
                return Err(self.problem("Invalid template directive", "A template directive keyword (\"if\", \"for\", etc) is expected at the beginning of a %{ sequence"));
            }
            word => {
                let mut message = format!("{word:?} is not a valid template control keyword");
                if let Some(meant) =
                    crate::suggest::closest(word, ["if", "for", "else", "endif", "endfor"])
                {
                    message = format!("{message}. Did you mean {meant:?}?");
                }
                return Err(self.problem_at(
                    self.at..self.at + word.len(),
                    "Invalid template control keyword",
                    message,
                ));
            }
        };
        self.at += word.len();
        Ok((token, "directive"))
    }

    /// Reads an escape in quoted text.
    pub(super) fn escape(&mut self) -> Read<char> {
        let start = self.at;
        self.at += 1;
        let letter = self.rest().chars().next();
        let decoded = match letter {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('"') => '"',
            Some('\\') => '\\',
            Some(letter @ ('u' | 'U')) => {
                let length = if letter == 'u' { 4 } else { 8 };
                let digits = self.text.get(self.at + 1..self.at + 1 + length);
                let code = digits
                    .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
                    .and_then(|digits| u32::from_str_radix(digits, 16).ok())
                    .and_then(char::from_u32);
                let Some(code) = code else {
                    let message = format!(
                        "The \\{letter} escape sequence must be followed by {length} hexadecimal digits of a Unicode character"
                    );
                    return Err(self.problem_at(
                        start..self.at + 1,
                        "Invalid escape sequence",
                        message,
                    ));
                };
                self.at += 1 + length;
                return Ok(code);
            }
            Some(letter) => {
                let message = format!(
                    "The symbol {letter:?} is not a valid escape sequence selector. A backslash itself is written \\\\"
                );
                return Err(self.problem_at(
                    start..self.at + letter.len_utf8(),
                    "Invalid escape sequence",
                    message,
                ));
            }
            None => {
                return Err(self.problem_at(
                    start..self.at,
                    "Invalid escape sequence",
                    "The text ends with a backslash",
                ));
            }
        };
        self.at += 1;
        Ok(decoded)
    }
}

fn push_text(tokens: &mut Vec<(Token, Spot)>, text: &mut String, spot: Spot) {
    if !text.is_empty() {
        tokens.push((Token::text(std::mem::take(text)), spot));
    }
}

/// How many bytes stand before the next that could mean something; at least the one letter that is here.
fn plain_length(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .enumerate()
        .position(|(index, byte)| {
            index > 0 && matches!(byte, b'"' | b'\\' | b'$' | b'%' | b'\n' | b'\r')
        })
        .unwrap_or(bytes.len())
}
