//! What went wrong, where, and what to do about it: the one error type of every front end.

mod code;
mod masking;
mod quoting;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::redaction::KnownSecrets;
use crate::value::AttributePath;

pub use code::Code;
pub(crate) use masking::without_secrets;
pub use quoting::{KEPT_BACK, Quote, SENSITIVE, Tellings, figures, quoted, quoted_among};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Error,
    Warning,
}

/// A place in a source file. Lines and columns are found by the report, from the file's text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// The file as the user named it, relative to the configuration's root where possible.
    pub file: Arc<str>,
    /// Byte offsets into the file.
    pub range: Range<usize>,
}

/// A text that may begin with a server's name ("the native token server"), as a sentence.
pub fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}

/// One complaint.
///
/// `summary` is constant per cause (Terraform groups warnings by it); names and values belong into `detail`. No field may ever
/// hold a secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    pub severity: Severity,
    pub code: Code,
    pub summary: String,
    /// Cause, in whole sentences; may be empty.
    pub detail: String,
    /// The attribute it speaks of, inside its resource; empty for the resource as a whole.
    pub path: AttributePath,
    /// The place in the source, where the front end knows it (Terraform adds its own).
    pub span: Option<Span>,
    /// What to do next, one sentence each.
    pub hints: Vec<String>,
    /// The name of ours that stands in place of the one at `span`, where somebody surely meant that.
    pub meant: Option<String>,
    /// What the detail is where it is known whether the value in it is sensitive.
    pub tellings: Option<Box<Tellings>>,
}

impl Diagnostic {
    pub fn error(code: Code, summary: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, summary.into())
    }

    pub fn warning(code: Code, summary: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, summary.into())
    }

    fn new(severity: Severity, code: Code, summary: String) -> Self {
        Self {
            severity,
            code,
            summary,
            detail: String::new(),
            path: AttributePath::root(),
            span: None,
            hints: Vec::new(),
            meant: None,
            tellings: None,
        }
    }

    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self.tellings = None;
        self
    }

    /// A detail that names a value which was configured: as [`quoted`] has it, until somebody says whether it is sensitive.
    #[must_use]
    pub fn detail_of(self, tell: impl Fn(Quote<'_>) -> String) -> Self {
        self.detail_with(&quoted, tell)
    }

    /// The same where one of these words is expected.
    #[must_use]
    pub fn detail_among(self, words: &[&str], tell: impl Fn(Quote<'_>) -> String) -> Self {
        self.detail_with(&|text| quoted_among(text, words.iter().copied()), tell)
    }

    fn detail_with(mut self, quote: Quote<'_>, tell: impl Fn(Quote<'_>) -> String) -> Self {
        self.detail = tell(quote);
        self.tellings = Some(Box::new(Tellings {
            openly: tell(&quoting::openly),
            hidden: tell(&|_| SENSITIVE.to_owned()),
        }));
        self
    }

    /// With the value that it speaks of, unless that is sensitive: for whoever knows.
    #[must_use]
    pub fn told(mut self, sensitive: bool) -> Self {
        if let Some(tellings) = self.tellings.take() {
            let Tellings { openly, hidden } = *tellings;
            self.detail = sentence(if sensitive { &hidden } else { &openly });
        }
        self
    }

    #[must_use]
    pub fn at(mut self, path: AttributePath) -> Self {
        self.path = path;
        self
    }

    #[must_use]
    pub fn span(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// A hint that can be followed by itself: this name belongs in place of the one at the span.
    #[must_use]
    pub fn meant(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.hints.push(format!("did you mean {name:?}?"));
        self.meant = Some(name);
        self
    }

    /// Takes out secrets that others wrote into it.
    pub(crate) fn hide_secrets(&mut self, known: &KnownSecrets) {
        self.tellings = None;
        known.hide_in_text(&mut self.summary);
        known.hide_in_text(&mut self.detail);
        self.hints
            .iter_mut()
            .for_each(|hint| known.hide_in_text(hint));
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// One line: severity, summary, then the detail and the hints on lines of their own.
impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(formatter, "{severity}[{}]: {}", self.code, self.summary)?;
        if !self.path.is_root() {
            write!(formatter, " (at `{}`)", self.path)?;
        }
        if !self.detail.is_empty() {
            write!(formatter, "\n  {}", self.detail)?;
        }
        self.hints
            .iter()
            .try_for_each(|hint| write!(formatter, "\n  hint: {hint}"))
    }
}

/// True if any of them is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}
