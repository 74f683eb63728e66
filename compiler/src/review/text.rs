//! A review for a terminal.

use std::io::{self, Write};

use super::assess::{Assessment, Danger};
use super::words::Sides;
use super::{Finding, Level, Options, Page, words};
use crate::diagnostic::{Diagnostic, Severity};
use crate::parallel;
use crate::plan::{Action, Reason};

pub(super) fn write(page: &Page<'_>, options: Options, out: &mut dyn Write) -> io::Result<()> {
    let Page {
        circumstances,
        assessments,
        findings,
        ..
    } = page;
    let paint = Paint { on: options.colour };
    let mut text = String::new();
    for problem in &circumstances.banners {
        banner(problem, &paint, &mut text);
    }
    for aside in &circumstances.asides {
        let line = words::plain(&format!("{} {}", aside.address, aside.text));
        text.push_str(&format!("! {}\n\n", paint.red(&line)));
    }
    out.write_all(text.as_bytes())?;
    text.clear();
    each(assessments.iter().copied(), out, |assessment, text| {
        change(assessment, &paint, text);
        text.push('\n');
    })?;
    each(words::to_tell(findings), out, |finding, text| {
        found(finding, &paint, text);
    })?;
    if let Some(line) = words::unseen(page) {
        text.push_str(&format!("{line}\n\n"));
    }
    let counts = words::counts(page);
    let counts = match assessments.is_empty() {
        true => counts,
        false => paint.bold(&counts),
    };
    text.push_str(&format!("Plan: {counts}.\n"));
    out.write_all(text.as_bytes())
}

/// Writes a passage of each, many at a time.
fn each<T: Send>(
    mut things: impl Iterator<Item = T>,
    out: &mut dyn Write,
    write: impl Fn(T, &mut String) + Sync,
) -> io::Result<()> {
    const AT_A_TIME: usize = 4096;
    loop {
        let some: Vec<T> = things.by_ref().take(AT_A_TIME).collect();
        if some.is_empty() {
            return Ok(());
        }
        let passages = parallel::map(some, |thing| {
            let mut passage = String::new();
            write(thing, &mut passage);
            passage
        });
        for passage in passages {
            out.write_all(passage.as_bytes())?;
        }
    }
}

fn banner(problem: &Diagnostic, paint: &Paint, out: &mut String) {
    let word = match problem.severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
    };
    let summary = words::plain(&format!("{word}: {}", problem.summary));
    out.push_str(&format!("{}\n", paint.red(&summary)));
    for line in words::explained(problem) {
        out.push_str(&format!("    {}\n", words::plain(line)));
    }
    out.push('\n');
}

fn found(finding: &Finding, paint: &Paint, out: &mut String) {
    let word = match &finding.excepted {
        Some(_) => "excepted".to_owned(),
        None => finding.level.name().to_owned(),
    };
    let head = format!("{word}[{}]", finding.rule.name);
    let head = match (finding.level, &finding.excepted) {
        (_, Some(_)) | (Level::Note, None) => paint.bold(&head),
        (Level::Warning, None) => paint.yellow(&head),
        (Level::Error, None) => paint.red(&head),
    };
    let line = words::plain(&words::found(finding));
    out.push_str(&format!("{head} {line}\n"));
    let reason = finding
        .excepted
        .iter()
        .map(|reason| format!("because: {reason}"));
    for line in reason.chain(finding.hint.clone()) {
        out.push_str(&format!("    {}\n", words::plain(&line)));
    }
    out.push('\n');
}

fn change(assessment: &Assessment<'_>, paint: &Paint, out: &mut String) {
    let change = assessment.change;
    let head = format!(
        "{} {}",
        words::sign(assessment),
        words::plain(&change.address)
    );
    let head = match assessment.danger {
        Danger::Ends | Danger::IsReplaced | Danger::IsForgotten => paint.red(&head),
        Danger::RotatesAtOnce | Danger::GainsPower | Danger::LosesPower | Danger::Rotates => {
            paint.yellow(&head)
        }
        Danger::Appears => paint.green(&head),
        Danger::Changes => paint.bold(&head),
    };
    out.push_str(&format!(
        "{head} {}\n",
        words::plain(&words::headline(assessment))
    ));
    for note in words::notes(assessment) {
        out.push_str(&format!("    {}\n", paint.bold(&words::plain(&note))));
    }
    for reason in &change.reasons {
        let line = match reason {
            Reason::Cascade { .. }
            | Reason::Revocation { .. }
            | Reason::PossibleRevocation { .. }
            | Reason::GraceBegins { .. } => words::why(assessment, reason),
            _ => format!("because: {}", reason.why()),
        };
        out.push_str(&format!("    {}\n", paint.bold(&words::plain(&line))));
    }
    for (word, list) in [("gains", &assessment.gained), ("loses", &assessment.lost)] {
        if !list.is_empty() {
            out.push_str(&format!("    {word}: {}\n", words::plain(&list.join(", "))));
        }
    }
    if let Some((before, after)) = &assessment.lifetime {
        let (before, after) = (words::plain(before), words::plain(after));
        out.push_str(&match change.action {
            Action::Create => format!("    lifetime: {after}\n"),
            _ => format!("    lifetime: {before} -> {after}\n"),
        });
    }
    if !change.consumers.is_empty() {
        let consumers = words::plain(&change.consumers.join(", "));
        out.push_str(&format!("    used by: {consumers}\n"));
    }
    fields(assessment, paint, out);
}

fn fields(assessment: &Assessment<'_>, paint: &Paint, out: &mut String) {
    let fields = words::fields(assessment);
    let width = fields
        .iter()
        .map(|field| words::plain(&field.path.to_string()).chars().count())
        .max()
        .unwrap_or_default();
    for field in &fields {
        let path = words::plain(&field.path.to_string());
        let (before, after) = (
            words::value_before(&field.before, field.sensitive),
            words::value(&field.after, field.sensitive),
        );
        let values = match words::sides(assessment) {
            Sides::After => after,
            Sides::Before => before,
            Sides::Both if words::changes_hidden(field) => "(changes, hidden)".to_owned(),
            Sides::Both => format!("{before} -> {after}"),
        };
        let forces = if field.forces_replacement {
            paint.red("  # forces replacement")
        } else {
            String::new()
        };
        out.push_str(&format!("      {path:width$} = {values}{forces}\n"));
    }
    let decided: Vec<String> = words::decided_by_apply(assessment)
        .iter()
        .map(ToString::to_string)
        .collect();
    if !decided.is_empty() {
        out.push_str(&format!(
            "      (known after apply: {})\n",
            words::plain(&decided.join(", "))
        ));
    }
}

struct Paint {
    on: bool,
}

impl Paint {
    fn red(&self, text: &str) -> String {
        self.with("31", text)
    }

    fn yellow(&self, text: &str) -> String {
        self.with("33", text)
    }

    fn green(&self, text: &str) -> String {
        self.with("32", text)
    }

    fn bold(&self, text: &str) -> String {
        self.with("1", text)
    }

    fn with(&self, code: &str, text: &str) -> String {
        if self.on {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}
