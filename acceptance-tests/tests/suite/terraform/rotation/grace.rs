//! How the old secret ends.

use super::{DAY, TOKEN, planned, secret};
use crate::support::story::{Story, on_every_terraform};

fn rotate(story: &Story, grace_period: &str) -> [String; 2] {
    let configure = |round: &str| {
        story.configure(&format!(
            r#"
            resource "lanyard_access_token" "ci" {{
              name = "ci"

              rotation {{
                grace_period = "{grace_period}"
                triggers     = {{ round = "{round}" }}
              }}
            }}
            "#
        ));
        story.settle();
        secret(story)
    };
    ["1", "2"].map(configure)
}

#[test]
fn until_the_new_secret_is_used_the_old_one_works() {
    on_every_terraform(|story| {
        let [old, new] = rotate(story, "until_first_use");
        story.native().advance_clock(30 * DAY);
        assert!(story.accepts(&old), "nobody has used the new one yet");
        assert!(story.accepts(&new));
        assert!(!story.accepts(&old), "the first use ends the old one");
        story.expect_empty_plan();
        story.destroy();
    });
}

#[test]
fn a_destroy_during_the_grace_period_ends_both_secrets() {
    on_every_terraform(|story| {
        let [old, new] = rotate(story, "48h");
        assert!(story.text(TOKEN, "previous_token") == old);
        assert!(story.accepts(&old) && story.accepts(&new));
        story.destroy();
        assert!(!story.accepts(&old) && !story.accepts(&new));
    });
}

#[test]
fn who_takes_the_grace_period_away_does_not_wait_for_its_end() {
    on_every_terraform(|story| {
        for (number, rotation) in [
            "",
            r#"rotation { triggers = { round = "2" } }"#,
            "rotation {\n    grace_period = \"0s\"\n    triggers = { round = \"2\" }\n  }",
        ]
        .into_iter()
        .enumerate()
        {
            let [old, new] = rotate(story, "48h");
            story.configure(&format!(
                "resource \"lanyard_access_token\" \"ci\" {{\n  name = \"ci\"\n  {rotation}\n}}"
            ));
            if number == 0 {
                story.snapshot("rotation_grace_ended", &planned(story));
            } else {
                story.save_plan();
            }
            story.apply_saved_plan();
            assert!(!story.accepts(&old), "{rotation}");
            assert!(story.accepts(&new), "{rotation}");
            story.destroy();
        }
    });
}

#[test]
fn two_rotations_within_one_grace_period_keep_the_newer_two() {
    on_every_terraform(|story| {
        let [first, second] = rotate(story, "48h");
        let [_, third] = {
            let configure = |round: &str| {
                story.configure(&format!(
                    "resource \"lanyard_access_token\" \"ci\" {{\n  name = \"ci\"\n  rotation {{\n    grace_period = \"48h\"\n    triggers = {{ round = \"{round}\" }}\n  }}\n}}"
                ));
                story.save_plan();
                story.succeeds(&["apply", "saved.plan"]);
                secret(story)
            };
            ["2", "3"].map(configure)
        };
        assert!(story.accepts(&third) && story.accepts(&second));
        assert!(!story.accepts(&first), "the server keeps one former secret");
        story.expect_empty_plan();
        story.destroy();
    });
}
