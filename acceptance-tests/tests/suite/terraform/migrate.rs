//! `lanyard migrate` on a folder whose state a vendor's provider wrote: the next plan is empty, and the tokens are those from before.

use std::process::Command;

use serde_json::json;

use super::moved::{Old, sent, taken_over};
use crate::support::binaries::Binaries;
use crate::support::hand::Hand;
use crate::support::http;
use crate::support::story::{Story, on_every_terraform_with_server};

/// What it says on both streams.
pub(super) fn migrate(story: &Story, arguments: &[&str]) -> String {
    let mut command = Command::new(&Binaries::get().command);
    command.arg("migrate").args(arguments);
    story.enclose(&mut command);
    let output = command.output().expect("the command starts");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).expect("what it says is text");
    assert!(output.status.success(), "{said}");
    said
}

/// Rewrites the folder, which names the vendor's provider as it always did, and takes the state over.
fn come_over(
    story: &Story,
    provider: &str,
    (target, id, secret): (&str, &str, &str),
    configuration: &str,
) {
    let local = provider.rsplit('/').next().unwrap_or_default();
    story.file(
        "versions.tf",
        &format!(
            "terraform {{\n  required_providers {{\n    {local} = {{\n      source = \"{provider}\"\n    }}\n  }}\n}}\n"
        ),
    );
    let written = || std::fs::read_to_string(story.path("main.tf")).expect("it is there");
    story.configure(configuration);
    story.succeeds(&["fmt", "-check"]);
    let before = written();
    let shown = migrate(story, &[]);
    assert!(
        shown.contains("+++ b/main.tf") && written() == before,
        "{shown}"
    );
    let said = migrate(story, &["--write"]);
    assert!(said.contains("Migrated 1 resource in 2 files"), "{said}");
    let after = written();
    let again = migrate(story, &["--write"]);
    assert!(again.contains("Nothing to migrate") && written() == after);
    story.succeeds(&["fmt", "-check", "-diff"]);
    // As the command says at its end.
    story.succeeds(&["init", "-input=false"]);
    taken_over(story, &Hand::on(&story.server), target, id, secret);
    story.succeeds(&["validate"]);
    story.destroy();
}

#[test]
fn from_chronospheres_provider() {
    on_every_terraform_with_server(&["--api", "chronosphere"], |story| {
        let made = sent(
            http::blocking()
                .post(format!("{}/api/v1/config/service-accounts", story.server.ready.url))
                .header("api-token", story.server.operator_token()),
            &json!({ "service_account": { "name": "CI", "metrics_restriction": { "permission": "READ", "labels": { "team": "shop" } } } }),
        )["service_account"]
            .take();
        let secret = made["token"].as_str().expect("a secret");
        Old {
            provider: "chronosphereio/chronosphere",
            type_name: "chronosphere_service_account",
            attributes: json!({
                "id": "ci", "slug": "ci", "name": "CI", "email": made["email"], "token": secret, "unrestricted": false,
                "restriction": [{ "permission": "READ", "labels": { "team": "shop" } }],
            }),
        }
        .enter_state(story);
        come_over(
            story,
            "chronosphereio/chronosphere",
            ("lanyard_service_account.old", "ci", secret),
            r#"
            # Reads metrics.
            resource "chronosphere_service_account" "old" {
              name = "CI"

              restriction {
                permission = "READ_ONLY"
                labels     = { team = "shop" }
              }
            }

            output "token" {
              value     = chronosphere_service_account.old.token
              sensitive = true
            }
            "#,
        );
    });
}

#[test]
fn from_splunks_provider() {
    on_every_terraform_with_server(&["--api", "splunk"], |story| {
        let made = sent(
            http::blocking()
                .post(format!("{}/v2/token", story.server.ready.url))
                .header("X-SF-Token", story.server.operator_token()),
            &json!({
                "name": "ci/ingest", "authScopes": ["INGEST"], "limits": { "dpmQuota": 1000 },
                "notifications": [{ "type": "Email", "email": "ops@example.com" }],
            }),
        );
        let secret = made["secret"].as_str().expect("a secret");
        Old {
            provider: "splunk-terraform/signalfx",
            type_name: "signalfx_org_token",
            attributes: json!({
                "id": "ci/ingest", "name": "ci/ingest", "description": "", "auth_scopes": ["INGEST"], "disabled": false,
                "dpm_limits": [{ "dpm_limit": 1000, "dpm_notification_threshold": -1 }], "host_or_usage_limits": [],
                "notifications": ["Email,ops@example.com"], "secret": secret,
            }),
        }
        .enter_state(story);
        come_over(
            story,
            "splunk-terraform/signalfx",
            ("lanyard_access_token.old", "ci/ingest", secret),
            r#"
            resource "signalfx_org_token" "old" {
              name          = "ci/ingest"
              auth_scopes   = ["INGEST"]
              notifications = ["Email,ops@example.com"]

              dpm_limits {
                dpm_limit                  = 1000
                dpm_notification_threshold = -1
              }
            }

            resource "terraform_data" "user" {
              input      = sha256(signalfx_org_token.old.secret)
              depends_on = [signalfx_org_token.old]
              count      = 0
            }
            "#,
        );
    });
}

#[test]
fn from_openobserves_provider() {
    on_every_terraform_with_server(&["--api", "openobserve"], |story| {
        let ready = &story.server.ready;
        let made = sent(
            http::blocking()
                .post(format!("{}/api/default/service_accounts", ready.url))
                .basic_auth(
                    ready.username.as_deref().expect("OpenObserve has users"),
                    ready.password.as_deref(),
                ),
            &json!({ "email": "ci.pipeline@example.com", "first_name": "CI", "last_name": "" }),
        );
        let secret = made["token"].as_str().expect("a secret");
        Old {
            provider: "openobserve/openobserve",
            type_name: "openobserve_service_account",
            attributes: json!({
                "id": "default/ci.pipeline@example.com", "org_id": "default", "email": "ci.pipeline@example.com",
                "first_name": "CI", "last_name": "", "custom_roles": null, "rotate_token": "1", "token": secret,
                "is_system": false, "created_at": 0, "description": "",
            }),
        }
        .enter_state(story);
        come_over(
            story,
            "openobserve/openobserve",
            (
                "lanyard_service_account.old",
                "default/ci.pipeline@example.com",
                secret,
            ),
            r#"
            locals {
              domain = "example.com"
            }

            resource "openobserve_service_account" "old" {
              email        = "ci.pipeline@${local.domain}"
              first_name   = "CI"
              rotate_token = "1"
            }
            "#,
        );
    });
}
