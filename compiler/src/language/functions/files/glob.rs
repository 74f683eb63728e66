//! Patterns of file names: `*`, `?`, `**`, `[a-z]`, `{one,two}`.

use crate::language::bounds::ALTERNATIVES;

/// A parsed pattern: the alternatives its braces spell out.
pub(super) struct Pattern {
    alternatives: Vec<Vec<Segment>>,
}

/// Why a text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// A bracket or brace has no end.
    Open,
    TooManyAlternatives,
}

/// What stands between two slashes.
enum Segment {
    /// `**`: any number of folders.
    Any,
    Name(Vec<Piece>),
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
    /// `None` when a bracket or brace is not closed.
    pub(super) fn parse(pattern: &str) -> Result<Self, Wrong> {
        let mut spelled = vec![String::new()];
        expand(pattern, &mut spelled)?;
        let alternatives = spelled
            .iter()
            .map(|alternative| {
                alternative
                    .split('/')
                    .filter(|segment| *segment != "." && !segment.is_empty())
                    .map(segment)
                    .collect()
            })
            .collect::<Option<Vec<Vec<Segment>>>>()
            .ok_or(Wrong::Open)?;
        Ok(Self { alternatives })
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('/').collect();
        self.alternatives
            .iter()
            .any(|segments| path_matches(segments, &parts))
    }
}

/// Writes out the first pair of braces, then the rest.
fn expand(pattern: &str, spelled: &mut Vec<String>) -> Result<(), Wrong> {
    let Some(open) = pattern.find('{') else {
        spelled.iter_mut().for_each(|text| text.push_str(pattern));
        return Ok(());
    };
    let close = open + pattern[open..].find('}').ok_or(Wrong::Open)?;
    let mut longer = Vec::new();
    for text in spelled.iter() {
        for choice in pattern[open + 1..close].split(',') {
            longer.push(format!("{text}{}{choice}", &pattern[..open]));
        }
    }
    if longer.len() > ALTERNATIVES {
        return Err(Wrong::TooManyAlternatives);
    }
    *spelled = longer;
    expand(&pattern[close + 1..], spelled)
}

fn segment(text: &str) -> Option<Segment> {
    if text == "**" {
        return Some(Segment::Any);
    }
    let mut pieces = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        pieces.push(match letter {
            '*' => Piece::Many,
            '?' => Piece::One,
            '\\' => Piece::Letter(letters.next()?),
            '[' => {
                let negated = letters
                    .next_if(|letter| matches!(letter, '^' | '!'))
                    .is_some();
                let mut ranges = Vec::new();
                loop {
                    let start = letters.next()?;
                    if start == ']' && !ranges.is_empty() {
                        break;
                    }
                    let end = if letters.peek() == Some(&'-') {
                        letters.next();
                        letters.next()?
                    } else {
                        start
                    };
                    ranges.push((start, end));
                }
                Piece::Class { negated, ranges }
            }
            letter => Piece::Letter(letter),
        });
    }
    Some(Segment::Name(pieces))
}

/// Row by row, so that many `**` cost no more than length times length.
fn path_matches(segments: &[Segment], parts: &[&str]) -> bool {
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
            }
        }
        reached = next;
    }
    reached[parts.len()]
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
            ("./a", "a", true),
        ] {
            let parsed = Pattern::parse(pattern).unwrap();
            assert_eq!(parsed.matches(path), expected, "{pattern} on {path}");
        }
        assert_eq!(Pattern::parse("[a").err(), Some(Wrong::Open));
        assert_eq!(Pattern::parse("{a").err(), Some(Wrong::Open));
    }
}
