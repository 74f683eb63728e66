//! A secret that was issued and not handed over: seen by every command on every server, and issued again until it was.

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
fn names_of_variables_that_collide_are_refused_before_the_first_change() {
    let story = Story::new(
        "resource \"lanyard_access_token\" \"a-b\" {\n  name = \"one\"\n}\n\
         resource \"lanyard_access_token\" \"a_b\" {\n  name = \"two\"\n}\n",
    );
    for words in ["--env-file tokens.env", "--print-secrets"] {
        story.fails(
            &format!("apply --yes {words}"),
            &[
                "variable-taken",
                "lanyard_access_token.a-b, lanyard_access_token.a_b",
                "\"A_B\"",
            ],
        );
    }
    assert!(story.native().token_names().is_empty(), "nothing was begun");
    story.apply();
}

/// A name of a resource is often that of another one in another folder.
#[test]
fn the_secret_of_another_folder_is_not_overwritten() {
    let token = |name: &str| {
        format!("resource \"lanyard_access_token\" \"ci\" {{\n  name = \"{name}\"\n}}\n")
    };
    let shop = Story::new(&token("shop"));
    let web = Story::beside(&shop);
    web.configure(&token("web"));
    let file = shop.path("shared.env").display().to_string();
    shop.succeeds(&format!("apply --yes --env-file {file}"));
    let text = shop.read("shared.env");
    for words in ["", "--rotate lanyard_access_token.ci"] {
        web.fails(
            &format!("apply --yes {words} --env-file {file}"),
            &[
                "variable-taken",
                "CI is the secret of access token \"shop\" on",
            ],
        );
        assert_eq!(shop.read("shared.env"), text);
        let there = if words.is_empty() { 1 } else { 2 };
        assert_eq!(
            shop.native().token_names().len(),
            there,
            "nothing was begun"
        );
        web.apply();
    }
    shop.succeeds(&format!(
        "apply --yes --rotate lanyard_access_token.ci --env-file {file}"
    ));
    assert_ne!(shop.read("shared.env"), text);
}

