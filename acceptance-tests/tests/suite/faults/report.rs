//! What the documentation shows of the matrix. Rewrites the page when it is stale; where `CI` is set it fails instead.

use std::fmt::Write as _;
use std::path::Path;

use super::table::{Span, TROUBLES, Trouble};
use super::world::Outcome;

/// One cell of the matrix.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) operation: &'static str,
    /// Of the call, within the operation.
    pub(super) number: usize,
    pub(super) call: String,
    pub(super) trouble: Trouble,
    pub(super) title: &'static str,
    pub(super) span: Span,
    pub(super) outcome: Outcome,
}

impl Cell {
    pub(super) fn is_good(&self) -> bool {
        let Outcome {
            unnoticed: _,
            orphans,
            lost,
            problems,
        } = &self.outcome;
        *orphans == 0 && *lost == 0 && problems.is_empty()
    }
}

/// Which cells a table shows.
type Belongs = fn(&Cell) -> bool;

/// One line with the sums.
pub(super) fn counts(cells: &[Cell]) -> String {
    let sum = |count: fn(&Outcome) -> usize| -> usize {
        cells.iter().map(|cell| count(&cell.outcome)).sum()
    };
    format!(
        "{} cells tried: {} orphans, {} lost secrets; {} operations went through in spite of the fault, {} were finished by the next apply.",
        cells.len(),
        sum(|outcome| outcome.orphans),
        sum(|outcome| outcome.lost),
        sum(|outcome| usize::from(outcome.unnoticed)),
        sum(|outcome| usize::from(!outcome.unnoticed)),
    )
}

/// Brings `docs/reference/fault-matrix.md` up to date.
pub(super) fn write(cells: &[Cell]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/fault-matrix.md");
    let wanted = page(cells);
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    if found == wanted {
        return;
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "docs/reference/fault-matrix.md is stale; run: cargo test -p lanyard-acceptance-tests --test suite faults"
    );
    std::fs::write(&path, wanted).expect("the documentation should be writable");
}

fn page(cells: &[Cell]) -> String {
    let mut page = String::from(
        "---\n# Written by `cargo test -p lanyard-acceptance-tests --test suite faults`; edit the test's table.\n\
         page_title: \"Fault matrix\"\nsubcategory: \"\"\ndescription: |-\n  What became of every operation when every one of its server calls failed in every way.\n---\n\n\
         # Fault matrix\n\n\
         Each cell is one trial on the native token server: an operation, one of the calls that it makes, and what goes wrong with that call. \
         Afterwards the fault is cleared and `terraform apply` runs again. Then the plan must be empty, exactly the configured \
         credentials must exist on the server, and every secret in the state must be accepted.\n\n",
    );
    let _ = writeln!(page, "**{}**\n", counts(cells));
    page.push_str(
        "`ok`: the operation itself succeeded. `next`: it ended with an error, or its process was killed before the state was written, \
         and the next apply finished it.\n",
    );
    let sections: [(&str, &str, Belongs); 3] = [
        (
            "One call fails",
            "The fault strikes once; whatever the provider sends next passes.",
            |cell| cell.span == Span::Once && !cell.trouble.kills(),
        ),
        (
            "The server stays away",
            "The fault strikes this call and every later one until the operation has given up.",
            |cell| cell.span == Span::Lasting,
        ),
        (
            "The provider is killed",
            "Nothing of what it did reaches the state. Before the call; when the server has done the work but not answered; when the answer has arrived.",
            |cell| cell.trouble.kills(),
        ),
    ];
    for (title, about, belongs) in sections {
        let _ = write!(page, "\n## {title}\n\n{about}\n\n");
        table(&mut page, cells, belongs);
    }
    page
}

fn table(page: &mut String, cells: &[Cell], belongs: Belongs) {
    let belonging: Vec<&Cell> = cells.iter().filter(|cell| belongs(cell)).collect();
    let columns: Vec<&str> = TROUBLES
        .iter()
        .filter(|(trouble, _)| belonging.iter().any(|cell| cell.trouble == *trouble))
        .map(|(_, title)| *title)
        .collect();
    let _ = writeln!(page, "| operation | call | {} |", columns.join(" | "));
    let _ = writeln!(page, "|---|---|{}", "---|".repeat(columns.len()));
    let mut row = None;
    for cell in belonging {
        if row != Some((cell.operation, cell.number)) {
            if row.is_some() {
                page.push('\n');
            }
            row = Some((cell.operation, cell.number));
            let _ = write!(page, "| {} | `{}` |", cell.operation, cell.call);
        }
        let word = if cell.outcome.unnoticed { "ok" } else { "next" };
        let _ = write!(page, " {word} |");
    }
    page.push('\n');
}
