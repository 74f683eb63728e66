//! YAML as Terraform writes it: one entry to a line, text between double quotes or, where it has several lines, as a literal block.

use std::fmt::Write as _;

use super::{Failure, Outcome, check_length};
use crate::language::term::{Content, Entries, Shape, Term};

/// Quoted text goes on in the next line at the first space after this column.
const WIDTH: usize = 80;
/// How much deeper the inside of something stands.
const STEP: usize = 2;
/// A key with more bytes is written apart from its value.
const LONGEST_KEY: usize = 128;

pub(super) fn yamlencode(arguments: &[Term]) -> Outcome {
    let Some(value) = arguments.first().filter(|value| value.is_wholly_known()) else {
        return Ok(Term::unknown(Shape::String));
    };
    let mut writer = Writer {
        text: String::new(),
        column: 0,
        only_indented: true,
        spaced: true,
    };
    writer.node(value, None, false)?;
    writer.line(0)?;
    // A bare word could go on in what is appended to it.
    if matches!(
        value.content,
        Content::Null(_) | Content::Bool(_) | Content::Number(_)
    ) {
        writer.text.push_str("...\n");
    }
    Ok(Term::string(writer.text))
}

struct Writer {
    text: String,
    column: usize,
    /// Nothing stands on the line yet that what comes next may not stand behind.
    only_indented: bool,
    /// What comes next needs no space before it.
    spaced: bool,
}

impl Writer {
    /// `around` is the column of the collection that holds the value, if there is one.
    fn node(
        &mut self,
        value: &Term,
        around: Option<usize>,
        in_mapping: bool,
    ) -> Result<(), Failure> {
        let inside = around.map_or(0, |around| around + STEP);
        match &value.content {
            Content::Null(_) | Content::Unknown(_) => self.word("null"),
            Content::Bool(value) => self.word(if *value { "true" } else { "false" }),
            Content::Number(value) => self.word(&value.to_string()),
            Content::String(text) => self.scalar(text, inside.max(STEP))?,
            Content::List(items) | Content::Set(items) | Content::Tuple(items) => {
                // The items of a list that starts below its key stand below the key.
                let column = match around {
                    Some(around) if in_mapping && !self.only_indented => around,
                    _ => inside,
                };
                self.items(&items.items, column)?;
            }
            Content::Map(entries) | Content::Object(entries) => {
                self.entries(&entries.entries, inside)?;
            }
        }
        Ok(())
    }

    fn items(&mut self, items: &[Term], column: usize) -> Result<(), Failure> {
        if items.is_empty() {
            self.word("[]");
        }
        for item in items {
            self.line(column)?;
            self.indicator('-');
            self.node(item, Some(column), false)?;
        }
        Ok(())
    }

    fn entries(&mut self, entries: &Entries, column: usize) -> Result<(), Failure> {
        if entries.is_empty() {
            self.word("{}");
        }
        for (key, value) in entries {
            self.line(column)?;
            if key.len() <= LONGEST_KEY && !key.chars().any(is_break) {
                self.quoted(key, None)?;
                self.push(':');
            } else {
                self.indicator('?');
                self.scalar(key, column + STEP)?;
                self.line(column)?;
                self.indicator(':');
            }
            self.node(value, Some(column), true)?;
        }
        Ok(())
    }

    fn scalar(&mut self, text: &str, column: usize) -> Result<(), Failure> {
        if text.contains('\n') && may_be_block(text) {
            self.block(text, column)
        } else {
            self.quoted(text, Some(column))
        }
    }

