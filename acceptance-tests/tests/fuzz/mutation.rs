//! How an input is spoiled: torn, doubled, mixed with others, nested without end, and sprinkled with words that mean something.
//! Small wounds are the rule, because what is broken at its first letter is not read any further.

mod json;

use std::ops::Range;

use crate::random::Random;

/// No input grows beyond this: what hurts only by its size has tests of its own.
const LONGEST: usize = 8 * 1024;
/// How many spoilings one input gets at most.
const MOST: usize = 4;

/// Means something in every language here, or is an edge of its numbers and letters.
const COMMON: [&[u8]; 26] = [
    b"\"",
    b"\\",
    b"\n",
    b"\r\n",
    b"\0",
    b"{",
    b"}",
    b"[",
    b"]",
    b"(",
    b")",
    b",",
    b":",
    b"=",
    b"0",
    b"-1",
    b"18446744073709551616",
    b"1e400",
    b"1e-400",
    b"null",
    b"true",
    b"\xff",
    b"\xc3",
    "\u{202e}".as_bytes(),
    "é\u{301}".as_bytes(),
    "\u{1b}[31m".as_bytes(),
];
const BRACKETS: [(&[u8], &[u8]); 8] = [
    (b"(", b")"),
    (b"[", b"]"),
    (b"{", b"}"),
    (b"\"${", b"}\""),
    (b"{\"a\":", b"}"),
    (b"-", b""),
    (b"\x91", b""),
    (b"[\"", b"\"]"),
];

/// Chance that comes out the same each time for one target; another `seed` takes other turns.
pub(crate) fn random(target: &str, seed: u64) -> Random {
    Random::new(target.bytes().fold(seed, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    }))
}

/// A spoiled version of `input`, with parts of `other` or some of the `words`.
pub(crate) fn spoil(input: &[u8], other: &[u8], words: &[&str], random: &mut Random) -> Vec<u8> {
    let mut spoiled = input.to_vec();
    let most = 1 + random.below(MOST);
    for _ in 0..=random.below(most) {
        let whole = match random.below(2) {
            0 => json::spoil(&spoiled, other, words, random),
            _ => None,
        };
        match whole {
            Some(document) => spoiled = document,
            None => once(&mut spoiled, other, words, random),
        }
        spoiled.truncate(LONGEST);
    }
    spoiled
}

fn once(input: &mut Vec<u8>, other: &[u8], words: &[&str], random: &mut Random) {
    match random.below(8) {
        0 | 1 => tokens(input, other, words, random),
        2 | 3 => lines(input, other, random),
        4 => {
            let place = random.below(input.len() + 1);
            insert(input, place, word(words, random));
        }
        5 => {
            let part = part(input, random);
            let (open, close) = *random.pick(&BRACKETS);
            let depth = 1 << random.below(9);
            insert(input, part.end, &close.repeat(depth));
            insert(input, part.start, &open.repeat(depth));
        }
        _ => bytes(input, other, random),
    }
}

/// Puts one name, number or sign in the place of another.
fn tokens(input: &mut Vec<u8>, other: &[u8], words: &[&str], random: &mut Random) {
    let place = token(input, random.below(input.len()));
    let by = match random.below(4) {
        0 => word(words, random),
        1 if other.len() < 200 => other,
        2 => &input[token(input, random.below(input.len()))],
        _ => &other[token(other, random.below(other.len()))],
    };
    let by = by.to_vec();
    input.splice(place, by);
}

/// Removes, repeats, moves or borrows whole lines.
fn lines(input: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let split = |text: &[u8]| -> Vec<Vec<u8>> {
        let lines = text.split_inclusive(|byte| *byte == b'\n');
        lines.map(<[u8]>::to_vec).collect()
    };
    let mut lines = split(input);
    let line = random.below(lines.len());
    if line < lines.len() {
        match random.below(4) {
            0 => drop(lines.remove(line)),
            1 => lines.insert(line, lines[line].repeat(1 + random.below(40))),
            2 => {
                let moved = lines.remove(line);
                lines.insert(random.below(lines.len() + 1), moved);
            }
            _ => {
                let others = split(other);
                let start = random.below(others.len());
                let end = (start + 1 + random.below(5)).min(others.len());
                lines.splice(line..line, others[start..end].iter().cloned());
            }
        }
    }
    *input = lines.concat();
}

fn bytes(input: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let part = part(input, random);
    match random.below(5) {
        0 => drop(input.drain(part)),
        1 => {
            let copy = input[part.clone()].repeat(1 + random.below(16));
            insert(input, part.end, &copy);
        }
        2 => {
            let borrowed = other[self::part(other, random)].to_vec();
            input.splice(part, borrowed);
        }
        3 => input.truncate(part.start),
        _ => {
            if let Some(byte) = input.get_mut(part.start) {
                *byte = u8::try_from(random.below(256)).unwrap_or_default();
            }
        }
    }
}

fn insert(input: &mut Vec<u8>, place: usize, what: &[u8]) {
    let place = place.min(input.len());
    input.splice(place..place, what.iter().copied());
}

fn word<'a>(words: &[&'a str], random: &mut Random) -> &'a [u8] {
    if words.is_empty() || random.below(3) == 0 {
        let common = *random.pick(&COMMON);
        return common;
    }
    (*random.pick(words)).as_bytes()
}

/// Some stretch, short ones more often.
fn part(input: &[u8], random: &mut Random) -> Range<usize> {
    let start = random.below(input.len());
    let longest = 1 << random.below(10);
    start..(start + 1 + random.below(longest)).min(input.len())
}

/// The name or number that `place` is in, or the byte there.
fn token(input: &[u8], place: usize) -> Range<usize> {
    let of_word = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    let before = input[..place].iter().rev().take_while(of_word).count();
    let after = input[place..].iter().take_while(of_word).count();
    if after == 0 {
        return place..(place + 1).min(input.len());
    }
    place - before..place + after
}
