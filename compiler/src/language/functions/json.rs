//! JSON, and values written in the language itself.

use std::fmt::Write as _;

use super::{Failure, Outcome, text};
use crate::language::syntax::json_value;
use crate::language::term::{Content, Entries, Shape, Term};

pub(super) fn jsondecode(arguments: &[Term]) -> Outcome {
    json_value(text(arguments, 0)).map_err(Failure::call)
}

pub(super) fn jsonencode(arguments: &[Term]) -> Outcome {
    if !arguments[0].is_wholly_known() {
        return Ok(Term::unknown_not_null(Shape::String));
    }
    let mut encoded = String::new();
    encode(&arguments[0], &mut encoded);
    Ok(Term::string(encoded))
}

fn encode(term: &Term, out: &mut String) {
    match &term.content {
        Content::Null(_) | Content::Unknown(_) => out.push_str("null"),
        Content::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Content::Number(value) => out.push_str(&value.to_string()),
        Content::String(value) => quote(value, out),
        Content::List(items) | Content::Set(items) | Content::Tuple(items) => {
            out.push('[');
            for (index, item) in items.items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                encode(item, out);
            }
            out.push(']');
        }
        Content::Map(entries) | Content::Object(entries) => {
            out.push('{');
            for (index, (name, item)) in entries.entries.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                quote(name, out);
                out.push(':');
                encode(item, out);
            }
            out.push('}');
        }
    }
}

/// As Terraform writes it: also safe inside HTML.
fn quote(value: &str, out: &mut String) {
    out.push('"');
    for letter in value.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => push_escape(letter, out),
            letter if u32::from(letter) < 0x20 => push_escape(letter, out),
            letter => out.push(letter),
        }
    }
    out.push('"');
}

fn push_escape(letter: char, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(out, "\\u{:04x}", u32::from(letter));
}

pub(super) fn encode_expr(arguments: &[Term]) -> Outcome {
    if !arguments[0].is_wholly_known() {
        return Ok(Term::unknown_not_null(Shape::String));
    }
    let mut written = String::new();
    spell(&arguments[0], 0, &mut written);
    Ok(Term::string(written))
}

pub(super) fn encode_tfvars(arguments: &[Term]) -> Outcome {
    let Some(entries) = arguments[0].as_entries() else {
        return Err(Failure::argument(
            0,
            "invalid value to encode: must be an object whose attribute names will become the encoded variable names",
        ));
    };
    if let Some(name) = entries.keys().find(|name| !is_identifier(name)) {
        return Err(Failure::argument(
            0,
            format!(
                "invalid variable name {name:?}: must be a valid identifier, per Terraform's rules for input variable declarations"
            ),
        ));
    }
    let mut written = String::new();
    spell_entries(entries, 0, &mut written);
    Ok(Term::string(written))
}

/// True for what may stand as a bare name.
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '-')
}

fn spell(term: &Term, depth: usize, out: &mut String) {
    match &term.content {
        Content::Null(_) | Content::Unknown(_) => out.push_str("null"),
        Content::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Content::Number(value) => out.push_str(&value.to_string()),
        Content::String(value) => spell_text(value, out),
        Content::List(items) | Content::Set(items) | Content::Tuple(items) => {
            out.push('[');
            for (index, item) in items.items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                spell(item, depth, out);
            }
            out.push(']');
        }
        Content::Map(entries) | Content::Object(entries) if entries.entries.is_empty() => {
            out.push_str("{}");
        }
        Content::Map(entries) | Content::Object(entries) => {
            out.push_str("{\n");
            spell_entries(&entries.entries, depth + 1, out);
            out.push_str(&"  ".repeat(depth));
            out.push('}');
        }
    }
}

/// One line for each entry; the equals signs of neighbours that fit on a line stand below each other.
fn spell_entries(entries: &Entries, depth: usize, out: &mut String) {
    let lines: Vec<(String, String)> = entries
        .iter()
        .map(|(name, item)| {
            let mut key = String::new();
            if is_identifier(name) {
                key.push_str(name);
            } else {
                spell_text(name, &mut key);
            }
            let mut value = String::new();
            spell(item, depth, &mut value);
            (key, value)
        })
        .collect();
    let short = |(_, value): &(String, String)| !value.contains('\n');
    for run in lines.chunk_by(|left, right| short(left) && short(right)) {
        let widest = run
            .iter()
            .map(|(key, _)| key.chars().count())
            .max()
            .unwrap_or_default();
        for (key, value) in run {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{}{key:widest$} = {value}", "  ".repeat(depth));
        }
    }
}

fn spell_text(value: &str, out: &mut String) {
    out.push('"');
    let mut letters = value.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if letters.peek() == Some(&'{') => {
                out.push(letter);
                out.push(letter);
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
}
