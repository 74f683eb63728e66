//! What uses the token follows a rotation in the same apply; what uses anything else of the resource stays as it is.

use super::secret;
use crate::support::story::{Story, on_every_terraform};

fn configure(story: &Story, round: &str) {
    story.configure(&format!(
        r#"
        resource "lanyard_access_token" "ci" {{
          name = "ci"
          ttl  = "90d"

          rotation {{
            grace_period = "48h"
            triggers     = {{ round = "{round}" }}
          }}
        }}
        resource "terraform_data" "uses_the_token" {{
          # A hash, because `terraform_data` itself shows its old output in plans.
          input = sha256(lanyard_access_token.ci.token)
        }}
        resource "terraform_data" "uses_other_things" {{
          input = [lanyard_access_token.ci.id, lanyard_access_token.ci.name, lanyard_access_token.ci.ttl]
        }}
        "#
    ));
}

#[test]
fn a_dependant_follows_in_the_same_apply_and_a_bystander_does_not() {
    on_every_terraform(|story| {
        configure(story, "1");
        story.settle();
        let first = secret(story);

        configure(story, "2");
        let plan = story.plan();
        assert!(
            plan.to_string()
                .contains("update terraform_data.uses_the_token: input?, output?"),
            "the dependant should follow:\n{plan}"
        );
        assert!(
            !plan.to_string().contains("uses_other_things"),
            "the bystander should stay:\n{plan}"
        );
        let before = story.attribute("terraform_data.uses_the_token", "output");
        story.apply_saved_plan();
        assert!(secret(story) != first);
        assert_ne!(
            story.attribute("terraform_data.uses_the_token", "output"),
            before,
            "the dependant should hold what follows from the new secret"
        );
        story.destroy();
    });
}
