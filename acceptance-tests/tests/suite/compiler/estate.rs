//! What exists: `tokens`, `whoami`, `export` and `sweep`.

use serde_json::{Value, json};

use super::story::Story;

const CONFIGURATION: &str = r#"
resource "lanyard_service_account" "ci" {
  name  = "ci"
  roles = ["editor"]
}

resource "lanyard_access_token" "deploy" {
  name            = "deploy"
  service_account = lanyard_service_account.ci.id
  ttl             = "10d"
}
"#;

/// A server with what the configuration made, and with what somebody made by hand.
fn estate() -> Story {
    let story = Story::new(CONFIGURATION);
    story.apply();
    let account = story.native().post(
        "/v1/service-accounts",
        &json!({
            "name": "by hand (prod)",
            "description": "say \"${x}\"",
            "roles": ["viewer"],
            "restriction": {"permission": "READ", "labels": {"team": "a", "cost center": "7"}},
        }),
    );
    story.native().post(
        "/v1/access-tokens",
        &json!({
            "name": "legacy",
            "service_account_id": account["id"],
            "scopes": ["samples:read"],
            "visibility": {"level": "selected", "users": ["u1"], "teams": []},
        }),
    );
    story.native().post(
        "/v1/access-tokens",
        &json!({"name": "old", "managed_by": "lanyard", "ttl_seconds": 60}),
    );
    story.native().advance_clock(3_600);
    story
}

fn names(answer: &Value) -> Vec<&str> {
    let tokens = answer["access_tokens"]
        .as_array()
        .expect("a list of tokens");
    tokens
        .iter()
        .filter_map(|token| token["name"].as_str())
        .collect()
}

#[test]
fn tokens_are_listed_with_all_that_matters() {
    let story = estate();
    story.snapshot("tokens_are_listed", &story.run("tokens"));
    for (filter, expected) in [
        ("--status expired", vec!["old"]),
        ("--account ci", vec!["deploy"]),
        ("--owner none", vec!["legacy"]),
        ("--owner lanyard --unconfigured", vec!["old"]),
        ("--expires-within 11d --status active", vec!["deploy"]),
        ("--older-than 2h", vec![]),
        ("--unused-for 30m --name leg", vec!["legacy"]),
        ("--unused-for 2h", vec![]),
    ] {
        let answer = story.json(&format!("tokens --format json {filter}"));
        assert_eq!(names(&answer), expected, "{filter}");
    }
    // By this machine's clock it has a minute left, and the server does not let it in any more.
    let words = "tokens --format json --expires-within 10s";
    let listed = story.run_with(words, &[("LANYARD_CLOCK_TOLERANCE", "5m")]);
    let answer = serde_json::from_str(&listed.stdout).expect("the list should be JSON");
    assert_eq!(names(&answer), ["old"], "{listed}");
}

#[test]
fn whoami_tells_who_a_new_token_is() {
    let story = estate();
    story.snapshot("whoami_of_the_operator", &story.run("whoami"));
    let (_, secret) = story.handed_over().remove(0);
    let ended = story.run_with("whoami", &[("LANYARD_TOKEN", &secret)]);
    story.snapshot("whoami_of_a_token", &ended);
}

#[test]
fn a_secret_that_somebody_wrote_into_a_description_is_not_shown() {
    let story = Story::new(CONFIGURATION);
    story.apply();
    let (_, secret) = story.handed_over().remove(0);
    let noted = story.native().post(
        "/v1/service-accounts",
        &json!({"name": "noted", "description": format!("its token is {secret}")}),
    );
    story.configure(&format!(
        "{CONFIGURATION}resource \"lanyard_service_account\" \"noted\" {{\n  name = \"noted\"\n}}\n
         import {{\n  to = lanyard_service_account.noted\n  id = {}\n}}\n",
        noted["id"]
    ));
    for words in [
        "plan",
        "plan -o saved.json",
        "review saved.json",
        "review saved.json --format json",
        "export",
        "tokens",
        "sweep",
    ] {
        let ended = story.run(words);
        for said in [&ended.stdout, &ended.stderr] {
            assert!(!said.contains(&secret), "{words}: {said}");
        }
    }
    let plan = story.succeeds("plan").stdout;
    assert!(plan.contains("its token is (a secret, hidden)"), "{plan}");
    let export = story.succeeds("export").stdout;
    let left_out = "# Left out: `description`, in which a secret stands in clear.";
    assert!(export.contains(left_out), "{export}");
    // What is hidden is not empty: it stays.
    story.configure(&export);
    story.succeeds("validate");
    story.expect_nothing_to_do();
}

#[test]
fn what_is_exported_is_imported_without_a_change() {
    let story = estate();
    let ended = story.succeeds("export");
    story.snapshot("export", &ended);
    story.configure(&ended.stdout);
    story.succeeds("validate");
    story.expect_nothing_to_do();
}

#[test]
fn a_sweep_reports_and_revokes_only_when_asked() {
    let story = estate();
    story.snapshot("sweep_reports", &story.run("sweep"));
    assert_eq!(story.native().token_names(), ["deploy", "legacy", "old"]);
    let ended = story.run("sweep --detailed-exitcode");
    assert_eq!(ended.code, Some(2), "{ended}");
    story.succeeds("sweep --revoke");
    assert_eq!(story.native().token_names(), ["deploy", "legacy"]);
    story.remove("main.tf");
    story.file("empty.tf", "provider \"lanyard\" {}\n");
    assert_eq!(
        names(&story.json("sweep --unconfigured --format json")),
        ["deploy"]
    );
}
