//! A review for a terminal.

use super::assess::{Assessment, Danger};
use super::{Options, words};
use crate::plan::{Action, Plan, Reason};

pub(super) fn render(plan: &Plan, assessments: &[Assessment<'_>], options: Options) -> String {
    let paint = Paint { on: options.colour };
    let mut out = String::new();
    for assessment in assessments {
        change(assessment, &paint, &mut out);
        out.push('\n');
    }
    let counts = words::counts(plan.counts());
    let counts = match assessments.is_empty() {
        true => counts,
        false => paint.bold(&counts),
    };
    out.push_str(&format!("Plan: {counts}.\n"));
    out
}

fn change(assessment: &Assessment<'_>, paint: &Paint, out: &mut String) {
    let change = assessment.change;
    let head = format!(
        "{} {}",
        words::sign(change.action),
        words::plain(&change.address)
    );
    let head = match assessment.danger {
        Danger::Ends | Danger::IsReplaced => paint.red(&head),
        Danger::RotatesAtOnce | Danger::GainsPower | Danger::LosesPower | Danger::Rotates => {
            paint.yellow(&head)
        }
        Danger::Appears => paint.green(&head),
        Danger::Changes => paint.bold(&head),
    };
    out.push_str(&format!(
        "{head} {}\n",
        words::plain(&words::headline(change))
    ));
    for reason in &change.reasons {
        let line = match reason {
            Reason::Cascade { .. } | Reason::Revocation { .. } => reason.to_string(),
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
    let change = assessment.change;
    let fields: Vec<_> = words::fields(change).collect();
    let width = fields
        .iter()
        .map(|field| words::plain(&field.path.to_string()).chars().count())
        .max()
        .unwrap_or_default();
    for field in fields {
        let path = words::plain(&field.path.to_string());
        let (before, after) = (
            words::value(&field.before, field.sensitive),
            words::value(&field.after, field.sensitive),
        );
        let values = match change.action {
            Action::Create => after,
            Action::Delete => before,
            _ => format!("{before} -> {after}"),
        };
        let forces = if field.forces_replacement {
            paint.red("  # forces replacement")
        } else {
            String::new()
        };
        out.push_str(&format!("      {path:width$} = {values}{forces}\n"));
    }
    let decided: Vec<String> = words::decided_by_apply(change)
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
