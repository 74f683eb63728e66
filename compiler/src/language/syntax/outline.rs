//! The blocks and attributes of a text without their values: what another reader has to see in it, too.

use super::{Body, parse_body};
use crate::language::source::FileId;

/// One line for each, in the order of names where the order has no meaning; `None` for a text with mistakes.
pub(crate) fn outline(text: &str) -> Option<Vec<String>> {
    let parsed = parse_body(FileId::NONE, text);
    let mut lines = Vec::new();
    collect(&parsed.body, 0, &mut lines);
    parsed.errors.is_empty().then_some(lines)
}

fn collect(body: &Body, depth: usize, lines: &mut Vec<String>) {
    let margin = "  ".repeat(depth);
    let names = body.attributes.iter();
    let mut names: Vec<String> = names
        .map(|attribute| format!("{margin}{} =", attribute.name))
        .collect();
    names.sort();
    lines.append(&mut names);
    for block in &body.blocks {
        let labels: Vec<&str> = block.labels.iter().map(|label| &*label.text).collect();
        lines.push(format!("{margin}{} {labels:?}", block.kind));
        collect(&block.body, depth + 1, lines);
    }
}
