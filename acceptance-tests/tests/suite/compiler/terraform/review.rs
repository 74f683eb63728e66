//! `lanyard review` of a plan that Terraform made: what a reviewer reads, and nothing that is secret.

use crate::support::redact;
use crate::support::story::on_every_terraform;

const BEFORE: &str = r#"
resource "lanyard_service_account" "ci" {
  name  = "ci"
  roles = ["viewer"]
}

resource "lanyard_service_account" "other" {
  name = "other"
}

resource "lanyard_access_token" "deploy" {
  name            = "deploy"
  service_account = lanyard_service_account.ci.id
  ttl             = "90d"

  rotation {
    grace_period = "48h"
    triggers     = { incident = "1" }
  }
}

resource "lanyard_access_token" "moved" {
  name            = "moved"
  service_account = lanyard_service_account.ci.id
}

resource "lanyard_access_token" "old" {
  name = "old"
}

resource "terraform_data" "pipeline" {
  input = sha256(lanyard_access_token.deploy.token)
}

output "moved" {
  value     = lanyard_access_token.moved.token
  sensitive = true
}
"#;

fn after() -> String {
    let old = BEFORE
        .find("resource \"lanyard_access_token\" \"old\"")
        .expect("the token stands there");
    let rest = BEFORE
        .find("resource \"terraform_data\"")
        .expect("the consumer stands there");
    format!("{}{}", &BEFORE[..old], &BEFORE[rest..])
        .replace("[\"viewer\"]", "[\"editor\", \"viewer\"]")
        .replace("incident = \"1\"", "incident = \"2\"")
        .replace(
            "name            = \"moved\"\n  service_account = lanyard_service_account.ci.id",
            "name            = \"moved\"\n  service_account = lanyard_service_account.other.id",
        )
}

#[test]
fn a_reviewer_reads_the_most_dangerous_first_and_no_secret() {
    on_every_terraform(|story| {
        story.configure(BEFORE);
        story.settle();
        story.configure(&after());
        story.save_plan();
        let plan = story.data(&["show", "-json", "saved.plan"]);
        story.file("plan.json", &plan);
        for format in ["text", "markdown", "json"] {
            let text = story.lanyard(&format!("review plan.json --format {format}"));
            redact::assert_snapshot_in(
                "compiler",
                &format!("review_of_a_terraform_plan_as_{format}"),
                &text,
            );
        }
    });
}
