//! What people do between plan and apply: wait, look away, pick.

use crate::support::story::on_every_terraform;

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
