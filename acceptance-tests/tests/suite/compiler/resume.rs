//! An apply that is killed, and one that meets another.

use serde_json::json;

use super::story::Story;

const CONFIGURATION: &str = r#"
resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"

  rotation {
    before_expiry = "14d"
    grace_period  = "1h"
  }
}
"#;

/// Makes the server do its work at once and answer late: in between, things can happen.
fn answer_late(story: &Story) {
    story.native().put(
        "/-/faults",
        &json!([{"method": "POST", "path": "/v1/access-tokens", "times": 1, "fault": {"kind": "slow", "seconds": 20.0, "when": "after"}}]),
    );
}

#[test]
fn a_killed_create_leaves_no_orphan_and_loses_no_secret() {
    let story = Story::new(CONFIGURATION);
    answer_late(&story);
    let mut apply = story.start("apply --yes --out-file secrets.jsonl");
    apply.until(|| !story.native().token_names().is_empty());
    drop(apply); // killed
    story.native().delete("/-/faults");
    assert!(story.handed_over().is_empty(), "nobody got the secret");

    let ended = story.succeeds("apply --yes --out-file secrets.jsonl");
    assert!(
        ended.stderr.contains("could not hand over the secret"),
        "{ended}"
    );
    story.expect_nothing_to_do();
    assert_eq!(story.native().token_names(), ["ci"]);
    let secrets = story.handed_over();
    assert_eq!(secrets.len(), 1);
    assert!(story.whose(&secrets[0].1).is_some(), "the secret works");
    let ended = story.succeeds("apply --yes --out-file secrets.jsonl");
    assert!(ended.stderr.contains("nothing to do"), "{ended}");
}

#[test]
fn a_killed_rotation_is_made_good() {
    let story = Story::new(CONFIGURATION);
    story.apply();
    story.native().advance_clock(80 * 86_400);
    answer_late(&story);
    let mut apply = story.start("apply --yes --out-file secrets.jsonl");
    let generation =
        || story.native().get("/v1/access-tokens").body["items"][0]["generation"].as_i64();
    apply.until(|| generation() == Some(2));
    drop(apply);
    story.native().delete("/-/faults");
    story.succeeds("apply --yes --out-file secrets.jsonl");
    story.expect_nothing_to_do();
    let secrets = story.handed_over();
    assert_eq!(secrets.len(), 2);
    assert!(story.whose(&secrets[1].1).is_some(), "the secret works");
}

#[test]
fn a_second_apply_waits_for_nobody() {
    let story = Story::new(CONFIGURATION);
    answer_late(&story);
    let mut first = story.start("apply --yes --out-file secrets.jsonl");
    first.until(|| !story.native().token_names().is_empty());
    story.fails(
        "apply --yes --out-file secrets.jsonl",
        &["another apply is running here"],
    );
    drop(first);
}
