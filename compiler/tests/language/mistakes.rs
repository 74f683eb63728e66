//! Wrong configurations, each with what is said about it under the line it speaks of. A file whose comments no longer match is
//! written anew, and the test fails: look at what changed and commit it.

use std::path::Path;

use lanyard_compiler::diagnostic::{Diagnostic, Severity};
use lanyard_compiler::language::Compiled;

use crate::support::compile_files;

#[test]
fn every_mistake_is_told_under_its_line() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language/mistakes");
    let mut stale = Vec::new();
    let mut told = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let file = if name.ends_with(".lanyard.hcl") {
            "main.lanyard.hcl"
        } else {
            "main.tf"
        };
        let written = std::fs::read_to_string(&path).unwrap();
        let source = without_notes(&written);
        let compiled = compile_files(&[(file, &source)]);
        let expected = with_notes(&source, &compiled);
        told += compiled.diagnostics.len();
        if expected != written {
            std::fs::write(&path, expected).unwrap();
            stale.push(name);
        }
    }
    assert!(
        stale.is_empty(),
        "what is said has changed; look at the new comments and commit them: {stale:?}"
    );
    assert!(told >= 60, "only {told} complaints");
}

/// The configuration alone.
fn without_notes(text: &str) -> String {
    text.split_inclusive('\n')
        .filter(|line| !is_note(line))
        .collect()
}

fn is_note(line: &str) -> bool {
    let Some(comment) = line.trim_start().strip_prefix("# ") else {
        return false;
    };
    let comment = comment.trim_start();
    comment.starts_with("^") || comment.starts_with("hint: ")
}

/// The configuration with a comment under each line that something is said about.
fn with_notes(source: &str, compiled: &Compiled) -> String {
    let mut text = String::new();
    for (index, line) in source.split_inclusive('\n').enumerate() {
        text.push_str(line);
        for diagnostic in &compiled.diagnostics {
            let span = diagnostic.span.as_ref().unwrap();
            let start = compiled.sources.position(span).unwrap();
            if start.line == index + 1 {
                let shown = &compiled.sources.text(&span.file).unwrap()[span.range.clone()];
                let width = shown.lines().next().unwrap_or_default().chars().count();
                note(&mut text, diagnostic, start.column - 1, width.max(1));
            }
        }
    }
    text
}

fn note(text: &mut String, diagnostic: &Diagnostic, column: usize, width: usize) {
    // The comment's own sign takes the first two columns.
    let start = column.max(2);
    let width = (column + width).saturating_sub(start).max(1);
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let margin = " ".repeat(start - 2);
    text.push_str(&format!(
        "# {margin}{} {severity}[{}]: {}\n",
        "^".repeat(width),
        diagnostic.code,
        diagnostic.detail.replace('\n', " ")
    ));
    for hint in &diagnostic.hints {
        text.push_str(&format!("# {margin}hint: {hint}\n"));
    }
}
