//! Coming over from the vendors' own providers: what their state holds becomes ours by a `moved` block, the secret with it, and their
//! provider is no longer configured.

use reqwest::blocking::RequestBuilder;
use serde_json::{Value, json};

use crate::support::hand::Hand;
use crate::support::http;
use crate::support::story::{Story, on_every_terraform_with_server};

/// What is made on a server as the vendor's provider makes it, and the state that provider writes.
pub(super) struct Old {
    pub(super) provider: &'static str,
    pub(super) type_name: &'static str,
    pub(super) attributes: Value,
}

impl Old {
    /// Puts it into the state, and a `moved` block that leads to `target`.
    fn enter(&self, story: &Story, target: &str, configuration: &str) {
        self.enter_state(story);
        story.configure(&format!(
            "{configuration}\nmoved {{\n  from = {}.old\n  to   = {target}\n}}\n",
            self.type_name
        ));
    }

    /// Puts it into the state, under the name `old`.
    pub(super) fn enter_state(&self, story: &Story) {
        let Self {
            provider,
            type_name,
            attributes,
        } = self;
        // Terraform wants the old provider installed for as long as the state speaks of it, and asks it nothing.
        story.stand_in(provider);
        let state = json!({
            "version": 4, "terraform_version": "1.11.0", "serial": 1, "lineage": "5f1d1f6c-7a8b-4d0c-9a53-0c2f4d3d8a11", "outputs": {},
            "resources": [{
                "mode": "managed", "type": type_name, "name": "old",
                "provider": format!("provider[\"registry.terraform.io/{provider}\"]"),
                "instances": [{ "schema_version": 0, "attributes": attributes, "sensitive_attributes": [], "private": "bnVsbA==" }],
            }],
            "check_results": null,
        });
        story.file("terraform.tfstate", &state.to_string());
    }
}

/// A call as the vendor's own tools send it.
pub(super) fn sent(request: RequestBuilder, body: &Value) -> Value {
    let answer = request.json(body).send().expect("the server answers");
    let status = answer.status();
    let text = answer.text().expect("the answer is text");
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).expect("the answer is JSON")
}

pub(super) fn taken_over(story: &Story, hand: &Hand, target: &str, id: &str, secret: &str) {
    let said = story.succeeds(&["plan", "-out=saved.plan"]);
    assert!(said.contains("has moved to"), "{said}");
    story.saved_plan().expect("");
    story.apply_saved_plan();
    assert!(
        story.text(target, "token") == secret,
        "the secret in the state should be the one from before"
    );
    assert!(hand.lets_in(id, secret), "a move changes nothing");
}

#[test]
fn a_chronosphere_account_brings_the_secret_that_is_shown_only_once() {
    on_every_terraform_with_server(&["--api", "chronosphere"], |story| {
        let hand = Hand::on(&story.server);
        let body = json!({ "service_account": {
            "name": "CI", "metrics_restriction": { "permission": "READ_WRITE", "labels": { "Team": "shop" } },
        }});
        let url = format!("{}/api/v1/config/service-accounts", story.server.ready.url);
        let operator = story.server.operator_token();
        let made = sent(
            http::blocking().post(url).header("api-token", operator),
            &body,
        )["service_account"]
            .take();
        let secret = made["token"].as_str().expect("a secret").to_owned();
        let target = "lanyard_service_account.ci";
        Old {
            provider: "chronosphereio/chronosphere",
            type_name: "chronosphere_service_account",
            attributes: json!({
                "id": made["slug"], "slug": made["slug"], "name": "CI", "email": made["email"], "token": secret,
                "unrestricted": false,
                "restriction": [{ "permission": "READ_WRITE", "labels": { "Team": "shop" } }],
            }),
        }
        .enter(
            story,
            target,
            r#"
            resource "lanyard_service_account" "ci" {
              name = "CI"

              restriction {
                permission = "READ_AND_WRITE"
                labels     = { Team = "shop" }
              }
            }
            "#,
        );
        taken_over(story, &hand, target, "ci", &secret);
        story.destroy();
    });
}

