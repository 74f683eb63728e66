//! `lanyard man`: the manual page, one section per command.

use clap::CommandFactory as _;
use lanyard_compiler::model::facts;

use crate::args::Arguments;
use crate::console::{Console, Outcome};

pub(crate) fn run(console: &Console) -> Outcome {
    let command = Arguments::command();
    let mut page = Vec::new();
    let written = clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .and_then(|()| {
            command
                .get_subcommands()
                .filter(|subcommand| !subcommand.is_hide_set())
                .try_for_each(|subcommand| section(subcommand, &mut page))
        });
    list("ENVIRONMENT", environment(), &mut page);
    list("FILES", FILES, &mut page);
    list("EXIT STATUS", EXIT_STATUS, &mut page);
    match written {
        Ok(()) => {
            console.result(&String::from_utf8_lossy(&page));
            Outcome::Done
        }
        Err(error) => {
            console.complain(&format!("error: cannot write the manual page: {error}"));
            Outcome::Failed
        }
    }
}

const FILES: [(&str, &str); 6] = [
    (
        "*.tf, *.tf.json",
        "A Terraform configuration: all of a folder.",
    ),
    (
        "*.lanyard.hcl, *.lanyard.json",
        "Documents of our own, for whoever has no Terraform.",
    ),
    (
        "terraform.tfvars, *.auto.tfvars",
        "Values of input variables.",
    ),
    (
        "lanyard.toml",
        "What the reviewers of a configuration allow; beside it.",
    ),
    (
        ".lanyard/",
        "What an apply left open, beside the configuration: it belongs into .gitignore.",
    ),
    (
        ".terraform/",
        "Modules that `terraform init` fetched, and the workspace that is selected.",
    ),
];

const EXIT_STATUS: [(&str, &str); 3] = [
    ("0", "Done, all of it."),
    (
        "1",
        "It could not be done, or not all of it; why stands on stderr.",
    ),
    (
        "2",
        "There is something to change, and `--detailed-exitcode` asked for it.",
    ),
];

/// What else is read from the environment, beside the settings of a server.
const VARIABLES: [(&str, &str); 5] = [
    ("TF_VAR_NAME", "The value of the input variable NAME."),
    (
        "TF_WORKSPACE",
        "The workspace, instead of the one that `terraform workspace select` noted.",
    ),
    (
        "TF_DATA_DIR",
        "Where `terraform init` keeps modules; .terraform otherwise.",
    ),
    ("NO_COLOR", "No colours, unless `--color` asks for them."),
    (
        "COLUMNS, TERM",
        "How wide tables are in a terminal; with TERM=dumb, no colours and no line that is drawn again.",
    ),
];

/// What stands before the variable in a setting's own words.
const ENVIRONMENT: &str = "Environment: ";

/// The variables that the settings of a server can come from, in the model's words, and the others.
fn environment() -> impl IntoIterator<Item = (String, String)> {
    let settings = facts::settings().body.attributes.iter().map(|attribute| {
        let (about, variable) = attribute
            .doc
            .split_once(ENVIRONMENT)
            .unwrap_or((&attribute.doc, ""));
        let variable = variable.trim_end_matches('.').trim_matches('`');
        (variable.to_owned(), about.trim().to_owned())
    });
    let others = VARIABLES.map(|(name, about)| (name.to_owned(), about.to_owned()));
    settings.chain(others)
}

/// A section that says of each word what it means.
fn list<T: AsRef<str>>(heading: &str, items: impl IntoIterator<Item = (T, T)>, page: &mut Vec<u8>) {
    let escaped = |text: &str| text.replace('\\', "\\e").replace('-', "\\-");
    page.extend_from_slice(format!(".SH \"{heading}\"\n").as_bytes());
    for (word, about) in items {
        let word = escaped(word.as_ref());
        let about = escaped(&about.as_ref().replace('\n', " "));
        page.extend_from_slice(format!(".TP\n\\fB{word}\\fR\n\\&{about}\n").as_bytes());
    }
}

/// One command's part of the page, without a title of its own.
fn section(command: &clap::Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    let name = format!("lanyard {}", command.get_name());
    page.extend_from_slice(format!(".SH \"{}\"\n", name.to_uppercase()).as_bytes());
    let man = clap_mangen::Man::new(command.clone().bin_name(name));
    let mut part = Vec::new();
    man.render_description_section(&mut part)?;
    man.render_synopsis_section(&mut part)?;
    man.render_options_section(&mut part)?;
    let part = String::from_utf8_lossy(&part);
    for line in part.lines() {
        // Its headings become sub-headings, and the description needs none.
        match line.strip_prefix(".SH ") {
            Some("DESCRIPTION") => {}
            Some(heading) => page.extend_from_slice(format!(".SS {heading}\n").as_bytes()),
            None => page.extend_from_slice(format!("{line}\n").as_bytes()),
        }
    }
    if let Some(examples) = command.get_after_help() {
        page.extend_from_slice(b".nf\n");
        for line in examples.to_string().lines() {
            page.extend_from_slice(format!("\\&{}\n", line.replace('\\', "\\e")).as_bytes());
        }
        page.extend_from_slice(b".fi\n");
    }
    Ok(())
}
