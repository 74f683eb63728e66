//! Every folder under `examples/` does what it shows: it is applied against a token server, has nothing left to do, and is destroyed.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::support::console::note;
use crate::support::story::{
    Story, on_every_terraform, on_every_terraform_since, on_every_terraform_with_server,
};

#[test]
fn the_quickstart_and_the_provider_example_apply() {
    on_every_terraform(|story| apply_and_destroy(story, &folder("quickstart")));
    on_every_terraform(|story| apply_and_destroy(story, &folder("provider")));
}

/// As it stands, but for what GitHub keeps: that is a module here, with the arguments of the resource.
#[test]
fn the_first_snippet_of_the_readme_applies() {
    const GITHUB: &str = r#"
variable "repository" {
  type = string
}
variable "secret_name" {
  type = string
}
variable "value" {
  type      = string
  sensitive = true
}
resource "terraform_data" "secret" {
  triggers_replace = [var.repository, var.secret_name, sha256(var.value)]
}
"#;
    let readme = read(&folder("../README.md"));
    let (_, rest) = readme.split_once("```hcl\n").expect("it has a snippet");
    let (snippet, _) = rest.split_once("```").expect("the snippet ends");
    let (before, rest) = snippet
        .split_once("    github = {\n")
        .expect("it asks for GitHub's provider");
    let (_, after) = rest.split_once("    }\n").expect("the request ends");
    let resource = "resource \"github_actions_secret\" \"deploy\" {";
    assert!(after.contains(resource), "{after}");
    let module = "module \"deploy\" {\n  source = \"./github\"";
    on_every_terraform(|story| {
        std::fs::create_dir(story.path("github")).expect("the folder of a story is writable");
        story.file("github/main.tf", GITHUB);
        story.file("versions.tf", "");
        story.file(
            "main.tf",
            &[before, &after.replace(resource, module)].concat(),
        );
        story.succeeds(&["init", "-input=false"]);
        story.settle();
        assert!(story.accepts(&story.text("lanyard_access_token.ci", "token")));
        story.destroy();
    });
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

/// Each is invoked as its comment says, and the apply after it mends what it ended.
#[test]
fn action_examples_run() {
    for folder in folders_in("actions") {
        on_every_terraform_since((1, 14), |story| {
            apply(story, &folder);
            let before = story.text("lanyard_access_token.ci", "token");
            let address = format!("-invoke=action.{}.ci", file_name(&folder));
            assert!(read(&folder.join("action.tf")).contains(&address));
            story.succeeds(&["apply", "-auto-approve", &address]);
            story.succeeds(&["apply", "-auto-approve"]);
            let after = story.text("lanyard_access_token.ci", "token");
            assert!(before != after && story.accepts(&after));
            story.expect_empty_plan();
            story.destroy();
        });
    }
}

#[test]
fn list_resource_examples_list() {
    for folder in folders_in("list-resources") {
        on_every_terraform_since((1, 14), |story| {
            story
                .native()
                .post("/v1/service-accounts", &json!({ "name": "shop-berlin" }));
            story
                .native()
                .post("/v1/access-tokens", &json!({ "name": "build-1" }));
            set_up(story, &folder);
            let said = story.data(&["query", "-json"]);
            assert_eq!(
                said.matches("\"list_resource_found\":").count(),
                1,
                "{said}"
            );
            story.succeeds(&["query", "-generate-config-out=found.tf"]);
            let plan = story.plan();
            assert_eq!(plan.to_string().matches("import ").count(), 1, "{plan}");
            story.apply_saved_plan();
        });
    }
}

/// Terraform 1.12 brought identities.
#[test]
fn identity_import_examples_import() {
    for folder in folders_in("resources") {
        on_every_terraform_since((1, 12), |story| {
            apply(story, &folder);
            let block = read(&folder.join("import-by-identity.tf"));
            import_with(story, &block);
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
    // Pipelines, which the command's own tests read.
    kinds.retain(|kind| kind != "pull-request");
    kinds.sort();
    assert_eq!(
        kinds,
        [
            "actions",
            "data-sources",
            "ephemeral-resources",
            "functions",
            "list-resources",
            "provider",
            "quickstart",
            "resources",
            "servers"
        ],
        "each needs a test in this file"
    );
}

/// What a linter asks for first.
#[test]
fn every_example_says_which_versions_it_needs() {
    for kind in folders_in("") {
        let own = [kind.clone()];
        for folder in folders_in(&file_name(&kind)).iter().chain(&own) {
            let texts: Vec<_> = std::fs::read_dir(folder)
                .expect("the example should be readable")
                .map(|entry| entry.expect("the example should be readable").path())
                .filter(|path| path.extension().is_some_and(|ending| ending == "tf"))
                .map(|path| read(&path))
                .collect();
            let text = texts.concat();
            for needed in ["required_version = \">= 1.", "version = \"~> 0.1\""] {
                assert!(
                    texts.is_empty() || text.contains(needed),
                    "{} should say {needed}",
                    folder.display()
                );
            }
        }
    }
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
    import_with(story, &block);
}

/// Forgets what the block imports, and takes it back with that.
fn import_with(story: &Story, block: &str) {
    let between = |start: &str, end: &str| {
        let (_, rest) = block.split_once(start).expect("the block says it");
        rest.split_once(end).expect("the line ends").0.to_owned()
    };
    let address = between("to = ", "\n");
    let id = story.text(&address, "id");
    story.succeeds(&["state", "rm", &address]);
    story.file("import.tf", &block.replace(&between("id = \"", "\""), &id));
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
        if (name.ends_with(".tf") || name.ends_with(".hcl")) && !name.starts_with("import") {
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