#[test]
fn a_splunk_token_brings_limits_notifications_and_its_end() {
    on_every_terraform_with_server(&["--api", "splunk"], |story| {
        let hand = Hand::on(&story.server);
        let made = sent(
            http::blocking()
                .post(format!("{}/v2/token", story.server.ready.url))
                .header("X-SF-Token", story.server.operator_token()),
            &json!({
                "name": "ci/ingest", "authScopes": ["API", "INGEST"], "description": "CI",
                "limits": { "categoryQuota": { "1": 100 }, "categoryNotificationThreshold": { "1": 90 } },
                "notifications": [{ "type": "Email", "email": "ops@example.com" }, { "type": "Team", "team": "T1" }],
            }),
        );
        let secret = made["secret"].as_str().expect("a secret").to_owned();
        let target = "lanyard_access_token.ci";
        Old {
            provider: "splunk-terraform/signalfx",
            type_name: "signalfx_org_token",
            attributes: json!({
                "id": "ci/ingest", "name": "ci/ingest", "description": "CI", "auth_scopes": ["API", "INGEST"], "disabled": false,
                "dpm_limits": [],
                "host_or_usage_limits": [{
                    "host_limit": 100, "host_notification_threshold": 90,
                    "container_limit": -1, "container_notification_threshold": -1,
                    "custom_metrics_limit": -1, "custom_metrics_notification_threshold": -1,
                    "high_res_metrics_limit": -1, "high_res_metrics_notification_threshold": -1,
                }],
                "notifications": ["Email,ops@example.com", "Team,T1"], "secret": secret,
            }),
        }
        .enter(
            story,
            target,
            r#"
            resource "lanyard_access_token" "ci" {
              name        = "ci/ingest"
              description = "CI"
              scopes      = ["api", "ingest"]

              limits {
                hosts       = 100
                hosts_alert = 90
              }
              alert {
                type  = "Email"
                email = "ops@example.com"
              }
              alert {
                type = "Team"
                team = "T1"
              }
            }
            "#,
        );
        taken_over(story, &hand, target, "ci/ingest", &secret);
        story.destroy();
    });
}

#[test]
fn a_disabled_splunk_token_stays_disabled_and_what_is_not_known_is_named() {
    on_every_terraform_with_server(&["--api", "splunk"], |story| {
        let made = sent(
            http::blocking()
                .post(format!("{}/v2/token", story.server.ready.url))
                .header("X-SF-Token", story.server.operator_token()),
            &json!({ "name": "old", "authScopes": ["INGEST"], "disabled": true }),
        );
        let target = "lanyard_access_token.ci";
        Old {
            provider: "splunk-terraform/signalfx",
            type_name: "signalfx_org_token",
            attributes: json!({
                "id": "old", "name": "old", "description": "", "auth_scopes": ["INGEST"], "disabled": true,
                "dpm_limits": [], "host_or_usage_limits": [], "notifications": [], "secret": made["secret"], "zone": "eu0",
            }),
        }
        .enter(
            story,
            target,
            r#"
            resource "lanyard_access_token" "ci" {
              name     = "old"
              scopes   = ["ingest"]
              disabled = true
            }
            "#,
        );
        let said = story.succeeds(&["plan"]);
        let start = said.find("Warning: Not everything").expect("a warning");
        story.snapshot("moved_in_part", &without_place(said[start..].trim()));
        story.apply("");
        assert_eq!(story.text(target, "status"), "disabled");
        story.destroy();
    });
}

