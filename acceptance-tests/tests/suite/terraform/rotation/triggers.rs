//! `rotation.triggers`: a value that changes rotates; keys that come and go do not.

use super::{generation, planned, secret};
use crate::support::story::{Story, on_every_terraform, on_every_terraform_with_server};

fn configure(story: &Story, rotation: &str) {
    story.configure(&format!(
        "resource \"lanyard_access_token\" \"ci\" {{\n  name = \"ci\"\n  {rotation}\n}}"
    ));
}

#[test]
fn only_a_changed_value_rotates() {
    on_every_terraform(|story| {
        configure(story, r#"rotation { triggers = { release = "1" } }"#);
        story.settle();
        let first = secret(story);

        for harmless in [
            r#"rotation { triggers = {} }"#,
            r#"rotation { triggers = { release = "2" } }"#,
            "",
            r#"rotation { triggers = { release = "3" } }"#,
        ] {
            configure(story, harmless);
            story.apply("update lanyard_access_token.ci: rotation");
            assert!(secret(story) == first, "{harmless} should not rotate");
        }

        configure(story, r#"rotation { triggers = { release = "4" } }"#);
        story.snapshot("rotation_trigger", &planned(story));
        story.apply_saved_plan();
        assert_eq!(generation(story), 2);
        assert!(secret(story) != first);
        assert!(story.accepts(&secret(story)));
        assert!(
            !story.accepts(&first),
            "without a grace period the old secret ends at once"
        );
        story.destroy();
    });
}

/// The trigger of the guide for servers whose tokens never end. What is the time there is a variable here.
#[test]
fn a_new_period_rotates_a_token_that_never_ends() {
    const AROUND: &str = r#"
variable "now" {
  type = string
}
resource "lanyard_service_account" "worker" {
  name = "shop/worker"
}
"#;
    const TOKEN: &str = "lanyard_access_token.worker";
    let guide = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../docs/guides/rotation.md"
    ))
    .expect("the guide should be readable");
    let (_, rest) = guide
        .split_once("```terraform\nlocals {")
        .expect("it has it");
    let (period, _) = rest.split_once("```").expect("it ends");
    let period = format!("locals {{{period}");
    assert!(period.contains("plantimestamp()"), "{period}");
    on_every_terraform_with_server(&["--api", "elasticsearch"], |story| {
        let now = |time| story.environment("TF_VAR_now", Some(time));
        story.file("around.tf", AROUND);
        story.file("main.tf", &period.replace("plantimestamp()", "var.now"));
        now("2026-01-10T08:00:00Z");
        story.settle();
        let first = story.text(TOKEN, "token");
        now("2026-02-28T23:59:59Z");
        story.expect_empty_plan();
        now("2026-03-01T00:00:00Z");
        let plan = story.plan();
        assert_eq!(plan.after(TOKEN, "generation"), 2, "{plan}");
        story.apply_saved_plan();
        assert!(story.text(TOKEN, "token") != first);
        story.expect_empty_plan();
        story.destroy();
    });
}
