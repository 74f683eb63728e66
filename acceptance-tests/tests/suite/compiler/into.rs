//! What `export` and `adopt` add to a file: nothing that any file of the folder declares already, and under names that none of them has.

use std::fmt::Write as _;

use serde_json::json;

use super::story::Story;

const MINE: &str = "resource \"lanyard_access_token\" \"ci\" {\n  name = \"mine\"\n}\n";
const MINE_IN_JSON: &str =
    r#"{ "resource": { "lanyard_access_token": { "ci": { "name": "mine" } } } }"#;

#[test]
fn names_in_every_kind_of_file_are_taken_and_a_second_run_adds_nothing() {
    for (name, mine) in [
        ("other.tf", MINE),
        ("other.tf.json", MINE_IN_JSON),
        ("other.tofu", MINE),
        ("other.tofu.json", MINE_IN_JSON),
    ] {
        let story = Story::new("provider \"lanyard\" {}\n");
        let native = story.native();
        native.post("/v1/access-tokens", &json!({ "name": "ci" }));
        story.file(name, mine);
        for words in [
            "export --into new.tf",
            "adopt --name ci --into new.tf",
            "export --no-configuration --into new.tf",
        ] {
            let _ = std::fs::remove_file(story.path("new.tf"));
            story.succeeds(words);
            let added = story.read("new.tf");
            assert!(
                added.contains("resource \"lanyard_access_token\" \"ci_2\""),
                "beside {name}, `{words}` wrote:\n{added}"
            );
            assert!(!added.contains("\"ci\" {"), "{added}");
            story.succeeds(words);
            assert_eq!(story.read("new.tf"), added, "a second run changes nothing");
            story.succeeds("validate");
        }
    }
}

/// Terraform would refuse a second import to one address, and a resource at one that was removed or moved away.
#[test]
fn addresses_that_other_blocks_speak_of_are_taken() {
    let removed =
        "removed {\n  from = lanyard_access_token.ci\n  lifecycle {\n    destroy = false\n  }\n}\n";
    let moved = "moved {\n  from = lanyard_access_token.ci\n  to   = lanyard_access_token.other\n}\n\
                 resource \"lanyard_access_token\" \"other\" {\n  name = \"other\"\n}\n";
    let imported =
        "import {\n  to = lanyard_access_token.ci\n  id = \"at_00000000000000000000\"\n}\n";
    for mine in [removed, moved, imported] {
        let story = Story::new("provider \"lanyard\" {}\n");
        let native = story.native();
        native.post("/v1/access-tokens", &json!({ "name": "ci" }));
        native.post("/v1/access-tokens", &json!({ "name": "shop/ci" }));
        story.file("other.tf", mine);
        for words in [
            "export --name ci --into new.tf",
            "adopt --name ci --into new.tf",
        ] {
            let _ = std::fs::remove_file(story.path("new.tf"));
            story.succeeds(words);
            let added = story.read("new.tf");
            assert!(
                added.contains("resource \"lanyard_access_token\" \"ci_2\""),
                "{words}: {added}"
            );
            assert!(
                !added.contains("lanyard_access_token.ci\n"),
                "{words}: {added}"
            );
        }
        story.remove("new.tf");
        let inside = mine.replace(
            "lanyard_access_token.ci\n",
            "module.shop.lanyard_access_token.ci\n",
        );
        story.file("other.tf", &inside);
        story.succeeds("adopt --name */* --into new.tf --modules teams");
        let root = story.read("new.tf");
        assert!(
            root.contains("module \"shop_2\""),
            "nobody calls it any more: {root}"
        );
    }
}

/// Backups, hidden files and those of the other program are no part of the configuration: what they say takes nothing.
#[test]
fn what_no_program_reads_takes_no_names_and_stops_nothing() {
    for name in [".other.tf", "other.tf~", "#other.tf#", "other.tofu"] {
        for text in [MINE, "this is {"] {
            let story = Story::new("provider \"lanyard\" {}\n");
            let native = story.native();
            native.post("/v1/access-tokens", &json!({ "name": "ci" }));
            story.file(name, text);
            story.succeeds("export --language terraform --into new.tf");
            let added = story.read("new.tf");
            assert!(
                added.contains("resource \"lanyard_access_token\" \"ci\""),
                "{name}: {added}"
            );
        }
    }
    // What holds nothing but these is a folder without a configuration.
    let story = Story::new("");
    story.remove("main.tf");
    story.file(".old.tf", "this is {");
    story.succeeds("export");
}

