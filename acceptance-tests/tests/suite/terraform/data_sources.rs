//! What exists, who we are, and what the server can do.

use crate::support::story::on_every_terraform;

#[test]
fn data_sources_tell_what_the_server_knows() {
    on_every_terraform(|story| {
        story.configure(
            r#"
            resource "lanyard_service_account" "deploy" {
              name        = "deploy"
              description = "Deploys"
              roles       = ["viewer"]
            }
            resource "lanyard_access_token" "ci" {
              name            = "ci"
              service_account = lanyard_service_account.deploy.id
            }

            data "lanyard_service_account" "by_id" {
              id = lanyard_service_account.deploy.id
            }
            data "lanyard_service_account" "by_name" {
              name       = "deploy"
              depends_on = [lanyard_service_account.deploy]
            }
            data "lanyard_access_token" "by_id" {
              id = lanyard_access_token.ci.id
            }
            data "lanyard_service_accounts" "all" {
              depends_on = [lanyard_service_account.deploy]
            }
            data "lanyard_access_tokens" "all" {
              depends_on = [lanyard_access_token.ci]
            }
            data "lanyard_identity" "me" {}
            data "lanyard_server" "here" {}

            output "description" {
              value = data.lanyard_service_account.by_name.description
            }
            output "owner" {
              value = data.lanyard_access_token.by_id.service_account == data.lanyard_service_account.by_id.id
            }
            "#,
        );
        story.settle();
        let state = story.state();
        assert_eq!(state.output("description"), "Deploys");
        assert_eq!(state.output("owner"), true);
        story.destroy();
    });
}
