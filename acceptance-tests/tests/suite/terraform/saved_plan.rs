//! What people do between plan and apply: wait, look away, pick.

use std::sync::Arc;

use lanyard_compiler::model::Kind;

use crate::support::hand::Hand;
use crate::support::server::TokenServer;
use crate::support::story::{Story, on_every_terraform};

#[test]
fn a_saved_plan_applies_the_next_day() {
    on_every_terraform(|story| {
        story.configure(
            r#"
            resource "lanyard_service_account" "deploy" {
              name = "deploy"
            }
            resource "lanyard_access_token" "ci" {
              name            = "ci"
              service_account = lanyard_service_account.deploy.id
              ttl             = "90d"

              rotation {
                before_expiry = "14d"
                jitter        = "2d"
              }
            }
            "#,
        );
        story.save_plan();
        story.native().advance_clock(26 * 60 * 60);
        story.apply_saved_plan();
        story.succeeds(&["plan", "-destroy", "-out=saved.plan"]);
        story.native().advance_clock(26 * 60 * 60);
        story.succeeds(&["apply", "saved.plan"]);
        assert_eq!(story.native().token_names(), Vec::<String>::new());
    });
}

#[test]
fn refresh_false_asks_the_server_nothing() {
    on_every_terraform(|story| {
        story.configure("resource \"lanyard_service_account\" \"a\" {\n name = \"a\"\n}");
        story.settle();
        let id = story.text("lanyard_service_account.a", "id");
        story.native().delete(&format!("/v1/service-accounts/{id}"));
        story.native().take_requests();
        story.plan_with(&["-refresh=false"]).expect("");
        assert_eq!(story.native().take_requests(), Vec::<String>::new());
        story.apply("create lanyard_service_account.a");
        story.destroy();
    });
}

#[test]
fn a_target_is_all_that_changes() {
    on_every_terraform(|story| {
        story.configure(
            r#"
            resource "lanyard_service_account" "a" {
              name = "a"
            }
            resource "lanyard_access_token" "of_a" {
              name            = "of a"
              service_account = lanyard_service_account.a.id
            }
            resource "lanyard_service_account" "b" {
              name = "b"
            }
            "#,
        );
        story
            .plan_with(&["-target=lanyard_access_token.of_a"])
            .expect(
                "create lanyard_service_account.a
             create lanyard_access_token.of_a",
            );
        story.succeeds(&["apply", "saved.plan"]);
        assert_eq!(story.native().account_names(), ["a"]);
        story.apply("create lanyard_service_account.b");
        story.succeeds(&[
            "destroy",
            "-auto-approve",
            "-target=lanyard_access_token.of_a",
        ]);
        assert_eq!(story.native().account_names(), ["a", "b"]);
        story.destroy();
    });
}

#[test]
fn a_refresh_only_plan_is_an_alarm_for_drift() {
    on_every_terraform(|story| {
        story.configure("resource \"lanyard_service_account\" \"a\" {\n name = \"a\"\n}");
        story.settle();
        let quiet = story.run(&["plan", "-refresh-only", "-detailed-exitcode"]);
        assert_eq!(quiet.code, Some(0), "{quiet}");
        let id = story.text("lanyard_service_account.a", "id");
        story.native().patch(
            &format!("/v1/service-accounts/{id}"),
            &serde_json::json!({ "description": "theirs" }),
        );
        let drifted = story.run(&["plan", "-refresh-only", "-detailed-exitcode"]);
        assert_eq!(drifted.code, Some(2), "{drifted}");
        let plan = story.plan();
        assert_eq!(
            plan.drift(),
            ["update lanyard_service_account.a: description"]
        );
        story.apply_saved_plan();
        story.destroy();
    });
}

