//! `lanyard apply`: order, secrets and where they go.

use super::story::Story;

#[test]
fn a_token_works_and_its_secret_is_handed_over_once() {
    let story = Story::new(
        r#"
        resource "lanyard_service_account" "ci" {
          name  = "ci"
          roles = ["viewer"]
        }

        resource "lanyard_access_token" "deploy" {
          name            = "deploy"
          service_account = lanyard_service_account.ci.id
          description     = "of ${lanyard_service_account.ci.id}"
        }
        "#,
    );
    story.snapshot("apply_says_what_it_did", &story.apply());
    let secrets = story.handed_over();
    assert_eq!(secrets.len(), 1);
    assert_eq!(secrets[0].0, "lanyard_access_token.deploy");
    assert_eq!(story.whose(&secrets[0].1).as_deref(), Some("ci"));
    let account = story.native().get("/v1/service-accounts").body["items"][0]["id"].clone();
    let token = story.native().get("/v1/access-tokens").body["items"][0].clone();
    assert_eq!(
        token["description"],
        format!("of {}", account.as_str().unwrap_or_default())
    );
    story.apply();
    assert_eq!(story.handed_over().len(), 1, "nothing new was issued");
}

#[cfg(unix)]
#[test]
fn secret_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let story = Story::new("resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n}\n");
    story.succeeds("apply --yes --out-file secrets.jsonl --env-file tokens.env");
    let (_, secret) = story.handed_over().remove(0);
    let variables = story.read("tokens.env");
    assert!(
        variables.ends_with(&format!("\nCI={secret}\n")),
        "{variables}"
    );
    for file in ["secrets.jsonl", "tokens.env"] {
        let data = std::fs::metadata(story.path(file)).expect("the file should be there");
        assert_eq!(data.permissions().mode() & 0o777, 0o600, "{file}");
    }
}

#[test]
fn secrets_go_to_stdout_only_when_asked() {
    let story = Story::new("resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n}\n");
    story.fails("apply --yes", &["no-sink", "--out-file", "--print-secrets"]);
    assert!(story.native().token_names().is_empty(), "nothing was begun");
    let ended = story.succeeds("apply --yes --print-secrets");
    let secret = ended.stdout.trim().strip_prefix("CI=").expect("a variable");
    assert!(story.whose(secret).is_some());
}

/// An age public key whose private key nobody has.
const RECIPIENT: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

#[test]
fn a_secret_for_a_recipient_is_never_written_in_the_clear() {
    let story = Story::new("resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n}\n");
    story.succeeds(&format!(
        "apply --yes --out-file secrets.jsonl --recipient {RECIPIENT}"
    ));
    let handed_over = story.read("secrets.jsonl");
    assert!(
        handed_over.contains("BEGIN AGE ENCRYPTED FILE"),
        "{handed_over}"
    );
    assert!(!handed_over.contains("lyd_"));

    story.configure(&format!(
        "resource \"lanyard_access_token\" \"sealed\" {{\n  name      = \"sealed\"\n  recipient = \"{RECIPIENT}\"\n}}\n"
    ));
    let ended = story.succeeds("apply --yes");
    assert!(ended.stdout.contains("BEGIN AGE ENCRYPTED FILE"), "{ended}");
    story.expect_nothing_to_do();
    story.fails(
        "apply --yes --out-file x --recipient age1nonsense",
        &["not an age public key"],
    );
}

#[test]
fn without_a_terminal_somebody_must_have_agreed() {
    let story = Story::new("resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n}\n");
    story.fails(
        "apply --out-file secrets.jsonl",
        &["not-confirmed", "--yes"],
    );
    assert!(story.native().token_names().is_empty());
}

#[test]
fn a_failure_stops_only_what_depends_on_it() {
    let story = Story::new(
        r#"
        resource "lanyard_service_account" "bad" {
          name = "bad"
        }

        resource "lanyard_access_token" "of_bad" {
          name            = "of bad"
          service_account = lanyard_service_account.bad.id
        }

        resource "lanyard_access_token" "good" {
          name = "good"
        }
        "#,
    );
    story.native().put(
        "/-/faults",
        &serde_json::json!([{"method": "POST", "path": "/v1/service-accounts", "fault": {"kind": "status", "status": 403}}]),
    );
    let ended = story.run("apply --yes --out-file secrets.jsonl");
    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(
        ended.stdout.contains("1 created, 1 failed, 1 skipped"),
        "{ended}"
    );
    story.native().delete("/-/faults");
    story.apply();
    assert_eq!(story.native().token_names(), ["good", "of bad"]);
}

#[test]
fn what_was_made_without_its_role_is_not_done() {
    let configuration = r#"
        resource "lanyard_service_account" "ci" {
          name  = "ci"
          roles = ["nobody-has-it"]
        }
    "#;
    let story = Story::on("openobserve", configuration);
    story.fails(
        "apply --yes --env-file e",
        &["step-failed", "nobody-has-it"],
    );
    story.fails("apply --yes --env-file e", &["nobody-has-it"]);
    story.configure(&configuration.replace("\"nobody-has-it\"", ""));
    story.expect_nothing_to_do();
}

#[test]
fn what_a_server_does_not_keep_is_an_error_and_its_secrets_are_handed_over() {
    let configuration = r#"
        resource "lanyard_service_account" "ci" {
          name        = "ci"
          description = "ours"
        }

        resource "lanyard_access_token" "ci" {
          name            = "ci"
          description     = "ours"
          service_account = lanyard_service_account.ci.id
        }
    "#;
    let story = Story::new(configuration);
    let fault = |method: &str| {
        serde_json::json!({
            "method": method,
            "path": "/v1/",
            "fault": {"kind": "alter", "with": {"description": "theirs"}},
        })
    };
    let faults = serde_json::json!([fault("POST"), fault("PATCH")]);
    story.native().put("/-/faults", &faults);
    let words = "apply --yes --out-file secrets.jsonl";
    let ended = story.fails(words, &["error[not-taken]", "`description`"]);
    assert!(ended.stdout.contains("Applied: 2 failed."), "{ended}");
    assert_eq!(story.delivered().len(), 1, "what depends on it was made");
    story.native().delete("/-/faults");
    story.expect_nothing_to_do();

    // Of what exists already, too; and nothing waits for it.
    story.native().put("/-/faults", &faults);
    story.configure(&configuration.replace("ours", "new"));
    story.fails(words, &["error[not-taken]", "`description`"]);
    assert_eq!(story.delivered().len(), 1);
    story.native().delete("/-/faults");
    story.expect_nothing_to_do();
}
