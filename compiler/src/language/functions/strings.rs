//! Text.

mod re2;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use unicode_normalization::UnicodeNormalization as _;

use super::{Failure, Outcome, check_length, items, text, texts, whole};
use crate::language::term::{Content, Entries, Shape, Term};

fn string(value: impl AsRef<str>) -> Outcome {
    Ok(Term::string(value.as_ref()))
}

pub(super) fn chomp(arguments: &[Term]) -> Outcome {
    string(text(arguments, 0).trim_end_matches(['\n', '\r']))
}

pub(super) fn upper(arguments: &[Term]) -> Outcome {
    // Letter by letter, as Go does: ß stays ß.
    let upper: String = text(arguments, 0).chars().map(single_upper).collect();
    string(upper)
}

pub(super) fn lower(arguments: &[Term]) -> Outcome {
    let lower: String = text(arguments, 0)
        .chars()
        .map(|letter| {
            let mut lower = letter.to_lowercase();
            lower.next().unwrap_or(letter)
        })
        .collect();
    string(lower)
}

fn single_upper(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(only), None) => only,
        _ => letter,
    }
}

pub(super) fn title(arguments: &[Term]) -> Outcome {
    let mut before = ' ';
    let titled: String = text(arguments, 0)
        .chars()
        .map(|letter| {
            let inside = before.is_alphanumeric()
                || before == '_'
                || (!before.is_ascii() && !before.is_whitespace());
            before = letter;
            if inside { letter } else { single_upper(letter) }
        })
        .collect();
    string(titled)
}

pub(super) fn trim(arguments: &[Term]) -> Outcome {
    let cutset: Vec<char> = text(arguments, 1).chars().collect();
    string(text(arguments, 0).trim_matches(cutset.as_slice()))
}

pub(super) fn trimprefix(arguments: &[Term]) -> Outcome {
    let (value, prefix) = (text(arguments, 0), text(arguments, 1));
    string(value.strip_prefix(prefix).unwrap_or(value))
}

pub(super) fn trimsuffix(arguments: &[Term]) -> Outcome {
    let (value, suffix) = (text(arguments, 0), text(arguments, 1));
    string(value.strip_suffix(suffix).unwrap_or(value))
}

pub(super) fn trimspace(arguments: &[Term]) -> Outcome {
    string(text(arguments, 0).trim())
}

pub(super) fn startswith(arguments: &[Term]) -> Outcome {
    let prefix = text(arguments, 1);
    if let Some(Content::Unknown(unknown)) = arguments.first().map(|term| &term.content) {
        let known = unknown.prefix.as_deref().unwrap_or_default();
        return Ok(if known.starts_with(prefix) {
            Term::bool(true)
        } else if !prefix.starts_with(known) {
            Term::bool(false)
        } else {
            Term::unknown_not_null(Shape::Bool)
        });
    }
    Ok(Term::bool(text(arguments, 0).starts_with(prefix)))
}

pub(super) fn endswith(arguments: &[Term]) -> Outcome {
    Ok(Term::bool(text(arguments, 0).ends_with(text(arguments, 1))))
}

pub(super) fn strcontains(arguments: &[Term]) -> Outcome {
    Ok(Term::bool(text(arguments, 0).contains(text(arguments, 1))))
}

/// What a reader sees as one letter, as near as combining marks tell.
fn clusters(value: &str) -> Vec<String> {
    let mut clusters: Vec<String> = Vec::new();
    for letter in value.nfc() {
        let joins = unicode_normalization::char::is_combining_mark(letter)
            || matches!(letter, '\u{200d}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}');
        match clusters.last_mut() {
            Some(last)
                if joins || last.ends_with('\u{200d}') || (last == "\r" && letter == '\n') =>
            {
                last.push(letter);
            }
            _ => clusters.push(letter.to_string()),
        }
    }
    clusters
}

