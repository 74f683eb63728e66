//! Time passes between looking, planning and applying. What was planned is what happens.

use super::{DAY, TOKEN, generation, planned, secret};
use crate::support::story::{Story, on_every_terraform};

fn configure(story: &Story, description: &str) {
    story.configure(&format!(
        r#"
        resource "lanyard_access_token" "ci" {{
          name        = "ci"
          description = "{description}"
          ttl         = "90d"

          rotation {{
            before_expiry = "14d"
            grace_period  = "48h"
          }}
        }}
        "#
    ));
}

#[test]
fn a_plan_that_was_reviewed_rotates_nothing_that_came_due_since() {
    on_every_terraform(|story| {
        configure(story, "");
        story.settle();
        let first = secret(story);

        story.native().advance_clock(75 * DAY);
        configure(story, "new");
        story
            .plan()
            .expect("update lanyard_access_token.ci: description");
        story.native().advance_clock(2 * DAY);
        story.succeeds(&["apply", "saved.plan"]);
        assert!(secret(story) == first, "the plan spoke of no new secret");
        assert_eq!(generation(story), 1);

        let plan = story.plan();
        assert_eq!(
            plan.after(TOKEN, "generation"),
            2,
            "the next plan rotates:\n{plan}"
        );
        story.apply_saved_plan();
        assert!(story.accepts(&secret(story)));
        story.destroy();
    });
}

#[test]
fn a_planned_rotation_is_made_though_the_secret_expired_meanwhile() {
    on_every_terraform(|story| {
        configure(story, "");
        story.settle();
        story.native().advance_clock(80 * DAY);

        let today = planned(story);
        story.snapshot("rotation_due", &today);
        story.native().advance_clock(60 * 60);
        assert!(
            planned(story) == today,
            "an hour later the plan should read the same"
        );

        story.native().advance_clock(15 * DAY);
        story.apply_saved_plan();
        assert_eq!(generation(story), 2);
        assert!(story.accepts(&secret(story)));
        assert_eq!(
            story.attribute(TOKEN, "previous_token"),
            serde_json::Value::Null,
            "an expired secret has no grace period"
        );
        assert_eq!(story.attribute(TOKEN, "status"), "active");
        story.destroy();
    });
}

#[test]
fn a_plan_is_an_alarm_for_what_is_due() {
    on_every_terraform(|story| {
        configure(story, "");
        story.settle();
        story.native().advance_clock(70 * DAY);
        story.expect_empty_plan();
        let quiet = story.plan_with(&["-refresh-only"]);
        assert_eq!(quiet.drift(), Vec::<String>::new());
        if story.terraform.recognizes_a_quiet_refresh() {
            let quiet = story.run(&["plan", "-refresh-only", "-detailed-exitcode"]);
            assert_eq!(quiet.code, Some(0), "{quiet}");
        }

        story.native().advance_clock(10 * DAY);
        let loud = story.run(&["plan", "-detailed-exitcode"]);
        assert_eq!(loud.code, Some(2), "{loud}");
        let loud = story.run(&["plan", "-refresh-only", "-detailed-exitcode"]);
        assert_eq!(loud.code, Some(2), "{loud}");
        let start = loud.stdout.find("  # lanyard_access_token").unwrap_or(0);
        let end = loud.stdout[start..]
            .find("\n    }")
            .map_or(loud.stdout.len(), |length| start + length + 6);
        story.snapshot("rotation_alarm", &loud.stdout[start..end]);
        assert_eq!(generation(story), 1, "looking rotates nothing");
        story.plan_with(&["-refresh=false"]).expect("");
        story.destroy();
    });
}
