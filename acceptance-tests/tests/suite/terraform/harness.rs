//! The stage itself, on resources that need no provider.

use crate::support::story::on_every_terraform;

#[test]
fn a_story_plans_applies_and_finds_nothing_left_to_do() {
    on_every_terraform(|story| {
        story.file("versions.tf", "");
        story.configure("resource \"terraform_data\" \"a\" {\n  input = \"x\"\n}");
        story.apply("create terraform_data.a");
        assert_eq!(story.attribute("terraform_data.a", "output")["value"], "x");
        story.configure("resource \"terraform_data\" \"a\" {\n  input = \"y\"\n}");
        story.apply("update terraform_data.a: input, output?");
        story.destroy();
    });
}