pub(crate) fn length_of(value: &str) -> usize {
    if value.is_ascii() && !value.contains('\r') {
        return value.len();
    }
    clusters(value).len()
}

pub(super) fn strrev(arguments: &[Term]) -> Outcome {
    let mut letters = clusters(text(arguments, 0));
    letters.reverse();
    string(letters.concat())
}

pub(super) fn substr(arguments: &[Term]) -> Outcome {
    let letters = clusters(text(arguments, 0));
    let (offset, length) = (whole(arguments, 1)?, whole(arguments, 2)?);
    let total = i64::try_from(letters.len()).unwrap_or(i64::MAX);
    let start = if offset < 0 {
        offset.saturating_add(total).max(0)
    } else {
        offset
    };
    if length == 0 || start >= total {
        return string("");
    }
    let end = if length < 0 {
        total
    } else {
        start.saturating_add(length).min(total)
    };
    let (start, end) = (
        usize::try_from(start).unwrap_or_default(),
        usize::try_from(end).unwrap_or_default(),
    );
    string(letters.get(start..end).unwrap_or_default().concat())
}

pub(super) fn indent(arguments: &[Term]) -> Outcome {
    let spaces = usize::try_from(whole(arguments, 0)?)
        .map_err(|_| Failure::argument(0, "must not be negative"))?;
    let value = text(arguments, 1);
    let lines = value.matches('\n').count();
    check_length(value.len().saturating_add(lines.saturating_mul(spaces)))?;
    string(value.replace(
        '\n',
        &format!("\n{}", " ".repeat(if lines == 0 { 0 } else { spaces })),
    ))
}

pub(super) fn join(arguments: &[Term]) -> Outcome {
    let separator = text(arguments, 0);
    if arguments.len() < 2 {
        return Err(Failure::call("at least one list is required"));
    }
    let mut parts = Vec::new();
    for index in 1..arguments.len() {
        parts.extend(texts(arguments, index)?);
    }
    let length: usize = parts.iter().map(|part| part.len()).sum();
    check_length(length.saturating_add(parts.len().saturating_mul(separator.len())))?;
    string(parts.join(separator))
}

pub(super) fn split(arguments: &[Term]) -> Outcome {
    let (separator, value) = (text(arguments, 0), text(arguments, 1));
    let parts: Vec<Term> = if separator.is_empty() {
        value
            .chars()
            .map(|letter| Term::string(letter.to_string()))
            .collect()
    } else {
        value.split(separator).map(Term::string).collect()
    };
    Ok(Term::list(Shape::String, parts))
}

pub(super) fn replace(arguments: &[Term]) -> Outcome {
    let (value, substring, replacement) =
        (text(arguments, 0), text(arguments, 1), text(arguments, 2));
    // Between slashes it is a regular expression.
    if substring.len() > 1 && substring.starts_with('/') && substring.ends_with('/') {
        let pattern = compile(&substring[1..substring.len() - 1], 1)?;
        return replace_pattern(&pattern.regex, value, replacement);
    }
    let count = if substring.is_empty() {
        value.chars().count() + 1
    } else {
        value.matches(substring).count()
    };
    check_length(
        value
            .len()
            .saturating_add(count.saturating_mul(replacement.len())),
    )?;
    string(value.replace(substring, replacement))
}

fn replace_pattern(pattern: &regex::Regex, value: &str, replacement: &str) -> Outcome {
    let mut result = String::new();
    let mut end = 0;
    for found in pattern.captures_iter(value) {
        let Some(whole) = found.get(0) else {
            continue;
        };
        result.push_str(&value[end..whole.start()]);
        found.expand(replacement, &mut result);
        check_length(result.len())?;
        end = whole.end();
    }
    result.push_str(&value[end..]);
    string(result)
}

/// A pattern, and the names of its groups.
struct Pattern {
    regex: regex::Regex,
    names: Vec<Option<String>>,
}

