//! Whose secret is missing: names, spellings, accounts and organizations tell.

use serde_json::json;

use super::{ADDRESS, TOKENS, expect_a_working_secret, last};
use crate::compiler::story::Story;
use crate::support::hand::Hand;

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
