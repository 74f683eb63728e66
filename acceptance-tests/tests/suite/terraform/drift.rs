//! Changed outside of Terraform: the plan shows each attribute, and the apply puts it back.

use serde_json::{Value, json};

use crate::support::story::{Story, on_every_terraform};

/// Changes one object of each name through the server, past Terraform.
fn change_outside(story: &Story, kind: &str, changes: &[(&str, Value)]) {
    let (resource, path) = match kind {
        "account" => ("lanyard_service_account", "/v1/service-accounts"),
        _ => ("lanyard_access_token", "/v1/access-tokens"),
    };
    for (name, change) in changes {
        let id = story.text(&format!("{resource}.{name}"), "id");
        story.native().patch(&format!("{path}/{id}"), change);
    }
}

/// Everything that the server says of its objects but for what changes with time.
fn server_side(story: &Story) -> Value {
    let mut all = Vec::new();
    for path in ["/v1/service-accounts", "/v1/access-tokens"] {
        for object in story.native().get(path).body["items"]
            .as_array()
            .expect("the server should list its objects")
        {
            let mut object = object.clone();
            object
                .as_object_mut()
                .expect("an item is an object")
                .remove("updated_at");
            all.push(object);
        }
    }
    json!(all)
}

#[test]
fn each_attribute_of_an_account_is_put_back() {
    on_every_terraform(|story| {
        story.configure(
            r#"
            resource "lanyard_service_account" "name" {
              name = "name"
            }
            resource "lanyard_service_account" "description" {
              name        = "description"
              description = "ours"
            }
            resource "lanyard_service_account" "no_description" {
              name = "no_description"
            }
            resource "lanyard_service_account" "roles" {
              name  = "roles"
              roles = ["viewer"]
            }
            resource "lanyard_service_account" "no_roles" {
              name = "no_roles"
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
            resource "lanyard_service_account" "lost_restriction" {
              name = "lost_restriction"
              restriction {
                permission = "READ"
              }
            }
            resource "lanyard_service_account" "no_restriction" {
              name = "no_restriction"
            }
            "#,
        );
        story.settle();
        let ours = server_side(story);
        change_outside(
            story,
            "account",
            &[
                ("name", json!({ "name": "theirs" })),
                ("description", json!({ "description": "theirs" })),
                ("no_description", json!({ "description": "theirs" })),
                ("roles", json!({ "roles": ["viewer", "admin"] })),
                ("no_roles", json!({ "roles": ["admin"] })),
                ("disabled", json!({ "disabled": true })),
                (
                    "restriction",
                    json!({ "restriction": { "permission": "READ_AND_WRITE", "labels": { "team": "Shop" } } }),
                ),
                ("lost_restriction", json!({ "restriction": null })),
                (
                    "no_restriction",
                    json!({ "restriction": { "permission": "READ" } }),
                ),
            ],
        );
        story.apply(
            "update lanyard_service_account.name: name
             update lanyard_service_account.description: description
             update lanyard_service_account.no_description: description
             update lanyard_service_account.roles: roles
             update lanyard_service_account.no_roles: roles
             update lanyard_service_account.disabled: disabled
             update lanyard_service_account.restriction: restriction
             update lanyard_service_account.lost_restriction: restriction, unrestricted
             update lanyard_service_account.no_restriction: restriction, unrestricted",
        );
        assert_eq!(server_side(story), ours);
        story.destroy();
    });
}

#[test]
fn each_attribute_of_a_token_is_put_back() {
    on_every_terraform(|story| {
        story.configure(
            r#"
            resource "lanyard_service_account" "owner" {
              name  = "owner"
              roles = ["viewer", "editor"]
            }
            resource "lanyard_access_token" "name" {
              name = "name"
            }
            resource "lanyard_access_token" "description" {
              name        = "description"
              description = "ours"
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
              expires_at = "2099-01-01T00:00:00Z"
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
            resource "lanyard_access_token" "no_visibility" {
              name = "no_visibility"
            }
            "#,
        );
        story.settle();
        let ours = server_side(story);
        change_outside(
            story,
            "token",
            &[
                ("name", json!({ "name": "theirs" })),
                ("description", json!({ "description": "theirs" })),
                ("roles", json!({ "roles": ["editor"] })),
                (
                    "scopes",
                    json!({ "scopes": ["samples:read", "samples:write"] }),
                ),
                (
                    "expires_at",
                    json!({ "expires_at": "2098-01-01T00:00:00Z" }),
                ),
                ("disabled", json!({ "disabled": true })),
                (
                    "visibility",
                    json!({ "visibility": { "level": "everyone", "users": [], "teams": [] } }),
                ),
                (
                    "no_visibility",
                    json!({ "visibility": { "level": "everyone", "users": [], "teams": [] } }),
                ),
            ],
        );
        story.apply(
            "update lanyard_access_token.name: name
             update lanyard_access_token.description: description
             update lanyard_access_token.roles: roles
             update lanyard_access_token.scopes: scopes
             update lanyard_access_token.expires_at: expires_at
             update lanyard_access_token.disabled: disabled, status?
             update lanyard_access_token.visibility: visibility
             update lanyard_access_token.no_visibility: visibility",
        );
        assert_eq!(server_side(story), ours);
        story.destroy();
    });
}

#[test]
fn a_difference_in_spelling_is_no_drift() {
    on_every_terraform(|story| {
        story.configure(
            r#"
            resource "lanyard_service_account" "owner" {
              name  = "owner"
              roles = ["viewer", "editor", "admin"]
            }
            resource "lanyard_access_token" "ci" {
              name            = "ci"
              service_account = lanyard_service_account.owner.id
              roles           = ["viewer", "admin"]
              expires_at      = "2099-01-01T02:00:00.000+02:00"
              description     = ""
            }
            "#,
        );
        story.settle();
        assert_eq!(
            story.text("lanyard_access_token.ci", "expires_at"),
            "2099-01-01T02:00:00.000+02:00",
            "the user's spelling should stay"
        );
        story.destroy();
    });
}

/// Where the configuration does not say it, the plan takes what the server has, and says so.
#[test]
fn power_that_was_moved_outside_is_told_by_the_plan_and_its_review() {
    on_every_terraform(|story| {
        story.configure(
            r#"
            resource "lanyard_service_account" "owner" {
              name  = "owner"
              roles = ["viewer", "editor"]
            }
            resource "lanyard_access_token" "ci" {
              name            = "ci"
              service_account = lanyard_service_account.owner.id
            }
            "#,
        );
        story.settle();
        let moved = |roles: Value, told: &str| {
            change_outside(story, "token", &[("ci", json!({ "roles": roles }))]);
            let plan = story.succeeds(&["plan", "-out", "saved.plan"]);
            let plan = plan.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(plan.contains(told), "{told:?} in {plan}");
            let shown = story.data(&["show", "-json", "saved.plan"]);
            story.file("plan.json", &shown);
            let review = story.lanyard("review plan.json");
            let finding = "warning[power-changed-outside] lanyard_access_token.ci: can do ";
            assert!(review.contains(finding), "{review}");
            assert!(review.contains(told), "{review}");
            story.succeeds(&["apply", "-refresh-only", "-auto-approve"]);
            let quiet = story.succeeds(&["plan"]);
            assert!(!quiet.contains("Somebody changed"), "{quiet}");
        };
        moved(json!(["viewer"]), "less than before (role editor)");
        moved(
            json!(["viewer", "editor"]),
            "more than before (role editor)",
        );
        story.destroy();
    });
}
