//! Deleted outside of Terraform: created anew. Not reachable is not deleted.

use serde_json::json;

use crate::support::story::on_every_terraform;

const ACCOUNT_AND_TOKEN: &str = r#"
    resource "lanyard_service_account" "deploy" {
      name = "deploy"
    }
    resource "lanyard_access_token" "ci" {
      name            = "ci"
      service_account = lanyard_service_account.deploy.id
    }
"#;

#[test]
fn a_deleted_token_is_created_anew_and_with_its_account_both_are() {
    on_every_terraform(|story| {
        story.configure(ACCOUNT_AND_TOKEN);
        story.settle();

        let id = story.text("lanyard_access_token.ci", "id");
        story.native().delete(&format!("/v1/access-tokens/{id}"));
        story.apply("create lanyard_access_token.ci");

        let id = story.text("lanyard_service_account.deploy", "id");
        story.native().delete(&format!("/v1/service-accounts/{id}"));
        story.apply(
            "create lanyard_service_account.deploy
             create lanyard_access_token.ci",
        );

        // Already gone is success.
        let id = story.text("lanyard_access_token.ci", "id");
        story.native().delete(&format!("/v1/access-tokens/{id}"));
        story.succeeds(&["destroy", "-auto-approve", "-refresh=false"]);
        assert_eq!(story.native().account_names(), Vec::<String>::new());
    });
}

#[test]
fn a_server_in_trouble_takes_nothing_out_of_the_state() {
    on_every_terraform(|story| {
        story.configure(ACCOUNT_AND_TOKEN);
        story.settle();
        for status in [403, 500] {
            story.native().put(
                "/-/faults",
                &json!([{ "path": "/v1/", "fault": { "kind": "status", "status": status } }]),
            );
            story.fails(&["plan"]);
        }
        assert_eq!(
            story.state().addresses(),
            ["lanyard_access_token.ci", "lanyard_service_account.deploy"]
        );
        story.native().delete("/-/faults");
        story.expect_empty_plan();
        story.destroy();
    });
}
