//! From nothing to a token that works, and back.

use serde_json::{Value, json};

use crate::support::story::on_every_terraform;

#[test]
fn an_account_and_its_token_are_created_and_the_token_authenticates() {
    on_every_terraform(|story| {
        story.configure(
            r#"
            resource "lanyard_service_account" "deploy" {
              name  = "deploy"
              roles = ["viewer"]
            }

            resource "lanyard_access_token" "ci" {
              name            = "ci"
              service_account = lanyard_service_account.deploy.id
            }
            "#,
        );
        story.apply(
            "create lanyard_service_account.deploy
             create lanyard_access_token.ci",
        );

        let machine = story.holder("lanyard_access_token.ci");
        let identity = machine.get("/v1/whoami").body;
        assert_eq!(identity["service_account"]["name"], "deploy");
        assert_eq!(identity["access_token"]["name"], "ci");
        assert_eq!(identity["roles"], json!(["viewer"]));
        assert_eq!(machine.get("/v1/samples").status, 200, "a viewer may read");
        assert_eq!(
            machine.get("/v1/service-accounts").status,
            403,
            "a viewer may not manage credentials"
        );

        let account = &story.native().get("/v1/service-accounts").body["items"][0];
        assert_eq!(
            account["managed_by"], "lanyard",
            "what Terraform owns should be marked"
        );
        assert_eq!(
            account["id"],
            story.attribute("lanyard_service_account.deploy", "id")
        );

        story.destroy();
        assert!(!machine.is_let_in(), "a destroyed token should be refused");
    });
}

#[test]
fn every_attribute_is_created_as_written() {
    on_every_terraform(|story| {
        story.configure(
            r#"
            resource "lanyard_service_account" "full" {
              name        = "Full Größe ✓"
              description = "Everything set"
              roles       = ["viewer", "admin", "editor"]
              disabled    = false
              on_conflict = "error"

              restriction {
                permission = "READ"
                labels     = { Team = "shop", site = "berlin" }
              }
            }

            resource "lanyard_access_token" "full" {
              name            = "full"
              service_account = lanyard_service_account.full.id
              description     = "Everything set"
              roles           = ["viewer", "admin"]
              scopes          = ["samples:read", "credentials:read"]
              expires_at      = "2099-12-31T23:59:59+01:00"
              disabled        = true
              on_conflict     = "error"

              rotation {
                before_expiry = "14d"
                grace_period  = "48h"
                triggers      = { release = "1" }
                jitter        = "1d"
              }

              visibility {
                level = "selected"
                users = ["u2", "u1"]
                teams = ["t1"]
              }
            }

            resource "lanyard_access_token" "alone" {
              name = "alone"
              ttl  = "1d"
            }
            "#,
        );
        story.apply(
            "create lanyard_service_account.full
             create lanyard_access_token.full
             create lanyard_access_token.alone",
        );

        let account = story.native().get("/v1/service-accounts").body["items"][0].clone();
        assert_eq!(
            part(
                &account,
                &["name", "description", "roles", "disabled", "restriction"]
            ),
            json!({
                "name": "Full Größe ✓",
                "description": "Everything set",
                "roles": ["admin", "editor", "viewer"],
                "disabled": false,
                "restriction": { "permission": "READ", "labels": { "Team": "shop", "site": "berlin" } },
            })
        );
        let token = story.native().get("/v1/access-tokens?name=full").body["items"][0].clone();
        assert_eq!(
            part(
                &token,
                &[
                    "service_account_id",
                    "description",
                    "roles",
                    "scopes",
                    "expires_at",
                    "disabled",
                    "visibility"
                ]
            ),
            json!({
                "service_account_id": account["id"],
                "description": "Everything set",
                "roles": ["admin", "viewer"],
                "scopes": ["credentials:read", "samples:read"],
                "expires_at": "2099-12-31T22:59:59Z",
                "disabled": true,
                "visibility": { "level": "selected", "users": ["u1", "u2"], "teams": ["t1"] },
            })
        );
        assert_eq!(
            story.text("lanyard_access_token.full", "status"),
            "disabled"
        );
        assert_eq!(
            story.attribute("lanyard_access_token.full", "generation"),
            1
        );
        assert_eq!(story.text("lanyard_access_token.alone", "status"), "active");
        story.destroy();
    });
}

/// The members of `object` that a story cares for.
fn part(object: &Value, names: &[&str]) -> Value {
    names
        .iter()
        .map(|name| ((*name).to_owned(), object[name].clone()))
        .collect()
}
