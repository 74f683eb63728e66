//! OpenObserve's ingestion token `default`, which was there before Terraform and stays: taken over, rotated, disabled in the end.

use crate::support::hand::Hand;
use crate::support::story::{Story, on_every_terraform_with_server};

const TOKEN: &str = "lanyard_access_token.default";

fn configure(story: &Story, round: &str) {
    story.configure(&format!(
        r#"
        resource "lanyard_access_token" "default" {{
          name        = "default"
          on_conflict = "adopt"

          rotation {{
            triggers = {{ round = "{round}" }}
          }}
        }}
        "#
    ));
}

#[test]
fn the_default_ingestion_token_is_taken_over_rotated_and_disabled() {
    on_every_terraform_with_server(&["--api", "openobserve"], |story| {
        let hand = Hand::on(&story.server);
        let accepted = |secret: &str| hand.lets_in("default/default", secret);
        configure(story, "1");
        story.apply("create lanyard_access_token.default");
        let first = story.text(TOKEN, "token");
        assert!(accepted(&first));

        configure(story, "2");
        let plan = story.plan();
        assert_eq!(plan.after(TOKEN, "generation"), 2, "{plan}");
        story.apply_saved_plan();
        let second = story.text(TOKEN, "token");
        assert!(second != first && accepted(&second) && !accepted(&first));

        let said = story.succeeds(&["plan", "-destroy"]);
        assert!(said.contains("it is disabled"), "{said}");
        story.destroy();
        assert!(!accepted(&second), "a disabled token takes no data");
    });
}
