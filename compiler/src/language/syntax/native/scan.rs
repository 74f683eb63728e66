//! Letters, names, white space and comments.

use super::{Parser, Read};
use crate::language::syntax::Name;

pub(super) fn starts_name(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_'
}

pub(super) fn continues_name(letter: char) -> bool {
    letter.is_alphanumeric()
        || matches!(letter, '_' | '-')
        || unicode_normalization::char::is_combining_mark(letter)
}

impl<'a> Parser<'a> {
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn looking_at(&self, token: &str) -> bool {
        self.text.as_bytes()[self.at..].starts_with(token.as_bytes())
    }

    /// Reads a token of punctuation if it stands here.
    pub(super) fn eat(&mut self, token: &str) -> bool {
        let found = self.looking_at(token);
        if found {
            self.at += token.len();
        }
        found
    }

    pub(super) fn open(&mut self) {
        self.brackets.extend(self.peek());
        self.at += 1;
    }

    pub(super) fn close(&mut self) {
        self.at += 1;
        self.brackets.pop();
    }

    /// Skips white space and comments, and line breaks where they do not matter.
    pub(super) fn skip_space(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\r') if self.text.as_bytes().get(self.at + 1) == Some(&b'\n') => {
                    if self.line_breaks_matter {
                        return;
                    }
                    self.at += 2;
                }
                Some(b'\n') if !self.line_breaks_matter => self.at += 1,
                Some(b'#') => self.comment(),
                Some(b'/') if self.looking_at("//") || self.looking_at("/*") => self.comment(),
                _ => return,
            }
        }
    }

    fn comment(&mut self) {
        let start = self.at;
        if !self.looking_at("/*") {
            self.skip_line();
        } else if let Some(end) = self.rest()[2..].find("*/") {
            self.at += 2 + end + 2;
        } else {
            let before = self.errors.len();
            self.unclosed_comment.get_or_insert((self.at, before));
            self.at = self.text.len();
        }
        if let Some(comments) = &mut self.comments {
            comments.push(start..self.at);
        }
    }

    /// Skips white space, comments and line breaks.
    pub(super) fn skip_lines(&mut self) {
        let before = std::mem::replace(&mut self.line_breaks_matter, false);
        self.skip_space();
        self.line_breaks_matter = before;
    }

    /// Goes to the end of the line, before its line break.
    pub(super) fn skip_line(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    pub(super) fn at_line_end(&self) -> bool {
        matches!(self.peek(), None | Some(b'\n')) || self.looking_at("\r\n")
    }

    /// The length of the name that stands here; zero if there is none.
    fn name_length(&self) -> usize {
        let rest = self.rest();
        // Nearly all names are plain.
        let bytes = rest.as_bytes();
        let plain = bytes
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            .count();
        if plain > 0 && bytes.get(plain).is_none_or(u8::is_ascii) {
            let first = bytes[0];
            return if first.is_ascii_alphabetic() || first == b'_' {
                plain
            } else {
                0
            };
        }
        let mut letters = rest.char_indices();
        match letters.next() {
            Some((_, letter)) if starts_name(letter) => letters
                .find(|(_, letter)| !continues_name(*letter))
                .map_or(rest.len(), |(index, _)| index),
            _ => 0,
        }
    }

    pub(super) fn at_name(&self) -> bool {
        self.name_length() > 0
    }

    fn shared(&mut self, text: &str) -> Name {
        if let Some(known) = self.names.get(text) {
            return known.clone();
        }
        let name = Name::from(text);
        self.names.insert(name.clone());
        name
    }

    /// The name that stands here, without reading it.
    pub(super) fn peek_name(&self) -> &'a str {
        &self.rest()[..self.name_length()]
    }

    /// Reads a name; its place is from the old position to the new one.
    pub(super) fn name(&mut self) -> Option<Name> {
        let name = self.peek_name();
        if name.is_empty() {
            return None;
        }
        self.at += name.len();
        Some(self.shared(name))
    }

    /// Reads a word if exactly this one stands here.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.peek_name() == word;
        if found {
            self.at += word.len();
        }
        found
    }

    /// Reads with line breaks meaning nothing, as between brackets.
    pub(super) fn across_lines<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let before = std::mem::replace(&mut self.line_breaks_matter, false);
        let result = read(self);
        self.line_breaks_matter = before;
        result
    }
}
