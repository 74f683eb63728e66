//! A review as a comment on a pull request: one line per credential, details folded away, never longer than a comment may be.

mod pen;
mod room;

use super::assess::{Assessment, Danger};
use super::circumstances::{Aside, Event};
use super::findings::{self, Finding, Level};
use super::forge::Forge;
use super::words::Sides;
use super::{Page, names, words};
use crate::diagnostic::{Diagnostic, Severity};
use crate::plan::{Action, Change};
use pen::Pen;
use room::{Piece, Section, fit};

/// By this a comment is found and updated in place.
const MARKER: &str = "lanyard-review";

pub(super) fn render(page: &Page<'_>, forge: Forge) -> String {
    let Page {
        circumstances,
        assessments,
        findings,
        origin,
        ..
    } = page;
    let pen = Pen::of(forge);
    let of_folder = match origin.folder {
        Some(folder) => format!(" of {}", pen.code(folder)),
        None => String::new(),
    };
    let head = format!(
        "{}\n## Credentials{of_folder}: {}\n{}",
        marker(forge, origin.folder),
        words::counts(page),
        seen(origin.checksum),
    );
    let codes = findings::codes(findings);
    let mut pieces = Vec::new();
    let pen = &pen;
    let banners = circumstances.banners.iter();
    pieces.extend(banners.map(|problem| banner(pen, problem)));
    pieces.extend(circumstances.invocations().map(|aside| Piece {
        section: Section::Top,
        rank: rank(Danger::Ends),
        what: "actions that are called",
        text: Box::new(move || format!("\n- 🔴 {}\n", told(pen, aside))),
    }));
    // What was found of the plan as a whole matters more than a single row.
    pieces.extend(words::to_tell(findings).map(|finding| found(pen, finding)));
    for &assessment in *assessments {
        let codes = codes.get(assessment.change.address.as_str());
        pieces.push(Piece {
            section: Section::Changes,
            rank: rank(assessment.danger),
            what: rows(assessment.danger),
            text: Box::new(move || row(pen, assessment, codes.map_or(&[], Vec::as_slice))),
        });
        if has_details(assessment) {
            pieces.push(Piece {
                section: Section::Details,
                rank: 100 + rank(assessment.danger),
                what: "folded details",
                text: Box::new(move || details(pen, page, assessment)),
            });
        }
    }
    pieces.extend(words::unseen(page).map(|line| Piece {
        section: Section::Findings,
        rank: rank(Danger::Changes),
        what: "hint",
        text: Box::new(move || format!("\n{}\n", pen.prose(&line))),
    }));
    pieces.extend(outside(pen, &circumstances.asides));
    let (body, left_out) = fit(
        pieces,
        heading,
        forge.longest_comment().saturating_sub(head.len()),
    );
    format!("{head}{}{body}", cut(&left_out))
}

/// The line by which a comment is found and updated in place: one for each configuration, so that two do not take each other's place.
pub fn marker(forge: Forge, folder: Option<&str>) -> String {
    let name = match folder {
        Some(folder) => format!("{MARKER}: {}", spelled(folder)),
        None => MARKER.to_owned(),
    };
    match forge.renders_html() {
        true => format!("<!-- {name} -->"),
        // A link that nothing refers to is not shown.
        false => format!("[//]: # ({name})\n"),
    }
}

/// The marker that this text begins with, if it is a comment of ours.
pub fn marker_of(text: &str) -> Option<&str> {
    let line = text.trim_start().lines().next()?.trim_end();
    let starts = |start: &str| line.starts_with(&format!("{start}{MARKER}"));
    (starts("<!-- ") || starts("[//]: # (")).then_some(line)
}

