//! The provider dies, or is told to stop, under the real Terraform, in the middle of a write: the server has done the work and has not
//! answered yet.

use std::path::PathBuf;
use std::time::Instant;

use serde_json::{Value, json};

use super::rotation::planned;
use crate::support::console::{PATIENCE, Running, signal};
use crate::support::story::{Story, on_every_terraform};

const TOKEN: &str = "lanyard_access_token.ci";

/// A write of the provider's life, in order: what is configured for it, the call to hold up, and how to see that the server has done it.
struct Write {
    name: &'static str,
    configuration: &'static str,
    method: &'static str,
    is_done: fn(&[Value]) -> bool,
}

const WRITES: &[Write] = &[
    Write {
        name: "create",
        configuration: r#"
            resource "lanyard_access_token" "ci" {
              name = "ci"

              rotation {
                triggers = { round = "1" }
              }
            }
        "#,
        method: "POST",
        is_done: |tokens| tokens.len() == 1,
    },
    Write {
        name: "update",
        configuration: r#"
            resource "lanyard_access_token" "ci" {
              name        = "ci"
              description = "new"

              rotation {
                triggers = { round = "1" }
              }
            }
        "#,
        method: "PATCH",
        is_done: |tokens| tokens[0]["description"] == "new",
    },
    Write {
        name: "rotate",
        configuration: r#"
            resource "lanyard_access_token" "ci" {
              name        = "ci"
              description = "new"

              rotation {
                triggers = { round = "2" }
              }
            }
        "#,
        method: "POST",
        is_done: |tokens| tokens[0]["generation"] == 2,
    },
    Write {
        name: "delete",
        configuration: "",
        method: "DELETE",
        is_done: |tokens| tokens.is_empty(),
    },
];

#[test]
fn a_killed_provider_leaves_nothing_behind_after_the_next_apply() {
    on_every_terraform(|story| {
        for write in WRITES {
            let mut apply = in_the_middle_of(story, write);
            signal("KILL", provider_of(story, &mut apply));
            let ended = story.end(apply);
            assert_eq!(ended.code, Some(1), "{}: {ended}", write.name);
            // A killed process cannot take its socket away.
            for entry in std::fs::read_dir(story.workspace().temporary())
                .expect("the story's folder should be readable")
                .flatten()
            {
                std::fs::remove_file(entry.path()).expect("the socket should be removable");
            }
            story.native().delete("/-/faults");
            if write.name == "rotate" {
                story.snapshot("rotation_killed", &planned(story));
            }
            story.succeeds(&["apply", "-auto-approve"]);
            expect_exactly_what_is_configured(story, write);
        }
    });
}

#[test]
fn a_provider_whose_terraform_was_killed_begins_no_write() {
    on_every_terraform(|story| {
        story.configure(WRITES[0].configuration);
        story.apply("create lanyard_access_token.ci");
        let rotation = &WRITES[2];
        story.configure(rotation.configuration);
        story.save_plan();
        story.native().take_requests();
        // It would be asked again, every second, for longer than the provider has left.
        story.native().put(
            "/-/faults",
            &json!([{ "method": "POST", "path": "/v1/access-tokens", "fault": { "kind": "status", "status": 503, "retry_after": 1 } }]),
        );
        let writes = || {
            let requests = story.native().take_requests();
            requests
                .iter()
                .filter(|request| request.starts_with("POST /v1"))
                .count()
        };
        let mut apply = story.start(&["apply", "saved.plan"]);
        apply.until(|| writes() > 0);
        let provider = provider_of(story, &mut apply);
        apply.signal("KILL");
        story.end(apply);
        // What was on its way when Terraform died.
        writes();
        let process = PathBuf::from(format!("/proc/{provider}"));
        let begun = Instant::now();
        while process.exists() {
            assert!(
                begun.elapsed() < PATIENCE,
                "the provider should end by itself"
            );
            std::thread::yield_now();
        }
        assert_eq!(writes(), 0, "nobody would learn what they did");
        story.native().delete("/-/faults");
        story.succeeds(&["apply", "-auto-approve"]);
        expect_exactly_what_is_configured(story, rotation);
    });
}

#[test]
fn an_interrupted_terraform_remembers_the_write_in_flight() {
    on_every_terraform(|story| {
        for write in WRITES {
            let apply = in_the_middle_of(story, write);
            apply.signal("INT");
            let ended = story.end(apply);
            assert!(ended.stdout.contains("Interrupt received"), "{ended}");
            story.native().delete("/-/faults");
            expect_exactly_what_is_configured(story, write);
        }
    });
}

#[test]
fn a_provider_that_is_told_to_stop_finishes_its_write_and_answers() {
    on_every_terraform(|story| {
        for write in WRITES {
            let mut apply = in_the_middle_of(story, write);
            signal("TERM", provider_of(story, &mut apply));
            story.end(apply);
            story.native().delete("/-/faults");
            expect_exactly_what_is_configured(story, write);
        }
    });
}

/// An apply whose call has been carried out and not been answered.
fn in_the_middle_of(story: &Story, write: &Write) -> Running {
    story.configure(write.configuration);
    story.save_plan();
    story.native().put(
        "/-/faults",
        &json!([{ "method": write.method, "path": "/v1/access-tokens", "times": 1, "fault": { "kind": "slow", "seconds": 1.5, "when": "after" } }]),
    );
    let mut apply = story.start(&["apply", "saved.plan"]);
    apply.until(|| (write.is_done)(&tokens(story)));
    apply
}

/// The state, the server and the configuration agree, and the secret works.
fn expect_exactly_what_is_configured(story: &Story, write: &Write) {
    story.expect_empty_plan();
    let tokens = tokens(story);
    if write.name == "delete" {
        assert_eq!(tokens, Vec::<Value>::new());
        assert_eq!(story.state().addresses(), Vec::<String>::new());
        return;
    }
    assert_eq!(tokens.len(), 1, "after a {}", write.name);
    assert_eq!(story.attribute(TOKEN, "id"), tokens[0]["id"]);
    let holder = story.holder(TOKEN);
    assert!(
        holder.is_let_in(),
        "the secret should work after a {}",
        write.name
    );
}

fn tokens(story: &Story) -> Vec<Value> {
    let list = story.native().get("/v1/access-tokens").body;
    list["items"].as_array().expect("a list has items").clone()
}

/// The one provider process that was started with this story's environment.
fn provider_of(story: &Story, apply: &mut Running) -> u32 {
    let mark = format!("TMPDIR={}", story.workspace().temporary().display());
    let is_ours = |process: &PathBuf| {
        let runs_provider = std::fs::read_link(process.join("exe"))
            .is_ok_and(|program| program.to_string_lossy().contains("terraform-provider-"));
        let environment = std::fs::read(process.join("environ")).unwrap_or_default();
        runs_provider
            && environment
                .split(|byte| *byte == 0)
                .any(|entry| entry == mark.as_bytes())
    };
    let processes = std::fs::read_dir("/proc").expect("Linux shows its processes");
    let found: Vec<u32> = processes
        .flatten()
        .filter(|entry| is_ours(&entry.path()))
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    assert!(
        !apply.has_ended(),
        "the apply should still be waiting for its answer"
    );
    assert_eq!(found.len(), 1, "an apply runs one provider");
    found[0]
}
