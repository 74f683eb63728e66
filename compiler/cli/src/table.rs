//! Tables for people: columns as wide as they need, cut to the terminal where there is one.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Writes rows under their headings. With a `width`, the widest columns give way until the table fits; what is cut ends in `…`.
fn table(headings: &[&str], rows: &[Vec<String>], width: Option<usize>) -> String {
    let mut columns: Vec<usize> = headings.iter().map(|heading| heading.width()).collect();
    for row in rows {
        for (column, cell) in columns.iter_mut().zip(row) {
            *column = (*column).max(clean(cell).width());
        }
    }
    if let Some(width) = width {
        narrow(&mut columns, width);
    }
    let headings: Vec<String> = headings
        .iter()
        .map(|heading| (*heading).to_owned())
        .collect();
    std::iter::once(&headings)
        .chain(rows)
        .map(|row| line(row, &columns))
        .collect()
}

/// Likewise with a first column for the server of each row, where there are several.
pub(crate) fn of_servers(
    headings: &[&str],
    mut rows: Vec<Vec<String>>,
    servers: Option<&[String]>,
    width: Option<usize>,
) -> String {
    let mut headings = headings.to_vec();
    if let Some(servers) = servers {
        headings.insert(0, "SERVER");
        for (row, server) in rows.iter_mut().zip(servers) {
            row.insert(0, server.clone());
        }
    }
    table(&headings, &rows, width)
}

/// Two spaces stand between columns.
const GAP: usize = 2;
/// Narrower than this, a column says nothing.
const NARROWEST: usize = 8;

fn narrow(columns: &mut [usize], width: usize) {
    let gaps = GAP * columns.len().saturating_sub(1);
    while columns.iter().sum::<usize>() + gaps > width {
        let Some(widest) = columns.iter_mut().max() else {
            return;
        };
        if *widest <= NARROWEST {
            return;
        }
        *widest -= 1;
    }
}

fn line(row: &[String], columns: &[usize]) -> String {
    let mut text = String::new();
    for (index, (cell, width)) in row.iter().zip(columns).enumerate() {
        if index > 0 {
            text.push_str(&" ".repeat(GAP));
        }
        let cell = fit(cell, *width);
        let padding = width.saturating_sub(cell.width());
        text.push_str(&cell);
        text.push_str(&" ".repeat(padding));
    }
    format!("{}\n", text.trim_end())
}

fn fit(cell: &str, width: usize) -> String {
    let cell = clean(cell);
    if cell.width() <= width {
        return cell;
    }
    let mut cut = String::new();
    for letter in cell.chars() {
        if cut.width() + letter.width().unwrap_or_default() + 1 > width {
            break;
        }
        cut.push(letter);
    }
    cut + "…"
}

/// Names come from a server: nothing in them may move the cursor.
fn clean(cell: &str) -> String {
    let shown = |letter: char| {
        if letter.is_control() {
            char::REPLACEMENT_CHARACTER
        } else {
            letter
        }
    };
    cell.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Vec<String>> {
        vec![
            vec!["ci".into(), "deploys the web shop and its database".into()],
            vec!["nightly-backup".into(), "-".into()],
        ]
    }

    #[test]
    fn columns_line_up() {
        assert_eq!(
            table(&["NAME", "PURPOSE"], &rows(), None),
            "NAME            PURPOSE\n\
             ci              deploys the web shop and its database\n\
             nightly-backup  -\n"
        );
    }

    #[test]
    fn a_narrow_terminal_cuts_the_widest_column() {
        assert_eq!(
            table(&["NAME", "PURPOSE"], &rows(), Some(34)),
            "NAME            PURPOSE\n\
             ci              deploys the web s…\n\
             nightly-backup  -\n"
        );
    }

    #[test]
    fn a_letter_is_as_wide_as_a_terminal_shows_it() {
        let rows = vec![
            vec!["令牌".into(), "x".into()],
            vec!["cafe\u{301}".into(), "y".into()],
            vec!["令牌令牌令牌".into(), "z".into()],
        ];
        assert_eq!(
            table(&["N", "P"], &rows, Some(11)),
            "N         P\n\
             令牌      x\n\
             cafe\u{301}      y\n\
             令牌令…   z\n"
        );
    }

    #[test]
    fn a_name_cannot_drive_the_terminal() {
        let rows = vec![vec!["\u{1b}[2Jx".into()]];
        assert_eq!(table(&["N"], &rows, None), "N\n\u{fffd}[2Jx\n");
    }
}
