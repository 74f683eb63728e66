//! What a real Terraform writes into its plans beside changes: actions that are called, objects that are forgotten or imported, a plan that
//! failed. Each is reviewed as it is made. `LANYARD_RECORD=write`, with Terraform 1.15, records them for the tests of the review itself
//! (`compiler/tests/suite/plans/recorded`), without the secrets.

use std::path::Path;
use std::process::Command;

use crate::support::binaries::Binaries;
use crate::support::console::{Ended, Running};
use crate::support::story::{Story, on_every_terraform_since};

/// The first Terraform with actions.
const ACTIONS: (u32, u32) = (1, 14);

const CONFIGURATION: &str = r#"
resource "lanyard_service_account" "a" {
  name  = "a"
  roles = ["viewer"]
}

resource "lanyard_access_token" "x" {
  name            = "x"
  service_account = lanyard_service_account.a.id
  ttl             = "90d"
}

resource "lanyard_access_token" "gone" {
  name = "gone"
  ttl  = "90d"
}

resource "terraform_data" "incident" {
  input = "1"

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.lanyard_revoke_access_token.x]
    }
  }
}

action "lanyard_revoke_access_token" "x" {
  config {
    access_token = lanyard_access_token.x.id
  }
}
"#;

fn without_gone() -> String {
    let begin = CONFIGURATION.find("resource \"lanyard_access_token\" \"gone\"");
    let end = CONFIGURATION.find("resource \"terraform_data\"");
    let (begin, end) = begin.zip(end).expect("both stand there");
    format!("{}{}", &CONFIGURATION[..begin], &CONFIGURATION[end..])
}

/// The review of the plan that was saved last says this in every format for readers and programs, and exits with this.
fn told(story: &Story, name: &str, code: i32, expected: &[&str]) {
    let mut plan = story.data(&["show", "-json", "saved.plan"]);
    for secret in story.state().secrets() {
        plan = plan.replace(secret.as_str(), "lyd_hunter2");
    }
    story.file("plan.json", &plan);
    if std::env::var("LANYARD_RECORD").is_ok_and(|word| word == "write") {
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../compiler/tests/suite/plans/recorded");
        let plan: serde_json::Value = serde_json::from_str(&plan).expect("it is JSON");
        let text = serde_json::to_string_pretty(&plan).expect("it is JSON");
        std::fs::write(folder.join(format!("{name}.json")), text + "\n")
            .expect("the tests are writable");
    }
    for format in ["text", "markdown", "json"] {
        let ended = review(story, format);
        for expected in expected {
            assert!(ended.stdout.contains(expected), "{expected:?} in {ended}");
        }
        assert!(!ended.stdout.contains("hunter"), "{ended}");
        assert_eq!(ended.code, Some(code), "{ended}");
    }
}

fn review(story: &Story, format: &str) -> Ended {
    let mut command = Command::new(&Binaries::get().command);
    command
        .args([
            "review",
            "plan.json",
            "--detailed-exitcode",
            "--format",
            format,
        ])
        .current_dir(story.workspace().folder())
        .env_clear();
    Running::start(command, &format!("lanyard review --format {format}")).wait()
}

#[test]
fn what_terraform_writes_beside_changes_is_told() {
    on_every_terraform_since(ACTIONS, |story| {
        story.configure(CONFIGURATION);
        story.settle();

        let action = "action.lanyard_revoke_access_token.x";
        story.save_plan_with(&[&format!("-invoke={action}")]);
        told(
            story,
            "terraform_invokes",
            2,
            &["revokes the access token", "`-invoke`"],
        );

        story.configure(&CONFIGURATION.replace("input = \"1\"", "input = \"2\""));
        story.save_plan();
        told(
            story,
            "terraform_triggers",
            2,
            &["revokes the access token", "terraform_data.incident"],
        );

        let removed = "\nremoved {\n  from = lanyard_access_token.gone\n  lifecycle {\n    destroy = false\n  }\n}\n";
        story.configure(&format!("{}{removed}", without_gone()));
        story.save_plan();
        told(story, "terraform_forgets", 2, &["is forgotten"]);

        let id = story.text("lanyard_access_token.gone", "id");
        story.succeeds(&["state", "rm", "lanyard_access_token.gone"]);
        let import = format!("\nimport {{\n  to = lanyard_access_token.gone\n  id = {id:?}\n}}\n");
        story.configure(&format!("{CONFIGURATION}{import}"));
        story.save_plan();
        told(
            story,
            "terraform_imports",
            2,
            &["is imported by the id", &id],
        );
        story.succeeds(&["apply", "saved.plan"]);

        let condition = "\n  lifecycle {\n    precondition {\n      condition     = var.fine\n      error_message = \"Not now.\"\n    }\n  }\n}\n";
        let token =
            "  service_account = lanyard_service_account.a.id\n  ttl             = \"90d\"\n}\n";
        let failing = CONFIGURATION.replace(
            token,
            &format!("{}{condition}", token.trim_end_matches("}\n")),
        );
        story.configure(&format!(
            "variable \"fine\" {{\n  default = false\n}}\n{failing}"
        ));
        story.fails(&["plan", "-out=saved.plan"]);
        told(
            story,
            "terraform_fails",
            1,
            &["This plan failed and is incomplete", "Not now"],
        );
    });
}
