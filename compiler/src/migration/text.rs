//! Changes of a text by places: what they do not cover stays byte for byte. `=` is put in columns again, as `terraform fmt` does it,
//! where it stood in columns before.

use std::ops::Range;

/// Replaces a part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

/// Makes the changes; they do not overlap.
pub(super) fn apply(text: &str, edits: &[Edit]) -> String {
    let mut ordered: Vec<&Edit> = edits.iter().collect();
    ordered.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut changed = String::with_capacity(text.len());
    let mut done = 0;
    for Edit { range, text: new } in ordered {
        changed.push_str(text.get(done..range.start).unwrap_or_default());
        changed.push_str(new);
        done = done.max(range.end);
    }
    changed.push_str(text.get(done..).unwrap_or_default());
    changed
}

/// The changes inside one block, made, with the `=` in columns if they were before.
pub(super) fn apply_to_block(text: &str, block: &Range<usize>, edits: &[Edit]) -> Edit {
    let start = text[..block.start].rfind('\n').map_or(0, |end| end + 1);
    let range = start..block.end;
    let before = &text[range.clone()];
    let shifted: Vec<Edit> = edits
        .iter()
        .map(|edit| Edit {
            range: edit.range.start - start..edit.range.end - start,
            text: edit.text.clone(),
        })
        .collect();
    let after = apply(before, &shifted);
    let text = if in_columns(before) == before {
        in_columns(&after)
    } else {
        after
    };
    Edit { range, text }
}

/// Puts the `=` of attributes on consecutive lines in one column, and the comments behind anything on such lines in another. A heredoc goes on with the
/// attribute below it.
pub(super) fn in_columns(text: &str) -> String {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut laid: Vec<(String, Option<&str>)> = Vec::with_capacity(lines.len());
    let mut index = 0;
    while let Some(line) = lines.get(index) {
        let mut group = Vec::new();
        while let Some(parts) = lines.get(index..).and_then(attribute) {
            index += 1 + parts.heredoc.len();
            group.push(parts);
        }
        if group.is_empty() {
            laid.push(match split_comment(line) {
                (code, Some(comment)) if !code.trim().is_empty() => {
                    (code.to_owned(), Some(comment))
                }
                _ => ((*line).to_owned(), None),
            });
            index += 1;
            continue;
        }
        let width = group.iter().map(|line| length(line.key)).max().unwrap_or(0);
        for line in group {
            let Line {
                indentation,
                key,
                value,
                comment,
                heredoc,
            } = line;
            laid.push((format!("{indentation}{key:width$} = {value}"), comment));
            laid.extend(heredoc.iter().map(|line| ((*line).to_owned(), None)));
        }
    }
    let runs = laid.chunk_by(|(_, one), (_, other)| one.is_some() == other.is_some());
    let lines = runs.flat_map(|run| {
        let column = run.iter().map(|(bare, _)| length(bare)).max().unwrap_or(0);
        run.iter().map(move |(bare, comment)| match comment {
            Some(comment) => format!("{bare:column$} {comment}"),
            None => bare.clone(),
        })
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// A line that holds one whole attribute.
struct Line<'a> {
    indentation: &'a str,
    key: &'a str,
    value: &'a str,
    comment: Option<&'a str>,
    /// The lines of its text, with the mark that ends it.
    heredoc: &'a [&'a str],
}

fn attribute<'a>(lines: &'a [&'a str]) -> Option<Line<'a>> {
    let (line, below) = lines.split_first()?;
    let inner = line.trim_start();
    let indentation = &line[..line.len() - inner.len()];
    let (key, value) = inner.split_once('=')?;
    let key = key.trim_end();
    let is_name = key
        .chars()
        .all(|character| character.is_alphanumeric() || matches!(character, '_' | '-' | '.'));
    if key.is_empty() || !is_name || value.starts_with(['=', '>']) {
        return None;
    }
    let (value, comment) = split_comment(value.trim_start());
    let count = |characters: &[char]| value.matches(characters).count();
    let is_whole = count(&['(', '[', '{']) == count(&[')', ']', '}']);
    (is_whole && !value.is_empty()).then_some(Line {
        indentation,
        key,
        value,
        comment,
        heredoc: heredoc(value, below)?,
    })
}

/// What belongs to a value that begins a heredoc; nothing for any other.
fn heredoc<'a>(value: &str, below: &'a [&'a str]) -> Option<&'a [&'a str]> {
    let Some(mark) = value.strip_prefix("<<") else {
        return Some(&[]);
    };
    let mark = mark.trim_start_matches('-').trim();
    let end = below.iter().position(|line| line.trim() == mark)?;
    below.get(..=end)
}

/// A value, and the comment behind it on its line.
fn split_comment(text: &str) -> (&str, Option<&str>) {
    let mut is_quoted = false;
    let mut is_escaped = false;
    for (place, letter) in text.char_indices() {
        match letter {
            '"' if !is_escaped => is_quoted = !is_quoted,
            '#' if !is_quoted => return (text[..place].trim_end(), Some(&text[place..])),
            '/' if !is_quoted && text[place..].starts_with("//") => {
                return (text[..place].trim_end(), Some(&text[place..]));
            }
            _ => {}
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    (text, None)
}

/// The whole lines that a range stands on, if nothing else stands on them; to be taken out.
pub(super) fn whole_lines(text: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let start = text[..range.start].rfind('\n').map_or(0, |end| end + 1);
    let end = text[range.end..]
        .find('\n')
        .map_or(text.len(), |length| range.end + length + 1);
    let blank = |part: &str| part.trim().is_empty();
    (blank(&text[start..range.start]) && blank(&text[range.end..end])).then_some(start..end)
}

/// The white space that the line of this place begins with.
pub(super) fn indentation(text: &str, place: usize) -> &str {
    let start = text[..place].rfind('\n').map_or(0, |end| end + 1);
    let line = &text[start..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_stand_in_columns_as_terraform_puts_them() {
        let text =
            "a = 1\nlonger = {\n  x = 1\n  yy = [2]\n}\n\nb = \"x=y\"\ncc = c == d\n# why\nd = 1\n";
        let laid = "a = 1\nlonger = {\n  x  = 1\n  yy = [2]\n}\n\nb  = \"x=y\"\ncc = c == d\n# why\nd = 1\n";
        assert_eq!(in_columns(text), laid);
        assert_eq!(in_columns(laid), laid);
        let text = "a = <<EOT\nx = 1\nEOT\nlonger = 1\n";
        assert_eq!(in_columns(text), "a      = <<EOT\nx = 1\nEOT\nlonger = 1\n");
        let text = "a = \"#\" # one\nlonger = 1 // two\nb = 2\n";
        let laid = "a      = \"#\" # one\nlonger = 1   // two\nb      = 2\n";
        assert_eq!(in_columns(text), laid);
        let text = "block { # head\n  a = 1 # one\n  longer = [ # open\n    1, # first\n    // alone\n  ]\n} # over\n";
        let laid = "block {      # head\n  a = 1      # one\n  longer = [ # open\n    1,       # first\n    // alone\n  ]\n} # over\n";
        assert_eq!(in_columns(text), laid);
    }

    #[test]
    fn what_is_not_changed_stays() {
        let edits = [
            Edit {
                range: 4..5,
                text: "longer".to_owned(),
            },
            Edit {
                range: 0..1,
                text: String::new(),
            },
        ];
        assert_eq!(apply("a = b\n", &edits), " = longer\n");
        assert_eq!(whole_lines("x\n  a = 1\ny", &(4..9)), Some(2..10));
        assert_eq!(whole_lines("x\n  a = 1 # why\ny", &(4..9)), None);
    }
}
