//! What changes in a file, line by line, as `diff -u` shows it.

/// The most that two stretches are compared line by line; beyond, all of the one goes and all of the other comes.
const MOST: usize = 4_000_000;
const CONTEXT: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line<'a> {
    Kept(&'a str),
    Gone(&'a str),
    New(&'a str),
}

/// A unified diff; empty if nothing differs.
pub fn unified(name: &str, before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    let lines = compare(
        &before.split_inclusive('\n').collect::<Vec<_>>(),
        &after.split_inclusive('\n').collect::<Vec<_>>(),
    );
    let mut shown = format!("--- a/{name}\n+++ b/{name}\n");
    let is_change = |line: &Line<'_>| !matches!(line, Line::Kept(_));
    let mut from = 0;
    while let Some(first) = lines[from..].iter().position(is_change) {
        let first = from + first;
        let mut last = first;
        while let Some(next) = lines[last + 1..].iter().position(is_change) {
            if next > 2 * CONTEXT {
                break;
            }
            last += 1 + next;
        }
        let start = first.saturating_sub(CONTEXT).max(from);
        let end = (last + 1 + CONTEXT).min(lines.len());
        shown.push_str(&hunk(&lines, start, end));
        from = end;
    }
    shown
}

fn hunk(lines: &[Line<'_>], start: usize, end: usize) -> String {
    let count = |part: &[Line<'_>], is_new: bool| {
        part.iter()
            .filter(|line| match line {
                Line::Kept(_) => true,
                Line::Gone(_) => !is_new,
                Line::New(_) => is_new,
            })
            .count()
    };
    let side = |is_new: bool| {
        let length = count(&lines[start..end], is_new);
        // A side without lines stands behind the line before it.
        let first = count(&lines[..start], is_new) + usize::from(length > 0);
        format!("{first},{length}")
    };
    let mut shown = format!("@@ -{} +{} @@\n", side(false), side(true));
    for line in &lines[start..end] {
        let (mark, text) = match line {
            Line::Kept(text) => (' ', text),
            Line::Gone(text) => ('-', text),
            Line::New(text) => ('+', text),
        };
        shown.push(mark);
        shown.push_str(text);
        if !text.ends_with('\n') {
            shown.push_str("\n\\ No newline at end of file\n");
        }
    }
    shown
}

fn compare<'a>(before: &[&'a str], after: &[&'a str]) -> Vec<Line<'a>> {
    let same_start = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let (rest_before, rest_after) = (&before[same_start..], &after[same_start..]);
    let same_end = rest_before
        .iter()
        .rev()
        .zip(rest_after.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let gone = &rest_before[..rest_before.len() - same_end];
    let new = &rest_after[..rest_after.len() - same_end];
    let kept = |lines: &[&'a str]| {
        lines
            .iter()
            .map(|line| Line::Kept(line))
            .collect::<Vec<_>>()
    };
    let mut lines = kept(&before[..same_start]);
    lines.extend(differing(gone, new));
    lines.extend(kept(&before[before.len() - same_end..]));
    lines
}

/// By the longest common sequence of lines.
fn differing<'a>(gone: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let width = new.len() + 1;
    if gone.len().saturating_mul(width) > MOST {
        let gone = gone.iter().map(|line| Line::Gone(line));
        return gone.chain(new.iter().map(|line| Line::New(line))).collect();
    }
    let mut common = vec![0_u32; (gone.len() + 1) * width];
    for row in (0..gone.len()).rev() {
        for column in (0..new.len()).rev() {
            common[row * width + column] = if gone[row] == new[column] {
                common[(row + 1) * width + column + 1] + 1
            } else {
                common[(row + 1) * width + column].max(common[row * width + column + 1])
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut lines = Vec::new();
    while row < gone.len() || column < new.len() {
        if row < gone.len() && column < new.len() && gone[row] == new[column] {
            lines.push(Line::Kept(gone[row]));
            row += 1;
            column += 1;
        } else if row < gone.len()
            && (column == new.len()
                || common[(row + 1) * width + column] >= common[row * width + column + 1])
        {
            lines.push(Line::Gone(gone[row]));
            row += 1;
        } else {
            lines.push(Line::New(new[column]));
            column += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_shown_with_three_lines_around_it() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10";
        let expected = "--- a/main.tf\n+++ b/main.tf\n@@ -2,8 +2,9 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n 9\n+10\n\\ No newline at end of file\n";
        assert_eq!(unified("main.tf", before, after), expected);
        assert_eq!(unified("main.tf", before, before), "");
    }

    #[test]
    fn what_is_far_apart_is_shown_apart() {
        let before: String = (1..30).map(|number| format!("{number}\n")).collect();
        let after = before.replacen("1\n", "one\n", 1).replace("29\n", "");
        let shown = unified("a.tf", &before, &after);
        assert_eq!(shown.matches("@@ -").count(), 2, "{shown}");
        assert!(shown.contains("@@ -26,4 +26,3 @@"), "{shown}");
    }
}
