//! Every server's example, exported by the command so that a real Terraform takes it over without a change.

use crate::compiler::every_server::{EXAMPLES, applied};
use crate::support::story::Story as TerraformStory;

#[test]
fn terraform_finds_nothing_to_change_in_the_export_of_any_server() {
    for (api, example) in EXAMPLES {
        let story = applied(api, example);
        let exported = story.succeeds("export --no-configuration").stdout;
        TerraformStory::with_one_terraform(&story.server).tell(|terraform| {
            terraform.configure(&exported);
            let said = terraform.succeeds(&["plan"]);
            let imports = exported.matches("import {").count();
            assert!(
                said.contains(&format!(
                    "Plan: {imports} to import, 0 to add, 0 to change, 0 to destroy."
                )),
                "{api}: everything should be imported and nothing changed:\n{exported}\n{said}"
            );
            terraform.settle();
        });
    }
}

#[test]
fn what_terraform_generates_for_any_server_plans_clean() {
    for (api, example) in EXAMPLES {
        let story = applied(api, example);
        let exported = story.succeeds("export --no-configuration").stdout;
        let blocks = exported.split("\n\n");
        let imports: Vec<&str> = blocks
            .filter(|block| block.trim_start().starts_with("import {"))
            .collect();
        assert!(!imports.is_empty(), "{api}: {exported}");
        TerraformStory::with_one_terraform(&story.server).tell(|terraform| {
            terraform.configure(&imports.join("\n\n"));
            let said = terraform.succeeds(&["plan", "-generate-config-out=generated.tf"]);
            assert!(
                said.contains(&format!(
                    "Plan: {} to import, 0 to add, 0 to change, 0 to destroy.",
                    imports.len()
                )),
                "{api}: everything should be imported and nothing changed:\n{said}"
            );
            terraform.succeeds(&["apply", "-auto-approve"]);
            terraform.configure("");
            terraform.expect_empty_plan();
        });
    }
}
