//! The command line: what can be asked, in clap's words. The help text is the manual, so every command has examples.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Manages service accounts and access tokens as code, on the token server you already run.
#[derive(Debug, Parser)]
#[command(
    name = "lanyard",
    version,
    about,
    disable_help_subcommand = true,
    after_help = "Results go to stdout, everything else to stderr. Exit codes: 0 done, 1 error, 2 changes (with --detailed-exitcode).\n\
                  The token server and its credential come from the configuration, or from LANYARD_URL, LANYARD_TOKEN and their like."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Says nothing but results, warnings and errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,

    /// When to use colours [default: on a terminal, unless NO_COLOR is set]
    #[arg(long, global = true, value_name = "WHEN", hide_possible_values = true)]
    pub(crate) color: Option<When>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Checks a configuration: every mistake at once, without a credential
    Validate(Validate),
    /// Prints the desired state of a configuration as canonical JSON
    Compile(Compile),
    /// Shows what has to change on the token server, without changing it
    Plan(Plan),
    /// Prints a script that completes commands in a shell
    Completions(Completions),
    /// Prints the manual page, in troff
    Man,
}

/// Which configuration, and the values of its variables.
#[derive(Debug, Args)]
pub(crate) struct Source {
    /// A folder of Terraform files (`.tf`, `.tf.json`) or of Lanyard documents, or such documents (`*.lanyard.hcl`,
    /// `*.lanyard.json`) by name [default: the current folder]
    #[arg(value_name = "DIR|FILE")]
    pub(crate) paths: Vec<PathBuf>,

    /// Sets an input variable; may be given again
    #[arg(long = "var", value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub(crate) variables: Vec<String>,

    /// Sets the input variables that a file lists, beside terraform.tfvars and *.auto.tfvars; may be given again
    #[arg(long = "var-file", value_name = "FILE")]
    pub(crate) variable_files: Vec<PathBuf>,
}

/// How a command answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs; the shape is versioned
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lanyard validate                         the configuration in the current folder\n  \
    lanyard validate infra/ --format json    for an editor or a CI job\n  \
    lanyard validate ci.lanyard.hcl          a document of our own")]
pub(crate) struct Validate {
    #[command(flatten)]
    pub(crate) source: Source,

    /// How to answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lanyard compile > desired.json\n  \
    lanyard compile --var environment=prod --format text")]
pub(crate) struct Compile {
    #[command(flatten)]
    pub(crate) source: Source,

    /// How to answer
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lanyard plan                              text for people\n  \
    lanyard plan --format json > plan.json    for programs; versioned\n  \
    lanyard plan --detailed-exitcode          0 nothing to do, 1 error, 2 changes: drift as an alarm\n  \
    lanyard plan --prune                      also deletes what Lanyard made and the configuration no longer has")]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) source: Source,

    /// How to answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

    /// Exits with 2 when there is something to change
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,

    /// Also plans to delete what is managed by Lanyard on the server and is not in this configuration
    #[arg(long)]
    pub(crate) prune: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lanyard completions bash > /etc/bash_completion.d/lanyard\n  \
    lanyard completions zsh > \"${fpath[1]}/_lanyard\"\n  \
    lanyard completions fish > ~/.config/fish/completions/lanyard.fish")]
pub(crate) struct Completions {
    /// For which shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}
