//! A token that expired where what has expired cannot be rotated: its replacement says so, whoever plans it.

use std::sync::Arc;

use super::story::Story;
use crate::support::native::Native;
use crate::support::story::Story as TerraformStory;
use crate::support::terraforms::Terraform;

const CONFIGURATION: &str = r#"
resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "30d"

  rotation {
    before_expiry = "7d"
  }
}
"#;

const DAY: u64 = 24 * 60 * 60;

/// Everything that was said, with one space between words.
fn words(said: &str) -> String {
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says_so(said: &str, sentence: &str) {
    let said = words(said);
    assert!(said.contains("expired 20"), "it should say when: {said}");
    assert!(said.contains(sentence), "{said}");
}

#[test]
fn an_expired_token_that_is_replaced_says_so_everywhere() {
    const WHY: &str = "Splunk Observability cannot rotate what has expired.";
    let story = Story::on("splunk", CONFIGURATION);
    story.apply();
    let operator = Native::with_token(&story.server, story.server.operator_token());
    operator.advance_clock(40 * DAY);

    let planned = story.succeeds("plan -o saved.plan");
    says_so(&planned.stderr, WHY);
    says_so(&planned.stdout, "is replaced");
    for format in ["markdown", "json"] {
        says_so(
            &story.succeeds(&format!("plan --format {format}")).stdout,
            "expired 20",
        );
    }
    let applied = story.succeeds("apply --yes --out-file secrets.jsonl saved.plan");
    says_so(
        &format!("{}{}", applied.stdout, applied.stderr),
        "expired 20",
    );
    story.expect_nothing_to_do();
}

#[test]
fn terraform_and_its_review_say_so_too() {
    const WHY: &str = "Splunk Observability cannot rotate what has expired.";
    let story = Story::on("splunk", "");
    let terraform = Terraform::all()
        .first()
        .expect("there is a Terraform, or the run has ended");
    TerraformStory::beside(terraform, Arc::clone(&story.server)).tell(|terraform| {
        terraform.configure(CONFIGURATION);
        terraform.succeeds(&["apply", "-auto-approve"]);
        let operator = Native::with_token(&story.server, story.server.operator_token());
        operator.advance_clock(40 * DAY);
        says_so(&terraform.succeeds(&["plan", "-out=saved.plan"]), WHY);
        story.file(
            "plan.json",
            &terraform.data(&["show", "-json", "saved.plan"]),
        );
        for format in ["text", "markdown", "json"] {
            let ended = story.run(&format!("review plan.json --format {format}"));
            says_so(&ended.stdout, "expired 20");
        }
        story.remove("plan.json");
        terraform.succeeds(&["apply", "-auto-approve"]);
        terraform.expect_empty_plan();
    });
}
