//! Variables of a file: whose secret each is, and which are written anew.

use serde_json::json;

use super::{ADDRESS, TOKENS};
use crate::compiler::story::Story;
use crate::support::hand::Hand;

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

/// Their account was replaced, and an apply that failed then made no other: its server has neither any more.
#[test]
fn the_variable_of_a_token_that_ended_with_its_account_is_written_anew() {
    const ROLES: &str = "roles = [\"viewer\"]";
    let configuration = format!(
        "resource \"lanyard_service_account\" \"other\" {{\n  name = \"other\"\n  {ROLES}\n}}\nresource \"lanyard_service_account\" \"a\" {{\n  name = \"acc\"\n  lifecycle {{\n    replace_triggered_by = [lanyard_service_account.other]\n  }}\n}}\nresource \"lanyard_access_token\" \"ci\" {{\n  name            = \"ci\"\n  service_account = lanyard_service_account.a.id\n}}\n"
    );
    let story = Story::new(&configuration);
    let apply = "apply --yes --env-file t.env";
    story.succeeds(apply);
    let refused = json!([{ "method": "POST", "path": "/v1/access-tokens", "fault": { "kind": "status", "status": 500 } }]);
    story.native().put("/-/faults", &refused);
    story.configure(&configuration.replace(ROLES, "roles = [\"editor\"]"));
    story.fails(apply, &["outcome-unknown"]);
    story.native().delete("/-/faults");
    story.succeeds(apply);
    let text = story.read("t.env");
    assert_eq!(text.matches("CI=").count(), 1, "{text}");
    let secret = text
        .lines()
        .last()
        .and_then(|line| line.strip_prefix("CI="));
    assert!(
        Hand::on(&story.server).lets_in("", secret.expect("it is the last line")),
        "{text}"
    );
}
