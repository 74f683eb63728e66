//! A diagnostic for programs. The place has the shape that `terraform validate -json` gives it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::language::Sources;

#[derive(Serialize, JsonSchema)]
pub struct Complaint<'a> {
    severity: Severity,
    /// See the list of diagnostics.
    code: &'static str,
    summary: &'a str,
    detail: &'a str,
    /// The attribute, inside its resource; null for the resource as a whole.
    path: Option<String>,
    /// The place in a file; null where no file is meant.
    range: Option<Range<'a>>,
    hints: &'a [String],
}

#[derive(Serialize, JsonSchema)]
struct Range<'a> {
    filename: &'a str,
    start: Option<Place>,
    end: Option<Place>,
}

/// Lines and columns count from one, columns in characters, bytes from zero.
#[derive(Serialize, JsonSchema)]
struct Place {
    line: usize,
    column: usize,
    byte: usize,
}

/// Diagnostics with their places in these files.
pub fn complaints<'a>(diagnostics: &'a [Diagnostic], sources: &Sources) -> Vec<Complaint<'a>> {
    let complaint = |diagnostic: &'a Diagnostic| Complaint {
        severity: diagnostic.severity,
        code: diagnostic.code.name(),
        summary: &diagnostic.summary,
        detail: &diagnostic.detail,
        path: (!diagnostic.path.is_root()).then(|| diagnostic.path.to_string()),
        range: diagnostic.span.as_ref().map(|span| range(span, sources)),
        hints: &diagnostic.hints,
    };
    diagnostics.iter().map(complaint).collect()
}

fn range<'a>(span: &'a Span, sources: &Sources) -> Range<'a> {
    let place = |byte: usize| {
        let position = sources.position(&Span {
            file: span.file.clone(),
            range: byte..byte,
        })?;
        Some(Place {
            line: position.line,
            column: position.column,
            byte,
        })
    };
    Range {
        filename: &span.file,
        start: place(span.range.start),
        end: place(span.range.end),
    }
}
