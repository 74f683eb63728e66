//! What changes in place. Each attribute has a resource of its own, so that one plan tells of all of them.

use serde_json::json;

use crate::support::native::Native;
use crate::support::story::on_every_terraform;

#[test]
fn an_account_keeps_its_id_and_its_tokens_when_attributes_change() {
    let before = r#"
        resource "lanyard_service_account" "name" {
          name = "old"
        }
        resource "lanyard_service_account" "description" {
          name        = "description"
          description = "old"
        }
        resource "lanyard_service_account" "roles" {
          name  = "roles"
          roles = ["viewer"]
        }
        resource "lanyard_service_account" "disabled" {
          name = "disabled"
        }
        resource "lanyard_service_account" "restriction" {
          name = "restriction"
          restriction {
            permission = "READ"
            labels     = { team = "shop" }
          }
        }
        resource "lanyard_access_token" "ci" {
          name            = "ci"
          service_account = lanyard_service_account.name.id
        }
    "#;
    let after = before
        .replace("\"old\"", "\"new\"")
        .replace("[\"viewer\"]", "[\"editor\", \"viewer\"]")
        .replace(
            "name = \"disabled\"",
            "name = \"disabled\"\n disabled = true",
        )
        .replace("\"READ\"", "\"WRITE\"")
        .replace("team = \"shop\"", "team = \"shop\", site = \"berlin\"");
    let removed = after
        .replace("description = \"new\"", "")
        .replace("roles = [\"editor\", \"viewer\"]", "")
        .replace("disabled = true", "")
        .replace("restriction {\n            permission = \"WRITE\"\n            labels     = { team = \"shop\", site = \"berlin\" }\n          }", "");
    on_every_terraform(|story| {
        story.configure(before);
        story.settle();
        let id = story.text("lanyard_service_account.name", "id");
        let token = story.text("lanyard_access_token.ci", "token");

        story.configure(&after);
        story.apply(
            "update lanyard_service_account.name: name
             update lanyard_service_account.description: description
             update lanyard_service_account.roles: roles
             update lanyard_service_account.disabled: disabled
             update lanyard_service_account.restriction: restriction",
        );
        assert_eq!(story.text("lanyard_service_account.name", "id"), id);
        let renamed = Native::with_token(&story.server, &token)
            .get("/v1/whoami")
            .body;
        assert_eq!(
            renamed["service_account"]["name"], "new",
            "a renamed account keeps its tokens"
        );

        story.configure(&removed);
        story.apply(
            "update lanyard_service_account.description: description
             update lanyard_service_account.roles: roles
             update lanyard_service_account.disabled: disabled
             update lanyard_service_account.restriction: restriction, unrestricted",
        );
        let accounts = story.native().get("/v1/service-accounts").body;
        for account in accounts["items"]
            .as_array()
            .expect("the server should list accounts")
        {
            assert_eq!(
                json!([
                    account["description"],
                    account["roles"],
                    account["disabled"],
                    account["restriction"]
                ]),
                json!([null, [], false, null]),
                "what the configuration no longer says should be gone from {}",
                account["name"]
            );
        }
        story.destroy();
    });
}

