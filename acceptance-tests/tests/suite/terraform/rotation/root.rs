//! The token that a second provider signs in with is itself a resource: its rotation stops nobody's plan, and its end is no dead end.

use super::DAY;
use crate::support::story::{Story, on_every_terraform};

fn configure(story: &Story) {
    story.configure(
        r#"
        resource "lanyard_service_account" "root" {
          name  = "root"
          roles = ["admin"]
        }
        resource "lanyard_access_token" "root" {
          name            = "root"
          service_account = lanyard_service_account.root.id
          ttl             = "90d"

          rotation {
            before_expiry = "14d"
            grace_period  = "48h"
          }
        }

        provider "lanyard" {
          alias = "managed"
          token = lanyard_access_token.root.token
        }
        resource "lanyard_service_account" "ci" {
          provider = lanyard.managed
          name     = "ci"
        }
        resource "lanyard_access_token" "ci" {
          provider        = lanyard.managed
          name            = "ci"
          service_account = lanyard_service_account.ci.id
        }
        "#,
    );
}

#[test]
fn what_is_managed_with_a_managed_token_is_planned_from_the_state_while_that_rotates() {
    on_every_terraform(|story| {
        configure(story);
        story.succeeds(&["apply", "-auto-approve"]);
        story.expect_empty_plan();

        story.native().advance_clock(80 * DAY);
        let said = story.succeeds(&["plan"]);
        assert!(
            said.contains("Plan: 0 to add, 1 to change, 0 to destroy."),
            "{said}"
        );
        let told = said.matches("Warning: Existing objects are planned from the state");
        assert_eq!(told.count(), 1, "{said}");
        let start = said.find("Warning: Existing").expect("it was just counted");
        let end = said[start..]
            .find("─")
            .map_or(said.len(), |end| start + end);
        story.snapshot("planned_from_the_state", &said[start..end]);
        let before = story.text("lanyard_access_token.ci", "token");
        story.succeeds(&["apply", "-auto-approve"]);
        story.expect_empty_plan();
        assert_eq!(story.text("lanyard_access_token.ci", "token"), before);
        assert_eq!(
            story.attribute("lanyard_access_token.root", "generation"),
            2
        );

        story.native().advance_clock(91 * DAY);
        story.snapshot(
            "destroy_with_an_expired_token",
            &story.fails(&["destroy", "-auto-approve"]),
        );
        story.succeeds(&[
            "apply",
            "-auto-approve",
            "-target=lanyard_access_token.root",
        ]);
        story.destroy();
    });
}
