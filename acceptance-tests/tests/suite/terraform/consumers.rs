//! A token at work: as another provider's credential, and in another resource.

use crate::support::story::on_every_terraform;

#[test]
fn a_token_is_the_credential_of_a_second_provider() {
    on_every_terraform(|story| {
        // On the first plan the second provider's credential is not known yet; it must not fall back to the first one's.
        story.configure(
            r#"
            resource "lanyard_service_account" "manager" {
              name  = "manager"
              roles = ["admin"]
            }
            resource "lanyard_access_token" "manager" {
              name            = "manager"
              service_account = lanyard_service_account.manager.id
            }

            provider "lanyard" {
              alias = "manager"
              token = lanyard_access_token.manager.token
            }
            data "lanyard_identity" "manager" {
              provider   = lanyard.manager
              depends_on = [lanyard_access_token.manager]
            }
            resource "lanyard_service_account" "made_by_manager" {
              provider = lanyard.manager
              name     = "made by the manager"
            }
            output "identity" {
              value = data.lanyard_identity.manager.name
            }
            "#,
        );
        story.apply(
            "create lanyard_service_account.manager
             create lanyard_access_token.manager
             create lanyard_service_account.made_by_manager
             read data.lanyard_identity.manager",
        );
        assert_eq!(story.state().output("identity"), "manager");
        story.destroy();
    });
}

#[test]
fn reading_with_a_credential_that_is_not_known_yet_says_what_to_do() {
    on_every_terraform(|story| {
        story.configure(
            r#"
            resource "lanyard_access_token" "reader" {
              name = "reader"
            }
            provider "lanyard" {
              alias = "reader"
              token = lanyard_access_token.reader.token
            }
            data "lanyard_identity" "reader" {
              provider = lanyard.reader
            }
            "#,
        );
        story.snapshot("unknown_credential", &story.fails(&["plan"]));
    });
}

#[test]
fn a_dependent_resource_follows_a_replaced_token() {
    let configuration = |account: &str| {
        format!(
            r#"
            resource "lanyard_service_account" "a" {{
              name = "a"
            }}
            resource "lanyard_service_account" "b" {{
              name = "b"
            }}
            resource "lanyard_access_token" "ci" {{
              name            = "ci"
              service_account = lanyard_service_account.{account}.id
            }}
            resource "terraform_data" "consumer" {{
              triggers_replace = lanyard_access_token.ci.token
            }}
            resource "terraform_data" "header" {{
              triggers_replace = {{ Authorization = "Bearer ${{lanyard_access_token.ci.token}}" }}
            }}
            output "token" {{
              value     = lanyard_access_token.ci.token
              sensitive = true
            }}
            "#
        )
    };
    on_every_terraform(|story| {
        story.configure(&configuration("a"));
        story.settle();
        assert!(
            story.state().output("token") == &story.attribute("lanyard_access_token.ci", "token")
        );

        story.configure(&configuration("b"));
        story.apply(
            "replace (service_account) lanyard_access_token.ci
             replace (triggers_replace) terraform_data.consumer
             replace (triggers_replace) terraform_data.header",
        );
        story.destroy();
    });
}

#[test]
fn a_token_in_a_plain_output_is_refused() {
    on_every_terraform(|story| {
        story.configure(
            r#"
            resource "lanyard_access_token" "ci" {
              name = "ci"
            }
            output "token" {
              value = lanyard_access_token.ci.token
            }
            "#,
        );
        let complaint = story.fails(&["plan"]);
        assert!(
            complaint.contains("Output refers to sensitive values"),
            "{complaint}"
        );
    });
}
