//! `replace_triggered_by` replaces in a plan of ours what it replaces in Terraform's, and apply carries it out.

use std::process::Command;

use serde_json::Value;

use super::story::Story;
use crate::support::binaries::Binaries;
use crate::support::story::on_every_terraform;

const BEFORE: &str = r#"
    resource "lanyard_service_account" "changing" {
      name = "changing"
    }

    resource "lanyard_service_account" "many" {
      for_each    = { x = null, y = null }
      name        = each.key
      description = each.value
    }

    resource "lanyard_access_token" "by_resource" {
      name = "by resource"
      lifecycle {
        replace_triggered_by = [lanyard_service_account.changing]
      }
    }

    resource "lanyard_access_token" "by_attribute" {
      name = "by attribute"
      lifecycle {
        replace_triggered_by = [lanyard_service_account.changing.description]
      }
    }

    resource "lanyard_access_token" "by_another" {
      name = "by another"
      lifecycle {
        replace_triggered_by = [lanyard_service_account.changing.name]
      }
    }

    resource "lanyard_access_token" "by_any" {
      name = "by any"
      lifecycle {
        replace_triggered_by = [lanyard_service_account.many]
      }
    }

    resource "lanyard_access_token" "by_each" {
      for_each = toset(["x", "y"])
      name     = "by ${each.key}"
      lifecycle {
        replace_triggered_by = [lanyard_service_account.many[each.key]]
      }
    }

    resource "lanyard_access_token" "chained" {
      name = "chained"
      lifecycle {
        replace_triggered_by = [lanyard_access_token.by_resource.id]
      }
    }
"#;

fn after() -> String {
    BEFORE
        .replace(
            "name = \"changing\"",
            "name = \"changing\"\n      description = \"changed\"",
        )
        .replace("{ x = null, y", "{ x = \"changed\", y")
}

#[test]
fn both_plans_replace_the_same() {
    on_every_terraform(|story| {
        story.configure(BEFORE);
        story.succeeds(&["apply", "-auto-approve"]);
        story.configure(&after());
        story.plan().expect(
            "update lanyard_service_account.changing: description
             update lanyard_service_account.many[\"x\"]: description
             replace () lanyard_access_token.by_resource
             replace () lanyard_access_token.by_attribute
             replace () lanyard_access_token.by_any
             replace () lanyard_access_token.by_each[\"x\"]
             replace () lanyard_access_token.chained",
        );
        let ours = Command::new(&Binaries::get().command)
            .args(["plan", "--format", "json"])
            .current_dir(story.workspace().folder())
            .env_clear()
            .envs(story.server.environment())
            .output()
            .expect("lanyard should start");
        let ours: Value = serde_json::from_slice(&ours.stdout).expect("a plan should be JSON");
        let mut ours: Vec<String> = ours["changes"]
            .as_array()
            .expect("a plan should list its changes")
            .iter()
            .map(|change| {
                let text = |name: &str| change[name].as_str().unwrap_or_default();
                format!("{} {}", text("action"), text("address"))
            })
            .collect();
        ours.sort();
        assert_eq!(
            ours,
            [
                "replace lanyard_access_token.by_any",
                "replace lanyard_access_token.by_attribute",
                "replace lanyard_access_token.by_each[\"x\"]",
                "replace lanyard_access_token.by_resource",
                "replace lanyard_access_token.chained",
                "update lanyard_service_account.changing",
                "update lanyard_service_account.many[\"x\"]",
            ]
        );
    });
}

#[test]
fn a_reviewed_replacement_is_carried_out() {
    let story = Story::new(BEFORE);
    story.apply();
    let ids = || -> Vec<String> {
        let tokens = story.native().get("/v1/access-tokens").body;
        let items = tokens["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|token| token["id"].to_string()).collect()
    };
    let before = ids();
    story.configure(&after());
    story.succeeds("plan -o plan.json");
    story.succeeds("apply plan.json --out-file secrets.jsonl");
    story.expect_nothing_to_do();
    let after = ids();
    assert_eq!(after.len(), before.len());
    let kept = after.iter().filter(|id| before.contains(id)).count();
    assert_eq!(kept, 2, "by another and by y: {before:?} became {after:?}");
    assert_eq!(story.handed_over().len(), 7 + 5);
}
