//! A secret that nears its end is replaced in place, by the next apply that looks.

use crate::support::story::on_every_terraform;

const DAY: u64 = 24 * 60 * 60;

#[test]
fn a_token_rotates_in_time_and_its_consumer_follows() {
    on_every_terraform(|story| {
        story.configure(
            r#"
            resource "lanyard_access_token" "ci" {
              name = "ci"
              ttl  = "90d"

              rotation {
                before_expiry = "14d"
                grace_period  = "48h"
              }
            }
            resource "terraform_data" "consumer" {
              triggers_replace = lanyard_access_token.ci.token
            }
            "#,
        );
        story.settle();
        let id = story.text("lanyard_access_token.ci", "id");
        let old = story.holder("lanyard_access_token.ci");

        story.native().advance_clock(70 * DAY);
        story.expect_empty_plan();

        story.native().advance_clock(10 * DAY);
        story.plan_with(&["-refresh=false"]).expect("");
        let plan = story.plan();
        assert_eq!(plan.before("lanyard_access_token.ci", "generation"), 1);
        assert_eq!(plan.after("lanyard_access_token.ci", "generation"), 2);
        assert!(
            plan.after("lanyard_access_token.ci", "rotation_reason")
                .is_string(),
            "the plan should say why"
        );
        assert!(
            plan.to_string()
                .contains("replace (triggers_replace) terraform_data.consumer"),
            "{plan}"
        );
        story.apply_saved_plan();

        assert_eq!(
            story.text("lanyard_access_token.ci", "id"),
            id,
            "a rotation is an update in place"
        );
        let new = story.holder("lanyard_access_token.ci");
        assert_eq!(new.get("/v1/whoami").body["access_token"]["generation"], 2);
        assert!(
            old.is_let_in(),
            "the old secret works during the grace period"
        );
        story.native().advance_clock(3 * DAY);
        assert!(
            !old.is_let_in(),
            "the old secret ends with the grace period"
        );
        assert!(new.is_let_in());
        story.expect_empty_plan();
        story.destroy();
    });
}

#[test]
fn a_changed_trigger_rotates_and_an_added_one_does_not() {
    let configuration = |triggers: &str| {
        format!(
            r#"
            resource "lanyard_access_token" "ci" {{
              name = "ci"

              rotation {{
                triggers = {triggers}
              }}
            }}
            "#
        )
    };
    on_every_terraform(|story| {
        story.configure(&configuration(r#"{ release = "1" }"#));
        story.settle();
        let first = story.text("lanyard_access_token.ci", "token");

        story.configure(&configuration(r#"{ release = "1", region = "eu" }"#));
        story.apply("update lanyard_access_token.ci: rotation");
        assert!(
            story.text("lanyard_access_token.ci", "token") == first,
            "an added trigger should not rotate"
        );

        story.configure(&configuration(r#"{ release = "2", region = "eu" }"#));
        story.settle();
        assert!(
            story.text("lanyard_access_token.ci", "token") != first,
            "a changed trigger should rotate"
        );
        assert_eq!(story.attribute("lanyard_access_token.ci", "generation"), 2);
        story.destroy();
    });
}