/// Three secrets of accounts: an account's own, a token's, and a token's for a recipient.
fn secrets(recipient: &str, round: u32) -> String {
    let rotation = format!("rotation {{\n triggers = {{ round = \"{round}\" }}\n }}\n");
    format!(
        r#"
        provider "lanyard" {{
          api = "openobserve"
        }}
        resource "lanyard_service_account" "own" {{
          name = "own"
          {rotation}
        }}
        resource "lanyard_service_account" "of" {{
          for_each = toset(["clear", "sealed"])
          name     = each.key
        }}
        resource "lanyard_access_token" "clear" {{
          name            = "clear"
          service_account = lanyard_service_account.of["clear"].id
          {rotation}
        }}
        resource "lanyard_access_token" "sealed" {{
          name            = "sealed"
          service_account = lanyard_service_account.of["sealed"].id
          recipient       = "{recipient}"
          {rotation}
        }}
        "#
    )
}

/// No answer of OpenObserve tells when a secret was issued, or counts it.
#[test]
fn a_saved_plan_replaces_the_secret_that_it_saw_and_no_later_one() {
    const PLAN: [&str; 2] = ["plan", "-out=saved.plan"];
    const APPLY: [&str; 2] = ["apply", "-auto-approve"];
    let key = age::x25519::Identity::generate().to_public().to_string();
    let server = Arc::new(TokenServer::start_with(&["--api", "openobserve"]));
    let there = Story::with_one_terraform(&server);
    Story::with_one_terraform(&server).tell(|here| {
        here.configure(&secrets(&key, 0));
        here.succeeds(&APPLY);
        std::fs::copy(
            here.path("terraform.tfstate"),
            there.path("terraform.tfstate"),
        )
        .expect("the story's folder should be writable");
        // The first plan finds its own secrets, the second one theirs.
        for round in 1..3 {
            here.configure(&secrets(&key, round));
            here.succeeds(&PLAN);
            there.configure(&secrets(&key, 10 + round));
            there.succeeds(&APPLY);
            let told = here.fails(&["apply", "saved.plan"]);
            let overtaken = "Somebody else replaced the secret at the same time";
            assert_eq!(told.matches(overtaken).count(), 3, "{round}: {told}");
            for address in ["lanyard_service_account.own", "lanyard_access_token.clear"] {
                let [id, secret] = ["id", "token"].map(|name| there.text(address, name));
                assert!(Hand::on(&server).lets_in(&id, &secret), "{round} {address}");
            }
            there.expect_empty_plan();
        }
        here.succeeds(&APPLY);
        here.expect_empty_plan();
    });
}

/// Somebody rotates after a plan that changes something else: the apply is no success, and the next one mends it.
#[test]
fn a_saved_plan_does_not_end_well_with_a_dead_secret() {
    for api in ["native", "splunk"] {
        let server = Arc::new(TokenServer::start_with(&["--api", api]));
        let there = Story::with_one_terraform(&server);
        Story::with_one_terraform(&server).tell(|here| {
            let configure = |story: &Story, description: &str, round: u32| {
                let (account, more) = match api {
                    "native" => (
                        "resource \"lanyard_service_account\" \"a\" {\n name = \"a\"\n}",
                        "service_account = lanyard_service_account.a.id",
                    ),
                    _ => ("", "scopes = [\"ingest\"]"),
                };
                story.configure(&format!(
                    r#"
                    {account}
                    resource "lanyard_access_token" "ci" {{
                      name        = "ci"
                      description = "{description}"
                      {more}
                      rotation {{
                        triggers = {{ round = "{round}" }}
                      }}
                    }}
                    "#
                ));
            };
            configure(here, "old", 1);
            here.settle();
            std::fs::copy(
                here.path("terraform.tfstate"),
                there.path("terraform.tfstate"),
            )
            .expect("the story's folder should be writable");
            configure(here, "new", 1);
            here.succeeds(&["plan", "-out=saved.plan"]);
            configure(&there, "old", 2);
            there.succeeds(&["apply", "-auto-approve"]);
            let told = here.fails(&["apply", "saved.plan"]);
            assert!(
                told.contains("Somebody else replaced the secret since the plan"),
                "{told}"
            );
            here.succeeds(&["apply", "-auto-approve"]);
            here.expect_empty_plan();
            let [id, secret] =
                ["id", "token"].map(|name| here.text("lanyard_access_token.ci", name));
            assert!(Hand::on(&server).lets_in(&id, &secret));
            here.destroy();
        });
    }
}

