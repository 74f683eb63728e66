//! Files that `adopt` and `export` refuse to write into, before they ask a server.

use crate::support::Folder;

const PROVIDER: &str =
    "provider \"lanyard\" {\n  url   = \"https://tokens.example.com\"\n  token = \"lyd_x\"\n}\n";
const TERRAFORMS: &str =
    "provider \"registry.terraform.io/lanyard/lanyard\" {\n  version = \"1.0.0\"\n}\n";

/// Nothing is written, and the reason and what to do are told.
fn refused(files: &[(&str, &str)], words: &str, told: &[&str]) {
    for command in ["adopt --name *", "export"] {
        let folder = Folder::new(files);
        let words = format!("{command} {words}");
        let story = folder.run(&words);
        assert!(story.contains("error[unwritable-file]"), "{story}");
        assert!(story.ends_with("--- exit 1"), "{story}");
        for told in told {
            assert!(story.contains(told), "{story}");
        }
        let (_, file) = words.split_once("--into ").expect("the words name a file");
        let given = files.iter().find(|(name, _)| *name == file);
        let there = std::fs::read_to_string(folder.path().join(file)).ok();
        assert_eq!(there.as_deref(), given.map(|(_, text)| *text), "{story}");
    }
}

#[test]
fn a_file_that_hides_another_or_is_hidden_is_refused() {
    let main = ("main.tf", PROVIDER);
    refused(
        &[main],
        "--into main.tofu",
        &["instead of main.tf", "Name main.tf,"],
    );
    refused(
        &[main, ("t.tofu", "locals {}\n")],
        "--into t.tf",
        &["OpenTofu reads t.tofu instead", "Name t.tofu,"],
    );
}

#[test]
fn a_file_that_is_no_part_of_the_configuration_is_refused() {
    let main = ("main.tf", PROVIDER);
    for other in [
        (".terraform.lock.hcl", TERRAFORMS),
        ("lanyard.toml", "language = \"terraform\"\n"),
    ] {
        refused(
            &[main, other],
            "--into new.tofu",
            &["the folder is Terraform's", "ends in .tf"],
        );
    }
    refused(
        &[main],
        "--language terraform --into new.tofu",
        &["the folder is Terraform's"],
    );
    for name in ["override.tf", "t_override.tf", "t_override.tofu"] {
        refused(
            &[main],
            &format!("--into {name}"),
            &["changes what other files declare"],
        );
    }
}

#[test]
fn a_file_in_another_folder_than_the_one_that_is_read_is_refused() {
    let infra = ("infra/main.tf", PROVIDER);
    for file in ["t.tf", "no/such/t.tf", "../t.tf", "infra/modules/t.tf"] {
        refused(
            &[infra],
            &format!("infra --into {file}"),
            &["another folder", "--into infra/t.tf"],
        );
    }
    refused(
        &[("main.tf", PROVIDER)],
        "--into modules/t.tf",
        &["another folder", "--into t.tf"],
    );
    let read_nothing = Folder::new(&[infra])
        .set("LANYARD_URL", "https://tokens.example.com")
        .set("LANYARD_TOKEN", "lyd_x")
        .run("export --into infra/t.tf");
    for told in [
        "error[unwritable-file]",
        "lanyard export infra --into infra/t.tf",
    ] {
        assert!(read_nothing.contains(told), "{read_nothing}");
    }
}
