//! Heredocs: text of several lines, up to a line that holds only the marker.

use super::template::{End, Kind};
use super::{Parser, Read};
use crate::language::syntax::Expression;

/// A heredoc's introduction: `<<EOT` or `<<-EOT` and the rest of that line.
struct Intro<'a> {
    marker: &'a str,
    flush: bool,
    /// Where the first line of the text starts.
    content: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn heredoc(&mut self) -> Read<Expression> {
        let start = self.at;
        let Some(intro) = self.intro() else {
            return Err(self.problem_at(start..start + 2, "Invalid expression", "A heredoc needs a marker after << and its text on the following lines, as in <<EOT"));
        };
        self.at = intro.content;
        let kind = if intro.flush {
            Kind::Flush
        } else {
            Kind::Heredoc
        };
        let brackets = self.brackets.len();
        let result = self.template(&End::Marker(intro.marker), kind, start);
        if result.is_err() {
            // Reading goes on after the heredoc, not inside it.
            self.brackets.truncate(brackets);
            let resume = self.end_after(&intro).unwrap_or(self.text.len());
            self.at = resume.max(self.at);
        }
        result
    }

    fn intro(&self) -> Option<Intro<'a>> {
        let after = self.rest().strip_prefix("<<")?;
        let flush = after.starts_with('-');
        let after = after.strip_prefix('-').unwrap_or(after);
        let line = after.split('\n').next()?;
        let marker = line.strip_suffix('\r').unwrap_or(line);
        let valid = marker.starts_with(super::scan::starts_name)
            && marker.chars().all(super::scan::continues_name)
            && after.len() > line.len();
        valid.then(|| Intro {
            marker,
            flush,
            content: self.at + 2 + usize::from(flush) + line.len() + 1,
        })
    }

    /// Where the heredoc that starts here ends: after its marker.
    pub(super) fn heredoc_end(&self) -> Option<usize> {
        self.end_after(&self.intro()?)
    }

    fn end_after(&self, intro: &Intro<'_>) -> Option<usize> {
        let mut offset = intro.content;
        for line in self.text[intro.content..].split_inclusive('\n') {
            if line.trim() == intro.marker {
                return Some(offset + line.trim_end().len());
            }
            offset += line.len();
        }
        None
    }
}