thread_local! {
    /// Patterns that were compiled: a configuration applies the same few to each of its resources.
    static COMPILED: RefCell<HashMap<String, Rc<Pattern>>> = RefCell::default();
}
/// So many are kept; then all are forgotten.
const MOST_KEPT: usize = 64;

fn compile(pattern: &str, argument: usize) -> Result<Rc<Pattern>, Failure> {
    if let Some(known) = COMPILED.with_borrow(|kept| kept.get(pattern).cloned()) {
        return Ok(known);
    }
    let compiled = Rc::new(compile_anew(pattern, argument)?);
    COMPILED.with_borrow_mut(|kept| {
        if kept.len() == MOST_KEPT {
            kept.clear();
        }
        kept.insert(pattern.to_owned(), Rc::clone(&compiled));
    });
    Ok(compiled)
}

fn compile_anew(pattern: &str, argument: usize) -> Result<Pattern, Failure> {
    let invalid =
        |reason: &str| Failure::argument(argument, format!("invalid regular expression: {reason}"));
    let re2::Translated { pattern, names } =
        re2::translate(pattern).map_err(|reason| invalid(&reason))?;
    let regex = regex::RegexBuilder::new(&pattern)
        .size_limit(1 << 20)
        .build()
        .map_err(|error| {
            let reason = error.to_string();
            let last = reason
                .lines()
                .last()
                .unwrap_or_default()
                .trim_start_matches("error: ");
            invalid(last)
        })?;
    Ok(Pattern { regex, names })
}

impl Pattern {
    fn is_named(&self) -> bool {
        self.names.iter().all(Option::is_some)
    }

    /// What a match gives: the whole match without groups, a tuple of plain groups, an object of named ones.
    fn found(&self, captures: &regex::Captures<'_>) -> Term {
        let group = |index: usize| {
            captures.get(index).map_or_else(
                || Term::null(Shape::String),
                |found| Term::string(found.as_str()),
            )
        };
        if self.names.is_empty() {
            group(0)
        } else if self.is_named() {
            let names = self.names.iter().enumerate();
            let entries: Entries = names
                .filter_map(|(index, name)| Some((name.as_deref()?, group(index + 1))))
                .collect();
            Term::object(entries)
        } else {
            Term::tuple((1..=self.names.len()).map(group).collect())
        }
    }

    /// The type of what a match gives.
    fn shape(&self) -> Shape {
        if self.names.is_empty() {
            Shape::String
        } else if self.is_named() {
            let names = self.names.iter().flatten();
            Shape::object(names.map(|name| (name.as_str(), Shape::String)))
        } else {
            Shape::Tuple(self.names.iter().map(|_| Shape::String).collect())
        }
    }
}

fn compile_for_groups(arguments: &[Term]) -> Result<Rc<Pattern>, Failure> {
    let pattern = compile(text(arguments, 0), 0)?;
    if !pattern.is_named() && pattern.names.iter().any(Option::is_some) {
        return Err(Failure::argument(
            0,
            "invalid regular expression: cannot mix both named and unnamed capture groups",
        ));
    }
    Ok(pattern)
}

pub(super) fn regex(arguments: &[Term]) -> Outcome {
    let pattern = compile_for_groups(arguments)?;
    let captures = pattern
        .regex
        .captures(text(arguments, 1))
        .ok_or_else(|| Failure::call("pattern did not match any part of the given string"))?;
    Ok(pattern.found(&captures))
}

pub(super) fn regexall(arguments: &[Term]) -> Outcome {
    let pattern = compile_for_groups(arguments)?;
    let results: Vec<Term> = pattern
        .regex
        .captures_iter(text(arguments, 1))
        .map(|captures| pattern.found(&captures))
        .collect();
    Ok(Term::list(pattern.shape(), results))
}

/// Used by `compact` and `sort`.
pub(super) fn non_null(arguments: &[Term]) -> Vec<Term> {
    items(arguments, 0)
        .iter()
        .filter(|item| !item.is_null())
        .cloned()
        .collect()
}