/// Somebody takes power away after a plan that changes a description, or rotates: the apply gives nothing back unsaid, issues nothing, and
/// the state is true.
#[test]
fn a_saved_plan_gives_no_power_back() {
    for (api, theirs, rotates) in [
        ("native", Kind::AccessToken, false),
        ("native", Kind::ServiceAccount, false),
        ("splunk", Kind::AccessToken, false),
        ("native", Kind::AccessToken, true),
        ("elasticsearch", Kind::ServiceAccount, true),
        ("splunk", Kind::AccessToken, true),
    ] {
        let server = Arc::new(TokenServer::start_with(&["--api", api]));
        Story::with_one_terraform(&server).tell(|here| {
            let account = |name| {
                format!("resource \"lanyard_service_account\" \"a\" {{\n name = \"{name}\"\n}}")
            };
            let of_account = "service_account = lanyard_service_account.a.id";
            let (account, more) = match api {
                "native" => (account("a"), of_account),
                "elasticsearch" => (account("shop/a"), of_account),
                _ => (String::new(), "scopes = [\"ingest\"]"),
            };
            let configure = |step: u32| {
                let change = if rotates {
                    format!("rotation {{\n triggers = {{ round = \"{step}\" }}\n }}")
                } else {
                    format!("description = \"{step}\"")
                };
                here.configure(&format!(
                    r#"
                    {account}
                    resource "lanyard_access_token" "ci" {{
                      name = "ci"
                      {more}
                      {change}
                    }}
                    "#
                ));
            };
            configure(1);
            here.settle();
            configure(2);
            here.succeeds(&["plan", "-out=saved.plan"]);
            let hand = Hand::on(&server);
            let address = match theirs {
                Kind::AccessToken => "lanyard_access_token.ci",
                Kind::ServiceAccount => "lanyard_service_account.a",
            };
            hand.change(theirs, &here.text(address, "id"), "disabled", true);
            let told = here.fails(&["apply", "saved.plan"]);
            assert!(
                told.contains("Somebody else changed it since the plan"),
                "{told}"
            );
            let of_token = |name| here.text("lanyard_access_token.ci", name);
            assert!(!hand.lets_in(&of_token("id"), &of_token("token")), "{api}");
            assert_eq!(of_token("status"), "disabled");
            let secret = of_token("token");
            // The next plan tells what it puts back, and does.
            here.succeeds(&["apply", "-auto-approve"]);
            here.expect_empty_plan();
            assert!(hand.lets_in(&of_token("id"), &of_token("token")), "{api}");
            assert_eq!(of_token("token") != secret, rotates, "{api}");
            here.destroy();
        });
    }
}

/// What a token loses with its account in the same apply was planned, and is no reason to stop.
#[test]
fn what_a_token_loses_with_its_account_is_no_surprise() {
    on_every_terraform(|story| {
        let configure = |account: &str, description: &str| {
            story.configure(&format!(
                r#"
                resource "lanyard_service_account" "a" {{
                  name = "a"
                  {account}
                }}
                resource "lanyard_access_token" "ci" {{
                  name            = "ci"
                  description     = "{description}"
                  service_account = lanyard_service_account.a.id
                }}
                "#
            ));
        };
        configure("roles = [\"editor\", \"viewer\"]", "old");
        story.settle();
        configure("roles = [\"editor\"]\ndisabled = true", "new");
        story.succeeds(&["apply", "-auto-approve"]);
        configure("roles = [\"editor\"]", "newer");
        story.succeeds(&["apply", "-auto-approve"]);
        configure("roles = [\"editor\"]\ndisabled = true", "newer");
        story.succeeds(&["apply", "-auto-approve"]);
        configure("roles = [\"editor\"]\ndisabled = true", "on_conflict");
        story.succeeds(&["apply", "-auto-approve"]);
        story.destroy();
    });
}
