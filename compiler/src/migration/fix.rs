//! Names of ours that are misspelled in a configuration, put right in place: what `validate` says that somebody meant.

use std::collections::BTreeMap;

use super::rewrite::SourceFile;
use super::text::{Edit, apply};
use crate::diagnostic::Diagnostic;
use crate::language::Sources;

/// What becomes of a configuration's files.
#[derive(Clone, Debug, Default)]
pub struct Fixed {
    /// The files that change, with their new text.
    pub files: Vec<SourceFile>,
    /// How many names.
    pub names: usize,
}

/// Follows every complaint that says what was meant. Each place is changed once, and only where one name stands.
pub fn fixed(diagnostics: &[Diagnostic], sources: &Sources) -> Fixed {
    let mut edits: BTreeMap<&str, Vec<Edit>> = BTreeMap::new();
    let mut names = 0;
    for diagnostic in diagnostics {
        let (Some(meant), Some(span)) = (&diagnostic.meant, &diagnostic.span) else {
            continue;
        };
        let written = sources
            .text(&span.file)
            .and_then(|text| text.get(span.range.clone()));
        let Some(written) = written else { continue };
        let inner = written.trim_matches('"');
        let is_name = !inner.is_empty()
            && inner
                .chars()
                .all(|letter| letter.is_alphanumeric() || "_-.:/".contains(letter));
        let of_file = edits.entry(&span.file).or_default();
        if !is_name || of_file.iter().any(|edit| edit.range == span.range) {
            continue;
        }
        names += 1;
        let is_quoted = inner.len() < written.len();
        of_file.push(Edit {
            range: span.range.clone(),
            text: if is_quoted {
                format!("\"{meant}\"")
            } else {
                meant.clone()
            },
        });
    }
    let files = edits
        .iter()
        .filter(|(_, edits)| !edits.is_empty())
        .filter_map(|(name, edits)| {
            let text = apply(sources.text(name)?, edits);
            Some(SourceFile {
                name: (*name).to_owned(),
                text,
            })
        });
    Fixed {
        files: files.collect(),
        names,
    }
}
