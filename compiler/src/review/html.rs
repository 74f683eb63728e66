//! A review as a page of its own: nothing from outside, no script, told by words and not by colour alone.

use std::io::{self, Write};

use super::assess::{Assessment, Danger};
use super::circumstances::{Aside, Event};
use super::findings::{self, Finding, Level};
use super::words::Sides;
use super::{Page, names, words};
use crate::diagnostic::{Diagnostic, Severity};
use crate::plan::{Action, Field};

const STYLE: &str = include_str!("html/style.css");

pub(super) fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let counts = text(&words::counts(page));
    let of_folder = match page.origin.folder {
        Some(folder) => format!(" of {}", code(folder)),
        None => String::new(),
    };
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>Credentials: {counts}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>Credentials{of_folder}</h1>\n<p class=\"counts\">{counts}</p>\n"
    )?;
    if let Some(checksum) = page.origin.checksum {
        writeln!(
            out,
            "<p>This is the plan {}: <code>lanyard apply --expect {}</code> applies no other one.</p>",
            code(checksum),
            text(checksum)
        )?;
    }
    let banners = page.circumstances.banners.iter();
    section("About this plan", "", out, banners.map(banner))?;
    let asides = |is_call: bool| {
        let asides = page.circumstances.asides.iter();
        asides
            .filter(move |aside| (aside.event == Event::Invocation) == is_call)
            .map(aside)
    };
    section("Actions that are called", "ul", out, asides(true))?;
    changes(page, out)?;
    found(page.findings, out)?;
    if let Some(line) = words::unseen(page) {
        writeln!(out, "<p>{}</p>", prose(&line))?;
    }
    section("Outside of this configuration", "ul", out, asides(false))?;
    let details = page.assessments.iter().enumerate();
    let details = details.map(|(index, assessment)| detail(page, index, assessment));
    section("Details", "", out, details)?;
    out.write_all(b"</main>\n</body>\n</html>\n")
}

/// A heading with what belongs to it; nothing where nothing does.
fn section(
    heading: &str,
    list: &str,
    out: &mut dyn Write,
    items: impl Iterator<Item = String>,
) -> io::Result<()> {
    let mut items = items.peekable();
    if items.peek().is_none() {
        return Ok(());
    }
    let (begin, end) = match list {
        "" => Default::default(),
        list => (format!("<{list}>\n"), format!("</{list}>\n")),
    };
    write!(out, "<section>\n<h2>{heading}</h2>\n{begin}")?;
    for item in items {
        out.write_all(item.as_bytes())?;
    }
    writeln!(out, "{end}</section>")
}

fn banner(problem: &Diagnostic) -> String {
    let (word, class) = match problem.severity {
        Severity::Error => ("Error", "error"),
        Severity::Warning => ("Warning", "warning"),
    };
    let lines: String = words::explained(problem)
        .map(|line| format!("<p>{}</p>\n", prose(line)))
        .collect();
    format!(
        "<div class=\"banner {class}\">\n<p><strong>{word}: {}</strong></p>\n{lines}</div>\n",
        prose(&problem.summary)
    )
}

fn aside(aside: &Aside) -> String {
    let badge = match aside.event {
        Event::Invocation => format!("{} ", badge("error", "at once")),
        Event::Drift | Event::DriftOnly => String::new(),
    };
    format!(
        "<li>{badge}{} {}</li>\n",
        code(&aside.address),
        prose(&aside.text)
    )
}

fn table(
    caption: &str,
    columns: &[&str],
    rows: impl Iterator<Item = String>,
) -> impl Iterator<Item = String> {
    let columns: String = columns
        .iter()
        .map(|column| format!("<th scope=\"col\">{column}</th>"))
        .collect();
    let begin = format!(
        "<div class=\"wide\">\n<table>\n<caption>{caption}</caption>\n<thead><tr>{columns}</tr></thead>\n<tbody>\n"
    );
    let end = "</tbody>\n</table>\n</div>\n".to_owned();
    std::iter::once(begin).chain(rows).chain([end])
}

fn changes(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    if page.assessments.is_empty() {
        return Ok(());
    }
    let codes = findings::codes(page.findings);
    let rows = page.assessments.iter().enumerate();
    let rows = rows.map(|(index, assessment)| {
        let codes = codes.get(assessment.change.address.as_str());
        row(index, assessment, codes.map_or(&[], Vec::as_slice))
    });
    let columns = [
        "Danger",
        "Credential",
        "What happens",
        "Why, and what it means",
    ];
    let caption = "Every credential that changes, the most dangerous first";
    section("What happens", "", out, table(caption, &columns, rows))
}

fn row(index: usize, assessment: &Assessment<'_>, codes: &[&str]) -> String {
    const NAMED: usize = 3;
    let change = assessment.change;
    let notes = words::notes(assessment).into_iter();
    let mut why: Vec<String> = notes.map(|note| prose(&note)).collect();
    why.extend(
        change
            .reasons
            .iter()
            .map(|reason| prose(&words::why(assessment, reason))),
    );
    for (word, list) in [("gains", &assessment.gained), ("loses", &assessment.lost)] {
        if !list.is_empty() {
            why.push(format!(
                "<strong>{word}</strong> {}",
                text(&list.join(", "))
            ));
        }
    }
    if !change.consumers.is_empty() {
        let named = change.consumers.iter().take(NAMED);
        let named: Vec<String> = named.map(|consumer| code(consumer)).collect();
        let more = match change.consumers.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        why.push(format!("used by {}{more}", named.join(", ")));
    }
    let why: String = why.iter().map(|line| format!("<p>{line}</p>")).collect();
    let codes = codes.iter();
    let codes: String = codes.map(|rule| format!("<br>{}", code(rule))).collect();
    format!(
        "<tr><td class=\"rule\">{}{codes}</td><th scope=\"row\"><a href=\"#credential-{index}\">{}</a></th><td>{}</td><td>{why}</td></tr>\n",
        badge(class(assessment.danger), assessment.danger.word()),
        code(&names::called(assessment)),
        prose(&words::headline(assessment)),
    )
}

