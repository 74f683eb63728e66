//! The reference page of the language is what the table of functions says. Locally this writes it anew; in CI it fails instead.

use std::fmt::Write as _;
use std::path::Path;

use lanyard_compiler::language::{function_facts, reference_page};

use crate::corpus::{NEWER, OPENTOFU, UNRELEASED, USUAL, cases, recorded};

/// Each program, which corpora it is asked about, and the files of its answers: the first that is there counts.
const RECORDED: [(&str, &[&str], &[&str]); 4] = [
    ("Terraform 1.11.4", &["corpus"], &[USUAL]),
    ("Terraform 1.15.5", &["corpus"], &[NEWER, USUAL]),
    (
        "Terraform 1.17.0-dev",
        &["corpus"],
        &[UNRELEASED, NEWER, USUAL],
    ),
    (
        "OpenTofu 1.12.6",
        &["corpus", "opentofu"],
        &[OPENTOFU, USUAL],
    ),
];

#[test]
fn the_page_of_the_language_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/language.md");
    let page = reference_page(&corpus_table());
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

/// What each program said of the corpus, as recorded.
fn corpus_table() -> String {
    let mut table =
        "| program | configurations | values | rejections |\n|---|---|---|---|\n".to_owned();
    for (program, corpora, files) in RECORDED {
        let (mut configurations, mut values, mut rejections) = (0, 0, 0);
        for case in corpora.iter().flat_map(|corpus| cases(corpus)) {
            let answer = files.iter().find_map(|file| recorded(&case, file));
            let answer = answer.unwrap_or_else(|| panic!("no answer beside {}", case.display()));
            configurations += 1;
            values += answer["outputs"].as_object().unwrap().len();
            rejections += answer["errors"].as_array().unwrap().len();
        }
        let _ = writeln!(
            table,
            "| {program} | {configurations} | {values} | {rejections} |"
        );
    }
    table
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
