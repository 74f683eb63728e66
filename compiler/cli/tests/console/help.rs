//! Help, and slips on the command line.

use crate::support::Folder;

#[test]
fn the_help_shows_every_command() {
    insta::assert_snapshot!(Folder::new(&[]).run("--help"));
}

#[test]
fn a_command_shows_examples() {
    insta::assert_snapshot!(Folder::new(&[]).run("apply --help"));
}

#[test]
fn a_slip_on_the_command_line_is_an_error_and_not_a_change() {
    insta::assert_snapshot!(Folder::new(&[]).run("plann"));
}

#[test]
fn completions_and_the_manual_page_know_every_command() {
    let folder = Folder::new(&[]);
    for command in [
        "completions bash",
        "completions zsh",
        "completions fish",
        "man",
    ] {
        let text = folder.run(command);
        for word in ["validate", "apply", "whoami", "detailed-exitcode"] {
            let spelled = text.contains(word) || text.contains(&word.replace('-', "\\-"));
            assert!(spelled, "{command} should know {word}");
        }
    }
}
