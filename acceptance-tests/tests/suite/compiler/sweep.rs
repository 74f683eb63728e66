//! Sweeping when the network or the estate is against it: lost answers, several servers, lists that end early.

use serde_json::json;

use super::story::Story;
use crate::support::native::Native;
use crate::support::server::TokenServer;

/// Makes so many tokens that nobody needs any more.
fn make_old(native: &Native, prefix: &str, count: usize) {
    for index in 0..count {
        let name = format!("{prefix}{index}");
        native.post(
            "/v1/access-tokens",
            &json!({"name": name, "managed_by": "lanyard", "ttl_seconds": 60}),
        );
    }
    native.advance_clock(3_600);
}

fn lose_answers(story: &Story, times: Option<u64>, when: &str) {
    let rule = json!({
        "method": "DELETE",
        "path": "/v1/access-tokens",
        "times": times,
        "fault": {"kind": "cut", "when": when},
    });
    story.native().put("/-/faults", &json!([rule]));
}

#[test]
fn a_revocation_whose_answer_is_lost_is_looked_up() {
    let story = Story::new("provider \"lanyard\" {\n  max_retries = 0\n}\n");
    make_old(&story.native(), "old", 2);
    lose_answers(&story, None, "after");
    let ended = story.succeeds("sweep --revoke --format json");
    let told: serde_json::Value = serde_json::from_str(&ended.stdout).expect("it is JSON");
    let tokens = told["access_tokens"].as_array().expect("a list of tokens");
    assert!(
        tokens.iter().all(|token| token["revoked"] == true),
        "{told:#}"
    );
    assert_eq!(tokens.len(), 2);
    assert_eq!(story.native().token_names(), [""; 0]);
}

#[test]
fn a_revocation_that_was_not_done_is_an_error_and_the_others_go_on() {
    let story = Story::new("provider \"lanyard\" {\n  max_retries = 0\n}\n");
    make_old(&story.native(), "old", 2);
    lose_answers(&story, Some(1), "before");
    let ended = story.run("sweep --revoke");
    assert_eq!(ended.code, Some(1), "{ended}");
    story.snapshot("a_revocation_that_was_not_done", &ended);
    assert_eq!(story.native().token_names().len(), 1);
    story.succeeds("sweep --revoke");
    assert_eq!(story.native().token_names(), [""; 0]);
}

#[test]
fn the_limit_counts_over_all_servers_of_a_run() {
    let story = Story::new("");
    let other = TokenServer::start_with(&[]);
    let both = format!(
        "provider \"lanyard\" {{}}\nprovider \"lanyard\" {{\n  alias = \"second\"\n  url   = {:?}\n  token = var.token\n}}\n\
         variable \"token\" {{\n  type      = string\n  sensitive = true\n}}\n",
        other.ready.url
    );
    let token = [("TF_VAR_token", other.operator_token())];
    let tokens = |count: usize| {
        format!(
            "{both}resource \"lanyard_access_token\" \"first\" {{\n  count = {count}\n  name = \"a${{count.index}}\"\n}}\n\
             resource \"lanyard_access_token\" \"second\" {{\n  count = {count}\n  provider = lanyard.second\n  name = \"b${{count.index}}\"\n}}\n"
        )
    };
    story.configure(&tokens(6));
    let ended = story.run_with("apply --yes --out-file secrets.jsonl", &token);
    assert_eq!(ended.code, Some(0), "{ended}");

    // Six on each are fewer than ten, and twelve are not.
    story.configure(&tokens(0));
    for words in ["apply --yes --prune", "sweep --unconfigured --revoke"] {
        let ended = story.run_with(words, &token);
        assert_eq!(ended.code, Some(1), "{ended}");
        assert!(ended.stderr.contains("mass-deletion"), "{ended}");
        assert!(ended.stderr.contains("12 "), "{ended}");
    }
    story.file("lanyard.toml", "[guard]\ndeletions = 13\npercent = 100\n");
    let ended = story.run_with("sweep --unconfigured --revoke", &token);
    assert_eq!(ended.code, Some(0), "{ended}");
    for native in [story.native(), Native::of(&other)] {
        assert_eq!(native.token_names(), [""; 0]);
    }
}

