//! A review for programs. The format is versioned: fields are added, never changed, within a version.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::assess::{Assessment, Danger};
use super::circumstances::{Event, Manner};
use super::each::Each;
use super::{Finding, Level, Page, words, write_json};
use crate::diagnostic::{Diagnostic, Severity};
use crate::language::Sources;
use crate::model::kind::Kind;
use crate::plan::{Action, Counts, Field, Reason, Takes};
use crate::value::Value;

const VERSION: &str = "1.2";

/// A plan as its reviewers see it.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Plan")]
pub(crate) struct Document<'a> {
    /// Within version 1, fields are added and never changed.
    #[schemars(regex(pattern = r"^1\."))]
    format_version: &'static str,
    summary: Summary,
    /// With an error among them the plan must not be relied on.
    banners: Vec<Note<'a>>,
    invocations: Vec<Beside<'a>>,
    drift: Vec<Beside<'a>>,
    changes: Each<'a, Changed<'a>>,
    /// What the rules found, the worst first, what is excepted last.
    findings: Each<'a, Found<'a>>,
    /// False if consumers through locals and dynamic blocks cannot be seen.
    all_consumers: bool,
}

/// How many of each.
#[derive(Serialize, JsonSchema)]
struct Summary {
    create: usize,
    update: usize,
    rotate: usize,
    replace: usize,
    delete: usize,
    forget: usize,
    invoke: usize,
    state: usize,
    /// What does not change, if only it stays on its server, which is not known.
    in_doubt: usize,
    unchanged: usize,
}

#[derive(Serialize, JsonSchema)]
struct Beside<'a> {
    address: &'a str,
    text: &'a str,
    /// False if an apply leaves the state as it was.
    changes: bool,
}

#[derive(Serialize, JsonSchema)]
struct Changed<'a> {
    address: &'a str,
    kind: Kind,
    name: Option<String>,
    action: Verb,
    manner: Manner,
    notes: Vec<String>,
    rotates: bool,
    danger: Danger,
    reasons: Vec<Why>,
    gained: &'a [String],
    lost: &'a [String],
    lifetime: Option<Ends<'a>>,
    /// What somebody else made and a creation takes over, or ends first; only `lanyard plan` knows it.
    takes: Option<&'a Takes>,
    consumers: &'a [String],
    depends_on: &'a [String],
    fields: Vec<Difference>,
    diagnostics: Vec<Note<'a>>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Verb {
    NoOp,
    Forget,
    Create,
    Update,
    Replace,
    Delete,
}

#[derive(Serialize, JsonSchema)]
struct Why {
    kind: Cause,
    text: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Cause {
    Rotation,
    PossibleRotation,
    Replacement,
    Cascade,
    Revocation,
    PossibleRevocation,
    GraceBegins,
}

#[derive(Serialize, JsonSchema)]
struct Ends<'a> {
    before: &'a str,
    after: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Difference {
    path: String,
    /// Null where it must not be shown.
    before: Json,
    /// Null where it is not known yet or must not be shown.
    after: Json,
    after_unknown: bool,
    sensitive: bool,
    forces_replacement: bool,
}

#[derive(Serialize, JsonSchema)]
struct Found<'a> {
    rule: &'static str,
    level: Level,
    address: &'a str,
    /// Empty for the resource as a whole.
    path: String,
    message: &'a str,
    hint: Option<&'a str>,
    place: Option<Place<'a>>,
    /// Why it is accepted; null where it is not.
    excepted: Option<&'a str>,
    /// Stays the same when lines move.
    fingerprint: String,
}

/// Both count from one.
#[derive(Serialize, JsonSchema)]
struct Place<'a> {
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
}

#[derive(Serialize, JsonSchema)]
struct Note<'a> {
    severity: Severity,
    /// See the list of diagnostics.
    code: &'static str,
    summary: &'a str,
    detail: &'a str,
    /// Empty for the resource as a whole.
    path: String,
    hints: &'a [String],
}

pub(super) fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    write_json(&document(page), out)
}

fn document<'a>(page: &'a Page<'_>) -> Document<'a> {
    let Page {
        plan,
        circumstances,
        assessments,
        findings,
        origin,
        ..
    } = page;
    let Counts {
        create,
        update,
        rotate,
        replace,
        delete,
        unchanged,
    } = plan.counts();
    let (forget, state) = (
        circumstances.forgotten(),
        circumstances.only_in_the_state(plan),
    );
    let asides = |events: &[Event]| {
        let asides = circumstances.asides.iter();
        asides
            .filter(|aside| events.contains(&aside.event))
            .map(|aside| Beside {
                address: &aside.address,
                text: &aside.text,
                changes: aside.event != Event::DriftOnly,
            })
            .collect()
    };
    let in_doubt = circumstances.in_doubt(plan);
    Document {
        format_version: VERSION,
        summary: Summary {
            create,
            update,
            rotate,
            replace,
            delete,
            forget,
            invoke: circumstances.invocations().count(),
            state,
            in_doubt,
            unchanged: unchanged.saturating_sub(forget + state + in_doubt),
        },
        banners: circumstances.banners.iter().map(note).collect(),
        all_consumers: !circumstances.uses.only_direct,
        invocations: asides(&[Event::Invocation]),
        drift: asides(&[Event::Drift, Event::DriftOnly]),
        changes: Each::of(|| assessments.iter().map(|assessment| changed(assessment))),
        findings: Each::of(|| {
            let findings = findings.iter();
            findings.map(|finding| found(finding, origin.sources))
        }),
    }
}

