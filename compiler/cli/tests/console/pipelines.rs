//! What `examples/pull-request/` and the guides show of pipelines: YAML that is YAML, and `lanyard` command lines that `lanyard` takes.

use std::fs;
use std::path::{Path, PathBuf};

use saphyr_parser::{Event, Parser};

use crate::support::Folder;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Keys and values of a YAML document, in order.
fn scalars(name: &str, text: &str) -> Vec<String> {
    Parser::new_from_str(text)
        .filter_map(|event| {
            let (event, _) = event.unwrap_or_else(|error| panic!("{name} is no YAML: {error}"));
            match event {
                Event::Scalar(text, ..) => Some(text.into_owned()),
                _ => None,
            }
        })
        .collect()
}

/// The `lanyard` commands in a script, as words.
fn commands(script: &str) -> Vec<Vec<String>> {
    script
        .lines()
        .flat_map(|line| line.split(['|', ';', '&']))
        .map(str::trim)
        .filter(|command| command.starts_with("lanyard "))
        .map(|command| {
            let words = command.split_whitespace().skip(1);
            words
                .take_while(|word| !word.starts_with(['>', '<', '#']))
                .map(|word| match word.trim_matches(['"', '\'']) {
                    "$PULL_NUM" => "7".to_owned(),
                    word => word.replace('$', ""),
                })
                .collect()
        })
        .collect()
}

/// The parser of arguments takes them: whatever comes of it, it is no slip on the command line.
fn expect_taken(place: &str, words: &[String]) {
    let words = words.join(" ");
    let story = Folder::new(&[]).run(&words);
    assert!(
        !story.contains("For more information, try '--help'"),
        "{place}: {story}"
    );
}

#[test]
fn the_examples_of_pipelines_are_yaml_with_commands_that_exist() {
    let folder = repository().join("examples/pull-request");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 7, "{files:?}");
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).unwrap();
        let scalars = scalars(&name, &text);
        let found: Vec<_> = scalars.iter().flat_map(|scalar| commands(scalar)).collect();
        assert!(!found.is_empty(), "{name} calls lanyard");
        for words in &found {
            expect_taken(&name, words);
        }
        // A name that somebody else chose is never text of a script.
        for scalar in scalars.iter().filter(|scalar| scalar.contains('\n')) {
            assert!(!scalar.contains("${{"), "{name}: {scalar}");
        }
        let needed: &[&str] = match name.as_str() {
            "action.yml" => &["composite", "shell", "inputs"],
            "gitlab-ci.yml" => &["codequality", "script", "merge_request_event"],
            "atlantis.yaml" => &["workflows", "plan", "run"],
            ".pre-commit-hooks.yaml" => &["id", "entry", "pass_filenames"],
            "github-workflow.yml" => &["pull-requests", "terraform_wrapper", "env"],
            "scheduled.yml" => &["schedule", "LANYARD_TOKEN", "concurrency"],
            _ => &[],
        };
        for word in needed {
            let holds = |scalar: &String| scalar.contains(word);
            assert!(scalars.iter().any(holds), "{name} has no {word}");
        }
    }
}

#[test]
fn the_guides_show_pipelines_that_are_yaml_and_commands_that_exist() {
    let mut blocks = 0;
    for guide in ["pull-requests", "rotation", "without-terraform"] {
        let path = repository().join(format!("docs/guides/{guide}.md"));
        let text = fs::read_to_string(path).unwrap();
        for block in text.split("```").skip(1).step_by(2) {
            let (language, code) = block.split_once('\n').unwrap();
            let scripts = match language {
                "yaml" => scalars(guide, code),
                "console" => code
                    .lines()
                    .filter_map(|line| line.strip_prefix("$ "))
                    .map(str::to_owned)
                    .collect(),
                _ => continue,
            };
            blocks += 1;
            for words in scripts.iter().flat_map(|script| commands(script)) {
                expect_taken(guide, &words);
            }
        }
    }
    assert!(blocks >= 5, "{blocks}");
}
