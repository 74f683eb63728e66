//! A review as a comment on a pull request: one line per credential, details folded away, never longer than a comment may be.

use super::assess::{Assessment, Danger};
use super::circumstances::{Aside, Event};
use super::words::Sides;
use super::{Finding, Level, Page, words};
use crate::diagnostic::Severity;
use crate::language::is_invisible;
use crate::plan::{Action, Change};

/// By this a comment is found and updated in place.
pub(super) const MARKER: &str = "<!-- lanyard-review -->";
/// Comments end at 65,536 characters; room is left for what the caller adds.
const LONGEST: usize = 60_000;

pub(super) fn render(page: &Page<'_>) -> String {
    let Page {
        plan,
        circumstances,
        assessments,
        findings,
        ..
    } = page;
    let mut out = format!(
        "{MARKER}\n## Credentials: {}\n",
        words::counts(plan, circumstances)
    );
    for problem in &circumstances.banners {
        let word = match problem.severity {
            Severity::Error => "🔴 **ERROR**",
            Severity::Warning => "🟡 **WARNING**",
        };
        let mut lines = vec![format!("{word} {}", prose(&problem.summary))];
        lines.extend(words::explained(problem).map(|line| prose(line)));
        push_line(&mut out, &format!("\n> {}\n", lines.join("<br>")));
    }
    for aside in circumstances.invocations() {
        push_line(&mut out, &format!("\n- 🔴 {}\n", told(aside)));
    }
    let shown = table(assessments, &mut out);
    for finding in words::to_tell(findings) {
        push_line(&mut out, &found(finding));
    }
    outside(&circumstances.asides, &mut out);
    for assessment in shown {
        push_line(&mut out, &details(assessment));
    }
    out
}

/// The table with as many rows as there is room for, the most dangerous first; returns those that are in it.
fn table<'a>(assessments: &'a [Assessment<'a>], out: &mut String) -> &'a [Assessment<'a>] {
    if assessments.is_empty() {
        return &[];
    }
    out.push_str("\n| | credential | what happens | why, and what it means |\n|---|---|---|---|\n");
    // Once one is left out, so is every less dangerous one.
    let fits = assessments
        .iter()
        .position(|assessment| !push_line(out, &row(assessment)))
        .unwrap_or(assessments.len());
    let (shown, left_out) = assessments.split_at(fits);
    let mut counts: Vec<(Danger, usize)> = Vec::new();
    for assessment in left_out {
        match counts.last_mut() {
            Some((danger, count)) if *danger == assessment.danger => *count += 1,
            _ => counts.push((assessment.danger, 1)),
        }
    }
    if !counts.is_empty() {
        let counts: Vec<String> = counts
            .iter()
            .map(|(danger, count)| format!("{count} {}", danger.word()))
            .collect();
        out.push_str(&format!(
            "\n**{} more have no room here**: {}.\n",
            left_out.len(),
            counts.join(", ")
        ));
    }
    shown
}

fn found(finding: &Finding) -> String {
    let word = match (&finding.excepted, finding.level) {
        (Some(_), _) => "⚪ excepted",
        (None, Level::Note) => "⚪ note",
        (None, Level::Warning) => "🟡 **warning**",
        (None, Level::Error) => "🔴 **error**",
    };
    let reason = finding.excepted.iter().map(|reason| prose(reason));
    let hint = finding.hint.iter().map(|hint| prose(hint));
    let more: String = reason
        .chain(hint)
        .map(|line| format!("<br>{line}"))
        .collect();
    let address = match finding.path.is_root() {
        true => code(&finding.address),
        false => code(&format!("{}.{}", finding.address, finding.path)),
    };
    format!(
        "\n- {word} {} {address}: {}{more}\n",
        code(finding.rule.name),
        prose(&finding.message)
    )
}

/// What happened outside: a few by name, so that it does not take the room of what is to happen.
fn outside(asides: &[Aside], out: &mut String) {
    const NAMED: usize = 20;
    let drift: Vec<&Aside> = asides
        .iter()
        .filter(|aside| aside.event != Event::Invocation)
        .collect();
    if drift.is_empty() {
        return;
    }
    let mut text = "\n**Outside of this configuration:**\n\n".to_owned();
    for aside in drift.iter().take(NAMED) {
        text.push_str(&format!("- {}\n", told(aside)));
    }
    if drift.len() > NAMED {
        text.push_str(&format!("- and {} more\n", drift.len() - NAMED));
    }
    push_line(out, &text);
}

fn told(aside: &Aside) -> String {
    format!("{} {}", code(&aside.address), prose(&aside.text))
}

/// Writes as long as there is room; false where there is none.
fn push_line(out: &mut String, line: &str) -> bool {
    let fits = out.len() + line.len() <= LONGEST;
    if fits {
        out.push_str(line);
    }
    fits
}

fn row(assessment: &Assessment<'_>) -> String {
    let change = assessment.change;
    let sign = match assessment.danger {
        Danger::Ends => "🔴",
        Danger::IsReplaced | Danger::IsForgotten | Danger::RotatesAtOnce => "🟠",
        Danger::GainsPower | Danger::LosesPower | Danger::Rotates => "🟡",
        Danger::Appears => "🟢",
        Danger::Changes => "⚪",
    };
    let notes = assessment.course.notes.iter().map(|note| prose(note));
    let reasons = change.reasons.iter().map(|reason| prose(&reason.why()));
    let mut why: Vec<String> = notes.chain(reasons).collect();
    for (word, list) in [("gains", &assessment.gained), ("loses", &assessment.lost)] {
        if !list.is_empty() {
            why.push(format!("**{word}** {}", escape(&list.join(", "))));
        }
    }
    why.extend(consumers(change));
    format!(
        "| {sign} {} | {} | {} | {} |\n",
        assessment.danger.word(),
        code(&change.address),
        prose(&words::headline(assessment)),
        why.join("<br>")
    )
}

/// Who uses the secret: a few by name, so that a row stays a row.
fn consumers(change: &Change) -> Option<String> {
    const NAMED: usize = 3;
    let named: Vec<String> = change
        .consumers
        .iter()
        .take(NAMED)
        .map(|consumer| code(consumer))
        .collect();
    let more = match change.consumers.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!named.is_empty()).then(|| format!("used by {}{more}", named.join(", ")))
}

