//! Ctrl-C in the middle of an apply: what the server has made by then is remembered, and the next apply goes on from there.
#![cfg(unix)]

use std::process::Command;

use serde_json::json;

use crate::support::console::{Running, note};
use crate::support::native::Native;
use crate::support::story::{Story, on_every_terraform};

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
        story.plan();
        // The server makes the token at once and answers late: in between comes the interrupt.
        story.native().put(
            "/-/faults",
            &json!([{ "method": "POST", "path": "/v1/access-tokens", "times": 1, "fault": { "kind": "slow", "seconds": 1.5, "when": "after" } }]),
        );
        let mut apply = story.start(&["apply", "saved.plan"]);
        while story.native().token_names().is_empty() {
            assert!(
                !apply.has_ended(),
                "the apply should still be waiting for its answer"
            );
        }
        interrupt(&apply);
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

/// A change, the call that makes it, and the configuration that asks for it.
const CHANGES: &[(&str, &str, &str, &str)] = &[
    (
        "an update",
        "PATCH",
        "/v1/access-tokens/*",
        r#"resource "lanyard_access_token" "ci" {
  name        = "ci"
  description = "new"
  rotation {
    triggers = { incident = "0" }
  }
}"#,
    ),
    (
        "a rotation",
        "POST",
        "/v1/access-tokens/*",
        r#"resource "lanyard_access_token" "ci" {
  name        = "ci"
  description = "new"
  rotation {
    triggers = { incident = "1" }
  }
}"#,
    ),
    ("a deletion", "DELETE", "/v1/access-tokens/*", ""),
];

#[test]
fn an_interrupted_change_is_finished_and_remembered() {
    on_every_terraform(|story| {
        story.configure(
            r#"
            resource "lanyard_access_token" "ci" {
              name = "ci"
              rotation {
                triggers = { incident = "0" }
              }
            }
            "#,
        );
        story.apply("create lanyard_access_token.ci");
        for (title, method, path, configuration) in CHANGES {
            note(title);
            story.configure(configuration);
            change_and_interrupt(story, method, path);
            // Nothing was forgotten: there is no change left, and the secret works.
            story.expect_empty_plan();
            for secret in story.state().secrets() {
                let owner = Native::with_token(&story.server, &secret);
                assert_eq!(owner.get("/v1/whoami").status, 200, "after {title}");
            }
        }
        assert!(story.native().token_names().is_empty());
        story.destroy();
    });
}

/// Applies; the server does the work at once and answers late, and in between comes the interrupt.
fn change_and_interrupt(story: &Story, method: &str, path: &str) {
    story.plan();
    let before = story.native().get("/v1/access-tokens").body;
    story.native().put(
        "/-/faults",
        &json!([{ "method": method, "path": path, "times": 1, "fault": { "kind": "slow", "seconds": 1.5, "when": "after" } }]),
    );
    let mut apply = story.start(&["apply", "saved.plan"]);
    while story.native().get("/v1/access-tokens").body == before {
        assert!(
            !apply.has_ended(),
            "the apply should still be waiting for its answer"
        );
    }
    interrupt(&apply);
    let ended = story.end(apply);
    assert!(ended.stdout.contains("Interrupt received"), "{ended}");
    story.native().delete("/-/faults");
}

fn interrupt(apply: &Running) {
    let sent = Command::new("kill")
        .args(["-INT", &apply.process_id().to_string()])
        .status();
    assert!(
        sent.is_ok_and(|status| status.success()),
        "an interrupt should reach Terraform"
    );
}
