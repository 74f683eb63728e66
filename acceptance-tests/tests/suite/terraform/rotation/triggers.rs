//! `rotation.triggers`: a value that changes rotates; keys that come and go do not.

use super::{generation, planned, secret};
use crate::support::story::{Story, on_every_terraform};

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
