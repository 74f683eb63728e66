//! A secret that was issued and not handed over: seen by every command on every server, and issued again until it was.

mod identity;
mod own_secret;
mod variables;

use serde_json::json;

use super::story::Story;
use crate::support::hand::Hand;

/// A configuration with one token of each server that has tokens of which the secret can be replaced; none has a `rotation` block.
pub(super) const TOKENS: [(&str, &str); 4] = [
    (
        "native",
        "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n}\n",
    ),
    (
        "splunk",
        "provider \"lanyard\" {\n  api = \"splunk\"\n}\nresource \"lanyard_access_token\" \"ci\" {\n  name   = \"ci\"\n  scopes = [\"api\"]\n  roles  = [\"read_only\"]\n  ttl    = \"30d\"\n}\n",
    ),
    (
        "osmo",
        "provider \"lanyard\" {\n  api = \"osmo\"\n}\nresource \"lanyard_service_account\" \"ci\" {\n  name  = \"svc-ci\"\n  roles = [\"osmo-user\"]\n}\nresource \"lanyard_access_token\" \"ci\" {\n  name            = \"ci\"\n  service_account = lanyard_service_account.ci.id\n  roles           = [\"osmo-user\"]\n  ttl             = \"90d\"\n}\n",
    ),
    (
        "elasticsearch",
        "provider \"lanyard\" {\n  api = \"elasticsearch\"\n}\nresource \"lanyard_service_account\" \"ci\" {\n  name  = \"shop/worker\"\n  roles = [\"viewer\"]\n}\nresource \"lanyard_access_token\" \"ci\" {\n  name            = \"ci\"\n  service_account = lanyard_service_account.ci.id\n}\n",
    ),
];

/// The configuration of a server whose tokens end, with a token that is due two weeks before it does.
pub(super) fn with_rotation(configuration: &str) -> String {
    let end = configuration.rfind('}').expect("a token is the last block");
    let mut configuration = configuration[..end].to_owned();
    if !configuration.contains("ttl") {
        configuration += "  ttl  = \"30d\"\n";
    }
    configuration.replace("90d", "30d") + "  rotation {\n    before_expiry = \"14d\"\n  }\n}\n"
}

const ADDRESS: &str = "lanyard_access_token.ci";

/// The id and secret that were handed over last, which must work.
pub(super) fn expect_a_working_secret(story: &Story) {
    let line = story.read("secrets.jsonl");
    let line = line.lines().last().expect("a secret was handed over");
    let line: serde_json::Value = serde_json::from_str(line).expect("each line should be JSON");
    let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
    assert!(Hand::on(&story.server).lets_in(&text("id"), &text("token")));
}

/// The last secret that was handed over, as its id and its text.
fn last(story: &Story) -> (String, String) {
    story.delivered().pop().expect("a secret was handed over")
}