#[test]
fn an_openobserve_account_and_its_ingestion_token_bring_their_secrets() {
    on_every_terraform_with_server(&["--api", "openobserve"], |story| {
        let hand = Hand::on(&story.server);
        let ready = &story.server.ready;
        let post = |path: &str| {
            http::blocking()
                .post(format!("{}/api/default/{path}", ready.url))
                .basic_auth(
                    ready.username.as_deref().expect("OpenObserve has users"),
                    ready.password.as_deref(),
                )
        };
        // The second is one that OpenObserve's own pages make of a name, which is another than its address gives here.
        for (email, name) in [
            ("ci.pipeline@example.com", "ci-pipeline"),
            ("ci.default@sa.internal", "ci-default"),
        ] {
            let made = sent(
                post("service_accounts"),
                &json!({ "email": email, "first_name": "CI", "last_name": "" }),
            );
            let secret = made["token"].as_str().expect("a secret").to_owned();
            let target = "lanyard_service_account.ci";
            let id = format!("default/{email}");
            Old {
            provider: "openobserve/openobserve",
            type_name: "openobserve_service_account",
            attributes: json!({
                "id": id, "org_id": "default", "email": email, "first_name": "CI", "last_name": "", "custom_roles": null,
                "rotate_token": "1", "token": secret, "is_system": false, "created_at": 0, "description": "",
            }),
        }
        .enter(
            story,
            target,
            &format!(
                r#"
                resource "lanyard_service_account" "ci" {{
                  name        = "{name}"
                  email       = "{email}"
                  description = "CI"

                  rotation {{
                    triggers = {{ rotate_token = "1" }}
                  }}
                }}
                "#
            ),
        );
            taken_over(story, &hand, target, &id, &secret);
            // The name is Lanyard's alone: another one must not cost the account.
            let renamed = std::fs::read_to_string(story.path("main.tf"))
                .expect("the configuration is there")
                .replace(&format!("\"{name}\""), "\"pipeline\"");
            story.configure(&renamed);
            story.apply(&format!("update {target}: name"));
            assert!(hand.lets_in(&id, &secret));
            story.destroy();
            std::fs::remove_file(story.path("terraform.tfstate")).expect("there was a state");
        }

        let made = sent(
            post("ingestion-tokens"),
            &json!({ "name": "otel", "description": "Collectors" }),
        )["data"]
            .take();
        let secret = made["token"].as_str().expect("a secret").to_owned();
        let target = "lanyard_access_token.otel";
        Old {
            provider: "openobserve/openobserve",
            type_name: "openobserve_ingestion_token",
            attributes: json!({
                "id": "default/otel", "org_id": "default", "name": "otel", "description": "Collectors", "enabled": true,
                "token": secret, "is_default": false, "created_by": made["created_by"], "created_at": made["created_at"],
            }),
        }
        .enter(
            story,
            target,
            r#"
            resource "lanyard_access_token" "otel" {
              name        = "otel"
              description = "Collectors"
            }
            "#,
        );
        taken_over(story, &hand, target, "default/otel", &secret);
        story.destroy();
    });
}

#[test]
fn what_cannot_be_moved_says_why() {
    on_every_terraform_with_server(&["--api", "splunk"], |story| {
        let old = |provider: &'static str, attributes: Value| Old {
            provider,
            type_name: "signalfx_org_token",
            attributes,
        };
        old("evil/signalfx", json!({ "id": "ci", "name": "ci" })).enter(
            story,
            "lanyard_access_token.ci",
            "resource \"lanyard_access_token\" \"ci\" {\n  name   = \"ci\"\n  scopes = [\"ingest\"]\n}",
        );
        if !story.terraform.says_whose_state_is_moved() {
            story.succeeds(&["plan"]);
            return;
        }
        let complaint = story.fails(&["plan"]);
        story.snapshot("moved_from_another_provider", &without_place(&complaint));
    });
}

/// Of what is said of a moved state, all but the place in the configuration, which OpenTofu names and Terraform does not.
fn without_place(said: &str) -> String {
    let mut kept = Vec::new();
    let mut lines = said.split('\n');
    while let Some(line) = lines.next() {
        if line.starts_with("  with lanyard_") {
            // As far as the empty line after it.
            lines.by_ref().find(|line| line.is_empty());
        } else {
            kept.push(line);
        }
    }
    kept.join("\n")
}