fn class(danger: Danger) -> &'static str {
    match danger {
        Danger::Ends => "error",
        Danger::IsReplaced | Danger::IsForgotten | Danger::RotatesAtOnce => "serious",
        Danger::GainsPower | Danger::LosesPower | Danger::Rotates => "warning",
        Danger::Appears => "good",
        Danger::Changes => "plain",
    }
}

fn badge(class: &str, word: &str) -> String {
    format!("<span class=\"badge {class}\">{word}</span>")
}

fn found(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    // What the table of changes says already is not said again.
    let mut rows = words::to_tell(findings).map(finding).peekable();
    if rows.peek().is_none() {
        return Ok(());
    }
    let columns = ["Level", "Rule", "Where", "What was found"];
    let caption = "What the rules found, the worst first, what is excepted last";
    section("Findings", "", out, table(caption, &columns, rows))
}

fn finding(finding: &Finding) -> String {
    let (class, word) = match (&finding.excepted, finding.level) {
        (Some(_), _) => ("plain", "excepted"),
        (None, Level::Note) => ("plain", "note"),
        (None, Level::Warning) => ("warning", "warning"),
        (None, Level::Error) => ("error", "error"),
    };
    let place = match finding.path.is_root() {
        true => finding.address.clone(),
        false => format!("{}.{}", finding.address, finding.path),
    };
    let (reason, hint) = (finding.excepted.iter(), finding.hint.iter());
    let more: String = reason
        .chain(hint)
        .map(|line| format!("<p>{}</p>", prose(line)))
        .collect();
    format!(
        "<tr><td>{}</td><th scope=\"row\" class=\"rule\">{}</th><td>{}</td><td><p>{}</p>{more}</td></tr>\n",
        badge(class, word),
        code(finding.rule.name),
        code(&place),
        prose(&finding.message)
    )
}

fn detail(page: &Page<'_>, index: usize, assessment: &Assessment<'_>) -> String {
    let change = assessment.change;
    let title = code(&names::called(assessment));
    let mut facts: Vec<(&str, String)> = Vec::new();
    for (word, list) in [("Gains", &assessment.gained), ("Loses", &assessment.lost)] {
        if !list.is_empty() {
            facts.push((word, text(&list.join(", "))));
        }
    }
    if let Some((before, after)) = &assessment.lifetime {
        let words = match change.action {
            Action::Create => text(after),
            _ => format!("{} → {}", text(before), text(after)),
        };
        facts.push(("Lifetime", words));
    }
    if !change.consumers.is_empty() {
        let consumers: Vec<String> = change.consumers.iter().map(|one| code(one)).collect();
        facts.push(("Used by", consumers.join(", ")));
    }
    let decided = words::decided_by_apply(assessment);
    if !decided.is_empty() {
        let decided: Vec<String> = decided.iter().map(|path| code(&path.to_string())).collect();
        facts.push(("Known after apply", decided.join(", ")));
    }
    let facts: String = facts
        .iter()
        .map(|(word, value)| format!("<dt>{word}</dt><dd>{value}</dd>\n"))
        .collect();
    let facts = match facts.is_empty() {
        true => facts,
        false => format!("<dl>\n{facts}</dl>\n"),
    };
    format!(
        "<details id=\"credential-{index}\" open>\n<summary><h3>{title}</h3> {}</summary>\n{facts}{}</details>\n",
        badge(class(assessment.danger), assessment.danger.word()),
        fields(page, assessment, &title)
    )
}

fn fields(page: &Page<'_>, assessment: &Assessment<'_>, title: &str) -> String {
    let sides = words::sides(assessment);
    let row = |field: &Field| {
        let (before, after) = page.names.values(field);
        let forces = match field.forces_replacement {
            true => " forces replacement",
            false => "",
        };
        let values = match sides {
            Sides::After => format!("<td>{}</td>", code(&after)),
            Sides::Before => format!("<td>{}</td>", code(&before)),
            Sides::Both => format!("<td>{}</td><td>{}</td>", code(&before), code(&after)),
        };
        let path = code(&field.path.to_string());
        format!("<tr><th scope=\"row\">{path}{forces}</th>{values}</tr>\n")
    };
    let fields = words::fields(assessment);
    let mut rows = fields.iter().map(row).peekable();
    let columns: &[&str] = match sides {
        Sides::After | Sides::Before => &["Attribute", "Value"],
        Sides::Both => &["Attribute", "Before", "After"],
    };
    match rows.peek().is_none() {
        true => String::new(),
        false => table(&format!("Attributes of {title}"), columns, rows).collect(),
    }
}

/// Our words, with what stands between a pair of backticks as code.
fn prose(words: &str) -> String {
    let parts: Vec<&str> = words.split('`').collect();
    // Backticks without a partner are somebody else's.
    if parts.len().is_multiple_of(2) {
        return text(words);
    }
    let part = |(index, part): (usize, &&str)| match index % 2 {
        0 => text(part),
        _ => code(part),
    };
    parts.iter().enumerate().map(part).collect()
}

fn code(words: &str) -> String {
    format!("<code>{}</code>", text(words))
}

/// Text that somebody else chose, between tags or in an attribute.
fn text(words: &str) -> String {
    words::plain(words)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
