//! `ignore_changes`: Terraform hands over the state's values as if they were configured.

use crate::support::story::on_every_terraform;

fn configuration(ignored: &str, description: &str, service_account: &str, round: &str) -> String {
    format!(
        r#"
        resource "lanyard_service_account" "a" {{
          name  = "a"
          roles = ["viewer"]
          lifecycle {{
            ignore_changes = all
          }}
        }}
        resource "lanyard_service_account" "b" {{
          name = "b"
        }}
        resource "lanyard_access_token" "ci" {{
          name            = "ci"
          description     = "{description}"
          service_account = lanyard_service_account.{service_account}.id
          ttl             = "90d"
          rotation {{
            triggers = {{ round = "{round}" }}
          }}
          lifecycle {{
            ignore_changes = {ignored}
          }}
        }}
        "#
    )
}

#[test]
fn ignoring_everything_plans_nothing() {
    on_every_terraform(|story| {
        story.configure(&configuration("all", "old", "a", "1"));
        story.settle();
        story.configure(&configuration("all", "new", "b", "2"));
        story.expect_empty_plan();
        story.destroy();
    });
}

#[test]
fn ignoring_what_the_server_sets_stops_no_other_change() {
    const IGNORED: &str = "[expires_at, token, status]";
    on_every_terraform(|story| {
        story.configure(&configuration(IGNORED, "old", "a", "1"));
        story.settle();
        let secret = story.text("lanyard_access_token.ci", "token");

        story.configure(&configuration(IGNORED, "new", "a", "2"));
        story.settle();
        story.expect_empty_plan();
        assert_ne!(story.text("lanyard_access_token.ci", "token"), secret);
        assert_eq!(story.text("lanyard_access_token.ci", "description"), "new");

        // The new object is planned without a prior state, and with the values of the old one.
        story.configure(&configuration(IGNORED, "new", "b", "2"));
        story.settle();
        story.expect_empty_plan();
        story.destroy();
    });
}
