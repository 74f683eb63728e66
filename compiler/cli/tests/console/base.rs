//! `lanyard review --base`: two revisions of a folder, without a server, a credential or the values of variables.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its repository should stop there"
)]

use std::path::Path;
use std::process::Command;

use crate::support::Folder;

const BEFORE: &str = r#"variable "team" {
  type = string
}

variable "token" {
  type      = string
  sensitive = true
}

provider "lanyard" {
  url   = "https://tokens.example.com"
  token = var.token
}

resource "lanyard_service_account" "ci" {
  name  = "ci-${var.team}"
  roles = ["viewer"]
}

resource "lanyard_access_token" "deploy" {
  name            = "deploy"
  service_account = lanyard_service_account.ci.id
  roles           = ["viewer"]
  ttl             = "90d"
  rotation {
    before_expiry = "14d"
    grace_period  = "48h"
    triggers      = { leak = "1" }
  }
}

resource "lanyard_access_token" "old" {
  name            = "old-${var.team}"
  service_account = lanyard_service_account.ci.id
  ttl             = "90d"
}

resource "lanyard_access_token" "kept" {
  name            = "kept-${var.team}"
  service_account = lanyard_service_account.ci.id
  ttl             = "90d"
}

resource "lanyard_access_token" "forgotten" {
  name = "forgotten"
  ttl  = "90d"
}

module "shared" {
  source  = "../modules/shared"
  account = lanyard_service_account.ci.id
}
"#;

const SHARED: &str = r#"variable "account" {}

resource "lanyard_access_token" "reader" {
  name            = "reader"
  service_account = var.account
  ttl             = "30d"
}
"#;

/// What the pull request makes of it.
fn after() -> String {
    let old = BEFORE
        .find("resource \"lanyard_access_token\" \"old\"")
        .unwrap();
    let kept = BEFORE
        .find("resource \"lanyard_access_token\" \"kept\"")
        .unwrap();
    let without_old = format!("{}{}", &BEFORE[..old], &BEFORE[kept..]);
    let forgotten = "resource \"lanyard_access_token\" \"forgotten\" {\n  name = \"forgotten\"\n  ttl  = \"90d\"\n}\n";
    let removed = "removed {\n  from = lanyard_access_token.forgotten\n  lifecycle {\n    destroy = false\n  }\n}\n";
    without_old
        .replace("roles = [\"viewer\"]", "roles = [\"admin\", \"viewer\"]")
        .replace("leak = \"1\"", "leak = \"2\"")
        .replace(
            "lanyard_access_token\" \"kept\"",
            "lanyard_access_token\" \"renamed\"",
        )
        .replace(forgotten, removed)
        + r#"
moved {
  from = lanyard_access_token.kept
  to   = lanyard_access_token.renamed
}

output "deploy" {
  value = nonsensitive(lanyard_access_token.deploy.token)
}
"#
}

fn git(folder: &Path, words: &str) {
    let output = Command::new("git")
        .args(words.split_whitespace())
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_NAME", "somebody")
        .env("GIT_AUTHOR_EMAIL", "somebody@example.com")
        .env("GIT_COMMITTER_NAME", "somebody")
        .env("GIT_COMMITTER_EMAIL", "somebody@example.com")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {words}: {said}");
}

/// A repository with one commit, `main`, and a change on top that is not committed.
fn repository() -> Folder {
    let folder = Folder::new(&[
        ("infra/main.tf", BEFORE),
        ("modules/shared/main.tf", SHARED),
        ("README.md", "about it"),
    ]);
    git(folder.path(), "init --quiet --initial-branch=main");
    git(folder.path(), "add .");
    git(folder.path(), "commit --quiet --message base");
    folder.write("infra/main.tf", &after());
    folder.write("modules/shared/main.tf", &SHARED.replace("30d", "400d"));
    folder
        .set("PATH", &std::env::var("PATH").unwrap())
        .set("GIT_CONFIG_GLOBAL", "/dev/null")
        .set("GIT_CONFIG_NOSYSTEM", "1")
}

#[test]
fn a_fork_is_reviewed_without_anything() {
    let folder = repository();
    insta::assert_snapshot!(folder.run("review --base main infra"));
    // Nothing was checked out over it.
    let now = std::fs::read_to_string(folder.path().join("infra/main.tf")).unwrap();
    assert_eq!(now, after());
}

