//! One name against what stands between two slashes of a pattern, as Terraform compares them: letter by letter, so that a mistake in a
//! pattern counts only where a name leads to it. Braces hold no braces, and the first `}` ends them, also one in a bracket.

use std::collections::HashMap;

use super::Wrong;
use crate::language::bounds::ALTERNATIVES;

/// True if the whole name fits.
pub(super) fn fits(pattern: &str, name: &str) -> Result<bool, Wrong> {
    let pattern: Vec<char> = pattern.chars().collect();
    let mut attempts = Attempts {
        name: name.chars().collect(),
        known: HashMap::new(),
        depth: 0,
    };
    attempts.fits(&pattern, 0)
}

/// What was found for a rest of the pattern and a rest of the name, so that many stars and braces end soon.
struct Attempts {
    name: Vec<char>,
    known: HashMap<(Vec<char>, usize), Result<bool, Wrong>>,
    depth: usize,
}

/// What a part of the pattern comes to.
enum Step {
    /// The next part begins here, at the next letter of the name.
    On(usize),
    Done(Result<bool, Wrong>),
}

impl Attempts {
    fn fits(&mut self, pattern: &[char], at: usize) -> Result<bool, Wrong> {
        let key = (pattern.to_vec(), at);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        if self.depth == ALTERNATIVES || self.known.len() > ALTERNATIVES * ALTERNATIVES {
            return Err(Wrong::TooManyAlternatives);
        }
        self.depth += 1;
        let found = self.compare(pattern, at);
        self.depth -= 1;
        self.known.insert(key, found);
        found
    }

    fn compare(&mut self, pattern: &[char], mut at: usize) -> Result<bool, Wrong> {
        let mut index = 0;
        while index < pattern.len() && at < self.name.len() {
            match self.step(pattern, index, at) {
                Step::On(next) => (index, at) = (next, at + 1),
                Step::Done(found) => return found,
            }
        }
        let rest = &pattern[index..];
        Ok(at == self.name.len() && rest.iter().all(|letter| *letter == '*') && rest.len() < 3)
    }

    fn step(&mut self, pattern: &[char], index: usize, at: usize) -> Step {
        let letter = self.name[at];
        let fits = |fits: bool, next: usize| match fits {
            true => Step::On(next),
            false => Step::Done(Ok(false)),
        };
        match pattern[index] {
            '\\' => match pattern.get(index + 1) {
                None => Step::Done(Err(Wrong::Pattern)),
                Some(escaped) => fits(*escaped == letter, index + 2),
            },
            '?' => Step::On(index + 1),
            '*' => Step::Done(self.star(&pattern[index + 1..], at)),
            '[' => match class(&pattern[index + 1..], letter) {
                Err(wrong) => Step::Done(Err(wrong)),
                Ok((inside, length)) => fits(inside, index + 1 + length),
            },
            '{' => Step::Done(self.braces(&pattern[index + 1..], at)),
            same => fits(same == letter, index + 1),
        }
    }

    /// What follows a star may have mistakes: then it does not fit.
    fn star(&mut self, rest: &[char], at: usize) -> Result<bool, Wrong> {
        if rest.is_empty() {
            return Ok(true);
        }
        for at in at..self.name.len() {
            match self.fits(rest, at) {
                Ok(true) => return Ok(true),
                Err(Wrong::TooManyAlternatives) => return Err(Wrong::TooManyAlternatives),
                Ok(false) | Err(Wrong::Pattern) => {}
            }
        }
        Ok(false)
    }

    fn braces(&mut self, rest: &[char], at: usize) -> Result<bool, Wrong> {
        let close = unescaped(rest, '}').ok_or(Wrong::Pattern)?;
        let choices = split(&rest[..close], ',');
        if choices.len() > ALTERNATIVES {
            return Err(Wrong::TooManyAlternatives);
        }
        for choice in choices {
            let pattern = [choice, &rest[close + 1..]].concat();
            if self.fits(&pattern, at)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether a letter is one of those in a bracket, and how much of the pattern that takes.
fn class(rest: &[char], letter: char) -> Result<(bool, usize), Wrong> {
    let close = unescaped(rest, ']').ok_or(Wrong::Pattern)?;
    let inside = &rest[..close];
    let negated = *inside.first().ok_or(Wrong::Pattern)? == '^';
    let mut letters = inside[usize::from(negated)..].iter().copied().peekable();
    let mut found = false;
    while let Some(low) = one_of(&mut letters)? {
        let mut high = low;
        if letters.next_if_eq(&'-').is_some() {
            high = one_of(&mut letters)?.ok_or(Wrong::Pattern)?;
        }
        found |= (low..=high).contains(&letter);
    }
    Ok((found != negated, close + 1))
}

/// The next letter of a bracket, which may be escaped and is no bare `-`.
fn one_of(letters: &mut impl Iterator<Item = char>) -> Result<Option<char>, Wrong> {
    match letters.next() {
        Some('-') => Err(Wrong::Pattern),
        Some('\\') => letters.next().ok_or(Wrong::Pattern).map(Some),
        letter => Ok(letter),
    }
}

/// Where a letter stands first that has no backslash before it.
fn unescaped(text: &[char], wanted: char) -> Option<usize> {
    let mut start = 0;
    loop {
        let index = start + text[start..].iter().position(|letter| *letter == wanted)?;
        if index == start || text[index - 1] != '\\' {
            return Some(index);
        }
        start = index + 1;
    }
}

/// The texts between letters that have no backslash before them.
pub(super) fn split(text: &[char], separator: char) -> Vec<&[char]> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(end) = unescaped(rest, separator) {
        parts.push(&rest[..end]);
        rest = &rest[end + 1..];
    }
    parts.push(rest);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_as_in_terraform() {
        let wrong = Err(Wrong::Pattern);
        for (pattern, name, expected) in [
            ("*.txt", "a.txt", Ok(true)),
            ("a?c", "abc", Ok(true)),
            ("[a-c]x", "bx", Ok(true)),
            ("[^a-c]x", "bx", Ok(false)),
            ("[!a]", "b", Ok(false)),
            ("{one,two}.tf", "two.tf", Ok(true)),
            ("{one,two}.tf", "three.tf", Ok(false)),
            ("{a,b", "a", wrong),
            ("x[", "a", Ok(false)),
            ("x[", "xa", wrong),
            ("*[", "xa", Ok(false)),
            ("[a-]", "b", wrong),
            ("{[ab,c].txt,d}", "c", wrong),
            ("{[ab],c}.txt", "b.txt", Ok(true)),
            ("{a,{b,c}}.txt", "a}.txt", Ok(true)),
            ("[^]", "a", Ok(true)),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} and {name}");
        }
    }

    #[test]
    fn many_stars_and_braces_end_soon() {
        let name = "a".repeat(200);
        assert_eq!(fits(&"*a".repeat(100), &format!("{name}b")), Ok(false));
        let braces = "{a,a}".repeat(300);
        assert_eq!(
            fits(&braces, &name.repeat(2)),
            Err(Wrong::TooManyAlternatives)
        );
    }
}
