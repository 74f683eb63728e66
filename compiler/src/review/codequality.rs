//! Findings for GitLab: a Code Quality report (`artifacts:reports:codequality`), as docs.gitlab.com/ci/testing/code_quality describes it.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::findings::{Finding, Level};
use super::{Page, places, words};
use crate::diagnostic::{Diagnostic, Severity};

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

pub(super) fn render(page: &Page<'_>) -> String {
    let banners = page.circumstances.banners.iter();
    let mut issues: Vec<Issue> = banners
        .map(|problem| about_the_plan(page, problem))
        .collect();
    // GitLab has no word for what is accepted: it is left out.
    let findings = page.findings.iter();
    issues.extend(
        findings
            .filter(|finding| finding.excepted.is_none())
            .map(|finding| issue(page, finding)),
    );
    let mut text = serde_json::to_string_pretty(&issues).unwrap_or_default();
    text.push('\n');
    text
}

fn issue(page: &Page<'_>, finding: &Finding) -> Issue {
    let place = places::of(page.origin, finding);
    Issue {
        description: format!(
            "{}: {}",
            words::plain(&finding.address),
            places::sentence(finding)
        ),
        check_name: finding.rule.name,
        fingerprint: finding.fingerprint(),
        severity: match finding.level {
            Level::Note => "info",
            Level::Warning => "major",
            Level::Error => "critical",
        },
        location: Location {
            lines: Lines {
                begin: place.as_ref().map_or(1, |place| place.line),
            },
            path: place.map_or_else(|| places::folder(page.origin), |place| place.path),
        },
    }
}

fn about_the_plan(page: &Page<'_>, problem: &Diagnostic) -> Issue {
    let mut description = problem.summary.clone();
    for line in words::explained(problem) {
        description.push_str(&format!(" {line}"));
    }
    let path = places::folder(page.origin);
    let mut hash = Sha256::new();
    for part in [problem.code.name(), &problem.summary, &path] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    Issue {
        description: words::plain(&description),
        check_name: problem.code.name(),
        fingerprint: data_encoding::HEXLOWER.encode(&hash.finalize()),
        severity: match problem.severity {
            Severity::Error => "blocker",
            Severity::Warning => "major",
        },
        location: Location {
            path,
            lines: Lines { begin: 1 },
        },
    }
}
