//! An apply that asks first: what was shown is done, or nothing is, however long the answer takes.

use serde_json::json;

use super::story::Story;
use crate::support::console::Ended;

const CONFIGURATION: &str = r#"
resource "lanyard_access_token" "ci" {
  name        = "ci"
  description = "one"
  ttl         = "90d"

  rotation {
    before_expiry = "14d"
  }
}
"#;

fn asked(story: &Story, meanwhile: impl FnOnce(), answer: &str) -> Ended {
    story.run_and_be_asked(
        "apply --out-file secrets.jsonl",
        "Only `yes` is a yes:",
        meanwhile,
        answer,
    )
}

fn token(story: &Story) -> serde_json::Value {
    story.native().get("/v1/access-tokens").body["items"][0].clone()
}

fn path(story: &Story) -> String {
    let token = token(story);
    let id = token["id"].as_str().expect("a token has an id");
    format!("/v1/access-tokens/{id}")
}

#[test]
fn only_a_yes_is_one() {
    let story = Story::new(CONFIGURATION);
    let ended = asked(&story, || {}, "y\n");
    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(ended.stderr.contains("Nothing was changed"), "{ended}");
    assert!(story.native().token_names().is_empty());

    let ended = asked(&story, || {}, "yes\n");
    assert_eq!(ended.code, Some(0), "{ended}");
    story.expect_nothing_to_do();
    assert_eq!(story.handed_over().len(), 1);
}

#[test]
fn what_somebody_changed_while_the_question_stood_is_not_overwritten() {
    let story = Story::new(CONFIGURATION);
    story.apply();
    story.configure(&CONFIGURATION.replace("one", "two"));
    let change = || {
        let theirs = json!({"description": "three"});
        story.native().patch(&path(&story), &theirs);
    };
    let ended = asked(&story, change, "yes\n");
    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(ended.stderr.contains("plan-is-stale"), "{ended}");
    assert_eq!(token(&story)["description"], "three");

    let ended = asked(&story, || {}, "yes\n");
    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(token(&story)["description"], "two");
}

#[test]
fn a_secret_that_somebody_rotated_while_the_question_stood_is_not_ended() {
    let story = Story::new(CONFIGURATION);
    story.apply();
    story.native().advance_clock(80 * 86_400);
    let rotate = || {
        let path = format!("{}/rotate", path(&story));
        story
            .native()
            .post(&path, &json!({"grace_period_seconds": 0}));
    };
    let ended = asked(&story, rotate, "yes\n");
    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(ended.stderr.contains("plan-is-stale"), "{ended}");
    assert_eq!(token(&story)["generation"], 2, "theirs is the last");
    assert_eq!(story.handed_over().len(), 1);
}

#[test]
fn a_name_that_somebody_took_while_the_question_stood_is_left_to_them() {
    let story = Story::new(CONFIGURATION);
    let take = || {
        let theirs = json!({"name": "ci"});
        story.native().post("/v1/access-tokens", &theirs);
    };
    let ended = asked(&story, take, "yes\n");
    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(ended.stderr.contains("name-taken"), "{ended}");
    assert_eq!(story.native().token_names(), ["ci"]);
    assert!(story.handed_over().is_empty());
    let journal = story.read(".lanyard/journal.jsonl");
    assert!(!journal.contains("begin"), "nothing was begun: {journal}");
}

#[test]
fn time_that_passed_while_the_question_stood_changes_nothing() {
    let story = Story::new(CONFIGURATION);
    story.apply();
    story.configure(&CONFIGURATION.replace("one", "two"));
    let wait = || story.native().advance_clock(80 * 86_400);
    let ended = asked(&story, wait, "yes\n");
    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(
        token(&story)["generation"],
        1,
        "nobody agreed to a rotation"
    );
    assert_eq!(token(&story)["description"], "two");
}
