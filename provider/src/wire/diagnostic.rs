//! Diagnostic -> tfplugin5. Terraform adds file, line and snippet; the hints become paragraphs of the detail.

use lanyard_compiler::diagnostic::{Diagnostic, Severity};

use super::{WireShape, attribute_path};
use crate::generated::tfplugin5 as wire;

/// The diagnostics for Terraform; their paths lead into this shape, if it is known.
pub fn diagnostics(diagnostics: &[Diagnostic], shape: Option<&WireShape>) -> Vec<wire::Diagnostic> {
    diagnostics
        .iter()
        .map(|diagnostic| one(diagnostic, shape))
        .collect()
}

fn one(diagnostic: &Diagnostic, shape: Option<&WireShape>) -> wire::Diagnostic {
    // Every field has its place: a new one stops the build here. The code is for machines that read other formats, the span is
    // one that Terraform finds for itself, and what is sensitive only Terraform knows.
    let Diagnostic {
        severity,
        code: _,
        summary,
        detail,
        path,
        span: _,
        hints,
        meant: _,
        tellings: _,
    } = diagnostic;
    // 0 would be neither: printed without a heading, and the run goes on.
    let severity = match severity {
        Severity::Error => wire::diagnostic::Severity::Error,
        Severity::Warning => wire::diagnostic::Severity::Warning,
    };
    let mut detail = detail.clone();
    for hint in hints {
        if !detail.is_empty() {
            detail.push_str("\n\n");
        }
        detail.push_str(hint);
    }
    wire::Diagnostic {
        severity: severity.into(),
        summary: summary.clone(),
        detail,
        attribute: (!path.is_root()).then(|| attribute_path(path, shape)),
    }
}
