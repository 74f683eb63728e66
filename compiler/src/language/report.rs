//! Diagnostics for people: message, place, the line itself with carets under what is meant, and hints.

use std::fmt::Write as _;

use super::source::Sources;
use crate::diagnostic::{Diagnostic, Severity, Span, without_secrets};

/// Whether a report may use terminal colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    Plain,
    Ansi,
}

/// The longest part of a source line that is shown, in characters.
const WIDEST: usize = 160;

/// Renders diagnostics in the order given, each as
///
/// ```text
/// error[unknown-attribute]: Unsupported argument
///   --> tokens.tf:7:3
///   |
/// 7 |   lifetme = "90d"
///   |   ^^^^^^^ An argument named "lifetme" is not expected here.
///   = hint: did you mean "lifetime"?
/// ```
pub fn report(diagnostics: &[Diagnostic], sources: &Sources, colour: Colour) -> String {
    let mut text = String::new();
    for (position, diagnostic) in diagnostics.iter().enumerate() {
        if position > 0 {
            text.push('\n');
        }
        one(&mut text, diagnostic, sources, colour);
    }
    text
}

fn one(text: &mut String, diagnostic: &Diagnostic, sources: &Sources, colour: Colour) {
    let (word, paint) = match diagnostic.severity {
        Severity::Error => ("error", "31"),
        Severity::Warning => ("warning", "33"),
    };
    let head = style(&format!("{word}[{}]", diagnostic.code), paint, colour);
    line(
        text,
        &format!("{head}: {}", style(&diagnostic.summary, "1", colour)),
    );
    let gutter = match &diagnostic.span {
        Some(span) => excerpt(text, diagnostic, span, sources, paint, colour),
        None => {
            if !diagnostic.path.is_root() {
                line(text, &format!("  at {}", diagnostic.path));
            }
            for part in diagnostic.detail.lines() {
                line(text, &format!("  {}", printable(part)));
            }
            1
        }
    };
    for hint in &diagnostic.hints {
        let word = style("hint", "36", colour);
        line(
            text,
            &format!("{:gutter$} = {word}: {}", "", printable(hint)),
        );
    }
}

/// Writes the place and the line; returns how wide the line numbers are.
fn excerpt(
    text: &mut String,
    diagnostic: &Diagnostic,
    span: &Span,
    sources: &Sources,
    paint: &str,
    colour: Colour,
) -> usize {
    let Some((number, source, start)) = sources.line(&span.file, span.range.start) else {
        line(text, &format!("  --> {}", sources.shown(&span.file)));
        for part in diagnostic.detail.lines() {
            line(text, &format!("  {}", printable(part)));
        }
        return 1;
    };
    let gutter = number.to_string().len();
    let before = source
        .get(..(span.range.start - start).min(source.len()))
        .unwrap_or(source);
    let meant = source
        .get(before.len()..(span.range.end.saturating_sub(start)).min(source.len()))
        .unwrap_or_default();
    let column = before.chars().count() + 1;
    line(
        text,
        &format!(
            "{:gutter$}--> {}:{number}:{column}",
            "",
            sources.shown(&span.file)
        ),
    );
    line(text, &format!("{:gutter$} |", ""));

    // A long line is shown from a little before what is meant.
    let skip = if before.chars().count() > WIDEST / 2 {
        before.chars().count() - WIDEST / 4
    } else {
        0
    };
    let shown = without_secrets(source);
    let shown: String = shown.chars().skip(skip).take(WIDEST).collect();
    let padding: String = before
        .chars()
        .skip(skip)
        .map(|letter| if letter == '\t' { '\t' } else { ' ' })
        .collect();
    let carets = "^".repeat(meant.chars().count().clamp(1, WIDEST));
    line(text, format!("{number} | {}", printable(&shown)).trim_end());
    let mut details = diagnostic.detail.lines();
    let first = printable(details.next().unwrap_or_default());
    let under = format!(
        "{:gutter$} | {padding}{} {first}",
        "",
        style(&carets, paint, colour)
    );
    line(text, under.trim_end());
    for part in details {
        line(
            text,
            format!("{:gutter$} | {}", "", printable(part)).trim_end(),
        );
    }
    gutter
}

fn line(text: &mut String, content: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{content}");
}

/// Nothing in a text may move a terminal's cursor, or make a line read otherwise than it is.
fn printable(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if is_invisible(letter) && letter != '\t' {
                '\u{fffd}'
            } else {
                letter
            }
        })
        .collect()
}

/// Characters that a terminal obeys, or that reorder a line without being seen.
pub(crate) fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            // What has no shape, ends a line, or turns around what stands beside it.
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

fn style(text: &str, code: &str, colour: Colour) -> String {
    match colour {
        Colour::Plain => text.to_owned(),
        Colour::Ansi => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
    }
}
