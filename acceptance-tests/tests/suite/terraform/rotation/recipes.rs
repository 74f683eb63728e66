//! The guide for those who come from `time_rotating` and `replace_triggered_by`.

use super::{DAY, secret};
use crate::support::story::on_every_terraform;

/// What the guide ends with replaces what it begins with, as far as that is ours: HashiCorp's provider `time` is not here.
#[test]
fn a_rotation_block_replaces_the_recipe_without_ending_a_secret() {
    let guide = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../docs/guides/coming-from-recipes.md"
    ))
    .expect("the guide should be readable");
    let snippets: Vec<&str> = guide
        .split("```terraform\n")
        .skip(1)
        .filter_map(|part| part.split("```").next())
        .collect();
    let [before, after] = snippets[..] else {
        panic!("what people have, and what it becomes");
    };
    let (_, token) = before
        .split_once("\n\n")
        .expect("the token stands below the period");
    let recipe = "    replace_triggered_by  = [time_rotating.quarter]\n";
    assert!(token.contains(recipe));
    on_every_terraform(|story| {
        story.configure(&token.replace(recipe, ""));
        story.settle();
        let first = secret(story);
        story.configure(after);
        story.apply("update lanyard_access_token.ci: rotate_at, rotation");
        assert!(secret(story) == first);
        story.native().advance_clock(91 * DAY);
        story.settle();
        assert!(secret(story) != first);
        assert!(story.accepts(&first), "it works on for its grace period");
        story.native().advance_clock(8 * DAY);
        assert!(!story.accepts(&first));
        story.destroy();
    });
}