#[cfg(unix)]
#[test]
fn no_secret_is_written_into_what_lanyard_itself_reads_or_keeps() {
    use std::os::unix::fs::PermissionsExt as _;

    let story = Story::new(TOKENS[0].1);
    story.file("lanyard.toml", "");
    story.succeeds("plan -o plan.json");
    std::fs::create_dir_all(story.path(".lanyard")).expect("a folder");
    story.file(".lanyard/lock", "");
    for name in ["main.tf", "lanyard.toml", "plan.json", ".lanyard/lock"] {
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(story.path(name), private).expect("a file of ours");
        for option in ["--out-file", "--env-file"] {
            let words = format!("apply plan.json {option} {name}");
            story.fails(
                &words,
                &[
                    "sink",
                    "is a file of the configuration, or of Lanyard itself",
                ],
            );
        }
    }
    // Nor into what the next plan would read.
    for name in [
        "new.tf",
        "new.tofu.json",
        "./new.lanyard.hcl",
        "new.auto.tfvars",
    ] {
        let words = format!("apply plan.json --out-file {name}");
        story.fails(
            &words,
            &["sink", "would be read as part of the configuration"],
        );
        assert!(!story.path(name).exists(), "{name}");
    }
    assert_eq!(story.native().token_names(), [""; 0]);
    std::fs::create_dir(story.path("out")).expect("a folder");
    story.succeeds("apply plan.json --out-file out/new.tf");
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_made_good_by_the_next_apply_on_every_server() {
    for (api, configuration) in TOKENS {
        let story = Story::on(api, configuration);
        let ended = story.fails(
            "apply --yes --out-file /dev/full",
            &["secret-not-delivered"],
        );
        assert!(
            ended.stderr.contains("/dev/full: No space left"),
            "{api}: {ended}"
        );
        // Everybody sees it.
        assert_eq!(story.run("plan --detailed-exitcode").code, Some(2), "{api}");
        assert!(
            story.planned("").contains(&format!("rotate {ADDRESS}")),
            "{api}"
        );
        let listed = story.fails("tokens", &["undelivered-secret", "Apply again"]);
        assert!(listed.stdout.contains("undelivered"), "{api}: {listed}");
        // And again: it stays so, however often.
        story.fails(
            "apply --yes --out-file /dev/full",
            &["secret-not-delivered"],
        );

        story.apply();
        expect_a_working_secret(&story);
        story.succeeds("tokens");
        let ended = story.succeeds("apply --yes --out-file secrets.jsonl");
        assert!(ended.stderr.contains("nothing to do"), "{api}: {ended}");
    }
}

/// As from a gateway whose clock is not that of what keeps the objects: what the apply made is no older than the apply.
#[cfg(unix)]
#[test]
fn a_secret_that_is_missing_is_issued_again_whatever_dates_the_answers() {
    for (api, configuration) in TOKENS {
        for seconds in [-200, 3, 200] {
            let story = Story::on(api, configuration);
            let wrong = json!([{ "fault": { "kind": "date", "seconds": seconds } }]);
            story.native().put("/-/faults", &wrong);
            story.fails(
                "apply --yes --out-file /dev/full",
                &["secret-not-delivered"],
            );
            story.fails("tokens", &["undelivered-secret"]);
            story.apply();
            expect_a_working_secret(&story);
            story.succeeds("tokens");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_saved_plan_issues_an_open_secret_again_too() {
    for (api, configuration) in TOKENS {
        let story = Story::on(api, configuration);
        story.succeeds("plan -o plan.json");
        story.fails(
            "apply plan.json --out-file /dev/full",
            &["secret-not-delivered"],
        );
        story.fails(
            "apply plan.json --out-file secrets.jsonl",
            &["plan-is-stale"],
        );
        story.succeeds("plan -o plan.json");
        story.succeeds("apply plan.json --out-file secrets.jsonl");
        story.expect_nothing_to_do();
        expect_a_working_secret(&story);
    }
}

#[cfg(unix)]
#[test]
fn a_plan_from_before_the_loss_does_not_pass_for_done() {
    let (_, configuration) = TOKENS[0];
    let story = Story::new(configuration);
    story.fails(
        "apply --yes --out-file /dev/full",
        &["secret-not-delivered"],
    );
    let journal = story.read(".lanyard/journal.jsonl");
    story.remove(".lanyard/journal.jsonl");
    story.succeeds("plan -o plan.json");
    story.file(".lanyard/journal.jsonl", &journal);
    story.fails(
        "apply plan.json --out-file secrets.jsonl",
        &["plan-is-stale", "does not issue it again"],
    );
}

#[test]
fn a_journal_that_cannot_be_used_stops_everything_before_the_first_change() {
    let (_, configuration) = TOKENS[0];
    let story = Story::new(configuration);
    std::fs::create_dir_all(story.path(".lanyard/journal.jsonl.new"))
        .expect("the story's folder should be writable");
    story.fails(
        "apply --yes --out-file secrets.jsonl",
        &["The apply cannot begin", "cannot be written"],
    );
    story.file(".lanyard/journal.jsonl", "{\"step\":\"dance\"}\n");
    for words in ["plan", "tokens", "apply --yes --out-file secrets.jsonl"] {
        story.fails(words, &["line 1 of the journal"]);
    }
    assert!(story.native().token_names().is_empty(), "nothing was begun");
}

#[test]
fn a_secret_whose_file_was_replaced_while_the_apply_ran_is_issued_again() {
    let story = Story::new(
        "resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n}\n\
         resource \"lanyard_access_token\" \"b\" {\n  name = \"b\"\n  depends_on = [lanyard_access_token.a]\n}\n",
    );
    story.native().put(
        "/-/faults",
        &json!([{"method": "POST", "path": "/v1/access-tokens", "times": 2, "fault": {"kind": "slow", "seconds": 0.7, "when": "after"}}]),
    );
    story.file("new", "X=1\n");
    let mut apply = story.start("apply --yes --env-file s");
    apply.until(|| story.path("s").exists() && story.read("s").contains("A=lyd_"));
    std::fs::rename(story.path("new"), story.path("s")).expect("a folder of ours");
    let ended = story.end(apply);
    assert_eq!(ended.code, Some(1), "{ended}");
    let lost = "lanyard_access_token.a: s: it was removed or replaced";
    assert!(ended.stderr.contains(lost), "{ended}");
    assert_eq!(story.planned(""), ["rotate lanyard_access_token.a"]);
    story.apply();
}

#[test]
fn secrets_in_the_document_are_part_of_it() {
    let (_, configuration) = TOKENS[0];
    let story = Story::new(configuration);
    let ended = story.succeeds("apply --yes --print-secrets --format json");
    let document: serde_json::Value =
        serde_json::from_str(&ended.stdout).expect("stdout should be one document");
    let change = &document["changes"][0];
    assert_eq!(change["variable"], "CI");
    let secret = change["secret"].as_str().expect("it was asked for");
    assert!(story.whose(secret).is_some(), "the secret works");
    story.expect_nothing_to_do();
    assert_eq!(story.read(".lanyard/journal.jsonl"), "");
}

#[test]
fn a_token_with_a_recipient_goes_to_the_same_places_as_ciphertext() {
    let recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    let story = Story::new(&format!(
        "resource \"lanyard_access_token\" \"ci\" {{\n  name = \"ci\"\n  recipient = \"{recipient}\"\n}}\n"
    ));
    story.file("tokens.env", "");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(
            story.path("tokens.env"),
            std::fs::Permissions::from_mode(0o600),
        )
        .expect("the story's file is ours");
    }
    let ended = story.succeeds("apply --yes --print-secrets --env-file tokens.env");
    assert!(
        ended
            .stdout
            .starts_with("CI='-----BEGIN AGE ENCRYPTED FILE-----\n"),
        "{ended}"
    );
    assert!(
        ended
            .stdout
            .ends_with("-----END AGE ENCRYPTED FILE-----'\n"),
        "{ended}"
    );
    let file = story.read("tokens.env");
    assert!(file.ends_with(&format!("\n{}", ended.stdout)), "{file}");
}

#[test]
fn a_stopped_apply_of_many_says_so_once() {
    let tokens = "resource \"lanyard_access_token\" \"ci\" {\n  count = 60\n  name  = \"ci-${count.index}\"\n}\n";
    let story = Story::new(tokens);
    story.native().put(
        "/-/faults",
        &json!([{"method": "POST", "path": "/v1/access-tokens", "times": 8, "fault": {"kind": "slow", "seconds": 1.5, "when": "after"}}]),
    );
    let mut apply = story.start("apply --yes --out-file secrets.jsonl");
    apply.until(|| !story.native().token_names().is_empty());
    apply.signal("INT");
    let ended = story.end(apply);
    assert_eq!(ended.code, Some(1), "{ended}");
    assert_eq!(
        ended.stderr.matches("the apply was stopped").count(),
        1,
        "{ended}"
    );
    assert!(
        ended.stderr.contains(" more: the apply was stopped"),
        "{ended}"
    );
}

#[cfg(unix)]
#[test]
fn where_no_other_secret_can_be_issued_the_one_that_is_shown_is_handed_over() {
    let story = Story::on(
        "openobserve",
        "provider \"lanyard\" {\n  api = \"openobserve\"\n}\nresource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n}\n",
    );
    story.fails(
        "apply --yes --out-file /dev/full",
        &["secret-not-delivered"],
    );
    let planned = story.run("plan --detailed-exitcode");
    assert_eq!(planned.code, Some(2), "{planned}");
    let says = "hands over its secret, which nobody got: it stays the same";
    assert!(planned.stdout.contains(says), "{planned}");
    story.apply();
    expect_a_working_secret(&story);
    story.succeeds("tokens");
}

/// Nothing was issued, so nothing waits to be handed over.
#[test]
fn what_the_server_refused_to_issue_is_not_open() {
    let writes = [
        "/v1/access-tokens",
        "/v2/token",
        "/api/auth/user/svc-ci",
        "/_security/service",
    ];
    for ((api, configuration), path) in TOKENS.into_iter().zip(writes) {
        let story = Story::on(api, configuration);
        let no = json!({ "kind": "status", "status": 403 });
        let rule = json!([{ "method": "POST", "path": path, "fault": no }]);
        story.native().put("/-/faults", &rule);
        let ended = story.fails("apply --yes --out-file secrets.jsonl", &["server-forbids"]);
        assert!(
            !ended.stderr.contains("undelivered-secret"),
            "{api}: {ended}"
        );
        assert!(!story.path(".lanyard/journal.jsonl").exists(), "{api}");
        story.native().delete("/-/faults");
        story.succeeds("tokens");
        story.apply();
        expect_a_working_secret(&story);
    }
}

/// What a server refuses has issued nothing.
#[test]
fn a_token_that_a_server_refuses_is_not_open_either() {
    let story = Story::on(
        "osmo",
        "provider \"lanyard\" {\n  api = \"osmo\"\n}\nresource \"lanyard_access_token\" \"ci\" {\n  name            = \"ci\"\n  service_account = \"nobody\"\n  roles           = [\"osmo-user\"]\n  ttl             = \"90d\"\n}\n",
    );
    let ended = story.fails(
        "apply --yes --out-file secrets.jsonl",
        &["server-refused-request"],
    );
    assert!(!ended.stderr.contains("undelivered-secret"), "{ended}");
    story.succeeds("tokens");
}

#[cfg(unix)]
#[test]
fn where_nothing_rotates_what_nobody_got_is_replaced() {
    // So many that their replacement would be refused if anybody had their secrets.
    let story = Story::on(
        "chronosphere",
        "provider \"lanyard\" {\n  api = \"chronosphere\"\n}\nresource \"lanyard_service_account\" \"ci\" {\n  count        = 5\n  name         = \"ci ${count.index}\"\n  unrestricted = true\n}\n",
    );
    story.fails(
        "apply --yes --out-file /dev/full",
        &["secret-not-delivered"],
    );
    let replaced = (0..5).map(|at| format!("replace lanyard_service_account.ci[{at}]"));
    assert_eq!(story.planned(""), replaced.collect::<Vec<_>>());
    let planned = story.succeeds("plan");
    assert!(!format!("{planned}").contains("mass-deletion"), "{planned}");
    story.apply();
    expect_a_working_secret(&story);
}
