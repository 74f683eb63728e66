//! The one secret of an account, and the token that is it.

use serde_json::json;

use super::expect_a_working_secret;
use crate::compiler::story::Story;

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
