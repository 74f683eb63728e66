//! What lives outside of resources, under the real Terraform: a token for the length of one run, actions for when something has leaked,
//! and lists of what exists.

use serde_json::Value;

use crate::support::story::{on_every_terraform, on_every_terraform_since};

/// The Terraform that brought actions and `terraform query`.
const ACTIONS: (u32, u32) = (1, 14);

const CI: &str = r#"
    resource "lanyard_access_token" "ci" {
      name = "ci"

      rotation {
        grace_period = "48h"
      }
    }
    action "lanyard_rotate_access_token" "ci" {
      config {
        access_token = lanyard_access_token.ci.id
      }
    }
    action "lanyard_revoke_access_token" "ci" {
      config {
        access_token = lanyard_access_token.ci.id
      }
    }
"#;

#[test]
fn an_ephemeral_token_signs_in_a_second_provider_and_outlives_no_run() {
    on_every_terraform(|story| {
        story.native().post(
            "/v1/service-accounts",
            &serde_json::json!({ "name": "deploy", "roles": ["viewer"] }),
        );
        let deploy = story.native().get("/v1/service-accounts").body["items"][0]["id"].clone();
        story.configure(&format!(
            r#"
            ephemeral "lanyard_access_token" "now" {{
              service_account = {deploy}
              ttl             = "2h"
            }}
            provider "lanyard" {{
              alias = "deploy"
              token = ephemeral.lanyard_access_token.now.token
            }}
            data "lanyard_identity" "deploy" {{
              provider = lanyard.deploy
            }}
            output "who" {{
              value = data.lanyard_identity.deploy.service_account
            }}
            "#
        ));
        story.succeeds(&["apply", "-auto-approve"]);
        assert_eq!(*story.state().output("who"), deploy);
        assert_eq!(story.native().token_names(), Vec::<String>::new());
        assert_eq!(
            story.state().secrets(),
            Vec::<String>::new(),
            "no state holds it"
        );
        story.expect_empty_plan();
        assert_eq!(story.native().token_names(), Vec::<String>::new());
    });
}

/// Terraform closes nothing of which a user failed.
#[test]
fn an_ephemeral_token_outlives_no_run_that_fails() {
    on_every_terraform(|story| {
        story.configure(
            r#"
            ephemeral "lanyard_access_token" "now" {
              ttl = "2h"
            }
            provider "lanyard" {
              alias = "now"
              token = ephemeral.lanyard_access_token.now.token
            }
            data "lanyard_access_token" "missing" {
              provider = lanyard.now
              name     = "missing"
            }
            "#,
        );
        let told = story.fails(&["plan"]);
        assert!(told.contains("missing"), "{told}");
        assert_eq!(story.native().token_names(), Vec::<String>::new());
    });
}

#[test]
fn a_leaked_secret_is_ended_by_an_action_and_the_next_apply_brings_a_new_one() {
    on_every_terraform_since(ACTIONS, |story| {
        story.configure(CI);
        story.settle();
        let leaked = story.text("lanyard_access_token.ci", "token");
        story.succeeds(&[
            "apply",
            "-auto-approve",
            "-invoke=action.lanyard_rotate_access_token.ci",
        ]);
        assert!(!story.accepts(&leaked), "it ends at once");

        let plan = story.plan();
        assert_eq!(
            plan.after("lanyard_access_token.ci", "rotation_reason"),
            "the secret is no longer accepted",
            "{plan}"
        );
        story.apply_saved_plan();
        let fresh = story.text("lanyard_access_token.ci", "token");
        assert!(story.accepts(&fresh));

        story.succeeds(&[
            "apply",
            "-auto-approve",
            "-invoke=action.lanyard_revoke_access_token.ci",
        ]);
        assert!(!story.accepts(&fresh));
        story.apply("create lanyard_access_token.ci");
        story.destroy();
    });
}

#[test]
fn a_query_lists_what_exists_and_writes_what_imports_it() {
    on_every_terraform_since(ACTIONS, |story| {
        for name in ["build-1", "build-2", "other"] {
            story
                .native()
                .post("/v1/access-tokens", &serde_json::json!({ "name": name }));
        }
        story.file(
            "all.tfquery.hcl",
            "list \"lanyard_access_token\" \"builds\" {\n  provider = lanyard\n  config {\n    name_prefix = \"build-\"\n  }\n}\n",
        );
        let found: Vec<Value> = story
            .data(&["query", "-json"])
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter(|line| line["type"] == "list_resource_found")
            .map(|line| line["list_resource_found"]["display_name"].clone())
            .collect();
        assert_eq!(found, ["build-1", "build-2"]);

        story.succeeds(&["query", "-generate-config-out=builds.tf"]);
        let plan = story.plan();
        assert_eq!(plan.to_string().matches("import ").count(), 2, "{plan}");
        story.apply_saved_plan();
        assert_eq!(story.state().addresses().len(), 2);
    });
}

#[test]
fn a_query_writes_no_secret_that_stands_in_a_description() {
    on_every_terraform_since(ACTIONS, |story| {
        let native = story.native();
        let other = native.post("/v1/access-tokens", &serde_json::json!({ "name": "other" }));
        let secret = other["secret"].as_str().expect("the server shows it");
        let description = format!("not {secret}");
        let token = serde_json::json!({ "name": "build", "description": description });
        native.post("/v1/access-tokens", &token);
        story.file(
            "all.tfquery.hcl",
            "list \"lanyard_access_token\" \"builds\" {\n  provider = lanyard\n  config {\n    name_prefix = \"build\"\n  }\n}\n",
        );
        let said = story.succeeds(&["query", "-generate-config-out=builds.tf"]);
        assert!(
            said.contains("Warning: What a secret stands in is left out of a generated"),
            "{said}"
        );
        assert!(said.contains("ignore_changes = [description]"), "{said}");
        // A plan would show it: to Terraform a description is no secret.
        let written = std::fs::read_to_string(story.path("builds.tf")).expect("it was written");
        assert!(!written.contains(secret), "{written}");
    });
}
