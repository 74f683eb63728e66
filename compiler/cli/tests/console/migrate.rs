//! `lanyard migrate`.

use crate::support::Folder;

const SPLUNK: &str = r#"resource "signalfx_org_token" "ci" {
  name        = "ci"
  auth_scopes = ["INGEST"]
}

output "token" {
  value     = signalfx_org_token.ci.secret
  sensitive = true
}
"#;

const NOT_YET: &str = r#"resource "signalfx_org_token" "cd" {
  name          = "ci"
  notifications = var.receivers
}
"#;

#[test]
fn a_migration_is_shown_then_written_and_then_done() {
    let folder = Folder::new(&[("main.tf", SPLUNK)]);
    let read = || std::fs::read_to_string(folder.path().join("main.tf")).unwrap();
    insta::assert_snapshot!(folder.run("migrate"));
    assert_eq!(read(), SPLUNK, "showing writes nothing");
    let written = folder.run("migrate --write");
    assert!(
        written.contains("Migrated 1 resource in 1 file"),
        "{written}"
    );
    let after = read();
    assert!(after.contains("lanyard_access_token.ci.token"), "{after}");
    let again = folder.run("migrate --write");
    assert!(again.contains("Nothing to migrate"), "{again}");
    assert_eq!(read(), after, "a second run changes nothing");
    let names = std::fs::read_dir(folder.path()).unwrap();
    assert_eq!(names.count(), 1, "no draft is left");
}

#[test]
fn a_file_in_the_place_of_a_folder_is_refused() {
    let folder = Folder::new(&[("main.tf", SPLUNK), ("a/main.tf", SPLUNK)]);
    for (words, hint) in [
        ("migrate main.tf", "lanyard migrate ."),
        ("migrate a/main.tf --write", "lanyard migrate a"),
    ] {
        let story = folder.run(words);
        assert!(
            story.contains("main.tf: it is a file, and a configuration is migrated as a whole."),
            "{story}"
        );
        assert!(story.contains(hint), "{story}");
        assert!(story.ends_with("--- exit 1"), "{story}");
    }
}

#[test]
fn what_needs_a_person_is_shown_with_its_place_and_nothing_is_written() {
    let folder = Folder::new(&[("main.tf", SPLUNK), ("more.tf", NOT_YET)]);
    insta::assert_snapshot!(folder.run("migrate --write"));
    let read = std::fs::read_to_string(folder.path().join("main.tf")).unwrap();
    assert_eq!(read, SPLUNK);
}
