//! What the documentation shows of the conformance suite: checks x servers, and what each server refuses. Whoever adds the last result
//! rewrites the page when it is stale; where `CI` is set it fails instead.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use lanyard_compiler::model::server::{Api, capabilities};
use parking_lot::Mutex;

use super::finding::{Finding, Verdict};
use super::{ALONE, CHECKS};
use crate::terraform::every_server::STORIES;

/// By server and check, or story.
type Results = BTreeMap<(&'static str, &'static str), Vec<Finding>>;

static RESULTS: Mutex<Results> = Mutex::new(Results::new());

/// Adds what a check or a story found on a server. It has passed.
pub(crate) fn add(api: &'static str, name: &'static str, findings: Vec<Finding>) {
    let mut results = RESULTS.lock();
    results.insert((api, name), findings);
    if results.len() == Api::ALL.len() * (CHECKS.len() + STORIES.len()) + ALONE.len() {
        write(&page(&results));
    }
}

fn write(wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/conformance.md");
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    if found == wanted {
        return;
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "docs/reference/conformance.md is stale; run: cargo test -p lanyard-acceptance-tests --test suite -- conformance terraform::every_server"
    );
    std::fs::write(&path, wanted).expect("the documentation should be writable");
}

const INTRODUCTION: &str = "\
---
# Written by `cargo test -p lanyard-acceptance-tests --test suite -- conformance terraform::every_server`; edit the tests.
page_title: \"Conformance\"
subcategory: \"\"
description: |-
  What was checked on every token server, and what each refuses when planning.
---

# Conformance

Every check runs on every server, through the same engine, against a reference server that was written from the vendor's contract alone. \
What a server cannot do is not skipped: the check then demands that the plan refuses it, with an error of a known code.

";

const LEGEND: &str = "
- works: it was done, and the server asked whether it holds.
- a new object: the plan says beforehand that the object is replaced.
- refused: the plan fails with that error, and nothing was sent. A check asks this of accounts, of their tokens and of tokens without an \
account, where the server has them, so that a cell may hold several words; in the sums it counts by the first.
- refusals asserted: every single one of these errors, one for each attribute and kind of resource.
- stories: told with the real Terraform, through the handshake of the plugin; each ends with a plan that finds nothing to do and a \
search for leaked secrets.
";

fn page(results: &Results) -> String {
    let mut page = INTRODUCTION.to_owned();
    page.push_str(
        "| server | checks that all servers have | works | a new object | refused | refusals asserted | checks of its own | stories passed |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for api in Api::ALL {
        let [works, anew, refused] = sums(results, api.name());
        let own = ALONE.iter().filter(|(name, _)| *name == api.name()).count();
        let _ = writeln!(
            page,
            "| {} | {} | {works} | {anew} | {refused} | {} | {own} | {} |",
            title(api),
            CHECKS.len(),
            refusals(results, api.name()),
            STORIES.len(),
        );
    }
    page.push_str(LEGEND);
    page.push_str("\n## Checks\n\n");
    matrix(&mut page, results, CHECKS);
    page.push_str("\n## Stories with the real Terraform\n\n");
    matrix(&mut page, results, STORIES);
    page.push_str("\n## What the codes mean\n\n| code | error |\n|---|---|\n");
    for (code, summary) in codes(results) {
        let _ = writeln!(page, "| `{code}` | {summary} |");
    }
    for api in Api::ALL {
        server(&mut page, results, api);
    }
    page
}

/// Checks and stories down, servers across.
fn matrix(page: &mut String, results: &Results, names: &[&'static str]) {
    let servers: Vec<_> = Api::ALL
        .iter()
        .map(|api| format!("`{}`", api.name()))
        .collect();
    let _ = writeln!(page, "| what | {} |", servers.join(" | "));
    let _ = writeln!(page, "|---|{}", "---|".repeat(servers.len()));
    for name in names {
        let cells: Vec<String> = Api::ALL
            .iter()
            .map(|api| cell(&results[&(api.name(), *name)]))
            .collect();
        let _ = writeln!(page, "| {} | {} |", words(name), cells.join(" | "));
    }
}

/// The verdicts in a few words, the best first.
fn cell(findings: &[Finding]) -> String {
    let verdicts: BTreeSet<String> = findings
        .iter()
        .map(|finding| match &finding.verdict {
            // Sorted before any code.
            Verdict::Works => "0works".to_owned(),
            Verdict::NewObject => "1a new object".to_owned(),
            Verdict::Refused { code, .. } => format!("2`{code}`"),
        })
        .collect();
    let words: Vec<&str> = verdicts.iter().map(|verdict| &verdict[1..]).collect();
    words.join(", ")
}

/// What this server refuses, and the checks that only it has.
fn server(page: &mut String, results: &Results, api: Api) {
    let _ = writeln!(page, "\n## {}\n", title(api));
    let mut refused: BTreeMap<(usize, &str, &str), BTreeSet<String>> = BTreeMap::new();
    for (number, name) in CHECKS.iter().chain(STORIES).enumerate() {
        for Finding { of, verdict } in &results[&(api.name(), *name)] {
            if let Verdict::Refused { code, path, .. } = verdict {
                let paths = refused.entry((number, of, code)).or_default();
                paths.insert(format!("`{path}`"));
            }
        }
    }
    if refused.is_empty() {
        page.push_str("Nothing is refused.\n");
    } else {
        page.push_str("| refused while checking that | of | error | at |\n|---|---|---|---|\n");
    }
    for ((number, of, code), paths) in refused {
        let name = CHECKS.iter().chain(STORIES).nth(number).unwrap_or(&"");
        let paths: Vec<String> = paths.into_iter().filter(|path| path != "``").collect();
        let _ = writeln!(
            page,
            "| {} | {of} | `{code}` | {} |",
            words(name),
            paths.join(", ")
        );
    }
    let own: Vec<&str> = ALONE
        .iter()
        .filter(|(name, _)| *name == api.name())
        .map(|(_, check)| *check)
        .collect();
    if !own.is_empty() {
        page.push_str("\nChecks of its own:\n\n");
    }
    for check in own {
        let _ = writeln!(page, "- {}", words(check));
    }
}

/// Every code that stands in the tables, with its constant summary.
fn codes(results: &Results) -> BTreeMap<&'static str, &str> {
    results
        .values()
        .flatten()
        .filter_map(|finding| match &finding.verdict {
            Verdict::Refused { code, summary, .. } => Some((*code, summary.as_str())),
            Verdict::Works | Verdict::NewObject => None,
        })
        .collect()
}

/// How many checks work, plan a new object, or are refused.
fn sums(results: &Results, api: &'static str) -> [usize; 3] {
    let mut sums = [0; 3];
    for name in CHECKS {
        let best = results[&(api, *name)]
            .iter()
            .map(|finding| match finding.verdict {
                Verdict::Works => 0,
                Verdict::NewObject => 1,
                Verdict::Refused { .. } => 2,
            })
            .min();
        sums[best.unwrap_or(0)] += 1;
    }
    sums
}

fn refusals(results: &Results, api: &'static str) -> usize {
    CHECKS
        .iter()
        .flat_map(|name| &results[&(api, *name)])
        .filter(|finding| matches!(finding.verdict, Verdict::Refused { .. }))
        .count()
}

fn title(api: Api) -> String {
    let title = capabilities(api).title;
    title
        .chars()
        .take(1)
        .flat_map(char::to_uppercase)
        .chain(title.chars().skip(1))
        .collect()
}

/// A test's name as a sentence's beginning.
fn words(name: &str) -> String {
    name.replace('_', " ")
}
