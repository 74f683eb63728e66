//! Whether a complaint repeats the value that it complains of. What cannot be read as a duration, a time or a word may be a secret that
//! somebody set in the wrong place, and no front end masks what an error says.

use std::ops::RangeInclusive;

use crate::secret::native_form;
use crate::suggest::closest;
use crate::value::Number;

/// What stands in place of a value of which nobody says whether it is sensitive.
pub const KEPT_BACK: &str = "(not shown: it may be a secret)";

/// What stands in place of a sensitive value.
pub const SENSITIVE: &str = "(a sensitive value)";

/// What well-known kinds of secrets begin with.
pub(super) const PREFIXES: [&str; 11] = [
    native_form::PREFIX,
    "AGE-SECRET-KEY-",
    "eyJ",
    "ghp_",
    "github_pat_",
    "glpat-",
    "hvs.",
    "pat-",
    "sk-",
    "sk_",
    "xox",
];

/// The detail of a complaint, for those who know whether the value in it is sensitive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tellings {
    pub(super) openly: String,
    pub(super) hidden: String,
}

/// How the value is told.
pub type Quote<'a> = &'a dyn Fn(&str) -> String;

/// In quotation marks where its form is none that a secret has.
pub fn quoted(text: &str) -> String {
    if cannot_be_a_secret(text) {
        openly(text)
    } else {
        KEPT_BACK.to_owned()
    }
}

/// The same where one of these words is expected: a text that is nearly one of them is shown, too.
pub fn quoted_among<'a>(text: &str, words: impl IntoIterator<Item = &'a str>) -> String {
    if closest(text, words).is_some() {
        openly(text)
    } else {
        quoted(text)
    }
}

/// The same for a number, which has no quotation marks.
pub fn figures(number: &Number, quote: Quote<'_>) -> String {
    let told = quote(&number.to_string());
    told.trim_matches('"').to_owned()
}

pub(super) fn openly(text: &str) -> String {
    format!("{text:?}")
}

/// Nothing at all, a short count with a unit (`90x`, `3 months`), the figures of a date or a time, whatever is wrong with them, or a name.
fn cannot_be_a_secret(text: &str) -> bool {
    text.trim().is_empty() || is_count(text) || is_date(text) || is_name(text)
}

/// What accounts, roles and the like are called: words, as people write them (`Editor`, `AmazonEventBridge`, `READ_AND_WRITE`), and short
/// numbers of their own, with signs between them (`elastic/fleet-server`, `ci-2`, `ci@example.com`). What machines make is none: in it
/// figures stand among letters, small letters before capital ones, or long words that nobody can pronounce.
fn is_name(text: &str) -> bool {
    let mut parts = text.split(['-', '_', '.', '/', '@']);
    let is_number = |part: &str| {
        (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    text.len() <= 64
        && !PREFIXES.iter().any(|prefix| text.starts_with(prefix))
        && text.contains(|letter: char| letter.is_ascii_alphabetic())
        && parts.all(|part| is_number(part) || is_words(part))
}

/// Words that are set together by capital letters, or one in capitals alone.
fn is_words(part: &str) -> bool {
    let is_capital = |letter: char| letter.is_ascii_uppercase();
    if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return false;
    }
    if part.chars().all(is_capital) {
        return is_pronounced(part);
    }
    let capitals = part.match_indices(is_capital).map(|(at, _)| at);
    let mut bounds = vec![0];
    bounds.extend(capitals.filter(|at| *at > 0));
    bounds.push(part.len());
    let shortest = if bounds.len() > 2 { 3 } else { 1 };
    bounds.windows(2).all(|bounds| {
        let word = &part[bounds[0]..bounds[1]];
        word.len() >= shortest && is_pronounced(word)
    })
}

/// No longer than words are, and with a vowel here and there.
fn is_pronounced(word: &str) -> bool {
    let is_vowel = |letter: char| "aeiouyAEIOUY".contains(letter);
    word.len() <= 16 && word.split(is_vowel).all(|between| between.len() <= 5)
}

fn is_count(text: &str) -> bool {
    const UNIT: RangeInclusive<usize> = 0..=7;
    let text = text.strip_prefix('-').unwrap_or(text);
    let unit = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let digits = text.len() - unit.len();
    let unit = unit.strip_prefix(' ').unwrap_or(unit);
    let letters = unit.chars().all(|letter| letter.is_ascii_alphabetic());
    (1..=3).contains(&digits) && UNIT.contains(&unit.len()) && letters
}

/// Groups of at most four figures, with signs between them; a fraction of a second has up to nine.
fn is_date(text: &str) -> bool {
    let is_sign = |letter: char| "-:+./ TZtz".contains(letter);
    let mut groups = text.split(is_sign).filter(|group| !group.is_empty());
    let figures = |group: &str, most: usize| {
        group.len() <= most && group.bytes().all(|byte| byte.is_ascii_digit())
    };
    let count = groups.clone().count();
    (2..=9).contains(&count)
        && text.len() <= 40
        && groups.by_ref().take(6).all(|group| figures(group, 4))
        && groups.all(|group| figures(group, 9))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_repeated_and_what_may_be_a_secret_is_not() {
        for text in [
            "",
            "90x",
            "-1d",
            "3 months",
            "12h1",
            "2027-01-31",
            "2027-13-01T00:00:00Z",
            "31.1.2027 12:00",
            "2027-01-31T00:00:60.123456789+02:00",
        ] {
            let shown = text != "12h1";
            assert_eq!(quoted(text) == format!("{text:?}"), shown, "{text}");
        }
        for text in [
            "hunter2",
            "lyd_hunter",
            "lyd_0123456789",
            "123456",
            "1234",
            "0123-4567-89ab",
            "12345678-12345678",
            "3correcthorse",
            "ü",
            "correct horse",
            "https://ops.example.com/hook",
            "ops:changeme",
            "d41d8cd9-8f00-b204-e980-0998ecf8427e",
            "sk-proj-AbCdEfGhIjKlMnOp",
            "qwrtzpsdfgh",
            "QWxhZGRpbjpvcGVu",
            "abcdefghijklmnopqrstuvwxyz",
        ] {
            assert_eq!(quoted(text), KEPT_BACK, "{text}");
        }
        for name in [
            "Editor",
            "green",
            "READ_AND_WRITE",
            "AmazonEventBridge",
            "apps/worker_4",
            "elastic/fleet-server",
            "ci.pipeline@example.com",
        ] {
            assert_eq!(quoted(name), format!("{name:?}"));
        }
        assert_eq!(quoted_among("replac", ["adopt", "replace"]), "\"replac\"");
        assert_eq!(quoted_among("hunter2", ["adopt", "replace"]), KEPT_BACK);
    }
}