fn found<'a>(finding: &'a Finding, sources: Option<&Sources>) -> Found<'a> {
    Found {
        rule: finding.rule.name,
        level: finding.level,
        address: &finding.address,
        path: finding.path.to_string(),
        message: &finding.message,
        hint: finding.hint.as_deref(),
        place: finding.place.as_ref().map(|span| {
            let position = sources.and_then(|sources| sources.position(span));
            Place {
                file: &span.file,
                line: position.map(|position| position.line),
                column: position.map(|position| position.column),
            }
        }),
        excepted: finding.excepted.as_deref(),
        fingerprint: finding.fingerprint(),
    }
}

fn changed<'a>(assessment: &'a Assessment<'_>) -> Changed<'a> {
    let change = assessment.change;
    let manner = assessment.course.manner;
    Changed {
        address: &change.address,
        kind: change.kind,
        name: change.name(),
        action: match change.action {
            Action::NoOp if manner == Manner::Forgets => Verb::Forget,
            Action::NoOp => Verb::NoOp,
            Action::Create => Verb::Create,
            Action::Update => Verb::Update,
            Action::Replace => Verb::Replace,
            Action::Delete => Verb::Delete,
        },
        manner,
        notes: words::notes(assessment),
        rotates: change.rotates(),
        danger: assessment.danger,
        reasons: change
            .reasons
            .iter()
            .map(|reason| why(assessment, reason))
            .collect(),
        gained: &assessment.gained,
        lost: &assessment.lost,
        lifetime: assessment
            .lifetime
            .as_ref()
            .map(|(before, after)| Ends { before, after }),
        takes: change.takes.as_ref(),
        consumers: &change.consumers,
        depends_on: &change.depends_on,
        fields: change.fields().iter().map(difference).collect(),
        diagnostics: change.diagnostics.iter().map(note).collect(),
    }
}

fn difference(field: &Field) -> Difference {
    // Hidden on one side is hidden on both: what was in clear before may be the secret of now.
    let hidden = field.sensitive || field.before.holds_secret() || field.after.holds_secret();
    Difference {
        path: field.path.to_string(),
        before: plain(&field.before, hidden),
        after: plain(&field.after, hidden),
        after_unknown: !field.after.is_wholly_known(),
        sensitive: hidden,
        forces_replacement: field.forces_replacement,
    }
}

/// A value as JSON; null where it is unknown or must not be shown.
fn plain(value: &Value, sensitive: bool) -> Json {
    match value {
        Value::Null | Value::Unknown | Value::Secret(_) => Json::Null,
        _ if sensitive => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => number
            .as_i64()
            .map_or_else(|| number.to_string().into(), Json::from),
        Value::String(text) => text.as_str().into(),
        Value::List(items) => items.iter().map(|item| plain(item, false)).collect(),
        Value::Map(entries) => entries
            .iter()
            .map(|(key, item)| (key.to_string(), plain(item, false)))
            .collect::<Map<_, _>>()
            .into(),
    }
}

fn why(assessment: &Assessment<'_>, reason: &Reason) -> Why {
    let kind = match reason {
        Reason::Rotation { .. } => Cause::Rotation,
        Reason::PossibleRotation { .. } => Cause::PossibleRotation,
        Reason::Replacement { .. } => Cause::Replacement,
        Reason::Cascade { .. } => Cause::Cascade,
        Reason::Revocation { .. } => Cause::Revocation,
        Reason::PossibleRevocation { .. } => Cause::PossibleRevocation,
        Reason::GraceBegins { .. } => Cause::GraceBegins,
    };
    Why {
        kind,
        text: match reason {
            Reason::Revocation { .. } => words::why(assessment, reason),
            _ => reason.to_string(),
        },
    }
}

fn note(diagnostic: &Diagnostic) -> Note<'_> {
    Note {
        severity: diagnostic.severity,
        code: diagnostic.code.name(),
        summary: &diagnostic.summary,
        detail: &diagnostic.detail,
        path: diagnostic.path.to_string(),
        hints: &diagnostic.hints,
    }
}