#[test]
fn a_variable_of_ours_is_written_anew_on_every_server_and_one_of_unknown_origin_is_not() {
    for (api, configuration) in TOKENS {
        let story = Story::on(api, configuration);
        let again = format!("apply --yes --rotate {ADDRESS} --env-file s.env");
        story.succeeds("apply --yes --env-file s.env");
        let first = story.read("s.env");
        story.succeeds(&again);
        assert_ne!(story.read("s.env"), first, "{api}");
        // As an older version wrote it.
        let lines = first.lines().filter(|line| !line.starts_with('#'));
        let old = lines.collect::<Vec<_>>().join("\n");
        story.file("s.env", &old);
        let told = story.fails(&again, &["variable-taken", "write this line above it: #"]);
        let (_, line) = told.stderr.split_once("above it: ").expect("it says which");
        let line = line.lines().next().unwrap_or_default();
        story.file("s.env", &format!("{line}\n{old}"));
        story.succeeds(&again);
        assert_eq!(story.read("s.env").lines().count(), 2, "{api}");
    }
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

fn token(name: &str) -> String {
    format!("resource \"lanyard_access_token\" \"ci\" {{\n  name = \"{name}\"\n}}\n")
}

/// Another object at the same address says nothing of the first one.
#[cfg(unix)]
#[test]
fn a_new_name_in_the_configuration_delivers_no_secret() {
    let story = Story::new(&token("first"));
    story.fails(
        "apply --yes --out-file /dev/full",
        &["secret-not-delivered"],
    );
    story.configure(&token("second"));
    let planned = story.succeeds("plan");
    for expected in ["undelivered-secret", "\"first\"", "another object now"] {
        assert!(planned.stderr.contains(expected), "{expected}: {planned}");
    }
    let apply = "apply --yes --out-file secrets.jsonl";
    let ended = story.fails(apply, &["undelivered-secret", "apply --prune"]);
    assert!(!ended.stderr.contains("Apply again"), "{ended}");
    expect_a_working_secret(&story);
    // Another apply would not help.
    let told = ["undelivered-secret", "\"first\"", "apply --prune"];
    let listed = story.fails("tokens", &told);
    assert!(!listed.stderr.contains("Apply again"), "{listed}");
    story.fails(apply, &["undelivered-secret"]);
    assert_eq!(
        story.handed_over().len(),
        1,
        "the second was handed over once"
    );

    // Under its name again, it is issued again; the other one was delivered.
    story.configure(&token("first"));
    story.succeeds(apply);
    expect_a_working_secret(&story);
    story.succeeds("tokens");
}

/// Its ways out are the ones that are told.
#[cfg(unix)]
#[test]
fn what_is_configured_no_more_stays_open_until_it_is_ended() {
    let provider = "provider \"lanyard\" {}\n";
    let apply = "apply --yes --out-file secrets.jsonl";
    for remainder in ["", provider] {
        for is_pruned in [true, false] {
            let story = Story::new(&format!("{remainder}{}", token("ci")));
            story.fails(
                "apply --yes --out-file /dev/full",
                &["secret-not-delivered"],
            );
            story.configure(remainder);
            let told = [
                "undelivered-secret",
                "the configuration does not have it any more",
                "apply --prune",
            ];
            let ended = story.fails(apply, &told);
            assert!(!ended.stderr.contains("Apply again"), "{ended}");
            let listed = story.fails("tokens", &told);
            assert!(!listed.stderr.contains("Apply again"), "{listed}");
            if is_pruned {
                story.succeeds("apply --yes --prune --allow-deletions=1");
            } else {
                let id = story.json("tokens --format json")["access_tokens"][0]["id"].clone();
                let id = id.as_str().expect("a token has an id").to_owned();
                story.native().delete(&format!("/v1/access-tokens/{id}"));
                story.succeeds(apply);
            }
            story.succeeds("tokens");
            assert!(!story.path(".lanyard/journal.jsonl").exists());
        }
    }
}

/// The same server, and what may be another one.
#[cfg(unix)]
#[test]
fn a_server_is_known_in_another_spelling() {
    let story = Story::new(&token("ci"));
    story.fails(
        "apply --yes --out-file /dev/full",
        &["secret-not-delivered"],
    );
    let url = story.server.environment()["LANYARD_URL"].clone();
    let upper = url.to_ascii_uppercase();
    for spelled in [format!("{url}/"), upper] {
        let environment = [("LANYARD_URL", spelled.as_str())];
        let ended = story.run_with("tokens", &environment);
        assert_eq!(ended.code, Some(1), "{spelled}: {ended}");
        assert!(ended.stdout.contains("undelivered"), "{spelled}: {ended}");
    }
    let other = url.replace("127.0.0.1", "localhost");
    assert_ne!(url, other);
    for words in ["tokens", "plan"] {
        let ended = story.run_with(words, &[("LANYARD_URL", &other)]);
        let told = "no provider of this configuration has that address";
        assert!(ended.stderr.contains(told), "{ended}");
        assert_eq!(ended.code, Some(i32::from(words == "tokens")), "{ended}");
    }
    let environment = [("LANYARD_URL", format!("{url}/"))];
    let environment = environment
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let ended = story.run_with("apply --yes --out-file secrets.jsonl", &environment);
    assert_eq!(ended.code, Some(0), "{ended}");
    expect_a_working_secret(&story);
    story.succeeds("tokens");
}

/// The last secret that was handed over, as its id and its text.
fn last(story: &Story) -> (String, String) {
    story.delivered().pop().expect("a secret was handed over")
}

/// An account and its token are made by one apply: whose secret is missing is known all the same.
#[cfg(unix)]
#[test]
fn the_token_of_one_account_is_not_taken_for_that_of_another() {
    const NATIVE: &str = "resource \"lanyard_service_account\" \"ci\" {\n  name  = \"svc-ci\"\n  roles = [\"viewer\"]\n}\nresource \"lanyard_access_token\" \"ci\" {\n  name            = \"ci\"\n  service_account = lanyard_service_account.ci.id\n}\n";
    let others = TOKENS.into_iter();
    let others = others.filter(|(_, tokens)| tokens.contains("service_account"));
    let apply = "apply --yes --out-file secrets.jsonl";
    for (api, ours) in others.chain([("native", NATIVE)]) {
        let theirs = ours
            .replace("svc-ci", "svc-other")
            .replace("shop/worker", "shop/other");
        let third = ours
            .replace("svc-ci", "svc-third")
            .replace("shop/worker", "shop/third");
        let story = Story::on(api, &theirs);
        story.succeeds(apply);
        let (id, secret) = last(&story);
        story.configure(ours);
        story.fails(
            "apply --yes --out-file /dev/full",
            &["secret-not-delivered"],
        );

        for other in [&theirs, &third] {
            story.configure(other);
            story.fails(apply, &["undelivered-secret", "another object now"]);
            let hand = Hand::on(&story.server);
            assert!(hand.lets_in(&id, &secret), "{api}: it was never missing");
        }
        assert_eq!(story.handed_over().len(), 2, "{api}: only the third is new");
        story.configure(ours);
        story.succeeds(apply);
        assert_eq!(story.handed_over().len(), 3, "{api}");
        expect_a_working_secret(&story);
        story.succeeds("tokens");
        story.expect_nothing_to_do();
    }
}

/// An account that its e-mail address tells from others is not told by its name.
#[cfg(unix)]
#[test]
fn the_secret_of_one_address_is_not_taken_for_that_of_another() {
    let account = |email: &str| {
        format!(
            "provider \"lanyard\" {{\n  api = \"openobserve\"\n}}\nresource \"lanyard_service_account\" \"ci\" {{\n  name  = \"ci\"\n  email = \"{email}\"\n}}\n"
        )
    };
    let (theirs, ours) = (account("ci.b@example.com"), account("ci.a@example.com"));
    let story = Story::on("openobserve", &theirs);
    story.succeeds("apply --yes --out-file secrets.jsonl --env-file t.env");
    let kept = story.read("t.env");
    let (id, secret) = last(&story);
    story.configure(&ours);
    story.fails("apply --yes --env-file t.env", &["ci.b@example.com"]);
    assert_eq!(story.read("t.env"), kept, "it is the only copy");
    story.fails(
        "apply --yes --out-file /dev/full",
        &["secret-not-delivered"],
    );
    let apply = "apply --yes --out-file secrets.jsonl";
    story.configure(&theirs);
    story.fails(apply, &["undelivered-secret"]);
    assert!(Hand::on(&story.server).lets_in(&id, &secret));
    story.configure(&ours);
    story.succeeds(apply);
    expect_a_working_secret(&story);
    story.succeeds("apply --yes");
}

/// Two organizations of one address are two servers.
#[cfg(unix)]
#[test]
fn the_secret_of_another_organization_is_neither_issued_again_nor_overwritten() {
    let (api, configuration) = TOKENS[1];
    let story = Story::on(api, configuration);
    let enter = |organization: &serde_json::Value| {
        story.native().put("/-/profile", organization);
    };
    let another = json!({"organization": "another"});
    story.fails(
        "apply --yes --out-file /dev/full",
        &["secret-not-delivered"],
    );
    // It has the same token: only whose it is differs.
    enter(&another);
    let told = ["undelivered-secret", "a credential of that organization"];
    story.fails("tokens", &told);
    let apply = "apply --yes --out-file secrets.jsonl";
    story.fails(apply, &told);
    assert!(story.handed_over().is_empty());
    enter(&json!({}));
    story.succeeds(apply);
    expect_a_working_secret(&story);
    story.succeeds("tokens");

    story.succeeds("apply --yes --rotate lanyard_access_token.ci --env-file t.env");
    let kept = story.read("t.env");
    enter(&another);
    let rotate = "apply --yes --rotate lanyard_access_token.ci --env-file t.env";
    story.fails(rotate, &["another"]);
    assert_eq!(story.read("t.env"), kept);
    enter(&json!({}));
    story.succeeds(rotate);
    assert_ne!(story.read("t.env"), kept);
}

/// An account and its one secret as a token, which is there as soon as the account is.
const OWN_SECRET: &str = "provider \"lanyard\" {\n  api = \"openobserve\"\n}\nresource \"lanyard_service_account\" \"a\" {\n  name = \"acc\"\n}\nresource \"lanyard_access_token\" \"t\" {\n  name            = \"ci\"\n  service_account = lanyard_service_account.a.id\n}\n";

/// Whoever reads the token gets one, whatever kept the apply that made its account from making it.
#[cfg(unix)]
#[test]
fn the_one_secret_of_an_account_is_issued_also_after_it_was_skipped() {
    let refused = json!([{ "method": "PUT", "path": "/api/default/service_accounts/", "fault": { "kind": "status", "status": 403 } }]);
    for (sink, faults, again) in [
        ("/dev/full", None, "create"),
        ("secrets.jsonl", Some(refused), "rotate"),
    ] {
        let story = Story::on("openobserve", OWN_SECRET);
        if let Some(faults) = &faults {
            story.native().put("/-/faults", faults);
        }
        let words = format!("apply --yes --out-file {sink}");
        let ended = story.fails(&words, &["undelivered-secret"]);
        story.native().delete("/-/faults");
        let told = story.fails("tokens", &["undelivered-secret"]);
        assert!(told.stdout.contains("undelivered"), "{ended} {told}");
        assert!(
            story
                .planned("")
                .contains(&format!("{again} lanyard_access_token.t")),
            "{sink}"
        );
        story.apply();
        let addresses = story.handed_over();
        let last = addresses.last().expect("a secret was handed over");
        assert_eq!(last.0, "lanyard_access_token.t", "{sink}");
        expect_a_working_secret(&story);
        story.succeeds("tokens");
        story.expect_nothing_to_do();
        assert!(!story.path(".lanyard/journal.jsonl").exists());
    }
}

/// The one secret of an account is not ended behind the back of the token that is it.
#[test]
fn the_one_secret_of_an_account_is_rotated_through_its_token() {
    let story = Story::on("openobserve", OWN_SECRET);
    story.apply();
    let of_account = "apply --yes --rotate lanyard_service_account.a";
    for words in [
        of_account,
        &format!("{of_account} --rotate lanyard_access_token.t"),
    ] {
        let refused = story.fails(words, &["secret-held-twice"]);
        let instead = "`--rotate 'lanyard_access_token.t'` instead";
        assert!(refused.stderr.contains(instead), "{refused}");
        expect_a_working_secret(&story);
    }
    story.succeeds("apply --yes --rotate lanyard_access_token.t --out-file secrets.jsonl");
    expect_a_working_secret(&story);
    story.expect_nothing_to_do();
}

/// A token that was added since is whom the secret is for.
#[cfg(unix)]
#[test]
fn the_undelivered_secret_of_an_account_goes_to_its_token() {
    let account = OWN_SECRET.split("resource \"lanyard_access_token\"").next();
    let story = Story::on("openobserve", account.expect("it begins with the account"));
    story.apply();
    story.fails(
        "apply --yes --rotate lanyard_service_account.a --out-file /dev/full",
        &["secret-not-delivered"],
    );
    story.configure(OWN_SECRET);
    let planned = story.planned("");
    assert_eq!(planned, ["rotate lanyard_access_token.t"]);
    story.apply();
    let addresses = story.handed_over();
    let last = addresses.last().expect("a secret was handed over");
    assert_eq!(last.0, "lanyard_access_token.t");
    expect_a_working_secret(&story);
    story.succeeds("tokens");
    story.expect_nothing_to_do();
    assert!(!story.path(".lanyard/journal.jsonl").exists());
}

/// Nothing on the server says that nobody received it, so the plan does.
#[test]
fn a_token_of_an_account_that_was_there_is_told_to_count_as_there() {
    let account = OWN_SECRET.split("resource \"lanyard_access_token\"").next();
    let story = Story::on("openobserve", account.expect("it begins with the account"));
    story.apply();
    story.configure(OWN_SECRET);
    let planned = story.succeeds("plan");
    let hint = "`lanyard apply --rotate 'lanyard_access_token.t'`";
    for part in ["warning[secret-of-account]", hint] {
        assert!(format!("{planned}").contains(part), "{planned}");
    }
    story.succeeds("apply --yes --rotate lanyard_access_token.t --out-file secrets.jsonl");
    expect_a_working_secret(&story);
}

#[cfg(unix)]
#[test]
fn what_another_folder_had_issued_since_stays() {
    for (api, configuration) in TOKENS {
        let lost = Story::on(api, configuration);
        lost.apply();
        let rotate = format!("apply --yes --rotate {ADDRESS}");
        lost.fails(
            &format!("{rotate} --out-file /dev/full"),
            &["secret-not-delivered"],
        );
        lost.fails("tokens", &["undelivered-secret"]);
        let mended = Story::beside(&lost);
        mended.configure(configuration);
        lost.advance_clock(3_600);
        mended.succeeds(&format!("{rotate} --out-file secrets.jsonl"));
        lost.succeeds("tokens");
        let ended = lost.succeeds("apply --yes");
        assert!(ended.stderr.contains("that one stays"), "{api}: {ended}");
        expect_a_working_secret(&mended);
        assert_eq!(lost.run("plan --detailed-exitcode").code, Some(0), "{api}");
    }
}
