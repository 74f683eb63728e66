//! What the documentation shows of the matrix. Whoever has tried a server brings its part of the page up to date, whatever else runs beside
//! it or not at all; where `CI` is set a stale part fails instead.

use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;

use super::outcome::Outcome;
use super::trouble::{Place, Span, TROUBLES, Trouble};

/// What was tried on one server.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) cells: Vec<Cell>,
}

/// One cell of the matrix.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) operation: &'static str,
    /// Of the call, within the operation.
    pub(super) place: Place,
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
            took_a_step: _,
            orphans,
            lost,
            problems,
        } = &self.outcome;
        *orphans == 0 && *lost == 0 && problems.is_empty()
    }

    /// How it ended, in a word.
    fn word(&self) -> &'static str {
        let Outcome {
            unnoticed,
            took_a_step,
            ..
        } = self.outcome;
        match (unnoticed, took_a_step) {
            (_, true) => "step",
            (true, false) => "ok",
            (false, false) => "next",
        }
    }
}

impl Section {
    /// One line with the sums.
    pub(super) fn counts(&self) -> String {
        let [tried, ok, next, step, orphans, lost] = self.sums();
        format!(
            "{tried} cells tried: {orphans} orphans, {lost} lost secrets; {ok} operations went through in spite of the fault, {next} were \
             finished by the next apply, {step} after the step that it named"
        )
    }

    /// What the page shows of it.
    fn part(&self) -> Part {
        let mut text = format!("{}{}.\n\n", heading(self.title), self.counts());
        table(&mut text, &self.cells);
        Part {
            title: self.title,
            sums: self.sums(),
            text,
        }
    }

    fn sums(&self) -> [usize; 6] {
        let sum = |count: fn(&Cell) -> usize| -> usize { self.cells.iter().map(count).sum() };
        [
            self.cells.len(),
            sum(|cell| usize::from(cell.word() == "ok")),
            sum(|cell| usize::from(cell.word() == "next")),
            sum(|cell| usize::from(cell.word() == "step")),
            sum(|cell| cell.outcome.orphans),
            sum(|cell| cell.outcome.lost),
        ]
    }
}

/// One server on the page.
struct Part {
    title: &'static str,
    sums: [usize; 6],
    text: String,
}

impl Part {
    /// As it stands on the page; `None` if this server is new there.
    fn on(page: &str, title: &'static str) -> Option<Self> {
        let row = format!("| {title} | ");
        let row = page.lines().find_map(|line| line.strip_prefix(&row))?;
        let mut sums = row.trim_end_matches(" |").split(" | ").map(str::parse);
        let begin = page.find(&heading(title))?;
        let rest = &page[begin + 1..];
        let end = rest.find("\n## ").unwrap_or(rest.len());
        Some(Self {
            title,
            sums: std::array::from_fn(|_| sums.next().and_then(Result::ok).unwrap_or(0)),
            text: page[begin..begin + 1 + end].to_owned(),
        })
    }
}

/// Brings what `docs/reference/fault-matrix.md` shows of this server up to date. `titles` are all, in order.
pub(super) fn write(section: &Section, titles: &[&'static str]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/fault-matrix.md");
    // The others may be at it at the same time, in this process and elsewhere.
    let page_file = File::open(&path).expect("the documentation should be readable");
    page_file.lock().expect("a file of ours can be locked");
    let found = std::fs::read_to_string(&path).expect("the documentation should be readable");
    let parts: Vec<Part> = titles
        .iter()
        .filter_map(|title| {
            if *title == section.title {
                Some(section.part())
            } else {
                Part::on(&found, title)
            }
        })
        .collect();
    let wanted = page(&parts);
    if found == wanted {
        return;
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "docs/reference/fault-matrix.md is stale; run: cargo test -p lanyard-acceptance-tests --test suite faults"
    );
    std::fs::write(&path, wanted).expect("the documentation should be writable");
}

const INTRODUCTION: &str = "\
---
# Written by `cargo test -p lanyard-acceptance-tests --test suite faults`; edit the test's tables.
page_title: \"Fault matrix\"
subcategory: \"\"
description: |-
  What became of every operation when every one of its server calls failed in every way.
---

# Fault matrix

Each cell is one trial: an operation, one of the calls that it makes, and what goes wrong with that call. Afterwards the fault is cleared \
and `terraform apply` runs again. Then the plan must be empty, exactly the configured credentials must exist on the server, every secret \
in the state must be accepted, and no secret that was to end may still be.

";

const LEGEND: &str = "
- `ok`: the operation itself succeeded.
- `next`: it ended with an error, or its process was killed before the state was written, and the next apply finished it.
- `step`: the same, and the next apply found the name taken. No server but the native one keeps who made an object, so that only the user \
can tell whether it is what the broken run left behind: the error names the object, how old it is where the server says so, and the ways \
on, of which the trial takes the first (`on_conflict = \"adopt\"`, or `\"replace\"` where no new secret can be issued). Or work past the \
time-out has replaced the secret of an account without `rotation`: every plan warns of that, and names the block as the step to a new one.

Where a cell shows two words, the fault struck once for the first, and this call and every later one until the operation had given up for \
the second. Where the call only reads, and something was written before it, the second is for every later one that reads, while writing \
works: the operation then leaves nothing lost even before the next apply. It is tried once for what looks alike to who only reads. Where \
the provider is killed, nothing of what it did reaches the state: it dies before the call, when the server has done the work and not \
answered, or when the answer has arrived. Where work is done past the time-out, it is done once everything else is over, after the next \
apply: what the late work undoes shows in the next plan, and is made good by that apply.
";

fn heading(title: &str) -> String {
    format!("\n## {title}\n\n")
}

fn page(parts: &[Part]) -> String {
    let mut page = INTRODUCTION.to_owned();
    page.push_str(
        "| server | cells tried | `ok` | `next` | `step` | orphans | lost secrets |\n|---|---|---|---|---|---|---|\n",
    );
    let mut total = [0; 6];
    for part in parts {
        row(&mut page, part.title, part.sums);
        for (total, sum) in total.iter_mut().zip(part.sums) {
            *total += sum;
        }
    }
    row(&mut page, "together", total);
    page.push_str(LEGEND);
    for part in parts {
        page.push_str(&part.text);
    }
    page
}

fn row(page: &mut String, title: &str, sums: [usize; 6]) {
    let sums: Vec<String> = sums.iter().map(ToString::to_string).collect();
    let _ = writeln!(page, "| {title} | {} |", sums.join(" | "));
}

/// One row per call, one column per trouble.
fn table(page: &mut String, cells: &[Cell]) {
    let columns: Vec<&str> = TROUBLES.iter().map(|(_, title)| *title).collect();
    let _ = writeln!(page, "| operation | call | {} |", columns.join(" | "));
    let _ = writeln!(page, "|---|---|{}", "---|".repeat(columns.len()));
    for calls in
        cells.chunk_by(|one, next| (one.operation, one.place) == (next.operation, next.place))
    {
        let columns: Vec<String> = calls
            .chunk_by(|one, next| one.trouble == next.trouble)
            .map(|spans| {
                let words: Vec<&str> = spans.iter().map(Cell::word).collect();
                words.join(", ")
            })
            .collect();
        let Cell {
            operation, call, ..
        } = &calls[0];
        let _ = writeln!(page, "| {operation} | `{call}` | {} |", columns.join(" | "));
    }
}
