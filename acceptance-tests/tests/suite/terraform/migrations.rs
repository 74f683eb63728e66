//! The configurations of many styles that the compiler's tests migrate: what the command writes is valid for a real Terraform without
//! the vendors' providers, and formatted where it was before.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::support::binaries::Binaries;
use crate::support::story::{Story, on_every_terraform_with_server};

const VENDORS: [(&str, &str); 3] = [
    ("signalfx", "splunk-terraform/signalfx"),
    ("chronosphere", "chronosphereio/chronosphere"),
    ("openobserve", "openobserve/openobserve"),
];
/// Import blocks stand in a root module alone.
const ROOT: &str = "36-import-block";

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

/// Takes the vendor's provider out, as its own documentation of a removal says: the block, and any wish for a version.
fn without_vendors(text: &str, is_json: bool) -> String {
    if is_json {
        let mut json: serde_json::Value = serde_json::from_str(text).expect("it is JSON");
        for (vendor, _) in VENDORS {
            let providers = json.get_mut("provider").into_iter();
            for provider in providers.flat_map(|provider| match provider {
                serde_json::Value::Array(items) => items.iter_mut().collect(),
                one => vec![one],
            }) {
                provider
                    .as_object_mut()
                    .map(|provider| provider.remove(vendor));
            }
        }
        return json.to_string();
    }
    let mut kept = String::new();
    let mut is_out = false;
    for line in text.lines() {
        is_out |= VENDORS
            .iter()
            .any(|(vendor, _)| line == format!("provider \"{vendor}\" {{"));
        if !is_out && line.trim() != "version = \"~> 9.0\"" {
            kept.push_str(line);
            kept.push('\n');
        }
        is_out &= line.trim_end() != "}";
    }
    kept
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
            let folder = if name == ROOT {
                story.path("")
            } else {
                story.path(&name)
            };
            copy(&configurations.join(&name), &folder);
            names.insert(name);
        }
        // The configuration at the root says itself what it requires.
        std::fs::remove_file(story.path("versions.tf")).expect("every story has one");
        let before = unformatted(story);
        for name in &names {
            let folder = if name == ROOT { "." } else { name.as_str() };
            let mut command = Command::new(&Binaries::get().command);
            command.args(["migrate", folder, "--write"]);
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
        for name in names.iter().filter(|name| *name != ROOT) {
            calls.push_str(&format!(
                "module \"m{name}\" {{\n  source = \"./{name}\"\n}}\n"
            ));
        }
        for path in files(&story.path("")) {
            let is_json = path.extension().is_some_and(|ending| ending == "json");
            if is_json || path.extension().is_some_and(|ending| ending == "tf") {
                let text = std::fs::read_to_string(&path).expect("it is text");
                std::fs::write(&path, without_vendors(&text, is_json)).expect("it is ours");
            }
        }
        story.file("calls.tf", &calls);
        story.succeeds(&["init", "-input=false"]);
        story.succeeds(&["validate"]);
    });
}
