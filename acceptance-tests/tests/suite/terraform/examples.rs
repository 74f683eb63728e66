//! Every folder under `examples/` does what it shows: it is applied against a token server, has nothing left to do, and is destroyed.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::support::console::note;
use crate::support::story::{Story, on_every_terraform, on_every_terraform_with_server};

#[test]
fn the_quickstart_and_the_provider_example_apply() {
    on_every_terraform(|story| apply_and_destroy(story, &folder("quickstart")));
    on_every_terraform(|story| apply_and_destroy(story, &folder("provider")));
}

#[test]
fn resource_examples_apply() {
    for folder in folders_in("resources") {
        on_every_terraform(|story| apply_and_destroy(story, &folder));
    }
}

#[test]
fn data_source_examples_apply() {
    for folder in folders_in("data-sources") {
        on_every_terraform(|story| {
            // What the examples look up: others made it.
            let account = story
                .native()
                .post("/v1/service-accounts", &json!({ "name": "deploy" }));
            story.native().post(
                "/v1/access-tokens",
                &json!({ "name": "ci", "service_account_id": account["id"] }),
            );
            apply(story, &folder);
            story.succeeds(&["destroy", "-auto-approve"]);
            assert_eq!(
                story.native().token_names(),
                ["ci"],
                "what others made should stay"
            );
        });
    }
}

#[test]
fn function_examples_apply() {
    for folder in folders_in("functions") {
        on_every_terraform(|story| apply_and_destroy(story, &folder));
    }
}

/// One folder for each server, under its name.
#[test]
fn examples_of_every_server_apply() {
    for folder in folders_in("servers") {
        let api = file_name(&folder);
        on_every_terraform_with_server(&["--api", &api], |story| {
            apply_and_destroy(story, &folder);
        });
    }
}

/// Ephemeral resources need Terraform 1.10 or OpenTofu 1.11.
#[test]
fn ephemeral_resource_examples_apply() {
    for folder in folders_in("ephemeral-resources") {
        on_every_terraform(|story| {
            // What the example of an exchange gives: somebody else made it.
            let account = story.native().post(
                "/v1/service-accounts",
                &json!({ "name": "job", "roles": ["viewer"] }),
            );
            let token = story.native().post(
                "/v1/access-tokens",
                &json!({ "name": "job", "service_account_id": account["id"] }),
            );
            story.environment("TF_VAR_subject_token", token["secret"].as_str());
            apply(story, &folder);
            story.succeeds(&["destroy", "-auto-approve"]);
            assert_eq!(
                story.native().token_names(),
                ["job"],
                "what was opened should be closed"
            );
        });
    }
}

#[test]
fn import_examples_import() {
    for folder in folders_in("resources") {
        on_every_terraform(|story| import_again(story, &folder));
    }
}

#[test]
fn every_example_is_tested() {
    let mut kinds: Vec<_> = folders_in("").iter().map(|path| file_name(path)).collect();
    kinds.sort();
    assert_eq!(
        kinds,
        [
            "data-sources",
            "ephemeral-resources",
            "functions",
            "provider",
            "quickstart",
            "resources",
            "servers"
        ],
        "each needs a test in this file"
    );
}

fn apply_and_destroy(story: &Story, folder: &Path) {
    apply(story, folder);
    story.destroy();
}

fn apply(story: &Story, folder: &Path) {
    note(&folder.display().to_string());
    set_up(story, folder);
    story.settle();
}

/// Forgets an object and takes it back, once with the command and once with the block that the documentation shows.
fn import_again(story: &Story, folder: &Path) {
    apply(story, folder);

    let script = read(&folder.join("import.sh"));
    let words: Vec<&str> = script
        .lines()
        .last()
        .expect("the script has a command")
        .split(' ')
        .collect();
    let ["terraform", "import", address, placeholder] = words[..] else {
        panic!("import.sh should end with `terraform import ADDRESS ID`, not with {words:?}");
    };
    let id = story.text(address, "id");
    story.succeeds(&["state", "rm", address]);
    story.succeeds(&["import", address, &id]);
    story.settle();

    let block = read(&folder.join("import-by-string-id.tf"));
    assert!(
        block.contains(&format!("id = \"{placeholder}\"")),
        "both ways should import the same id:\n{block}"
    );
    story.succeeds(&["state", "rm", address]);
    story.file("import.tf", &block.replace(placeholder, &id));
    let plan = story.plan();
    assert!(
        plan.to_string().contains("import"),
        "the block should import:\n{plan}"
    );
    story.apply_saved_plan();
    story.destroy();
}

/// Copies all but what imports, and gives what a user has around it.
fn set_up(story: &Story, folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("the example should be readable") {
        let path = entry.expect("the example should be readable").path();
        let name = file_name(&path);
        if name.ends_with(".tf") && !name.starts_with("import") {
            let text = read(&path);
            if text.contains("required_providers") {
                story.file("versions.tf", "");
            }
            story.file(&name, &text);
        }
    }
    // What stands in the example outdoes what stands in the environment.
    story.file(
        "terraform.tfvars.json",
        &json!({ "url": story.server.ready.url, "token": story.server.ready.token }).to_string(),
    );
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples")
        .join(name)
}

fn folders_in(name: &str) -> Vec<PathBuf> {
    let mut folders: Vec<_> = std::fs::read_dir(folder(name))
        .expect("examples should be readable")
        .map(|entry| entry.expect("examples should be readable").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("{} should be readable: {error}", path.display()))
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .expect("a path in a folder has a name")
        .to_string_lossy()
        .into_owned()
}
