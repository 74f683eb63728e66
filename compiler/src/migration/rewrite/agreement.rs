//! The language's own reader beside `hcl-edit`, which others wrote: a file is rewritten only where both see the same blocks in it.
//! `hcl-edit` takes what follows an empty heredoc for a part of it, for example, and resources there would be overlooked.

use hcl_edit::structure::{Body, Structure};

use crate::language::outline;

/// True if both see the same, or ours has complaints of its own: those are for `validate`.
pub(super) fn agree(text: &str, body: &Body) -> bool {
    outline(text).is_none_or(|ours| {
        let mut theirs = Vec::new();
        collect(body, 0, &mut theirs);
        ours == theirs
    })
}

fn collect(body: &Body, depth: usize, lines: &mut Vec<String>) {
    let margin = "  ".repeat(depth);
    let names = body.attributes();
    let mut names: Vec<String> = names
        .map(|attribute| format!("{margin}{} =", attribute.key.as_str()))
        .collect();
    names.sort();
    lines.append(&mut names);
    for block in body.iter().filter_map(Structure::as_block) {
        let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
        lines.push(format!("{margin}{} {labels:?}", block.ident.as_str()));
        collect(&block.body, depth + 1, lines);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};

    use super::*;

    fn texts(folder: &Path, found: &mut BTreeMap<PathBuf, String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_ours = |ending| ["tf", "tofu", "hcl"].iter().any(|known| ending == *known);
            if path.is_dir() {
                texts(&path, found);
            } else if path.extension().is_some_and(is_ours)
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                found.insert(path, text);
            }
        }
    }

    /// Over all configurations of the repository. Where the two differ is the list.
    #[test]
    fn another_reader_sees_the_same_blocks() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut found = BTreeMap::new();
        for folder in [
            "compiler/tests/language",
            "compiler/tests/migrations",
            "examples",
        ] {
            texts(&root.join(folder), &mut found);
        }
        let mut alike = 0;
        let mut differences = String::new();
        for (path, text) in &found {
            let what = match (outline(text), hcl_edit::parser::parse_body(text)) {
                (Some(_), Ok(body)) if agree(text, &body) => None,
                (None, Err(_)) => None,
                (Some(_), Ok(_)) => Some("other blocks"),
                (Some(_), Err(_)) => Some("we take it, hcl-edit does not"),
                (None, Ok(_)) => Some("hcl-edit takes it, we do not"),
            };
            match what {
                None => alike += 1,
                Some(what) => {
                    let name = path.strip_prefix(&root).unwrap().display();
                    differences.push_str(&format!("{name}: {what}\n"));
                }
            }
        }
        assert!(alike > 300, "{alike} of {}", found.len());
        insta::assert_snapshot!(differences);
    }
}
