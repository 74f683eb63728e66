//! Configurations of many styles (`tests/migrations/`), each migrated: what changes is a snapshot, and nothing else changes.
#![expect(
    clippy::unwrap_used,
    reason = "a test whose configurations cannot be read should stop there"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hcl_edit::Span as _;
use hcl_edit::structure::Structure;
use lanyard_compiler::language::MemoryLoader;
use lanyard_compiler::migration::diff::unified;
use lanyard_compiler::migration::rewrite::{Rewritten, SourceFile, is_read_alike, read, rewrite};
use similar::{ChangeTag, TextDiff};

const THEIRS: [&str; 4] = [
    "chronosphere_service_account",
    "signalfx_org_token",
    "openobserve_service_account",
    "openobserve_ingestion_token",
];

type Files = BTreeMap<String, String>;

fn files_below(folder: &Path, prefix: &str, files: &mut Files) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            files_below(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, std::fs::read_to_string(entry.path()).unwrap());
        }
    }
}

fn migrated(files: &Files) -> Rewritten {
    let found = read(&MemoryLoader::new(files.clone())).unwrap();
    rewrite(&found)
}

/// Bytes of lines that are gone though they stood in no block that speaks of what is migrated.
fn lost_elsewhere(before: &str, after: &str) -> usize {
    let [before, after] = [before, after].map(|text| text.trim_start_matches('\u{feff}'));
    let body = hcl_edit::parser::parse_body(before).unwrap();
    let spoken_of: Vec<_> = body
        .iter()
        .filter_map(Structure::as_block)
        .filter(|block| {
            let text = &before[block.span().unwrap()];
            matches!(block.ident.as_str(), "terraform" | "module")
                || THEIRS.iter().any(|theirs| text.contains(theirs))
        })
        .map(|block| block.span().unwrap())
        .collect();
    let mut place = 0;
    let mut lost = 0;
    // What follows gives the last line an end.
    let ended = if before.ends_with('\n') {
        before.to_owned()
    } else {
        format!("{before}\n")
    };
    for change in TextDiff::from_lines(&*ended, after).iter_all_changes() {
        let line = change.value();
        let is_spoken_of = spoken_of
            .iter()
            .any(|range| range.start < place + line.len() && place < range.end);
        if change.tag() == ChangeTag::Delete && !is_spoken_of {
            lost += line.len();
        }
        if change.tag() != ChangeTag::Insert {
            place += line.len();
        }
    }
    lost
}

/// The same for a file in JSON: what is said under names that have nothing to do with it.
fn lost_in_json(before: &str, after: &str) -> usize {
    let [before, after] = [before, after].map(|text| {
        serde_json::from_str::<serde_json::Value>(text).expect("what is written can be read")
    });
    let mut lost = 0;
    for (name, value) in before.as_object().unwrap() {
        let text = value.to_string();
        let may_change = ["terraform", "provider", "module", "moved"].contains(&name.as_str())
            || THEIRS.iter().any(|theirs| text.contains(theirs));
        if !may_change && after.get(name) != Some(value) {
            lost += text.len();
        }
    }
    lost
}

#[test]
fn only_what_has_to_change_changes() {
    let mut table = format!(
        "{:38} {:>5} {:>7} {:>9} {:>9} {:>4} {:>9} {}\n",
        "configuration",
        "files",
        "changed",
        "resources",
        "elsewhere",
        "left",
        "persons",
        "second run"
    );
    let mut cases: Vec<PathBuf> =
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/migrations"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
    cases.sort();
    assert!(cases.len() >= 64);
    let mut page = "| configuration | files | changed | resources | elsewhere | left | second run |\n|---|---|---|---|---|---|---|\n".to_owned();
    let mut is_right = true;
    for case in &cases {
        let name = case.file_name().unwrap().to_str().unwrap();
        let mut files = Files::new();
        files_below(case, "", &mut files);
        let Rewritten {
            files: changed,
            resources,
            persons,
            left,
        } = migrated(&files);
        let mut after = files.clone();
        let mut told = String::new();
        let mut elsewhere = 0;
        for SourceFile { name, text } in &changed {
            let before = &files[name];
            told.push_str(&unified(name, before, text));
            assert!(
                name.ends_with(".json") || is_read_alike(text.trim_start_matches('\u{feff}')),
                "another reader sees other blocks:\n{text}"
            );
            elsewhere += if name.ends_with(".json") {
                lost_in_json(before, text)
            } else {
                lost_elsewhere(before, text)
            };
            after.insert(name.clone(), text.clone());
        }
        for note in persons.iter().chain(&left) {
            let place = note.span.as_ref().unwrap();
            told.push_str(&format!(
                "{} at {}: {}\n",
                note.code.name(),
                place.file,
                note.detail
            ));
        }
        let told = told.replace('\r', "␍");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("snapshots/migrations");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, told));
        let again = migrated(&after);
        let second = match (again.files.len(), again.persons.len()) {
            (0, 0) => "no change",
            _ => "CHANGES",
        };
        table.push_str(&format!(
            "{name:38} {:>5} {:>7} {resources:>9} {elsewhere:>9} {:>4} {:>9} {second}\n",
            files.len(),
            changed.len(),
            left.len(),
            persons.len(),
        ));
        page.push_str(&format!(
            "| {name} | {} | {} | {resources} | {elsewhere} | {} | {second} |\n",
            files.len(),
            changed.len(),
            left.len(),
        ));
        is_right &= persons.is_empty() && resources > 0 && elsewhere == 0 && second == "no change";
    }
    assert!(is_right, "{table}");
    insta::assert_snapshot!("table", table);
    publish(&page);
}

/// The table stands at the end of a page. Locally this writes what is stale; in CI it fails instead.
fn publish(table: &str) {
    const FROM_HERE: &str = "<!-- written by the tests from here -->\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/coming-over.md");
    let page = std::fs::read_to_string(&path)
        .unwrap()
        .replace("\r\n", "\n");
    let (by_hand, _) = page.split_once(FROM_HERE).unwrap();
    let current = format!("{by_hand}{FROM_HERE}\n{table}");
    if page != current {
        assert!(
            std::env::var_os("CI").is_none(),
            "{} is stale; run: cargo test -p lanyard-compiler --test suite -- migrations",
            path.display()
        );
        std::fs::write(path, current).unwrap();
    }
}
