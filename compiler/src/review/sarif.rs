//! Findings for code scanning: SARIF 2.1.0 (OASIS), the part that places, rules and fingerprints need.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::each::Each;
use super::findings::{Finding, Rule};
use super::{Page, RULES, places, words, write_json};
use crate::diagnostic::{Diagnostic, Severity, Span};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Json,
    invocations: Json,
    column_kind: &'static str,
    results: Each<'a, Found<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found<'a> {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    partial_fingerprints: Fingerprints,
    suppressions: Vec<Suppression<'a>>,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_location: Option<Physical>,
    logical_locations: [Logical; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
    kind: &'static str,
}

#[derive(Serialize)]
struct Fingerprints {
    /// Another way to make them gets another number.
    #[serde(rename = "lanyard/v1")]
    first: String,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    justification: &'a str,
}

pub(super) fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    // Those that found something: a reader has no use for the words of the others.
    let rules: Vec<&Rule> = RULES
        .iter()
        .copied()
        .filter(|rule| {
            page.findings
                .iter()
                .any(|found| found.rule.name == rule.name)
        })
        .collect();
    let banners = &page.circumstances.banners;
    let run = Run {
        tool: json!({"driver": {
            "name": "lanyard",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules.iter().map(|rule| descriptor(rule, page.findings)).collect::<Vec<_>>(),
        }}),
        invocations: json!([{
            "executionSuccessful": !banners.iter().any(Diagnostic::is_error),
            "toolExecutionNotifications": banners.iter().map(|problem| notification(page, problem)).collect::<Vec<_>>(),
        }]),
        column_kind: "unicodeCodePoints",
        results: Each::of(|| {
            let findings = page.findings.iter();
            findings.map(|finding| result(page, &rules, finding))
        }),
    };
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [run],
    };
    write_json(&log, out)
}

fn result<'a>(page: &Page<'_>, rules: &[&Rule], finding: &'a Finding) -> Found<'a> {
    let rule = finding.rule;
    Found {
        rule_id: rule.name,
        rule_index: rules.iter().position(|known| known.name == rule.name),
        level: finding.level.name(),
        message: Text {
            text: places::sentence(finding),
        },
        locations: [Location {
            physical_location: physical(page, finding.place.as_ref()),
            logical_locations: [Logical {
                fully_qualified_name: words::plain(&finding.address),
                kind: "resource",
            }],
        }],
        partial_fingerprints: Fingerprints {
            first: finding.fingerprint(),
        },
        suppressions: finding
            .excepted
            .iter()
            .map(|reason| Suppression {
                kind: "external",
                justification: reason,
            })
            .collect(),
    }
}

fn physical(page: &Page<'_>, span: Option<&Span>) -> Option<Physical> {
    let place = places::of(page.origin, span)?;
    Some(Physical {
        artifact_location: Artifact { uri: place.uri() },
        region: Region {
            start_line: place.line,
            start_column: place.column,
        },
    })
}

fn descriptor(rule: &Rule, findings: &[Finding]) -> Json {
    // Some readers (sarif-to-markdown 1.11) take a rule's level for that of all its results: none of them may count for less there
    // than it does here, whatever the policy says.
    let own = findings.iter().filter(|found| found.rule.name == rule.name);
    let level = own.map(|found| found.level).max().unwrap_or(rule.level);
    let Rule {
        name,
        level: _,
        summary,
        why,
        remedy,
        silent,
        ..
    } = rule;
    let more = rule.page();
    json!({
        "id": name,
        "helpUri": more,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": why},
        "defaultConfiguration": {"level": level.name()},
        "help": {
            "text": format!("{why}\n\n{remedy}\n\n{silent}\n\nMore in {more}."),
            "markdown": format!("{why}\n\n**What to do:** {remedy}\n\n**Silent:** {silent}\n\nMore in [docs/rules/{name}.md]({more})."),
        },
    })
}

fn notification(page: &Page<'_>, problem: &Diagnostic) -> Json {
    let level = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut text = problem.summary.clone();
    for line in words::explained(problem) {
        text.push_str(&format!("\n{line}"));
    }
    let mut told = json!({"level": level, "descriptor": {"id": problem.code.name()}, "message": {"text": text}});
    if let Some(place) = physical(page, problem.span.as_ref()) {
        told["locations"] = json!([{"physicalLocation": place}]);
    }
    told
}