#[test]
fn values_of_variables_that_change_are_not_compared() {
    let folder = Folder::new(&[
        ("infra/main.tf", BEFORE),
        ("modules/shared/main.tf", SHARED),
        ("infra/env/prod.tfvars", "team = \"a\"\n"),
        ("other/terraform.tfvars", "team = \"a\"\n"),
    ]);
    git(folder.path(), "init --quiet --initial-branch=main");
    git(folder.path(), "add .");
    git(folder.path(), "commit --quiet --message base");
    let folder = folder
        .set("PATH", &std::env::var("PATH").unwrap())
        .set("GIT_CONFIG_GLOBAL", "/dev/null")
        .set("GIT_CONFIG_NOSYSTEM", "1");
    const REVIEW: &str = "review --base main infra --detailed-exitcode";
    let same = folder.run(REVIEW);
    // Each folder takes its own.
    folder.write("other/terraform.tfvars", "team = \"b\"\n");
    assert_eq!(folder.run(REVIEW), same);
    folder.write("infra/env/prod.tfvars", "team = \"b\"\n");
    insta::assert_snapshot!(folder.run(REVIEW));
}

/// A file of values counts on each side as it is there: in Git for the base, and on disk for the folder.
#[test]
fn values_of_variables_that_are_named_are_compared() {
    const MAIN: &str = "variable \"roles\" {\n  type = list(string)\n}\n\n\
        resource \"lanyard_service_account\" \"ci\" {\n  name  = \"ci\"\n  roles = var.roles\n}\n";
    let folder = Folder::new(&[
        ("infra/main.tf", MAIN),
        ("env/prod.tfvars", "roles = [\"viewer\"]\n"),
    ]);
    git(folder.path(), "init --quiet --initial-branch=main");
    git(folder.path(), "add .");
    git(folder.path(), "commit --quiet --message base");
    folder.write("env/prod.tfvars", "roles = [\"admin\"]\n");
    let folder = folder
        .set("PATH", &std::env::var("PATH").unwrap())
        .set("GIT_CONFIG_GLOBAL", "/dev/null")
        .set("GIT_CONFIG_NOSYSTEM", "1")
        .set("LANYARD_API", "native");
    let told =
        folder.run("review --base main infra --var-file env/prod.tfvars --detailed-exitcode");
    insta::assert_snapshot!(told);
    // What no revision has is the same for both.
    git(folder.path(), "commit --quiet --all --message prod");
    let outside = tempfile::tempdir().unwrap();
    let path = outside.path().join("x.tfvars");
    std::fs::write(&path, "roles = [\"editor\"]\n").unwrap();
    let told = folder.run(&format!(
        "review --base HEAD infra --var-file {} --detailed-exitcode",
        path.display()
    ));
    assert!(told.contains("Plan: nothing to do, 1 unchanged."), "{told}");
    // And so is a value of the command line, which a variable of the base alone may not have had yet.
    let more = format!("variable \"more\" {{\n  type = string\n}}\n{MAIN}");
    folder.write("infra/main.tf", &more);
    let told = folder.run("review --base HEAD infra --var roles=[\"admin\"] --var more=x");
    assert!(told.contains("Plan: nothing to do, 1 unchanged."), "{told}");
    assert!(!told.contains("has errors"), "{told}");
    // A new file is not known to the base.
    folder.write("env/new.tfvars", "roles = [\"admin\"]\n");
    let told = folder.run("review --base HEAD infra --var-file env/new.tfvars");
    assert!(told.contains("It does not have env/new.tfvars."), "{told}");
    let told = folder.run("review plan.json --var roles=[]");
    assert!(
        told.contains("--base <REV>") && told.ends_with("exit 1"),
        "{told}"
    );
}

#[test]
fn another_server_is_told_as_far_as_it_is_known() {
    let folder = repository();
    git(folder.path(), "commit --quiet --all --message change");
    let now = after();
    let elsewhere = now.replace("https://tokens.example.com", "https://other.example.com");
    folder.write("infra/main.tf", &elsewhere);
    insta::assert_snapshot!(folder.run("review --base HEAD infra --fail-on warning"));
    let asked = now.replace(
        "\"https://tokens.example.com\"",
        "\"https://${var.team}.example.com\"",
    );
    folder.write("infra/main.tf", &asked);
    let story = folder.run("review --base HEAD infra --detailed-exitcode");
    assert!(
        story.contains("Plan: 4 perhaps on another server."),
        "{story}"
    );
    assert!(story.ends_with("exit 2"), "{story}");
}

