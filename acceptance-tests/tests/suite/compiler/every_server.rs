//! Every server's example as the command tells it: planned, applied and listed.

use std::path::Path;

use jiff::Timestamp;

use super::story::Story;
use crate::support::redact;

/// Each API and the folder of its example.
pub(super) const EXAMPLES: [(&str, &str); 6] = [
    ("native", "quickstart"),
    ("chronosphere", "servers/chronosphere"),
    ("elasticsearch", "servers/elasticsearch"),
    ("openobserve", "servers/openobserve"),
    ("osmo", "servers/osmo"),
    ("splunk", "servers/splunk"),
];

pub(super) fn applied(api: &str, example: &str) -> Story {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples")
        .join(example)
        .join("main.tf");
    let configuration = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{} should be readable: {error}", path.display()));
    let story = Story::on(api, &configuration);
    advance_to(&story, TEN_IN_THE_MORNING);
    story.apply();
    story
}

const TEN_IN_THE_MORNING: i64 = 36_000;
/// A little past two hours later, so that ages do not depend on seconds.
const AFTER_NOON: i64 = 43_800;

/// Moves the server's clock to the next time that it is so many seconds after midnight: some servers count whole days, and what is
/// told must not depend on the time of day.
fn advance_to(story: &Story, seconds: i64) {
    let control = story.native();
    let now = control.get("/-/clock").body["now"].clone();
    let now: Timestamp = now
        .as_str()
        .and_then(|now| now.parse().ok())
        .expect("the server should tell the time");
    let ahead = (seconds - now.as_second()).rem_euclid(86_400);
    control.advance_clock(ahead.unsigned_abs());
}

#[test]
fn every_servers_estate_is_told() {
    for (api, example) in EXAMPLES {
        let story = applied(api, example);
        advance_to(&story, AFTER_NOON);
        let told: Vec<String> = ["whoami", "tokens", "sweep", "export"]
            .into_iter()
            .map(|words| {
                let ended = story.succeeds(words);
                format!("$ lanyard {words}\n{}{}", ended.stdout, ended.stderr)
            })
            .collect();
        redact::assert_snapshot_in("compiler", &format!("estate_of_{api}"), &told.join("\n"));
        if api == "native" {
            let unused = story.succeeds("tokens --unused-for 1h");
            assert!(unused.stderr.contains("1 of 1 access tokens"), "{unused:?}");
        } else {
            story.fails(
                "tokens --unused-for 1h",
                &["does not say when a token was last used"],
            );
            let whose = &["owners-not-known", "does not keep what made a token"];
            story.fails("tokens --owner lanyard", whose);
            story.fails("sweep --no-configuration", whose);
            story.fails("sweep --unconfigured --revoke", whose);
        }
    }
}

/// Tokens are listed account by account there, and the accounts that were just listed say which.
#[test]
fn accounts_are_asked_for_once_to_list_the_tokens() {
    for (api, example) in [EXAMPLES[2], EXAMPLES[4]] {
        let list = match api {
            "elasticsearch" => "GET /_security/service",
            _ => "GET /api/auth/user",
        };
        let story = applied(api, example);
        story.native().take_requests();
        story.succeeds("tokens");
        let requests = story.native().take_requests();
        let lists = requests.iter().filter(|request| *request == list);
        assert_eq!(lists.count(), 1, "{requests:#?}");
    }
}

/// The account's one secret has no name on the server: a plan must not take it for a token that is still to be made, which would end
/// the secret in use.
#[test]
fn a_token_that_is_its_accounts_only_secret_is_found_again() {
    let story = Story::on(
        "openobserve",
        r#"
provider "lanyard" {
  api          = "openobserve"
  organization = "default"
}

resource "lanyard_service_account" "pipeline" {
  name = "pipeline"
}

resource "lanyard_access_token" "pipeline" {
  name            = "pipeline"
  service_account = lanyard_service_account.pipeline.id
}
"#,
    );
    story.apply();
}