#[test]
fn a_list_that_ends_early_is_told_by_every_command_that_reads_it() {
    let folder = tempfile::tempdir().expect("a folder for the server's tokens");
    let file = folder.path().join("tokens.sqlite");
    let file = file.to_str().expect("a path that is text");
    let story = Story::with(
        &["--api", "splunk", "--database", file],
        "resource \"lanyard_access_token\" \"new\" {\n  name = \"new\"\n}\n",
    );
    let told = |words: &str| {
        let ended = story.succeeds(words);
        ended
            .stderr
            .contains("warning[list-ends-early]: There may be more than the server lists")
    };
    assert!(!told("plan"));
    let client = crate::support::http::blocking();
    let (url, token) = (&story.server.ready.url, story.server.operator_token());
    let made = client
        .post(format!("{url}/v2/token"))
        .header("X-SF-Token", token)
        .json(&json!({"name": "t"}))
        .send()
        .expect("the server answers");
    assert!(made.status().is_success(), "{made:?}");
    // As many more as it lists at most, copied where it keeps them: each by a request would take the time of a hundred stories.
    let database = rusqlite::Connection::open(file).expect("the server's database");
    let copied = database.execute(
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 9999)
         INSERT INTO access_tokens (id, name, roles, scopes, disabled, generation, created_at, issued_at, updated_at, vendor)
         SELECT id || n, name || n, roles, scopes, disabled, generation, created_at, issued_at, updated_at, vendor
         FROM access_tokens, numbers WHERE name = 't'",
        [],
    );
    assert_eq!(copied, Ok(9999));
    for words in ["plan", "tokens", "export", "sweep"] {
        assert!(told(words), "{words}");
    }
}

#[test]
fn a_former_secret_that_is_still_accepted_is_shown_and_left_to_an_apply() {
    let story = Story::on(
        "osmo",
        r#"
        resource "lanyard_service_account" "ci" {
          name  = "ci"
          roles = ["osmo-user"]
        }

        resource "lanyard_access_token" "ci" {
          name            = "ci"
          service_account = lanyard_service_account.ci.id
          ttl             = "90d"

          rotation {
            before_expiry = "14d"
            grace_period  = "7d"
          }
        }
        "#,
    );
    story.apply();
    assert!(story.succeeds("sweep").stderr.contains("Nothing to sweep"));
    story.advance_clock(80 * 86_400);
    story.apply();
    let told = story.json("sweep --revoke --format json");
    let tokens = told["access_tokens"].as_array().expect("a list of tokens");
    assert_eq!(tokens.len(), 1, "{told:#}");
    assert_eq!(tokens[0]["retired"], true);
    assert_eq!(tokens[0]["revoked"], false);
    // Not something to do for whoever sweeps.
    story.succeeds("sweep --detailed-exitcode");
    story.advance_clock(8 * 86_400);
    story.apply();
    assert!(story.succeeds("sweep").stderr.contains("Nothing to sweep"));
}

#[test]
fn what_the_configuration_keeps_is_not_swept() {
    let tokens = |count: usize| {
        format!(
            "resource \"lanyard_access_token\" \"ci\" {{\n  count = {count}\n  name  = \"ci${{count.index}}\"\n  lifecycle {{\n    prevent_destroy = true\n  }}\n}}\n"
        )
    };
    let story = Story::new(&tokens(2));
    story.succeeds("apply --yes --out-file secrets.jsonl");
    let removed =
        "removed {\n  from = lanyard_access_token.ci\n  lifecycle {\n    destroy = false\n  }\n}\n";
    for (configuration, says) in [
        (&*tokens(1), "has `prevent_destroy`"),
        (&*tokens(0), "has `prevent_destroy`"),
        (removed, "stays"),
    ] {
        story.configure(configuration);
        for command in ["sweep --unconfigured --revoke", "apply --prune --yes"] {
            let ended = story.succeeds(command);
            assert!(
                ended
                    .stderr
                    .contains(&format!("lanyard_access_token.ci {says}")),
                "{ended}"
            );
            assert_eq!(story.native().token_names(), ["ci0", "ci1"], "{ended}");
        }
    }
    story.configure("");
    story.succeeds("sweep --unconfigured --revoke");
    assert_eq!(story.native().token_names(), [""; 0]);
}