fn details(assessment: &Assessment<'_>) -> String {
    let change = assessment.change;
    let mut out = String::new();
    for (word, list) in [("Gains", &assessment.gained), ("Loses", &assessment.lost)] {
        if !list.is_empty() {
            out.push_str(&format!("- {word}: {}\n", escape(&list.join(", "))));
        }
    }
    if let Some((before, after)) = &assessment.lifetime {
        let line = if change.action == Action::Create {
            after.clone()
        } else {
            format!("{before} → {after}")
        };
        out.push_str(&format!("- Lifetime: {}\n", escape(&line)));
    }
    if !change.consumers.is_empty() {
        let consumers: Vec<_> = change
            .consumers
            .iter()
            .map(|consumer| code(consumer))
            .collect();
        out.push_str(&format!("- Used by: {}\n", consumers.join(", ")));
    }
    let fields: Vec<_> = words::fields(assessment).collect();
    if !fields.is_empty() {
        out.push_str(match words::sides(assessment) {
            Sides::After | Sides::Before => "\n| attribute | value |\n|---|---|\n",
            Sides::Both => "\n| attribute | before | after |\n|---|---|---|\n",
        });
    }
    for field in fields {
        let path = field.path.to_string();
        let forces = if field.forces_replacement {
            " (forces replacement)"
        } else {
            ""
        };
        let value = |value| code(&words::value(value, field.sensitive));
        let values = match words::sides(assessment) {
            Sides::After => value(&field.after),
            Sides::Before => value(&field.before),
            Sides::Both if words::changes_hidden(field) => {
                format!("{} | {}", code("(sensitive)"), code("(changes, hidden)"))
            }
            Sides::Both => format!("{} | {}", value(&field.before), value(&field.after)),
        };
        out.push_str(&format!("| {}{forces} | {values} |\n", code(&path)));
    }
    let decided: Vec<String> = words::decided_by_apply(assessment)
        .iter()
        .map(|path| code(&path.to_string()))
        .collect();
    if !decided.is_empty() {
        out.push_str(&format!("\nKnown after apply: {}\n", decided.join(", ")));
    }
    if out.is_empty() {
        return out;
    }
    format!(
        "\n<details><summary>{}</summary>\n\n{out}\n</details>\n",
        code(&change.address)
    )
}

/// Our words, with what stands between a pair of backticks as code.
fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // Backticks without a partner are somebody else's.
    if parts.len().is_multiple_of(2) {
        return escape(text);
    }
    let part = |(index, part): (usize, &&str)| match index % 2 {
        0 => escape(part),
        _ => code(part),
    };
    parts.iter().enumerate().map(part).collect()
}

/// Text that a configuration's author chose must not become markup.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A zero-width space keeps `@name` from notifying anybody.
            '@' => out.push_str("@\u{200b}"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' | '~' | '!' => {
                out.push('\\');
                out.push(character);
            }
            _ if is_invisible(character) => out.push(' '),
            _ => out.push(character),
        }
    }
    out
}

/// Text as code, inside a table.
fn code(text: &str) -> String {
    format!("<code>{}</code>", code_text(text))
}

fn code_text(text: &str) -> String {
    text.chars()
        .flat_map(|character| match character {
            '<' => "&lt;".chars().collect::<Vec<_>>(),
            '>' => "&gt;".chars().collect(),
            '&' => "&amp;".chars().collect(),
            '|' => "&#124;".chars().collect(),
            '`' => "&#96;".chars().collect(),
            '*' => "&#42;".chars().collect(),
            '_' => "&#95;".chars().collect(),
            '[' => "&#91;".chars().collect(),
            '@' => "&#64;".chars().collect(),
            '\\' => "&#92;".chars().collect(),
            '~' => "&#126;".chars().collect(),
            _ if is_invisible(character) => vec![' '],
            _ => vec![character],
        })
        .collect()
}