#[test]
fn a_revision_beside_itself_has_nothing_to_tell() {
    let folder = repository();
    git(folder.path(), "commit --quiet --all --message change");
    let story = folder.run("review --base HEAD infra --detailed-exitcode");
    assert!(
        story.contains("Plan: nothing to do, 4 unchanged."),
        "{story}"
    );
    assert!(story.ends_with("exit 0"), "{story}");
    let story = folder.run("review --base HEAD~1 infra --detailed-exitcode");
    assert!(story.ends_with("exit 2"), "{story}");
    let story = folder.run("review --base HEAD~1 infra --fail-on error --format json");
    assert!(story.contains("\"by-configuration-only\""), "{story}");
    assert!(story.contains("\"secret-shown\""), "{story}");
    assert!(story.ends_with("exit 3"), "{story}");
}

#[test]
fn a_base_of_which_a_part_is_missing_is_never_nothing_to_do() {
    let folder = repository();
    let registry = "module \"elsewhere\" {\n  source  = \"example/tokens/lanyard\"\n  version = \"1.0.0\"\n}\n";
    folder.write("other/main.tf", registry);
    git(folder.path(), "add other");
    git(folder.path(), "commit --quiet --all --message elsewhere");
    folder.write("other/main.tf", "");
    for format in ["text", "markdown", "html"] {
        let words = format!("review --base HEAD other --detailed-exitcode --format {format}");
        let story = folder.run(&words);
        assert!(
            story.contains("Not all of the base could be compared"),
            "{story}"
        );
        assert!(!story.contains("nothing to do"), "{story}");
        assert!(story.ends_with("exit 2"), "{story}");
    }
}

#[test]
fn whose_language_the_folder_is_in_can_be_said() {
    let folder = repository();
    folder.write(
        "other/main.tf",
        "resource \"lanyard_service_account\" \"x\" {\n  name = \"x\"\n  lifecycle {\n    enabled = true\n  }\n}\n",
    );
    let story = folder.run("review --base main other");
    assert!(story.contains("OpenTofu 1.12 has it"), "{story}");
    let story = folder.run("review --base main other --language opentofu");
    assert!(story.contains("Plan: 1 to create."), "{story}");
    // Without a folder there is nothing that a language could be said of.
    let story = folder.run("review plan.json --language opentofu");
    assert!(
        story.ends_with("exit 2") || story.ends_with("exit 1"),
        "{story}"
    );
    assert!(story.contains("--dir"), "{story}");
}

#[test]
fn a_folder_that_is_new_is_all_new() {
    let folder = repository();
    folder.write(
        "other/main.tf",
        "resource \"lanyard_service_account\" \"x\" {\n  name = \"x\"\n}\n",
    );
    let story = folder.run("review --base main other");
    assert!(story.contains("Plan: 1 to create."), "{story}");
}

#[test]
fn a_base_that_is_not_here_is_told_with_the_command_that_fetches_it() {
    let folder = repository();
    git(folder.path(), "commit --quiet --all --message change");
    git(folder.path(), "branch release HEAD~1");
    let source = format!("file://{}", folder.path().display());
    git(
        folder.path(),
        &format!("clone --quiet --depth 1 --branch main {source} clone"),
    );
    let alone = Folder::new(&[("main.tf", "")]).set("PATH", &std::env::var("PATH").unwrap());
    let nowhere = alone.run("review --base main");
    assert!(nowhere.contains("error[no-such-revision]"), "{nowhere}");
    insta::assert_snapshot!(
        [
            "review --base origin/release clone/infra",
            "review --base HEAD~1 clone/infra",
            "review --base nothing infra",
        ]
        .map(|words| folder.run(words))
        .join("\n\n")
    );
    let clone = folder.path().join("clone");
    git(
        &clone,
        "fetch --quiet --depth=1 origin +refs/heads/release:refs/remotes/origin/release",
    );
    let story = folder.run("review --base origin/release clone/infra");
    assert!(story.ends_with("exit 0"), "{story}");
}
