//! A pattern as OpenTofu reads it, whole and before it looks at any file: braces may stand in braces and hold slashes, a bracket
//! begun with `!` is negated, too.

use super::Wrong;
use crate::language::bounds::ALTERNATIVES;

/// A parsed pattern: the alternatives its braces spell out.
pub(super) struct Pattern {
    alternatives: Vec<Vec<Segment>>,
}

/// What stands between two slashes.
enum Segment {
    /// `**`: any number of folders.
    Any,
    Name(Vec<Piece>),
    /// A bracket that braces or a slash took apart: a mistake once a name leads to it. What leads there.
    Broken(Vec<Piece>),
}

enum Piece {
    Letter(char),
    One,
    Many,
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Pattern {
    pub(super) fn parse(pattern: &str) -> Result<Self, Wrong> {
        let letters: Vec<char> = pattern.chars().collect();
        validate(&letters)?;
        let mut spelled = Vec::new();
        expand(letters, &mut spelled)?;
        let alternatives = spelled
            .iter()
            .map(|alternative| {
                let parts = alternative.split(|letter| *letter == '/');
                let mut segments: Vec<Segment> = parts.map(segment).collect();
                if let Some(Segment::Any) = segments.last() {
                    // What stands below a folder, not the folder itself.
                    segments.push(Segment::Name(vec![Piece::Many]));
                }
                segments
            })
            .collect();
        Ok(Self { alternatives })
    }

    pub(super) fn matches(&self, path: &str) -> Result<bool, Wrong> {
        let parts: Vec<&str> = path.split('/').collect();
        for segments in &self.alternatives {
            if path_matches(segments, &parts)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Every bracket and brace has an end, and none ends what did not begin.
fn validate(pattern: &[char]) -> Result<(), Wrong> {
    let mut open = 0_usize;
    let mut index = 0;
    while let Some(letter) = pattern.get(index) {
        match letter {
            '\\' if index + 1 == pattern.len() => return Err(Wrong::Pattern),
            '{' => open += 1,
            '}' => open = open.checked_sub(1).ok_or(Wrong::Pattern)?,
            _ => {}
        }
        index = after(pattern, index).ok_or(Wrong::Pattern)?;
    }
    if open > 0 {
        return Err(Wrong::Pattern);
    }
    Ok(())
}

/// Where what stands here ends: a letter, an escaped letter, or a whole bracket, which must not be empty.
fn after(pattern: &[char], index: usize) -> Option<usize> {
    match pattern[index] {
        '\\' => Some(index + 2),
        '[' => {
            let mut end = index + 1;
            if matches!(pattern.get(end)?, '^' | '!') {
                end += 1;
            }
            if *pattern.get(end)? == ']' {
                return None;
            }
            while *pattern.get(end)? != ']' {
                end += if pattern[end] == '\\' { 2 } else { 1 };
            }
            Some(end + 1)
        }
        _ => Some(index + 1),
    }
}

/// Writes out the first pair of braces, then what is left in each of the texts.
fn expand(pattern: Vec<char>, spelled: &mut Vec<Vec<char>>) -> Result<(), Wrong> {
    let mut waiting = vec![pattern];
    while let Some(pattern) = waiting.pop() {
        let Some((open, choices, close)) = first_braces(&pattern) else {
            spelled.push(pattern);
            continue;
        };
        for choice in choices {
            waiting.push([&pattern[..open], choice, &pattern[close + 1..]].concat());
        }
        if waiting.len() + spelled.len() > ALTERNATIVES {
            return Err(Wrong::TooManyAlternatives);
        }
    }
    Ok(())
}

/// Where the first braces begin, what they have to choose from, and where they end; also those in a bracket.
fn first_braces(pattern: &[char]) -> Option<(usize, Vec<&[char]>, usize)> {
    let mut index = 0;
    let mut open = None;
    let mut depth = 0;
    let mut start = 0;
    let mut choices = Vec::new();
    while let Some(letter) = pattern.get(index) {
        match letter {
            '{' => {
                depth += 1;
                if depth == 1 {
                    open = Some(index);
                    start = index + 1;
                }
            }
            ',' if depth == 1 => {
                choices.push(&pattern[start..index]);
                start = index + 1;
            }
            '}' => {
                depth -= 1;
                if depth == 0 {
                    choices.push(&pattern[start..index]);
                    return Some((open?, choices, index));
                }
            }
            _ => {}
        }
        index += if *letter == '\\' { 2 } else { 1 };
    }
    None
}

fn segment(text: &[char]) -> Segment {
    if text == ['*', '*'] {
        return Segment::Any;
    }
    let mut pieces = Vec::new();
    let mut index = 0;
    while let Some(letter) = text.get(index) {
        let Some(end) = after(text, index).filter(|end| *end <= text.len()) else {
            pieces.push(Piece::Many);
            return Segment::Broken(pieces);
        };
        pieces.push(match letter {
            '*' => Piece::Many,
            '?' => Piece::One,
            '\\' => Piece::Letter(text[index + 1]),
            '[' => class(&text[index + 1..end - 1]),
            letter => Piece::Letter(*letter),
        });
        index = end;
    }
    Segment::Name(pieces)
}

/// What stands between brackets.
fn class(text: &[char]) -> Piece {
    let negated = matches!(text.first(), Some('^' | '!'));
    let mut letters = text[usize::from(negated)..].iter().peekable();
    let mut ranges = Vec::new();
    let mut last = None;
    while let Some(letter) = letters.next() {
        let escaped = |letters: &mut std::iter::Peekable<std::slice::Iter<'_, char>>| match letter {
            '\\' => letters.next().copied().unwrap_or('\\'),
            letter => *letter,
        };
        match (last, letter) {
            (Some(start), '-') if letters.peek().is_some() => {
                if letters.peek() == Some(&&'\\') {
                    letters.next();
                }
                ranges.push((start, letters.next().copied().unwrap_or(start)));
                last = None;
            }
            _ => {
                let letter = escaped(&mut letters);
                ranges.push((letter, letter));
                last = Some(letter);
            }
        }
    }
    Piece::Class { negated, ranges }
}

/// Row by row, so that many `**` cost no more than length times length.
fn path_matches(segments: &[Segment], parts: &[&str]) -> Result<bool, Wrong> {
    let mut reached = vec![false; parts.len() + 1];
    reached[0] = true;
    for segment in segments {
        let mut next = vec![false; parts.len() + 1];
        for index in 0..=parts.len() {
            match segment {
                Segment::Any => next[index] = reached[index] || (index > 0 && next[index - 1]),
                Segment::Name(pieces) => {
                    if index < parts.len() && reached[index] && name_matches(pieces, parts[index]) {
                        next[index + 1] = true;
                    }
                }
                Segment::Broken(pieces) => {
                    if index < parts.len() && reached[index] && name_matches(pieces, parts[index]) {
                        return Err(Wrong::Pattern);
                    }
                }
            }
        }
        reached = next;
    }
    Ok(reached[parts.len()])
}

fn name_matches(pieces: &[Piece], name: &str) -> bool {
    let letters: Vec<char> = name.chars().collect();
    let mut reached = vec![false; letters.len() + 1];
    reached[0] = true;
    for piece in pieces {
        let mut next = vec![false; letters.len() + 1];
        for index in 0..=letters.len() {
            if let Piece::Many = piece {
                next[index] = reached[index] || (index > 0 && next[index - 1]);
            } else if index < letters.len() && reached[index] {
                next[index + 1] = match piece {
                    Piece::Letter(letter) => letters[index] == *letter,
                    Piece::Class { negated, ranges } => {
                        let inside = ranges
                            .iter()
                            .any(|(start, end)| (*start..=*end).contains(&letters[index]));
                        inside != *negated
                    }
                    Piece::One | Piece::Many => true,
                };
            }
        }
        reached = next;
    }
    reached[letters.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_choose_files() {
        for (pattern, path, expected) in [
            ("*.txt", "a.txt", true),
            ("*.txt", "x/a.txt", false),
            ("**/*.txt", "a.txt", true),
            ("**/*.txt", "x/y/a.txt", true),
            ("**", "x/y", true),
            ("a?c", "abc", true),
            ("[a-c]x", "bx", true),
            ("[^a-c]x", "bx", false),
            ("{one,two}.tf", "two.tf", true),
            ("{one,two}.tf", "three.tf", false),
            ("{a,{b,c}}", "c", true),
            ("{sub/**,x}", "sub/y/z", true),
            ("[a{b,c}]", "c", true),
            ("[!a]", "b", true),
            ("[a-]", "-", true),
        ] {
            let parsed = Pattern::parse(pattern).unwrap();
            assert_eq!(parsed.matches(path), Ok(expected), "{pattern} on {path}");
        }
        for wrong in ["[a", "{a", "a}", "[]", "\\", "{a,{b}"] {
            assert_eq!(Pattern::parse(wrong).err(), Some(Wrong::Pattern), "{wrong}");
        }
        let broken = Pattern::parse("x/[a/b]").unwrap();
        assert_eq!(broken.matches("y/b"), Ok(false));
        assert_eq!(Pattern::parse("x{[ab,c]}").unwrap().matches("y"), Ok(false));
        assert_eq!(broken.matches("x/b"), Err(Wrong::Pattern));
    }
}
