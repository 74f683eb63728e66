//! The configurations of many styles that the compiler's tests migrate: what the command writes is valid for a real Terraform without
//! the vendors' providers, and formatted where it was before.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use serde_json::Value;

use crate::support::binaries::Binaries;
use crate::support::server::TokenServer;
use crate::support::story::{Story, on_every_terraform_with_server};

const VENDORS: [(&str, &str); 3] = [
    ("signalfx", "splunk-terraform/signalfx"),
    ("chronosphere", "chronosphereio/chronosphere"),
    ("openobserve", "openobserve/openobserve"),
];
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the story's folder is ours");
    for entry in std::fs::read_dir(from).expect("the configurations are there") {
        let entry = entry.expect("the configurations are there");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder is there").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// Takes the vendors' providers out of what is set up and handed on, any wish for a version, and imports, which stand in a root module
/// alone.
fn without_vendors(text: &str, is_json: bool) -> String {
    if is_json {
        let mut json: Value = serde_json::from_str(text).expect("it is JSON");
        let modules = json.get_mut("module").and_then(Value::as_object_mut);
        for module in modules.into_iter().flat_map(|modules| modules.values_mut()) {
            module.get_mut("providers").into_iter().for_each(forget);
        }
        if let Some(providers) = json.get_mut("provider") {
            forget(providers);
        }
        return json.to_string();
    }
    let mut kept = String::new();
    let mut is_out = false;
    for line in text.lines() {
        let is_set_up = VENDORS
            .iter()
            .any(|(vendor, _)| line.starts_with(&format!("provider \"{vendor}\" {{")));
        if is_set_up && line.ends_with('}') {
            continue;
        }
        is_out |= line == "import {" || is_set_up;
        let is_theirs = is_handed_on(line) || line.trim() == "version = \"~> 9.0\"";
        if !is_out && !is_theirs {
            kept.push_str(&without_handed_on(line));
            kept.push('\n');
        }
        is_out &= line.trim_end() != "}";
    }
    kept
}

/// `signalfx = signalfx.eu` and the like.
fn is_handed_on(entry: &str) -> bool {
    VENDORS.iter().any(|(vendor, _)| {
        let values = [format!("= {vendor}"), format!("= [{vendor}.")];
        let is_key = entry.trim().starts_with(vendor) || entry.contains("configuration_aliases");
        is_key && values.iter().any(|value| entry.contains(value))
    })
}

/// The same in a map on one line.
fn without_handed_on(line: &str) -> String {
    let map = line.split_once("providers = { ");
    let Some((before, entries)) =
        map.and_then(|(before, rest)| Some((before, rest.strip_suffix(" }")?)))
    else {
        return line.to_owned();
    };
    let kept: Vec<&str> = entries
        .split(", ")
        .filter(|entry| !is_handed_on(entry))
        .collect();
    format!("{before}providers = {{ {} }}", kept.join(", "))
}

fn forget(providers: &mut Value) {
    match providers {
        Value::Array(items) => items.iter_mut().for_each(forget),
        Value::Object(members) => {
            members.retain(|name, _| VENDORS.iter().all(|(vendor, _)| name != vendor));
        }
        _ => {}
    }
}

/// The files that `terraform fmt` would write otherwise.
fn unformatted(story: &Story) -> BTreeSet<String> {
    let said = story.run(&["fmt", "-check", "-recursive"]).stdout;
    said.lines().map(str::to_owned).collect()
}

#[test]
fn what_is_migrated_is_valid_and_formatted() {
    on_every_terraform_with_server(&["--api", "splunk"], |story| {
        for (_, source) in VENDORS {
            story.stand_in(source);
        }
        let configurations =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../compiler/tests/migrations");
        let mut names = BTreeSet::new();
        for entry in std::fs::read_dir(&configurations).expect("the configurations are there") {
            let name = entry.expect("the configurations are there").file_name();
            let name = name.into_string().expect("names are text");
            copy(&configurations.join(&name), &story.path(&name));
            names.insert(name);
        }
        let before = unformatted(story);
        for name in &names {
            let mut command = Command::new(&Binaries::get().command);
            command.args(["migrate", name, "--write"]);
            story.enclose(&mut command);
            let output = command.output().expect("the command starts");
            assert!(
                output.status.success(),
                "{name}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        let after = unformatted(story);
        assert!(
            after.is_subset(&before),
            "formatted before, and not any more: {:?}",
            after.difference(&before).collect::<Vec<_>>()
        );
        let mut calls = String::new();
        for name in &names {
            calls.push_str(&format!(
                "module \"m{name}\" {{\n  source = \"./{name}\"\n}}\n"
            ));
        }
        for path in names.iter().flat_map(|name| files(&story.path(name))) {
            let text = std::fs::read_to_string(&path).expect("it is text");
            let is_json = path.extension().is_some_and(|ending| ending == "json");
            std::fs::write(&path, without_vendors(&text, is_json)).expect("it is ours");
        }
        story.file("calls.tf", &calls);
        // These are for servers of several kinds, and none is asked.
        for name in story.server.environment().keys() {
            story.environment(name, None);
        }
        story.succeeds(&["init", "-input=false"]);
        story.succeeds(&["validate"]);
    });
}

/// What is inserted stands as `terraform fmt` puts it, in files that are indented otherwise, too: it makes the same of a file, before the
/// migration and after it.
#[test]
fn formatting_before_or_after_a_migration_gives_the_same() {
    Story::with_one_terraform(&Arc::new(TokenServer::start_with(&["--api", "splunk"]))).tell(
        |story| {
            let configurations =
                Path::new(env!("CARGO_MANIFEST_DIR")).join("../compiler/tests/migrations");
            for folder in ["before", "after"] {
                copy(&configurations, &story.path(folder));
            }
            story.succeeds(&["fmt", "-recursive", "before"]);
            for folder in ["before", "after"] {
                for entry in
                    std::fs::read_dir(&configurations).expect("the configurations are there")
                {
                    let entry = entry.expect("the configurations are there");
                    let mut command = Command::new(&Binaries::get().command);
                    let case = story.path(folder).join(entry.file_name());
                    command.arg("migrate").arg(&case).arg("--write");
                    story.enclose(&mut command);
                    let output = command.output().expect("the command starts");
                    assert!(output.status.success(), "{}", case.display());
                }
            }
            let unformatted = unformatted(story);
            let in_before: Vec<&String> = unformatted
                .iter()
                .filter(|file| file.starts_with("before/"))
                .collect();
            assert!(
                in_before.is_empty(),
                "formatted before, and not any more: {in_before:?}"
            );
            story.succeeds(&["fmt", "-recursive"]);
            for path in files(&story.path("before")) {
                let inner = path
                    .strip_prefix(story.path("before"))
                    .expect("it is below");
                let [before, after] = [&path, &story.path("after").join(inner)]
                    .map(|path| std::fs::read_to_string(path).expect("it is text"));
                assert_eq!(before, after, "{}", inner.display());
            }
        },
    );
}
