//! Ctrl-C in the middle of an apply: what the server has made by then is remembered, and the next apply goes on from there.
//! Every kind of write is interrupted in `killed.rs`.
#![cfg(unix)]

use serde_json::json;

use crate::support::story::on_every_terraform;

#[test]
fn an_interrupted_apply_remembers_what_it_made() {
    on_every_terraform(|story| {
        story.configure(
            r#"
            resource "lanyard_access_token" "first" {
              name = "first"
            }
            resource "lanyard_access_token" "second" {
              name       = "second"
              depends_on = [lanyard_access_token.first]
            }
            "#,
        );
        story.save_plan();
        // The server makes the token at once and answers late: in between comes the interrupt.
        story.native().put(
            "/-/faults",
            &json!([{ "method": "POST", "path": "/v1/access-tokens", "times": 1, "fault": { "kind": "slow", "seconds": 1.5, "when": "after" } }]),
        );
        let mut apply = story.start(&["apply", "saved.plan"]);
        apply.until(|| !story.native().token_names().is_empty());
        apply.signal("INT");
        let ended = story.end(apply);
        assert_eq!(ended.code, Some(1), "{ended}");
        assert!(ended.stdout.contains("Interrupt received"), "{ended}");

        assert_eq!(story.state().addresses(), ["lanyard_access_token.first"]);
        assert!(!story.state().is_tainted(), "the token is whole");
        assert!(
            story
                .attribute("lanyard_access_token.first", "token")
                .is_string(),
            "its secret should be there"
        );
        story.native().delete("/-/faults");
        story.apply("create lanyard_access_token.second");
        assert_eq!(story.native().token_names(), ["first", "second"]);
        story.destroy();
    });
}
