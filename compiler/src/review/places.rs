//! Where a finding is, for programs that show it beside the line: below the root of the repository, as the folder was named.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Finding, Origin, words};
use crate::diagnostic::Span;

/// A line of a file.
pub(super) struct Place {
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Place {
    /// The path as a relative reference.
    pub(super) fn uri(&self) -> String {
        const KEPT: &AsciiSet = &NON_ALPHANUMERIC
            .remove(b'/')
            .remove(b'.')
            .remove(b'-')
            .remove(b'_')
            .remove(b'~');
        utf8_percent_encode(&self.path, KEPT).to_string()
    }
}

/// `None` where the files are not at hand.
pub(super) fn of(origin: Origin<'_>, span: Option<&Span>) -> Option<Place> {
    let span = span?;
    let sources = origin.sources?;
    let position = sources.position(span)?;
    let path = sources.shown(&span.file);
    Some(Place {
        path: path.strip_prefix("./").unwrap_or(&path).to_owned(),
        line: position.line,
        column: position.column,
    })
}

/// The folder of the configuration; the current one where none is named.
pub(super) fn folder(origin: Origin<'_>) -> String {
    let folder = origin.folder.unwrap_or(".").trim_end_matches('/');
    let folder = folder.strip_prefix("./").unwrap_or(folder);
    match folder.is_empty() {
        true => ".".to_owned(),
        false => folder.to_owned(),
    }
}

/// What was found and what to do about it, on one line.
pub(super) fn sentence(finding: &Finding) -> String {
    let subject = match finding.path.is_root() {
        true => String::new(),
        false => format!("{}: ", finding.path),
    };
    let hint = finding.hint.as_deref().map(|hint| format!(". {hint}"));
    words::plain(&format!(
        "{subject}{}{}",
        finding.message.trim_end_matches('.'),
        hint.unwrap_or_default()
    ))
}
