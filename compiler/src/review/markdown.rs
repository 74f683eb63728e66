//! A review as a comment on a pull request: one line per credential, details folded away, never longer than a comment may be.

use super::assess::{Assessment, Danger};
use super::words;
use crate::language::is_invisible;
use crate::plan::{Action, Change, Plan};

/// By this a comment is found and updated in place.
pub(super) const MARKER: &str = "<!-- lanyard-review -->";
/// Comments end at 65,536 characters; room is left for what the caller adds.
const LONGEST: usize = 60_000;

pub(super) fn render(plan: &Plan, assessments: &[Assessment<'_>]) -> String {
    let mut out = format!(
        "{MARKER}\n## Credentials: {}\n",
        words::counts(plan.counts())
    );
    if assessments.is_empty() {
        return out;
    }
    out.push_str("\n| | credential | what happens | why, and what it means |\n|---|---|---|---|\n");
    let mut left_out = 0_usize;
    let mut shown = Vec::new();
    for assessment in assessments {
        let row = row(assessment);
        if out.len() + row.len() > LONGEST {
            left_out += 1;
            continue;
        }
        out.push_str(&row);
        shown.push(assessment);
    }
    for assessment in shown {
        let details = details(assessment);
        if out.len() + details.len() <= LONGEST {
            out.push_str(&details);
        }
    }
    if left_out > 0 {
        out.push_str(&format!(
            "\n…and {left_out} more changes, less dangerous than these.\n"
        ));
    }
    out
}

fn row(assessment: &Assessment<'_>) -> String {
    let change = assessment.change;
    let sign = match assessment.danger {
        Danger::Ends => "🔴",
        Danger::IsReplaced | Danger::RotatesAtOnce => "🟠",
        Danger::GainsPower | Danger::LosesPower | Danger::Rotates => "🟡",
        Danger::Appears => "🟢",
        Danger::Changes => "⚪",
    };
    let mut why: Vec<String> = change
        .reasons
        .iter()
        .map(|reason| escape(&reason.why()))
        .collect();
    for (word, list) in [("gains", &assessment.gained), ("loses", &assessment.lost)] {
        if !list.is_empty() {
            why.push(format!("**{word}** {}", escape(&list.join(", "))));
        }
    }
    why.extend(consumers(change));
    format!(
        "| {sign} | {} | {} | {} |\n",
        code(&change.address),
        escape(&words::headline(change)),
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
    let mut out = format!(
        "\n<details><summary>{}</summary>\n\n",
        code(&change.address)
    );
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
    let fields: Vec<_> = words::fields(change).collect();
    if !fields.is_empty() {
        out.push_str(match change.action {
            Action::Create | Action::Delete => "\n| attribute | value |\n|---|---|\n",
            _ => "\n| attribute | before | after |\n|---|---|---|\n",
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
        let values = match change.action {
            Action::Create => value(&field.after),
            Action::Delete => value(&field.before),
            _ => format!("{} | {}", value(&field.before), value(&field.after)),
        };
        out.push_str(&format!("| {}{forces} | {values} |\n", code(&path)));
    }
    let decided: Vec<String> = words::decided_by_apply(change)
        .iter()
        .map(|path| code(&path.to_string()))
        .collect();
    if !decided.is_empty() {
        out.push_str(&format!("\nKnown after apply: {}\n", decided.join(", ")));
    }
    out.push_str("\n</details>\n");
    out
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
