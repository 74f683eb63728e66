//! The reference page of the language is what the table of functions says. Locally this writes it anew; in CI it fails instead.

use std::path::Path;

use lanyard_compiler::language::{function_facts, reference_page};

#[test]
fn the_page_of_the_language_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/language.md");
    let page = reference_page();
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    if written.replace("\r\n", "\n") == page {
        return;
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "docs/reference/language.md is stale; run `cargo test -p lanyard-compiler --test language` and commit what it writes"
    );
    std::fs::write(path, page).unwrap();
}

#[test]
fn every_function_has_one_row() {
    let facts = function_facts();
    let mut names: Vec<&str> = facts.iter().map(|function| function.name).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
    let unknown: Vec<&str> = facts
        .iter()
        .filter(|function| function.unknown_because.is_some())
        .map(|function| function.name)
        .collect();
    assert_eq!(
        unknown,
        [
            "base64gzip",
            "plantimestamp",
            "timestamp",
            "bcrypt",
            "rsadecrypt",
            "uuid"
        ]
    );
}
