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

#[test]
fn every_command_has_help_with_examples() {
    let folder = Folder::new(&[]);
    let help = folder.stdout("--help");
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.len() >= 12, "{commands:?}");
    for command in commands {
        let help = folder.stdout(&format!("{command} --help"));
        // What these print is all that they can print.
        if !["man", "version", "help"].contains(&command) {
            assert!(help.contains("Examples:"), "{command} has no examples");
        }
        // What these print is a format of its own.
        let answers = ![
            "adopt",
            "comment",
            "export",
            "migrate",
            "schema",
            "completions",
            "man",
            "version",
            "help",
        ]
        .contains(&command);
        assert_eq!(help.contains("--format <FORMAT>"), answers, "{command}");
    }
}

#[test]
fn the_quiet_hear_results_warnings_and_errors_alone() {
    let good = [(
        "main.tf",
        "resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n}\n",
    )];
    let bad = [("main.tf", "resource \"lanyard_access_token\" \"a\" {}\n")];
    insta::assert_snapshot!(
        [
            Folder::new(&good).run("validate"),
            Folder::new(&good).run("validate --quiet"),
            Folder::new(&bad).run("validate --quiet"),
            Folder::new(&good).run("compile --quiet --format text"),
        ]
        .join("\n\n")
    );
}

#[test]
fn help_and_version_are_commands() {
    let folder = Folder::new(&[]);
    assert_eq!(folder.stdout("help"), folder.stdout("--help"));
    assert_eq!(folder.stdout("help tokens"), folder.stdout("tokens --help"));
    assert_eq!(folder.stdout("version"), folder.stdout("--version"));
}

#[test]
fn an_unknown_value_of_a_flag_is_refused() {
    insta::assert_snapshot!(Folder::new(&[]).run("tokens --status active,expierd"));
}

#[test]
fn the_manual_tells_of_the_environment_files_and_exit_codes() {
    let page = Folder::new(&[]).stdout("man");
    let (_, end) = page
        .split_once(".SH \"ENVIRONMENT\"\n")
        .expect("the section");
    insta::assert_snapshot!(end);
}
