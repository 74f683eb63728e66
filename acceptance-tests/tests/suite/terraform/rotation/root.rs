//! The token that a second provider signs in with is itself a resource: its rotation stops nobody's plan, and its end is no dead end.

use super::super::credential_in_use::{root, warning};
use super::DAY;
use crate::support::story::{Story, on_every_terraform};

fn configure(story: &Story) {
    let rotation = "before_expiry = \"14d\"\n            grace_period = \"48h\"";
    let root = root("ttl = \"90d\"", rotation);
    let managed = r#"
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
        "#;
    story.configure(&(root + managed));
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
        let told = warning(
            &said,
            "Warning: Existing objects are planned from the state",
        );
        story.snapshot("planned_from_the_state", told);
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