    /// The lines as they are, each indented to `column`.
    fn block(&mut self, text: &str, column: usize) -> Result<(), Failure> {
        self.separate();
        self.push('|');
        if text.starts_with(|letter| letter == ' ' || is_break(letter)) {
            self.push('2');
        }
        let mut last = text.chars().rev();
        match (last.next().is_some_and(is_break), last.next()) {
            (false, _) => self.push('-'),
            (true, before) if before.is_none_or(is_break) => self.push('+'),
            (true, _) => {}
        }
        self.end_line('\n');
        self.spaced = true;
        for letter in text.chars() {
            if is_break(letter) {
                self.end_line(letter);
                continue;
            }
            if self.only_indented {
                self.line(column)?;
            }
            self.push(letter);
            self.only_indented = false;
        }
        Ok(())
    }

    /// Between double quotes; folded where `column` says at which column to go on.
    fn quoted(&mut self, text: &str, column: Option<usize>) -> Result<(), Failure> {
        self.separate();
        self.push('"');
        self.only_indented = false;
        // Behind a byte order mark Terraform escapes every letter.
        let all = text.starts_with('\u{feff}');
        let mut after_space = false;
        let mut letters = text.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let is_inside = at > 0 && at + 1 < text.len();
            if all || !is_printable(letter) || is_break(letter) || matches!(letter, '"' | '\\') {
                self.escape(letter);
                after_space = false;
                continue;
            }
            match column {
                Some(column)
                    if letter == ' ' && !after_space && is_inside && self.column > WIDTH =>
                {
                    self.line(column)?;
                    if letters.peek().is_some_and(|(_, next)| *next == ' ') {
                        self.push('\\');
                    }
                }
                _ => self.push(letter),
            }
            after_space = letter == ' ';
        }
        self.push('"');
        self.spaced = false;
        self.only_indented = false;
        Ok(())
    }

    fn escape(&mut self, letter: char) {
        let short = match letter {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' => '"',
            '\\' => '\\',
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            letter => {
                let code = u32::from(letter);
                let before = self.text.len();
                // Writing to a string cannot fail.
                let _ = match code {
                    0..=0xff => write!(self.text, "\\x{code:02X}"),
                    0x100..=0xffff => write!(self.text, "\\u{code:04X}"),
                    _ => write!(self.text, "\\U{code:08X}"),
                };
                self.column += self.text.len() - before;
                return;
            }
        };
        self.push('\\');
        self.push(short);
    }

    fn word(&mut self, word: &str) {
        self.separate();
        self.text.push_str(word);
        self.column += word.len();
        self.spaced = false;
        self.only_indented = false;
    }

    /// A sign behind which, on the same line, a collection may begin.
    fn indicator(&mut self, sign: char) {
        let only_indented = self.only_indented;
        self.separate();
        self.push(sign);
        self.only_indented = only_indented;
    }

    fn separate(&mut self) {
        if !self.spaced {
            self.push(' ');
        }
        self.spaced = false;
    }

    fn push(&mut self, letter: char) {
        self.text.push(letter);
        self.column += 1;
    }

    fn end_line(&mut self, letter: char) {
        self.text.push(letter);
        self.column = 0;
        self.only_indented = true;
    }

    /// Goes to a column, in a new line unless this one is empty up to there.
    fn line(&mut self, column: usize) -> Result<(), Failure> {
        // Indentation makes a large value larger still.
        check_length(self.text.len())?;
        let is_behind = self.column > column || (self.column == column && !self.spaced);
        if !self.only_indented || is_behind {
            self.end_line('\n');
        }
        while self.column < column {
            self.push(' ');
        }
        self.only_indented = true;
        self.spaced = true;
        Ok(())
    }
}

/// Whether it reads back as the same text when it stands between line breaks as it is.
fn may_be_block(text: &str) -> bool {
    let mut before = '\0';
    for letter in text.chars() {
        if !is_printable(letter) || (before == ' ' && is_break(letter)) {
            return false;
        }
        before = letter;
    }
    before != ' '
}

/// Letters beyond the basic plane are not, to Terraform.
fn is_printable(letter: char) -> bool {
    matches!(letter, '\n' | ' '..='~' | '\u{a0}'..='\u{fffd}') && letter != '\u{feff}'
}

fn is_break(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
