//! The life of a secret, told with the real Terraform: when it is replaced and when not, what follows it, how the old one ends, and what
//! reviewers see of it in the plan.

mod clock;
mod crowd;
mod dependants;
mod generated;
mod grace;
mod in_time;
mod lifetime;
mod recipes;
mod recipient;
mod root;
mod triggers;

use crate::support::story::Story;

const DAY: u64 = 24 * 60 * 60;
const TOKEN: &str = "lanyard_access_token.ci";

/// The planned actions, as Terraform words them; also saved for [`Story::apply_saved_plan`].
pub(crate) fn planned(story: &Story) -> String {
    let said = story.succeeds(&["plan", "-out=saved.plan"]);
    let Some((_, actions)) = said.split_once("perform the following actions:") else {
        panic!("the plan should have actions:\n{said}");
    };
    let end = actions
        .find("Plan:")
        .map(|start| start + actions[start..].find('\n').unwrap_or(0))
        .unwrap_or(actions.len());
    let lines: Vec<&str> = actions[..end].lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// The token in the state.
fn secret(story: &Story) -> String {
    story.text(TOKEN, "token")
}

fn generation(story: &Story) -> serde_json::Value {
    story.attribute(TOKEN, "generation")
}
