//! Findings for GitLab: a Code Quality report (`artifacts:reports:codequality`), as docs.gitlab.com/ci/testing/code_quality describes it.

use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::each::Each;
use super::findings::{Finding, Level};
use super::places::Place;
use super::{Page, places, words, write_json};
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

pub(super) fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let banners = page.circumstances.banners.iter();
    let banners = banners.map(|problem| about_the_plan(page, problem));
    // GitLab has no word for what is accepted: it is left out.
    let findings = page.findings.iter();
    let findings = findings
        .filter(|finding| finding.excepted.is_none())
        .map(|finding| issue(page, finding));
    write_json(&Each::of(|| banners.clone().chain(findings.clone())), out)
}

fn issue(page: &Page<'_>, finding: &Finding) -> Issue {
    let place = places::of(page.origin, finding.place.as_ref());
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
        location: location(page, place),
    }
}

fn location(page: &Page<'_>, place: Option<Place>) -> Location {
    Location {
        lines: Lines {
            begin: place.as_ref().map_or(1, |place| place.line),
        },
        path: place.map_or_else(|| places::folder(page.origin), |place| place.path),
    }
}

fn about_the_plan(page: &Page<'_>, problem: &Diagnostic) -> Issue {
    let mut description = problem.summary.clone();
    for line in words::explained(problem) {
        description.push_str(&format!(" {line}"));
    }
    let folder = places::folder(page.origin);
    let mut hash = Sha256::new();
    let mut parts = vec![problem.code.name(), &problem.summary, &folder];
    // Of several mistakes in one file each is one of its own.
    parts.extend(problem.span.is_some().then_some(problem.detail.as_str()));
    for part in parts {
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
        location: location(page, places::of(page.origin, problem.span.as_ref())),
    }
}
