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
            terraform.succeeds(&["fmt", "-check", "-diff"]);
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
            // Before 1.14, Terraform writes all that the state says. The command takes that as Terraform does.
            let generated = std::fs::read_to_string(terraform.path("generated.tf"))
                .expect("Terraform has written it");
            story.configure(&format!("{}\n\n{generated}", imports.join("\n\n")));
            story.succeeds("validate");
            story.expect_nothing_to_do();
            terraform.succeeds(&["apply", "-auto-approve"]);
            terraform.configure("");
            terraform.expect_empty_plan();
        });
    }
}
