//! Conditions that speak of resources.

use super::story::Story;

fn with_postcondition(condition: &str) -> String {
    format!(
        r#"
resource "lanyard_access_token" "ci" {{
  name   = "ci"
  scopes = []

  lifecycle {{
    postcondition {{
      condition     = {condition}
      error_message = "It is not as it should be."
    }}
  }}
}}
"#
    )
}

#[test]
fn a_condition_that_does_not_hold_of_what_is_planned_stops_it() {
    const SAYS: &[&str] = &[
        "Resource postcondition failed",
        "It is not as it should be.",
    ];
    let story = Story::new(&with_postcondition("self.generation > 1"));
    for words in ["plan", "apply --yes --out-file secrets.jsonl"] {
        story.fails(words, SAYS);
    }
    // Only the server gives the id: the apply itself tells.
    story.configure(&with_postcondition("startswith(self.id, \"no\")"));
    story.succeeds("plan");
    story.fails("apply --yes --out-file secrets.jsonl", SAYS);
    assert_eq!(
        story.handed_over().len(),
        1,
        "its secret is handed over all the same"
    );
    story.fails("plan", SAYS);
    // What holds stops nobody, and a secret that no server shows is there.
    story.configure(&with_postcondition(
        "self.generation == 1 && self.token != null",
    ));
    story.expect_nothing_to_do();
    // A rotation that mends it is planned.
    story.configure(&with_postcondition("self.generation == 2"));
    story.fails("plan", SAYS);
    story.succeeds("apply --yes --out-file secrets.jsonl --rotate lanyard_access_token.ci");
    story.expect_nothing_to_do();
}

#[test]
fn what_a_condition_guards_is_not_made_where_only_the_apply_can_tell_that_it_does_not_hold() {
    let story = Story::new(
        r#"
resource "lanyard_service_account" "old" {
  name = "old"
  lifecycle {
    postcondition {
      condition     = self.created_at == "never"
      error_message = "The account must be old."
    }
  }
}

resource "lanyard_access_token" "of_old" {
  name            = "of-old"
  service_account = lanyard_service_account.old.id
}

resource "lanyard_access_token" "first" {
  name = "first"
  ttl  = "90d"
}

resource "lanyard_access_token" "guarded" {
  name = "guarded"
  lifecycle {
    precondition {
      condition     = lanyard_access_token.first.expires_at == "2020"
      error_message = "The first must end in 2020."
    }
  }
}

resource "lanyard_access_token" "free" {
  name        = "free"
  description = lanyard_access_token.first.id
}
"#,
    );
    story.succeeds("plan");
    let applied = story.fails(
        "apply --yes --out-file secrets.jsonl",
        &[
            "The account must be old.",
            "The first must end in 2020.",
            "lanyard_access_token.of_old: lanyard_service_account.old failed.",
        ],
    );
    assert!(
        applied.stdout.contains("3 created, 1 failed, 1 skipped"),
        "{applied}"
    );
    let mut there = story.native().token_names();
    there.sort();
    assert_eq!(there, ["first", "free"]);
    assert_eq!(story.handed_over().len(), 2);
}

#[test]
fn no_message_of_a_condition_shows_a_secret() {
    let story = Story::new(
        r#"
resource "lanyard_access_token" "ci" {
  name = "ci"
  lifecycle {
    postcondition {
      condition     = self.id == "another"
      error_message = "It is ${base64encode(nonsensitive(self.token))}."
    }
  }
}

check "long" {
  assert {
    condition     = length(lanyard_access_token.ci.token) > 1000
    error_message = "Too short: ${nonsensitive(lanyard_access_token.ci.token)}"
  }
}
"#,
    );
    let planned = story.run("plan --fail-on error");
    assert_eq!(planned.code, Some(3), "{planned}");
    assert_eq!(
        planned
            .stdout
            .matches("it is part of an error message")
            .count(),
        2,
        "{planned}"
    );
    // Every story searches what was said for each secret.
    story.fails(
        "apply --yes --out-file secrets.jsonl",
        &["Its error message is not shown because it contains the secret of lanyard_access_token.ci."],
    );
}
