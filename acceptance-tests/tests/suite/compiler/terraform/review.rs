//! `lanyard review` of a plan that Terraform made: what a reviewer reads, and nothing that is secret.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::support::binaries::Binaries;
use crate::support::console::Running;
use crate::support::redact;
use crate::support::story::{Story, on_every_terraform};

const BEFORE: &str = r#"
resource "lanyard_service_account" "ci" {
  name  = "ci"
  roles = ["viewer"]
}

resource "lanyard_service_account" "other" {
  name = "other"
}

resource "lanyard_access_token" "deploy" {
  name            = "deploy"
  service_account = lanyard_service_account.ci.id
  ttl             = "90d"

  rotation {
    grace_period = "48h"
    triggers     = { incident = "1" }
  }
}

resource "lanyard_access_token" "moved" {
  name            = "moved"
  service_account = lanyard_service_account.ci.id
}

resource "lanyard_access_token" "old" {
  name = "old"
}

resource "terraform_data" "pipeline" {
  input = sha256(lanyard_access_token.deploy.token)
}

output "moved" {
  value     = lanyard_access_token.moved.token
  sensitive = true
}
"#;

fn after() -> String {
    let old = BEFORE
        .find("resource \"lanyard_access_token\" \"old\"")
        .expect("the token stands there");
    let rest = BEFORE
        .find("resource \"terraform_data\"")
        .expect("the consumer stands there");
    format!("{}{}", &BEFORE[..old], &BEFORE[rest..])
        .replace("[\"viewer\"]", "[\"editor\", \"viewer\"]")
        .replace("incident = \"1\"", "incident = \"2\"")
        .replace(
            "name            = \"moved\"\n  service_account = lanyard_service_account.ci.id",
            "name            = \"moved\"\n  service_account = lanyard_service_account.other.id",
        )
}

#[test]
fn a_reviewer_reads_the_most_dangerous_first_and_no_secret() {
    on_every_terraform(|story| {
        story.configure(BEFORE);
        story.settle();
        story.configure(&after());
        story.save_plan();
        let plan = story.data(&["show", "-json", "saved.plan"]);
        story.file("plan.json", &plan);
        for format in ["text", "markdown", "json"] {
            let text = story.lanyard(&format!("review plan.json --format {format}"));
            redact::assert_snapshot_in(
                "compiler",
                &format!("review_of_a_terraform_plan_as_{format}"),
                &text,
            );
        }
    });
}

/// What the change is in the files alone, and nobody here knows the values of the variables.
const REQUIRED: &str = "variable \"team\" {\n  type = string\n}\n\n";

/// Each rule that found something, with its resource and attribute.
fn findings(review: &str) -> BTreeSet<String> {
    let review: Value = serde_json::from_str(review).expect("it is JSON");
    let found = review["findings"].as_array().expect("a list");
    let text = |one: &Value, name: &str| one[name].as_str().expect("text").to_owned();
    found
        .iter()
        .map(|one| {
            let [rule, address, path] = ["rule", "address", "path"].map(|name| text(one, name));
            format!("{rule} {address} {path}")
        })
        .collect()
}

#[test]
fn two_revisions_without_credentials_tell_what_the_real_plan_tells() {
    on_every_terraform(|story| {
        let named =
            |text: &str| format!("{REQUIRED}{text}").replace("\"ci\"\n", "\"ci-${var.team}\"\n");
        // Names that nobody here knows, of instances of which one stays, one leaves and one comes.
        let each = |keys: &str| {
            format!(
                "resource \"lanyard_access_token\" \"each\" {{\n  for_each = toset({keys})\n  name = \"${{var.team}}-${{each.key}}\"\n  ttl = \"30d\"\n}}\n"
            )
        };
        story.environment("TF_VAR_team", Some("shop"));
        let shorter = |ttl: &str| {
            format!(
                "resource \"lanyard_access_token\" \"shorter\" {{\n  name = \"shorter\"\n  ttl  = \"{ttl}\"\n}}\n"
            )
        };
        let before = BEFORE.to_owned() + &each("[\"a\", \"b\"]") + &shorter("90d");
        story.configure(&named(&before));
        story.settle();
        git(story, "init --quiet --initial-branch=main");
        git(story, "add main.tf versions.tf");
        git(story, "commit --quiet --message base");
        let change = after().replace("grace_period = \"48h\"\n", "")
            + &each("[\"a\", \"c\"]")
            + &shorter("30d")
            + "output \"leak\" {\n  value = nonsensitive(lanyard_access_token.deploy.token)\n}\n";
        story.configure(&named(&change));
        story.save_plan();
        let plan = story.data(&["show", "-json", "saved.plan"]);
        story.file("plan.json", &plan);
        let real = findings(&story.lanyard("review plan.json --dir . --format json"));
        // Nothing around it but the path to `git`.
        let mut command = Command::new(&Binaries::get().command);
        command
            .args(["review", "--base", "main", "--format", "json"])
            .current_dir(story.workspace().folder())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let alone = Running::start(command, "lanyard review --base main").wait();
        assert_eq!(alone.code, Some(0), "{alone}");
        assert_eq!(findings(&alone.stdout), real, "{alone}");
        for rule in [
            "gains-power lanyard_service_account.ci ",
            "rotates-at-once lanyard_access_token.deploy ",
            "rotates-at-once lanyard_access_token.shorter ",
            "is-replaced lanyard_access_token.moved ",
            "ends lanyard_access_token.old ",
            "no-grace-while-used lanyard_access_token.deploy rotation.grace_period",
            "secret-shown output.leak ",
            "ends lanyard_access_token.each[\"b\"] ",
            "rotation-missing lanyard_access_token.each[\"c\"] rotation",
        ] {
            assert!(real.contains(rule), "{rule:?} in {real:#?}");
        }
        let stays = "rotation-missing lanyard_access_token.each[\"a\"] rotation";
        assert!(!real.contains(stays), "{real:#?}");
    });
}

fn git(story: &Story, words: &str) {
    let mut command = Command::new("git");
    command
        .args(words.split_whitespace())
        .current_dir(story.workspace().folder())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    for role in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{role}_NAME"), "somebody")
            .env(format!("GIT_{role}_EMAIL"), "somebody@example.com");
    }
    let ended = Running::start(command, &format!("git {words}")).wait();
    assert_eq!(ended.code, Some(0), "{ended}");
}
