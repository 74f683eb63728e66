//! Many at once: a fleet with everything in parallel, and somebody who deletes while Terraform works.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::support::server::TokenServer;
use crate::support::story::{Story, on_every_terraform};

fn fleet(story: &Story, count: usize, round: &str) {
    story.configure(&format!(
        r#"
        resource "lanyard_access_token" "node" {{
          count = {count}
          name  = format("node-%03d", count.index)

          rotation {{
            grace_period = "1h"
            triggers     = {{ round = "{round}" }}
          }}
        }}
        "#
    ));
}

fn secrets(story: &Story, count: usize) -> BTreeSet<String> {
    let state = story.state();
    (0..count)
        .map(|number| {
            let address = format!("lanyard_access_token.node[{number}]");
            let token = &state.attributes(&address)["token"];
            token.as_str().expect("every token is there").to_owned()
        })
        .collect()
}

#[test]
fn two_hundred_tokens_are_made_and_rotated_fifty_at_once() {
    const COUNT: usize = 200;
    let server = Arc::new(TokenServer::start_with(&[]));
    Story::with_one_terraform(&server).tell(|story| {
        let mut seen = BTreeSet::new();
        for round in ["1", "2"] {
            fleet(story, COUNT, round);
            story.succeeds(&["apply", "-auto-approve", "-parallelism=50"]);
            story.expect_empty_plan();
            let secrets = secrets(story, COUNT);
            assert_eq!(secrets.len(), COUNT, "every secret is its own");
            assert!(secrets.iter().all(|secret| story.accepts(secret)));
            seen.extend(secrets);
            assert_eq!(story.native().token_names().len(), COUNT);
        }
        assert_eq!(seen.len(), 2 * COUNT, "every secret is new");
        story.succeeds(&["destroy", "-auto-approve", "-parallelism=50"]);
        assert_eq!(story.native().token_names(), Vec::<String>::new());
    });
}

#[test]
fn what_somebody_deletes_meanwhile_is_back_after_the_next_apply() {
    const COUNT: usize = 20;
    on_every_terraform(|story| {
        fleet(story, COUNT, "1");
        story.settle();
        fleet(story, COUNT, "2");
        story.save_plan();
        let doomed: Vec<String> = (0..COUNT)
            .step_by(3)
            .map(|number| story.text(&format!("lanyard_access_token.node[{number}]"), "id"))
            .collect();
        let mut apply = story.start(&["apply", "saved.plan"]);
        for id in &doomed {
            assert!(!apply.has_ended(), "it should happen during the apply");
            story.native().delete(&format!("/v1/access-tokens/{id}"));
        }
        let ended = story.end(apply);
        assert!(matches!(ended.code, Some(0 | 1)), "{ended}");

        story.settle();
        assert_eq!(story.native().token_names().len(), COUNT);
        let secrets = secrets(story, COUNT);
        assert_eq!(secrets.len(), COUNT);
        assert!(secrets.iter().all(|secret| story.accepts(secret)));
        story.destroy();
    });
}
