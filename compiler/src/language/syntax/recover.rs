//! Reading on after a syntax error: the file is cut at its top-level blocks and each piece is read alone.

use super::hcl::{Parsed, SyntaxError, parse_piece};
use super::{Body, Name};
use crate::language::source::{FileId, Spot};

/// What a top-level block can be called, in Terraform's files and in our own documents.
const KINDS: [&str; 18] = [
    "terraform",
    "provider",
    "variable",
    "locals",
    "output",
    "module",
    "resource",
    "data",
    "ephemeral",
    "moved",
    "import",
    "removed",
    "check",
    "action",
    "list",
    "server",
    "service_account",
    "access_token",
];

pub(super) fn parse_in_pieces(file: FileId, text: &str) -> Parsed {
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let mut parsed = Parsed {
        body: Body::empty(Spot {
            file,
            start: 0,
            end,
        }),
        errors: Vec::new(),
        broken: Vec::new(),
    };
    for piece in pieces(text) {
        match parse_piece(file, &text[piece.start..piece.end], piece.start) {
            Ok(body) => {
                parsed.body.attributes.extend(body.attributes);
                parsed.body.blocks.extend(body.blocks);
            }
            Err(error) => {
                parsed.errors.push(error);
                parsed.broken.push(kind_of(&text[piece.start..piece.end]));
            }
        }
    }
    // Each piece reads well and the whole does not: an attribute that stands twice.
    if parsed.errors.is_empty()
        && let Err(error) = parse_piece(file, text, 0)
    {
        parsed.errors.push(SyntaxError {
            spot: error.spot,
            ..error
        });
    }
    parsed
}

/// The first word of a broken piece, if it is a kind of block; empty otherwise.
fn kind_of(piece: &str) -> Name {
    let word: &str = piece
        .lines()
        .map(str::trim_start)
        .find(|line| !line.is_empty() && !line.starts_with(['#', '/']))
        .and_then(|line| line.split(|letter: char| !is_word(letter)).next())
        .unwrap_or_default();
    if KINDS.contains(&word) {
        word.into()
    } else {
        Name::from("")
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '-'
}

/// The pieces of a file: each starts at a line that begins, without indentation, as a block or an attribute does. Lines inside a
/// heredoc do not count.
fn pieces(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut starts = vec![0];
    let mut heredoc: Option<&str> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        if let Some(end) = heredoc {
            if line.trim() == end {
                heredoc = None;
            }
            continue;
        }
        if start > 0 && starts_item(line) {
            starts.push(start);
        }
        heredoc = heredoc_start(line)
            .filter(|end| text[offset..].lines().any(|line| line.trim() == *end));
    }
    starts.push(text.len());
    starts
        .windows(2)
        .map(|window| window[0]..window[1])
        .filter(|piece| !piece.is_empty())
        .collect()
}

fn starts_item(line: &str) -> bool {
    let word: &str = line
        .split(|letter: char| !is_word(letter))
        .next()
        .unwrap_or_default();
    if word.is_empty() {
        return false;
    }
    let rest = line[word.len()..].trim_start();
    let attribute = rest.starts_with('=') && !rest.starts_with("==");
    attribute
        || (KINDS.contains(&word)
            && (rest.starts_with(['{', '"']) || rest.starts_with(char::is_alphabetic)))
}

fn heredoc_start(line: &str) -> Option<&str> {
    let (before, after) = line.rsplit_once("<<")?;
    let end = after.strip_prefix('-').unwrap_or(after).trim_end();
    let comment = before.trim_start().starts_with(['#', '/']);
    (!comment && !end.is_empty() && end.chars().all(is_word)).then_some(end)
}
