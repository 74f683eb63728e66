//! A token that expired and is replaced: Terraform's plan and its review say so as ours do.

use crate::compiler::expired::{CONFIGURATION, DAY, WHY, says_so};
use crate::compiler::story::Story;
use crate::support::story::Story as TerraformStory;

#[test]
fn terraform_and_its_review_say_so_too() {
    let story = Story::on("splunk", "");
    TerraformStory::with_one_terraform(&story.server).tell(|terraform| {
        terraform.configure(CONFIGURATION);
        terraform.succeeds(&["apply", "-auto-approve"]);
        let operator = story.native();
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