#[test]
fn a_token_keeps_its_secret_when_attributes_change() {
    let before = r#"
        resource "lanyard_service_account" "owner" {
          name  = "owner"
          roles = ["viewer", "editor"]
        }
        resource "lanyard_access_token" "name" {
          name            = "old"
          service_account = lanyard_service_account.owner.id
        }
        resource "lanyard_access_token" "description" {
          name        = "description"
          description = "old"
        }
        resource "lanyard_access_token" "roles" {
          name            = "roles"
          service_account = lanyard_service_account.owner.id
          roles           = ["viewer"]
        }
        resource "lanyard_access_token" "scopes" {
          name   = "scopes"
          scopes = ["samples:read"]
        }
        resource "lanyard_access_token" "expires_at" {
          name       = "expires_at"
          expires_at = "2098-01-01T00:00:00Z"
        }
        resource "lanyard_access_token" "ttl" {
          name = "ttl"
          ttl  = "30d"
        }
        resource "lanyard_access_token" "disabled" {
          name = "disabled"
        }
        resource "lanyard_access_token" "visibility" {
          name = "visibility"
          visibility {
            level = "selected"
            users = ["u1"]
          }
        }
        resource "lanyard_access_token" "rotation" {
          name = "rotation"
          ttl  = "30d"
        }
    "#;
    let after = before
        .replace("\"old\"", "\"new\"")
        .replace("[\"viewer\"]", "[\"editor\", \"viewer\"]")
        .replace("samples:read", "samples:write")
        .replace("2098-", "2099-")
        .replace(
            "name = \"ttl\"\n          ttl  = \"30d\"",
            "name = \"ttl\"\n          ttl  = \"60d\"",
        )
        .replace(
            "name = \"disabled\"",
            "name = \"disabled\"\n disabled = true",
        )
        .replace("[\"u1\"]", "[\"u1\", \"u2\"]\n teams = [\"t1\"]")
        .replace(
            "name = \"rotation\"\n",
            "name = \"rotation\"\n rotation {\n before_expiry = \"14d\"\n }\n",
        );
    on_every_terraform(|story| {
        story.configure(before);
        story.settle();
        let tokens = [
            "name",
            "description",
            "roles",
            "scopes",
            "expires_at",
            "ttl",
            "disabled",
            "visibility",
            "rotation",
        ];
        let secrets = |story: &crate::support::story::Story| {
            tokens.map(|name| story.text(&format!("lanyard_access_token.{name}"), "token"))
        };
        let before = secrets(story);

        story.configure(&after);
        story.apply(
            "update lanyard_access_token.name: name
             update lanyard_access_token.description: description
             update lanyard_access_token.roles: roles
             update lanyard_access_token.scopes: scopes
             update lanyard_access_token.expires_at: expires_at
             update lanyard_access_token.ttl: expires_at, ttl
             update lanyard_access_token.disabled: disabled, status?
             update lanyard_access_token.visibility: visibility
             update lanyard_access_token.rotation: rotate_at, rotation",
        );
        assert!(before == secrets(story), "no secret should change");
        story.destroy();
    });
}

/// A secret is in use once it is made: nothing may replace it for the sake of a description.
#[test]
fn what_a_server_does_not_keep_fails_an_update_and_taints_no_creation() {
    on_every_terraform(|story| {
        let configure = |description: &str| {
            story.configure(&format!(
                "resource \"lanyard_access_token\" \"ci\" {{\n  name        = \"ci\"\n  description = \"{description}\"\n}}\n"
            ));
        };
        let fault = |method: &str| {
            json!({
                "method": method,
                "path": "/v1/",
                "fault": { "kind": "alter", "with": { "description": "theirs" } },
            })
        };
        let does_not_keep = || {
            let faults = json!([fault("POST"), fault("PATCH")]);
            story.native().put("/-/faults", &faults);
        };
        let title = "The token server did not do all that it was asked for";
        does_not_keep();
        configure("ours");
        let told = story.succeeds(&["apply", "-auto-approve"]);
        assert!(told.contains(&format!("Warning: {title}")), "{told}");
        assert!(!story.state().is_tainted());
        let secret = story.text("lanyard_access_token.ci", "token");
        configure("new");
        let told = story.fails(&["apply", "-auto-approve"]);
        assert!(told.contains(&format!("Error: {title}")), "{told}");
        assert_eq!(
            story.text("lanyard_access_token.ci", "description"),
            "theirs"
        );
        story.native().delete("/-/faults");
        story.expect_empty_plan();
        assert_eq!(story.text("lanyard_access_token.ci", "token"), secret);
        story.destroy();
    });
}
