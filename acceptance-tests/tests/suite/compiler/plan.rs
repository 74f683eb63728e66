//! `lanyard plan` without any stored state: what the server has now is what counts.

use serde_json::json;

use super::story::Story;

const CONFIGURATION: &str = r#"
resource "lanyard_service_account" "ci" {
  name        = "ci"
  description = "deploys"
  roles       = ["editor"]
}

resource "lanyard_access_token" "deploy" {
  name            = "deploy"
  service_account = lanyard_service_account.ci.id
  ttl             = "90d"

  rotation {
    before_expiry = "14d"
    grace_period  = "1h"
  }
}

resource "terraform_data" "pipeline" {
  input = "Bearer ${lanyard_access_token.deploy.token}"
}
"#;

#[test]
fn a_new_configuration_plans_everything() {
    let story = Story::new(CONFIGURATION);
    let ended = story.run("plan --detailed-exitcode");
    assert_eq!(ended.code, Some(2), "{ended}");
    story.snapshot("a_new_configuration_plans_everything", &ended);
    assert!(
        story.native().token_names().is_empty(),
        "planning writes nothing"
    );
}

#[test]
fn what_is_there_plans_nothing() {
    let story = Story::new(CONFIGURATION);
    story.apply();
    assert_eq!(story.planned(""), Vec::<String>::new());
}

#[test]
fn drift_of_every_kind_shows() {
    let story = Story::new(CONFIGURATION);
    story.apply();
    let account = story.json("tokens --format json")["access_tokens"][0].clone();
    assert_eq!(account["service_account"], "ci");
    let accounts = story.native().get("/v1/service-accounts").body;
    let id = accounts["items"][0]["id"]
        .as_str()
        .expect("an account has an id");
    story.native().patch(
        &format!("/v1/service-accounts/{id}"),
        &json!({"description": "changed", "roles": ["viewer"], "disabled": true}),
    );
    story.snapshot("drift_of_every_kind_shows", &story.run("plan"));
    story.apply();
}

#[test]
fn a_due_token_rotates_and_says_why_and_who_uses_it() {
    let story = Story::new(CONFIGURATION);
    story.apply();
    story.native().advance_clock(80 * 86_400);
    assert_eq!(story.planned(""), ["rotate lanyard_access_token.deploy"]);
    story.snapshot("a_due_token_rotates", &story.run("plan"));
    story.snapshot(
        "a_due_token_rotates_in_a_comment",
        &story.run("plan --format markdown"),
    );
    story.apply();
    let secrets = story.handed_over();
    assert_eq!(
        secrets.len(),
        2,
        "one when it was created, one when it was rotated"
    );
    for (_, secret) in &secrets {
        assert_eq!(
            story.whose(secret).as_deref(),
            Some("ci"),
            "the old one has its grace period"
        );
    }
    story.native().advance_clock(3_700);
    assert_eq!(story.whose(&secrets[0].1), None, "the grace period is over");
    assert_eq!(story.whose(&secrets[1].1).as_deref(), Some("ci"));
}

#[test]
fn a_document_means_what_the_terraform_files_mean() {
    let story = Story::new(CONFIGURATION);
    story.apply();
    story.remove("main.tf");
    story.file(
        "ci.lanyard.json",
        r#"{
          "server": {"native": {}},
          "service_account": {"ci": {"name": "ci", "description": "deploys", "roles": ["editor"]}},
          "access_token": {"deploy": {
            "name": "deploy",
            "service_account": "${service_account.ci.id}",
            "ttl": "90d",
            "rotation": {"before_expiry": "14d", "grace_period": "1h"}
          }}
        }"#,
    );
    story.expect_nothing_to_do();
    let ended = story.run("plan ci.lanyard.json --detailed-exitcode");
    assert_eq!(ended.code, Some(0), "{ended}");
}

#[test]
fn each_provider_alias_has_its_own_server() {
    let story = Story::new("");
    let other = crate::support::server::TokenServer::start_with(&[]);
    story.configure(&format!(
        r#"
        provider "lanyard" {{}}

        provider "lanyard" {{
          alias = "second"
          url   = "{}"
          token = var.token
        }}

        variable "token" {{
          type      = string
          sensitive = true
        }}

        resource "lanyard_access_token" "first" {{
          name = "first"
        }}

        resource "lanyard_access_token" "second" {{
          provider = lanyard.second
          name     = "second"
        }}
        "#,
        other.ready.url
    ));
    let token = [("TF_VAR_token", other.operator_token())];
    let ended = story.run_with("apply --yes --out-file secrets.jsonl", &token);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(story.native().token_names(), ["first"]);
    assert_eq!(
        crate::support::native::Native::of(&other).token_names(),
        ["second"]
    );
    let ended = story.run_with("plan --detailed-exitcode", &token);
    assert_eq!(ended.code, Some(0), "{ended}");
}

#[test]
fn an_unreachable_server_or_a_wrong_credential_is_an_error_with_a_remedy() {
    let story = Story::new(CONFIGURATION);
    let ended = story.run_with(
        "plan",
        &[
            ("LANYARD_URL", "http://127.0.0.1:9"),
            ("LANYARD_MAX_RETRIES", "0"),
        ],
    );
    story.snapshot("an_unreachable_server", &ended);
    let ended = story.run_with("plan", &[("LANYARD_TOKEN", "wrong")]);
    story.snapshot("a_wrong_credential", &ended);
}

#[test]
fn what_this_edition_of_a_server_lacks_is_an_error_of_the_plan() {
    let configuration = r#"
        resource "lanyard_service_account" "ci" {
          name  = "ci"
          roles = ["editor"]
        }
    "#;
    let story = Story::on("openobserve", configuration);
    story.succeeds("plan");
    story
        .native()
        .put("/-/profile", &serde_json::json!({ "edition": "oss" }));
    story.fails("plan", &["roles", "OpenObserve"]);
}