#[test]
fn what_is_imported_in_every_kind_of_file_is_not_missing() {
    let story = Story::new("provider \"lanyard\" {}\n");
    let made = story
        .native()
        .post("/v1/access-tokens", &json!({ "name": "ci" }));
    let id = made["id"].as_str().expect("it has an id");
    let native = format!("import {{\n  to = lanyard_access_token.ci\n  id = \"{id}\"\n}}\n");
    let in_json = format!(r#"{{ "import": {{ "to": "lanyard_access_token.ci", "id": "{id}" }} }}"#);
    for (name, import) in [
        ("imports.tf", &native),
        ("imports.tf.json", &in_json),
        ("imports.tofu", &native),
        ("imports.tofu.json", &in_json),
    ] {
        story.file(name, import);
        let said = story.succeeds("export --no-configuration --into new.tf");
        assert!(said.stderr.contains("Nothing to export"), "{name}: {said}");
        assert!(!story.path("new.tf").exists(), "{name}");
        story.remove(name);
    }
}

/// Splunk's ids are names, which two organizations may both have.
#[test]
fn one_name_on_two_servers_is_two_objects() {
    let (here, there) = (Story::on("splunk", ""), Story::on("splunk", ""));
    let mut configuration = String::new();
    for (alias, story) in [("here", &here), ("there", &there)] {
        let ready = &story.server.ready;
        let token = story.server.operator_token();
        let _ = write!(
            configuration,
            "provider \"lanyard\" {{\n  alias = \"{alias}\"\n  api   = \"splunk\"\n  url   = \"{}\"\n  token = \"{token}\"\n}}\n",
            ready.url
        );
        let ci = "resource \"lanyard_access_token\" \"ci\" {\n  name   = \"ci\"\n  scopes = [\"ingest\"]\n}\n";
        story.configure(&format!("provider \"lanyard\" {{}}\n{ci}"));
        story.apply();
    }
    here.configure(&configuration);
    here.file(
        "tokens.tf",
        "import {\n  to = lanyard_access_token.ci\n  id = \"ci\"\n}\n\n\
         resource \"lanyard_access_token\" \"ci\" {\n  provider = lanyard.here\n  name     = \"ci\"\n  scopes   = [\"ingest\"]\n}\n",
    );
    here.succeeds("export --into tokens.tf");
    let after = here.read("tokens.tf");
    assert_eq!(after.matches("= lanyard.there").count(), 1, "{after}");
    assert_eq!(after.matches("= lanyard.here").count(), 1, "{after}");
    here.succeeds("export --into tokens.tf");
    assert_eq!(
        here.read("tokens.tf"),
        after,
        "a second run changes nothing"
    );
}

#[test]
fn what_is_added_ends_its_lines_as_the_file_does() {
    let story = Story::new("provider \"lanyard\" {}\n");
    story
        .native()
        .post("/v1/access-tokens", &json!({ "name": "ci" }));
    let before = "\u{feff}# Mine.\r\nlocals {}\r\n";
    story.file("tokens.tf", before);
    story.succeeds("export --into tokens.tf");
    let after = story.read("tokens.tf");
    assert!(after.starts_with(before), "{after:?}");
    assert!(after.contains("import {\r\n"), "{after:?}");
    assert!(!after.replace("\r\n", "").contains('\n'), "{after:?}");
    story.succeeds("export --into tokens.tf");
    assert_eq!(story.read("tokens.tf"), after);
    story.succeeds("validate");
}

#[test]
fn a_file_that_could_not_hold_it_is_refused_and_nothing_is_written() {
    let story = Story::new("provider \"lanyard\" {}\n");
    story
        .native()
        .post("/v1/access-tokens", &json!({ "name": "ci" }));
    story.file("there.tf.json", "{}");
    for (file, why) in [
        ("there.tf.json", "it is in JSON"),
        ("new.tofu.json", "it is in JSON"),
        ("tokens.txt", "no program reads"),
        (".tokens.tf", "no program reads"),
    ] {
        for words in ["export", "adopt --name *"] {
            let said = story.fails(&format!("{words} --into {file}"), &[why, "ends in .tf"]);
            assert!(said.stdout.is_empty(), "{said}");
        }
    }
    assert_eq!(story.read("there.tf.json"), "{}");
    assert!(!story.path("tokens.txt").exists());
    story.file("broken.tf.json", "{");
    story.fails(
        "export --no-configuration --into new.tf",
        &["broken.tf.json", "lanyard validate"],
    );
    story.remove("broken.tf.json");
    story.file("ci.lanyard.hcl", "");
    story.fails(
        "export --no-configuration --into new.tf",
        &["ci.lanyard.hcl", "folder of its own"],
    );
    assert!(!story.path("new.tf").exists());
}
