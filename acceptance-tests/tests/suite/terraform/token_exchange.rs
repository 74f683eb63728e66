//! `ephemeral "lanyard_token_exchange"`: one token for another, as the RFC says, through Dex and through OpenObserve, and nothing of it
//! in a state or a plan. Ephemeral resources need Terraform 1.10 (or OpenTofu 1.11); the stories run on nothing older than 1.11.

use serde_json::Value;

use crate::support::story::{Story, on_every_terraform, on_every_terraform_with_server};

/// The given tokens, and every secret that the server issued but that of `holder`, are neither in the state nor in a plan.
fn expect_nothing_stored(story: &Story, holder: &str, given: &[&str]) {
    let held = story.text(holder, "token");
    let mut secrets: Vec<String> = story.server.secrets();
    secrets.retain(|secret| *secret != held);
    secrets.extend(given.iter().map(|&secret| secret.to_owned()));
    assert!(!secrets.is_empty());
    story.save_plan();
    let state =
        std::fs::read_to_string(story.path("terraform.tfstate")).expect("there should be a state");
    let plan = story.data(&["show", "-json", "saved.plan"]);
    for secret in secrets {
        assert!(
            !state.contains(&secret),
            "the state holds an exchanged token"
        );
        assert!(!plan.contains(&secret), "the plan holds an exchanged token");
    }
}

#[test]
fn a_long_lived_token_becomes_a_short_narrow_one() {
    on_every_terraform(|story| {
        let token = r#"
            resource "lanyard_service_account" "ci" {
              name  = "ci"
              roles = ["viewer"]
            }

            resource "lanyard_access_token" "ci" {
              name            = "ci"
              service_account = lanyard_service_account.ci.id
            }
        "#;
        story.configure(token);
        story.apply("create lanyard_access_token.ci\ncreate lanyard_service_account.ci");
        story.file(
            "exchange.tf",
            r#"
            ephemeral "lanyard_token_exchange" "narrow" {
              subject_token = lanyard_access_token.ci.token
              scopes        = ["samples:read"]
              min_ttl       = "5m"
            }

            provider "lanyard" {
              alias = "narrow"
              token = ephemeral.lanyard_token_exchange.narrow.token
            }

            data "lanyard_identity" "narrow" {
              provider = lanyard.narrow
            }

            output "scopes" {
              value = data.lanyard_identity.narrow.scopes
            }

            output "account" {
              value = data.lanyard_identity.narrow.service_account == lanyard_service_account.ci.id
            }
            "#,
        );
        story.succeeds(&["apply", "-auto-approve"]);
        let outputs: Value = serde_json::from_str(&story.data(&["output", "-json"]))
            .expect("outputs should be JSON");
        assert_eq!(
            outputs["scopes"]["value"],
            serde_json::json!(["samples:read"])
        );
        assert_eq!(outputs["account"]["value"], true);
        expect_nothing_stored(story, "lanyard_access_token.ci", &[]);
        story.expect_empty_plan();
        story.file("exchange.tf", "");
        story.succeeds(&["apply", "-auto-approve"]);
        story.destroy();
    });
}

/// A token that Dex signed, as an identity provider would give it to a job.
fn signed_by_dex(story: &Story) -> String {
    let ready = &story.server.ready;
    let answer: Value = crate::support::http::blocking()
        .post(format!("{}/dex/token", ready.url))
        .basic_auth("lanyard", ready.password.as_deref())
        .header("content-type", "application/x-www-form-urlencoded")
        .body(
            "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&connector_id=test&subject_token=job\
             &subject_token_type=urn:ietf:params:oauth:token-type:access_token&scope=openid+email+profile",
        )
        .send()
        .and_then(reqwest::blocking::Response::json)
        .expect("Dex should answer");
    answer["access_token"]
        .as_str()
        .unwrap_or_else(|| panic!("Dex should give a token: {answer}"))
        .to_owned()
}

/// Roles are an administrator's to make.
fn create_role(story: &Story, name: &str) {
    let ready = &story.server.ready;
    let user = ready.username.as_deref().unwrap_or_default();
    crate::support::http::blocking()
        .post(format!("{}/api/default/roles", ready.url))
        .basic_auth(user, ready.password.as_deref())
        .header("content-type", "application/json")
        .body(serde_json::json!({ "role": name }).to_string())
        .send()
        .and_then(reqwest::blocking::Response::error_for_status)
        .expect("the role should be made");
}

/// Who signs in with what Dex and OpenObserve say.
const PRINCIPAL: &str = r#"
    resource "lanyard_service_account" "job" {
      name  = "job"
      email = "kilgore@kilgore.trout"
      roles = ["reader"]
    }
"#;

const EXCHANGES: &str = r#"
    variable "subject_token" {
      type      = string
      ephemeral = true
      sensitive = true
    }

    variable "client_secret" {
      type      = string
      ephemeral = true
      sensitive = true
    }

    ephemeral "lanyard_token_exchange" "dex" {
      style         = "dex"
      endpoint      = "URL/dex/token"
      connector_id  = "oidc"
      client_id     = "lanyard"
      client_secret = var.client_secret
      subject_token = var.subject_token
      scopes        = ["openid", "email", "audience:server:client_id:openobserve"]
      min_ttl       = "20m"
    }

    # Where it is exchanged follows from the provider's server.
    ephemeral "lanyard_token_exchange" "openobserve" {
      style         = "openobserve"
      subject_token = ephemeral.lanyard_token_exchange.dex.token
    }

    provider "lanyard" {
      alias = "by_dex"
      token = ephemeral.lanyard_token_exchange.dex.token
    }

    provider "lanyard" {
      alias = "by_openobserve"
      token = ephemeral.lanyard_token_exchange.openobserve.token
    }

    data "lanyard_service_accounts" "by_dex" {
      provider = lanyard.by_dex
    }

    data "lanyard_service_accounts" "by_openobserve" {
      provider = lanyard.by_openobserve
    }

    output "seen" {
      value = [
        length(data.lanyard_service_accounts.by_dex.service_accounts),
        length(data.lanyard_service_accounts.by_openobserve.service_accounts),
      ]
    }
"#;

#[test]
fn dex_and_openobserve_exchange_a_signed_token() {
    on_every_terraform_with_server(&["--api", "openobserve"], |story| {
        let subject = signed_by_dex(story);
        let password = story.server.operator_token().to_owned();
        story.environment("TF_VAR_subject_token", Some(&subject));
        story.environment("TF_VAR_client_secret", Some(&password));
        create_role(story, "reader");
        story.configure(PRINCIPAL);
        story.apply("create lanyard_service_account.job");
        story.file(
            "exchange.tf",
            &EXCHANGES.replace("URL", &story.server.ready.url),
        );
        story.succeeds(&["apply", "-auto-approve"]);
        let seen: Value = serde_json::from_str(&story.data(&["output", "-json", "seen"]))
            .expect("the output should be JSON");
        assert_eq!(seen, serde_json::json!([1, 1]));
        expect_nothing_stored(story, "lanyard_service_account.job", &[&subject]);
        story.expect_empty_plan();

        // Somebody else's signature.
        let mut parts: Vec<&str> = subject.split('.').collect();
        let signature: String = parts[2].chars().rev().collect();
        parts[2] = &signature;
        story.environment("TF_VAR_subject_token", Some(&parts.join(".")));
        let said = story.fails(&["plan"]);
        assert!(said.contains("access_denied"), "{said}");
        assert!(said.contains("subject_token"), "{said}");
        story.file("exchange.tf", "");
        story.destroy();
    });
}
