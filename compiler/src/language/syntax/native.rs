//! The native spelling. Each expression that cannot be read costs one complaint; reading goes on with the next argument or block.
//!
//! Why not a ready-made parser: Terraform's own is the measure here, line by line, including what it accepts (an empty heredoc, a
//! key that stands twice) and how far one mistake reaches.

mod body;
mod expression;
mod heredoc;
mod scan;
mod template;

use std::collections::HashSet;
use std::ops::Range;

use super::{Body, Expression, Name};
use crate::language::bounds::NESTING;
use crate::language::source::{FileId, Spot};

/// A syntax error: what is wrong, where.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) spot: Spot,
    /// Constant per cause.
    pub(crate) summary: &'static str,
    /// Whole sentences.
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
    /// Where comments stand, in a text that holds the character that stands for bytes which are not UTF-8.
    pub(crate) comments: Vec<Range<usize>>,
}

/// How offsets in a parsed text translate to offsets in its file.
#[derive(Clone, Copy)]
enum Offsets<'a> {
    /// The text starts at this byte of the file.
    From(usize),
    /// The file's byte for every byte of the text and for its end: a JSON string with escapes.
    Table(&'a [u32]),
}

/// An error on its way up; boxed, because it is rare.
type Problem = Box<SyntaxError>;
type Read<T> = Result<T, Problem>;

struct Parser<'a> {
    file: FileId,
    text: &'a str,
    offsets: Offsets<'a>,
    at: usize,
    /// Line breaks end what is being read; inside brackets they do not.
    line_breaks_matter: bool,
    /// The brackets that are open, innermost last.
    brackets: Vec<u8>,
    nesting: usize,
    errors: Vec<SyntaxError>,
    broken: Vec<Name>,
    /// A top-level block starts here although blocks around it are still open: they end where it starts.
    abandoned: bool,
    /// Where a comment starts that has no end, and how many mistakes were found before it.
    unclosed_comment: Option<(usize, usize)>,
    /// Names that were read: each is in memory once, however often it stands.
    names: HashSet<Name>,
    /// The comments, where the text holds what may stand for bytes that are not UTF-8.
    comments: Option<Vec<Range<usize>>>,
}

/// Reads a file.
pub(crate) fn parse_body(file: FileId, text: &str) -> Parsed {
    let mut parser = Parser::new(file, text, Offsets::From(0));
    let body = parser.file();
    parser.tell_unclosed_comment();
    Parsed {
        body,
        errors: parser.errors,
        broken: parser.broken,
        comments: parser.comments.unwrap_or_default(),
    }
}

/// Reads an expression that stands alone, for example the value of `-var`.
pub(crate) fn parse_expression(file: FileId, text: &str) -> Result<Expression, SyntaxError> {
    let mut parser = Parser::new(file, text, Offsets::From(0));
    parser.line_breaks_matter = false;
    let expression = parser.expression();
    parser.skip_space();
    if let Some(problem) = parser.comment_without_end() {
        return Err(*problem);
    }
    let expression = expression.map_err(|problem| *problem)?;
    if parser.at < text.len() {
        return Err(*parser.problem(
            "Extra characters after expression",
            "An expression was read, but extra characters were found after it",
        ));
    }
    Ok(expression)
}

/// Reads a template file, or a string that is one.
pub(crate) fn parse_template_text(file: FileId, text: &str) -> Result<Expression, SyntaxError> {
    template_of(Parser::new(file, text, Offsets::From(0)))
}

/// Reads the template in a JSON string; `table` gives the file's byte for each byte of `text`.
pub(super) fn parse_json_template(
    file: FileId,
    text: &str,
    table: &[u32],
) -> Result<Expression, SyntaxError> {
    template_of(Parser::new(file, text, Offsets::Table(table)))
}

fn template_of(mut parser: Parser<'_>) -> Result<Expression, SyntaxError> {
    let template = parser.bare_template();
    let template = parser.comment_without_end().map_or(template, Err);
    template.map_err(|problem| *problem)
}

impl<'a> Parser<'a> {
    fn new(file: FileId, text: &'a str, offsets: Offsets<'a>) -> Self {
        Self {
            file,
            text,
            offsets,
            at: 0,
            line_breaks_matter: true,
            brackets: Vec::new(),
            nesting: 0,
            errors: Vec::new(),
            broken: Vec::new(),
            abandoned: false,
            unclosed_comment: None,
            names: HashSet::new(),
            comments: text.contains(char::REPLACEMENT_CHARACTER).then(Vec::new),
        }
    }

    fn spot(&self, range: Range<usize>) -> Spot {
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

    /// A complaint about what stands here.
    fn problem(&self, summary: &'static str, message: impl Into<String>) -> Problem {
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        self.problem_at(self.at..self.at + length, summary, message)
    }

    fn problem_at(
        &self,
        range: Range<usize>,
        summary: &'static str,
        message: impl Into<String>,
    ) -> Problem {
        Box::new(SyntaxError {
            spot: self.spot(range),
            summary,
            message: message.into(),
            limit: false,
        })
    }

    /// A comment without an end swallows all that follows it, so that is the mistake, whatever else was found.
    fn comment_without_end(&self) -> Option<Problem> {
        let (start, _) = self.unclosed_comment?;
        Some(self.problem_at(
            start..start + 2,
            "Unclosed comment",
            "The comment that starts here has no end: there is no */ after it",
        ))
    }

    /// Complains about it in place of what follows from it.
    fn tell_unclosed_comment(&mut self) {
        let Some(problem) = self.comment_without_end() else {
            return;
        };
        // After another mistake, what looks like a comment need not be one.
        if self.unclosed_comment.is_some_and(|(_, before)| before > 0) {
            return;
        }
        self.errors = vec![*problem];
        self.broken.push("".into());
    }

    /// Reads something one level deeper.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.nesting >= NESTING {
            let mut problem = self.problem(
                "Nested too deeply",
                format!("Expressions and blocks can be nested at most {NESTING} levels deep"),
            );
            problem.limit = true;
            return Err(problem);
        }
        self.nesting += 1;
        let result = read(self);
        self.nesting -= 1;
        result
    }
}
