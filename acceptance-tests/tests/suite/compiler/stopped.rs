//! An apply that is asked to stop: what is in flight is finished and handed over, the rest is left for the next one.
#![cfg(unix)]

use serde_json::json;

use super::story::Story;

const CONFIGURATION: &str = r#"
resource "lanyard_service_account" "ci" {
  name = "ci"
}

resource "lanyard_access_token" "ci" {
  name            = "ci"
  service_account = lanyard_service_account.ci.id
}
"#;

#[test]
fn a_stopped_apply_finishes_what_it_began_and_the_next_one_goes_on() {
    for signal in ["INT", "TERM"] {
        let story = Story::new(CONFIGURATION);
        story.native().put(
            "/-/faults",
            &json!([{"method": "POST", "path": "/v1/service-accounts", "times": 1, "fault": {"kind": "slow", "seconds": 1.5, "when": "after"}}]),
        );
        let mut apply = story.start("apply --yes --out-file secrets.jsonl");
        apply.until(|| !story.native().account_names().is_empty());
        apply.signal(signal);
        let ended = story.end(apply);
        assert_eq!(ended.code, Some(1), "{signal}: {ended}");
        for expected in [
            "Stopping: changes in flight are finished, no new ones begin.",
            "lanyard_service_account.ci created",
            "lanyard_access_token.ci: the apply was stopped",
            "Apply again: it goes on from here.",
        ] {
            assert!(ended.stderr.contains(expected), "{expected:?}: {ended}");
        }
        assert_eq!(story.native().account_names(), ["ci"]);
        assert_eq!(story.native().token_names(), Vec::<String>::new());
        assert_eq!(story.handed_over(), []);

        assert_eq!(story.planned(""), ["create lanyard_access_token.ci"]);
        story.apply();
        let secrets = story.handed_over();
        assert_eq!(secrets.len(), 1);
        assert!(story.whose(&secrets[0].1).is_some(), "the secret works");
    }
}

#[test]
fn a_stop_while_a_secret_is_on_its_way_hands_it_over() {
    let story = Story::new("resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n}\n");
    story.native().put(
        "/-/faults",
        &json!([{"method": "POST", "path": "/v1/access-tokens", "times": 1, "fault": {"kind": "slow", "seconds": 1.5, "when": "after"}}]),
    );
    let mut apply = story.start("apply --yes --out-file secrets.jsonl");
    apply.until(|| !story.native().token_names().is_empty());
    apply.signal("TERM");
    let ended = story.end(apply);
    assert_eq!(ended.code, Some(0), "everything was done: {ended}");
    let secrets = story.handed_over();
    assert_eq!(secrets.len(), 1);
    assert!(story.whose(&secrets[0].1).is_some(), "the secret works");
    story.expect_nothing_to_do();
    assert_eq!(
        story.read(".lanyard/journal.jsonl"),
        "",
        "nothing is left to resume"
    );
}
