//! What `lanyard adopt` writes for what exists already: Terraform imports it, ends no secret, and has nothing left to do.

use serde_json::json;

use crate::compiler::every_server::{EXAMPLES, applied};
use crate::support::hand::Hand;
use crate::support::story::{Story as TerraformStory, on_every_terraform};

#[test]
fn what_any_server_has_is_adopted_and_every_secret_works_on() {
    for (api, example) in EXAMPLES {
        let story = applied(api, example);
        let adopted = story.succeeds("adopt --no-configuration --managed --name *");
        let secrets = story.handed_over();
        assert!(!secrets.is_empty(), "{api}");
        TerraformStory::with_one_terraform(&story.server).tell(|terraform| {
            terraform.configure(&adopted.stdout);
            terraform.succeeds(&["fmt", "-check", "-diff"]);
            let said = terraform.succeeds(&["plan"]);
            let imports = adopted.stdout.matches("import {").count();
            assert!(
                said.contains(&format!("Plan: {imports} to import, 0 to add"))
                    && said.contains("0 to destroy."),
                "{api}: everything should be imported and nothing ended:\n{}\n{said}",
                adopted.stdout
            );
            terraform.settle();
            let hand = Hand::on(&story.server);
            for (name, secret) in &secrets {
                let works = ids(&adopted.stdout).any(|id| hand.lets_in(id, secret));
                assert!(works, "{api}: the secret of {name} should work on");
            }
        });
    }
}

#[test]
fn tokens_of_one_pattern_become_one_resource_and_get_new_secrets_in_one_step() {
    on_every_terraform(|story| {
        let native = story.native();
        let made = |name: &str| {
            let made = native.post(
                "/v1/access-tokens",
                &json!({ "name": name, "scopes": ["samples:read"] }),
            );
            made["secret"].as_str().map(str::to_owned)
        };
        let old = made("team/shop").expect("the server shows the secret once");
        made("team/web");
        made("other");
        native.post(
            "/v1/access-tokens",
            &json!({ "name": "team/theirs", "managed_by": "somebody" }),
        );
        let adopted = story.lanyard("adopt --no-configuration --name team/*");
        let written = without_ids(&adopted);
        story.snapshot("adopted_by_pattern", &written);
        let guide = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../docs/guides/existing-tokens.md"
        );
        let guide = std::fs::read_to_string(guide).expect("the guide should be readable");
        let imports = written.find("import {").expect("it imports");
        assert!(
            without_ids(&guide).contains(written[imports..].trim_end()),
            "the guide should show this:\n{written}"
        );
        story.configure(&adopted);
        let said = story.succeeds(&["plan"]);
        assert!(
            said.contains("Plan: 2 to import, 0 to add") && said.contains("0 to destroy"),
            "{said}"
        );
        story.settle();
        assert!(story.accepts(&old), "an adoption ends no secret");
        // The one step that gives a new one.
        story.configure(&adopted.replace("adopted = \"1\"", "adopted = \"2\""));
        story.settle();
        let address = "lanyard_access_token.team[\"shop\"]";
        let new = story.text(address, "token");
        assert!(
            story.accepts(&new) && story.accepts(&old),
            "the old one works on beside the new one"
        );
    });
}

/// The ids of import blocks.
fn ids(text: &str) -> impl Iterator<Item = &str> {
    let lines = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("id = \""));
    lines.map(|rest| rest.trim_end_matches('"'))
}

/// Ids are drawn.
fn without_ids(text: &str) -> String {
    text.lines()
        .map(|line| match line.split_once("id = \"") {
            Some((before, _)) => format!("{before}id = \"[id]\"\n"),
            None => format!("{line}\n"),
        })
        .collect()
}

#[test]
fn a_file_gets_what_is_missing_and_keeps_what_it_has() {
    let story = crate::compiler::story::Story::new("provider \"lanyard\" {}\n");
    let native = story.native();
    native.post("/v1/access-tokens", &json!({ "name": "ci" }));
    let mine = "# Mine, and laid out as I like it.\nlocals   { a=1 }\n\nresource \"lanyard_access_token\" \"ci\" { name = \"mine\" }";
    story.file("tokens.tf", mine);
    for words in [
        "export --into tokens.tf",
        "adopt --name ci --into tokens.tf",
    ] {
        story.file("tokens.tf", mine);
        story.succeeds(words);
        let after = story.read("tokens.tf");
        assert!(after.starts_with(mine), "{after}");
        assert!(
            after.contains("resource \"lanyard_access_token\" \"ci_2\""),
            "{after}"
        );
        story.succeeds(words);
        assert_eq!(
            story.read("tokens.tf"),
            after,
            "a second run changes nothing"
        );
        story.succeeds("validate");
    }
    story.succeeds("export --into new.tf --no-configuration");
    assert!(
        !std::path::Path::new(&story.path("new.tf")).exists(),
        "what is imported beside it is not missing"
    );
    let refused = story.run("adopt");
    assert_ne!(refused.code, Some(0));
    assert!(refused.stderr.contains("--name"), "{}", refused.stderr);
}
