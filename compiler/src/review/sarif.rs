//! Findings for code scanning: SARIF 2.1.0 (OASIS), the part that places, rules and fingerprints need.

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::findings::{Finding, Rule};
use super::{Page, RULES, places, words};
use crate::diagnostic::{Diagnostic, Severity};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

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
    physical_location: Option<Json>,
    logical_locations: [Logical; 1],
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

pub(super) fn render(page: &Page<'_>) -> String {
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
    let results: Vec<_> = page
        .findings
        .iter()
        .map(|finding| result(page, &rules, finding))
        .collect();
    let banners = &page.circumstances.banners;
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "lanyard",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "invocations": [{
                "executionSuccessful": !banners.iter().any(Diagnostic::is_error),
                "toolExecutionNotifications": banners.iter().map(notification).collect::<Vec<_>>(),
            }],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
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
            physical_location: places::of(page.origin, finding).map(|place| {
                let mut region = json!({"startLine": place.line});
                region["startColumn"] = place.column.into();
                json!({"artifactLocation": {"uri": place.uri()}, "region": region})
            }),
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

fn descriptor(rule: &Rule) -> Json {
    let Rule {
        name,
        level,
        summary,
        why,
        remedy,
        silent,
        ..
    } = rule;
    let more = format!("docs/rules/{name}.md");
    json!({
        "id": name,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": why},
        "defaultConfiguration": {"level": level.name()},
        "help": {
            "text": format!("{why}\n\n{remedy}\n\n{silent}\n\nMore in {more}."),
            "markdown": format!("{why}\n\n**What to do:** {remedy}\n\n**Silent:** {silent}\n\nMore in [{more}]({more})."),
        },
    })
}

fn notification(problem: &Diagnostic) -> Json {
    let level = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut text = problem.summary.clone();
    for line in words::explained(problem) {
        text.push_str(&format!("\n{line}"));
    }
    json!({"level": level, "descriptor": {"id": problem.code.name()}, "message": {"text": text}})
}
