//! Where alerts go, and what webhooks are called with, is secret: nothing shows it, and what is exported without it erases nothing.

use serde_json::{Value, json};

use super::story::Story;
use crate::support::native::Native;
use crate::support::server::TokenServer;

pub(super) const HIDDEN: [&str; 4] = ["hunter2", "t0k3n", "s1gned-with", "r0uting-k3y"];

const CONFIGURATION: &str = r#"
provider "lanyard" {
  api = "splunk"
}

resource "lanyard_access_token" "ingest" {
  name   = "ingest"
  scopes = ["ingest"]
  ttl    = "90d"

  alert {
    type   = "Webhook"
    url    = "https://ops:hunter2@hooks.example.com/a?token=t0k3n"
    secret = "s1gned-with"
  }

  alert {
    type          = "VictorOps"
    credential_id = "C1"
    routing_key   = "r0uting-k3y"
  }

  alert {
    type = "Webhook"
    url  = "https://hooks.example.com/b"
  }
}
"#;

/// What the server has.
pub(super) fn notifications(server: &TokenServer) -> Value {
    let hand = Native::of(server).with("x-sf-token", server.operator_token());
    hand.get("/v2/token/ingest").expect(200)["notifications"].clone()
}

pub(super) fn applied() -> Story {
    let story = Story::on("splunk", CONFIGURATION);
    let shown = story.succeeds("plan");
    expect_hidden(&shown.stdout);
    story.apply();
    story
}

#[track_caller]
pub(super) fn expect_hidden(text: &str) {
    for secret in HIDDEN {
        assert!(!text.contains(secret), "{secret} should not show:\n{text}");
    }
}

#[test]
fn what_is_exported_leaves_the_secrets_of_alerts_alone() {
    let story = applied();
    let before = notifications(&story.server);
    for words in [
        "export --no-configuration",
        "adopt --no-configuration --managed --name *",
    ] {
        let exported = story.succeeds(words).stdout;
        expect_hidden(&exported);
        let kept = "# Stays as the server has it, since it is secret: `url`, `secret`.";
        assert!(exported.contains(kept), "{exported}");
        story.configure(&exported);
        story.succeeds("validate");
        story.expect_nothing_to_do();
        // A change of something else sends everything again.
        story.configure(&exported.replace("scopes", "description = \"new\"\n  scopes"));
        expect_hidden(&story.succeeds("plan").stdout);
        story.apply();
        assert_eq!(notifications(&story.server), before);
        story.configure(CONFIGURATION);
        story.apply();
    }
}

#[test]
fn an_output_must_not_show_a_secret_of_an_alert() {
    let output = "output \"shown\" {\n  value = lanyard_access_token.ingest.alert[0].url\n}\n";
    let story = Story::on("splunk", &format!("{CONFIGURATION}{output}"));
    let refused = story.fails("validate", &["Output refers to sensitive values"]);
    expect_hidden(&refused.stderr.replace(CONFIGURATION, ""));
}

#[test]
fn a_secret_of_an_alert_is_changed_and_taken_away() {
    let story = applied();
    for (secret, expected) in [("another", json!("another")), ("", Value::Null)] {
        story.configure(&CONFIGURATION.replace("s1gned-with", secret));
        let plan = story.succeeds("plan -o plan.json");
        assert!(plan.stdout.contains("alert[0].secret"), "{plan}");
        for shown in [plan.stdout, story.read("plan.json")] {
            expect_hidden(&shown);
        }
        story.succeeds("apply plan.json");
        story.expect_nothing_to_do();
        assert_eq!(notifications(&story.server)[0]["secret"], expected);
    }
    let elsewhere = CONFIGURATION.replace("ops:hunter2@", "");
    story.configure(&elsewhere.replace("s1gned-with", ""));
    story.apply();
    let url = "https://hooks.example.com/a?token=t0k3n";
    assert_eq!(notifications(&story.server)[0]["url"], url);
}

#[test]
fn receivers_whose_secrets_are_left_out_keep_their_places() {
    const CONFIGURATION: &str = r#"
provider "lanyard" {
  api = "splunk"
}

resource "lanyard_access_token" "ingest" {
  name   = "ingest"
  scopes = ["ingest"]
  ttl    = "90d"

  alert {
    type   = "Webhook"
    url    = "https://hooks.example.com/a"
    secret = "s1gned-with"
  }

  alert {
    type   = "Webhook"
    url    = "https://hooks.example.com/b"
  }

  alert {
    type          = "Slack"
    credential_id = "C1"
    channel       = "ops"
  }
}
"#;
    let story = Story::on("splunk", CONFIGURATION);
    story.apply();
    let before = notifications(&story.server);
    let left_out = |line: &&str| !line.contains("url ") && !line.contains("secret ");
    let lines: Vec<&str> = CONFIGURATION.lines().filter(left_out).collect();
    story.configure(&lines.join("\n"));
    story.expect_nothing_to_do();
    let exported = story.succeeds("export --no-configuration").stdout;
    story.configure(&exported);
    story.expect_nothing_to_do();
    story.configure(&exported.replace("scopes", "description = \"new\"\n  scopes"));
    let shown = story.succeeds("plan").stdout;
    assert!(!shown.contains("alert"), "{shown}");
    story.apply();
    assert_eq!(notifications(&story.server), before);
    // Which of two goes, nothing says: that is told.
    let one_less: Vec<&str> = CONFIGURATION.lines().filter(left_out).collect();
    let one_less =
        one_less
            .join("\n")
            .replacen("  alert {\n    type   = \"Webhook\"\n  }\n", "", 1);
    story.configure(&one_less);
    let told = story.succeeds("plan");
    assert!(told.stderr.contains("block-not-told-apart"), "{told}");
}
