//! What a machine that fails leaves of `terraform.tfstate` when it was just being written: a file of no bytes.

use crate::support::story::on_every_terraform;

#[test]
fn an_empty_state_is_named_with_the_copy_that_brings_it_back() {
    on_every_terraform(|story| {
        let configuration = |description: &str| {
            format!(
                "resource \"lanyard_access_token\" \"ci\" {{\n  name = \"ci\"\n  description = \"{description}\"\n}}"
            )
        };
        let ci = "lanyard_access_token.ci";
        story.configure(&configuration("one"));
        story.settle();
        let secret = story.text(ci, "token");
        // The copy is of the state before the last change.
        story.configure(&configuration("two"));
        story.settle();

        story.file("terraform.tfstate", "");
        story.plan().expect(&format!("create {ci}"));
        let complaint = story.fails(&["apply", "-auto-approve"]);
        for text in ["The name is taken", "terraform.tfstate.backup"] {
            assert!(complaint.contains(text), "{complaint}");
        }

        let copy = std::fs::read_to_string(story.path("terraform.tfstate.backup"));
        story.file(
            "terraform.tfstate",
            &copy.expect("the copy should be there"),
        );
        story.expect_empty_plan();
        assert_eq!(story.text(ci, "token"), secret, "nothing was lost");
        assert!(story.accepts(&secret));
        story.destroy();
    });
}