/// A folder's name without what could end the marker.
fn spelled(folder: &str) -> String {
    let mut out = String::new();
    for byte in folder.bytes() {
        match byte {
            b'/' | b'.' | b'_' | b'-' => out.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// What holds an apply to this review.
fn seen(checksum: Option<&str>) -> String {
    match checksum {
        Some(checksum) => format!(
            "\nThis is the plan `{checksum}`: `lanyard apply --expect {checksum}` applies no other one.\n"
        ),
        None => String::new(),
    }
}

fn heading(section: Section) -> &'static str {
    match section {
        Section::Top | Section::Details => "",
        Section::Findings => "\n",
        Section::Changes => {
            "\n| | credential | what happens | why, and what it means |\n|---|---|---|---|\n"
        }
        Section::Outside => "\n**Outside of this configuration:**\n\n",
    }
}

fn rank(danger: Danger) -> u8 {
    // Banners come before everything.
    1 + danger as u8
}

/// How rows that had no room are called, with their number before.
fn rows(danger: Danger) -> &'static str {
    match danger {
        Danger::Ends => "of what ends",
        Danger::IsReplaced => "of what is replaced",
        Danger::IsForgotten => "of what is forgotten",
        Danger::RotatesAtOnce => "of what rotates at once",
        Danger::GainsPower => "of what gains power",
        Danger::LosesPower => "of what loses power",
        Danger::Rotates => "of what rotates",
        Danger::Appears => "of what is new",
        Danger::Changes => "of what changes otherwise",
    }
}

/// What had no room. It stands on top, where nobody misses it.
fn cut(left_out: &[(&'static str, usize)]) -> String {
    if left_out.is_empty() {
        return String::new();
    }
    let counts: Vec<String> = left_out
        .iter()
        .map(|(what, count)| format!("{count} {what}"))
        .collect();
    format!(
        "\n**Not everything has room here.** Left out: {}. `lanyard review` shows all.\n",
        counts.join(", ")
    )
}

fn banner<'a>(pen: &'a Pen, problem: &'a Diagnostic) -> Piece<'a> {
    let word = match problem.severity {
        Severity::Error => "🔴 **ERROR**",
        Severity::Warning => "🟡 **WARNING**",
    };
    let text = move || {
        let mut lines = vec![format!("{word} {}", pen.prose(&problem.summary))];
        lines.extend(words::explained(problem).map(|line| pen.prose(line)));
        format!("\n> {}\n", lines.join(pen.line_break()))
    };
    Piece {
        section: Section::Top,
        rank: 0,
        what: "warnings about the plan",
        text: Box::new(text),
    }
}

/// What a rule found. An error matters as much as what ends.
fn found<'a>(pen: &'a Pen, finding: &'a Finding) -> Piece<'a> {
    let (word, matters) = match (&finding.excepted, finding.level) {
        (Some(_), _) => ("⚪ excepted", Danger::Changes),
        (None, Level::Note) => ("⚪ note", Danger::Changes),
        (None, Level::Warning) => ("🟡 **warning**", Danger::GainsPower),
        (None, Level::Error) => ("🔴 **error**", Danger::Ends),
    };
    let text = move || {
        let (reason, hint) = (finding.excepted.iter(), finding.hint.iter());
        let more: String = reason
            .chain(hint)
            .map(|line| format!("{}{}", pen.line_break(), pen.prose(line)))
            .collect();
        let address = match finding.path.is_root() {
            true => pen.code(&finding.address),
            false => pen.code(&format!("{}.{}", finding.address, finding.path)),
        };
        format!(
            "- {word} {} {address}: {}{more}\n",
            pen.code(finding.rule.name),
            pen.prose(&finding.message)
        )
    };
    Piece {
        section: Section::Findings,
        rank: rank(matters),
        what: "findings",
        text: Box::new(text),
    }
}

/// What happened outside: a few by name, so that it does not take the room of what is to happen.
fn outside<'a>(pen: &'a Pen, asides: &'a [Aside]) -> Vec<Piece<'a>> {
    const NAMED: usize = 20;
    let piece = |text| Piece {
        section: Section::Outside,
        rank: 99,
        what: "changes from outside",
        text,
    };
    let outside = || {
        let asides = asides.iter();
        asides.filter(|aside| aside.event != Event::Invocation)
    };
    let mut pieces: Vec<Piece<'_>> = outside()
        .take(NAMED)
        .map(|aside| piece(Box::new(move || format!("- {}\n", told(pen, aside)))))
        .collect();
    let more = outside().skip(NAMED).count();
    if more > 0 {
        pieces.push(piece(Box::new(move || format!("- and {more} more\n"))));
    }
    pieces
}

fn told(pen: &Pen, aside: &Aside) -> String {
    format!("{} {}", pen.code(&aside.address), pen.prose(&aside.text))
}

fn row(pen: &Pen, assessment: &Assessment<'_>, codes: &[&str]) -> String {
    let change = assessment.change;
    let dot = match assessment.danger {
        Danger::Ends => "🔴",
        Danger::IsReplaced | Danger::IsForgotten | Danger::RotatesAtOnce => "🟠",
        Danger::GainsPower | Danger::LosesPower | Danger::Rotates => "🟡",
        Danger::Appears => "🟢",
        Danger::Changes => "⚪",
    };
    let notes = words::notes(assessment).into_iter();
    let notes = notes.map(|note| pen.prose(&note));
    let reasons = change
        .reasons
        .iter()
        .map(|reason| pen.prose(&words::why(assessment, reason)));
    let mut why: Vec<String> = notes.chain(reasons).collect();
    for (word, list) in [("gains", &assessment.gained), ("loses", &assessment.lost)] {
        if !list.is_empty() {
            why.push(format!("**{word}** {}", pen.escape(&list.join(", "))));
        }
    }
    const NAMED: usize = 3;
    why.extend(consumers(pen, change, NAMED).map(|consumers| format!("used by {consumers}")));
    let codes = codes.iter();
    let codes: String = codes
        .map(|code| format!("{}{}", pen.line_break(), pen.cell(code)))
        .collect();
    format!(
        "| {dot} {}{codes} | {} | {} | {} |\n",
        assessment.danger.word(),
        pen.cell(&names::called(assessment)),
        pen.prose(&words::headline(assessment)),
        why.join(pen.line_break())
    )
}

/// Who uses the secret: a few by name, so that a row stays a row.
fn consumers(pen: &Pen, change: &Change, most: usize) -> Option<String> {
    let named: Vec<String> = change
        .consumers
        .iter()
        .take(most)
        .map(|consumer| pen.cell(consumer))
        .collect();
    let more = match change.consumers.len().saturating_sub(most) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!named.is_empty()).then(|| format!("{}{more}", named.join(", ")))
}

fn has_details(assessment: &Assessment<'_>) -> bool {
    !assessment.gained.is_empty()
        || !assessment.lost.is_empty()
        || assessment.lifetime.is_some()
        || !assessment.change.consumers.is_empty()
        || !words::fields(assessment).is_empty()
        || !words::decided_by_apply(assessment).is_empty()
}

fn details(pen: &Pen, page: &Page<'_>, assessment: &Assessment<'_>) -> String {
    const NAMED: usize = 50;
    let change = assessment.change;
    let mut out = String::new();
    for (word, list) in [("Gains", &assessment.gained), ("Loses", &assessment.lost)] {
        if !list.is_empty() {
            out.push_str(&format!("- {word}: {}\n", pen.escape(&list.join(", "))));
        }
    }
    if let Some((before, after)) = &assessment.lifetime {
        let line = if change.action == Action::Create {
            after.clone()
        } else {
            format!("{before} → {after}")
        };
        out.push_str(&format!("- Lifetime: {}\n", pen.escape(&line)));
    }
    if let Some(consumers) = consumers(pen, change, NAMED) {
        out.push_str(&format!("- Used by: {consumers}\n"));
    }
    let fields = words::fields(assessment);
    if !fields.is_empty() {
        out.push_str(match words::sides(assessment) {
            Sides::After | Sides::Before => "\n| attribute | value |\n|---|---|\n",
            Sides::Both => "\n| attribute | before | after |\n|---|---|---|\n",
        });
    }
    for field in &fields {
        let forces = if field.forces_replacement {
            " (forces replacement)"
        } else {
            ""
        };
        let (before, after) = page.names.values(field);
        let values = match words::sides(assessment) {
            Sides::After => pen.cell(&after),
            Sides::Before => pen.cell(&before),
            Sides::Both => format!("{} | {}", pen.cell(&before), pen.cell(&after)),
        };
        let path = pen.cell(&field.path.to_string());
        out.push_str(&format!("| {path}{forces} | {values} |\n"));
    }
    let decided: Vec<String> = words::decided_by_apply(assessment)
        .iter()
        .map(|path| pen.code(&path.to_string()))
        .collect();
    if !decided.is_empty() {
        out.push_str(&format!("\nKnown after apply: {}\n", decided.join(", ")));
    }
    pen.folded(&names::called(assessment), &out)
}
