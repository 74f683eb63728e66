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
            // The one step that gives a new one. Where the server keeps one secret for an account, the old one ends; where it keeps the
            // account's secret for ever, there is no step, and nothing changes.
            let step = adopted.stdout.replace("adopted = \"1\"", "adopted = \"2\"");
            terraform.configure(&step);
            terraform.settle();
            let state = terraform.state();
            let current: Vec<(String, String)> = state
                .addresses()
                .iter()
                .filter_map(|address| {
                    let attributes = state.attributes(address);
                    let text = |name: &str| attributes[name].as_str().map(str::to_owned);
                    Some((text("id")?, text("token")?))
                })
                .collect();
            for (id, token) in &current {
                assert!(
                    hand.lets_in(id, token),
                    "{api}: what {id} has now should work"
                );
            }
            let rotated = current
                .iter()
                .filter(|(_, token)| secrets.iter().all(|(_, old)| old != token))
                .count();
            let ended: Vec<&str> = secrets
                .iter()
                .filter(|(_, secret)| !ids(&adopted.stdout).any(|id| hand.lets_in(id, secret)))
                .map(|(name, _)| name.as_str())
                .collect();
            match api {
                "splunk" | "chronosphere" => assert_eq!(rotated, 0, "{api}"),
                _ => assert!(rotated > 0, "{api}: there should be new secrets"),
            }
            match api {
                "openobserve" => assert_eq!(ended.len(), 1, "{api}: {ended:?}"),
                _ => assert!(ended.is_empty(), "{api}: the old ones work on: {ended:?}"),
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

#[test]
fn every_team_gets_a_module_of_its_own() {
    on_every_terraform(|story| {
        let native = story.native();
        let make = |name: &str| {
            let token = json!({ "name": name, "scopes": ["samples:read"] });
            let made = native.post("/v1/access-tokens", &token);
            made["secret"]
                .as_str()
                .expect("it is shown once")
                .to_owned()
        };
        let names = ["shop/ci", "shop/deploy", "web/ci", "alone"];
        let secrets = names.map(make);
        story.configure("provider \"lanyard\" {}\n");
        let adopt = "adopt --name * --into tokens.tf --modules teams";
        story.lanyard(adopt);
        let read = |name: &str| std::fs::read_to_string(story.path(name)).unwrap_or_default();
        let (root, shop, web) = (
            read("tokens.tf"),
            read("teams/shop/main.tf"),
            read("teams/web/main.tf"),
        );
        assert!(
            root.contains("module \"shop\" {\n  source = \"./teams/shop\"\n}\n"),
            "{root}"
        );
        assert!(
            root.contains("to = module.shop.lanyard_access_token.shop[\"ci\"]\n"),
            "{root}"
        );
        assert!(
            root.contains("resource \"lanyard_access_token\" \"alone\""),
            "{root}"
        );
        assert!(
            shop.contains("for_each = toset([\"ci\", \"deploy\"])"),
            "{shop}"
        );
        assert!(
            web.contains("name   = \"web/ci\"") && !web.contains("import {"),
            "{web}"
        );
        story.succeeds(&["init"]);
        story.succeeds(&["fmt", "-check", "-diff", "-recursive"]);
        story.succeeds(&["validate"]);
        let said = story.succeeds(&["plan"]);
        assert!(
            said.contains("Plan: 4 to import, 0 to add") && said.contains("0 to destroy"),
            "{said}"
        );
        story.settle();
        assert!(
            secrets.iter().all(|secret| story.accepts(secret)),
            "an adoption ends no secret"
        );

        story.lanyard(adopt);
        assert_eq!(
            (&root, &shop),
            (&read("tokens.tf"), &read("teams/shop/main.tf")),
            "a second run adds nothing"
        );
        // Somebody makes two more by hand.
        let more = ["shop/new", "ops/ci"].map(make);
        story.lanyard(adopt);
        let (root_after, shop_after) = (read("tokens.tf"), read("teams/shop/main.tf"));
        assert!(
            root_after.starts_with(&root) && shop_after.starts_with(&shop),
            "{root_after}{shop_after}"
        );
        assert_eq!(
            root_after.matches("module \"shop\" {").count(),
            1,
            "{root_after}"
        );
        assert_eq!(
            shop_after.matches("required_providers {").count(),
            1,
            "{shop_after}"
        );
        story.succeeds(&["init"]);
        story.succeeds(&["fmt", "-check", "-diff", "-recursive"]);
        let said = story.succeeds(&["plan"]);
        assert!(said.contains("Plan: 2 to import, 0 to add"), "{said}");
        story.settle();
        assert!(
            secrets
                .iter()
                .chain(&more)
                .all(|secret| story.accepts(secret))
        );
    });
}
