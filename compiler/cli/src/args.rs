//! The command line: what can be asked, in clap's words. The help text is the manual, so every command has examples.

mod comment;

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::SignedDuration;
use lanyard_compiler::language::Language;
use lanyard_compiler::model::access_token::Status;
use lanyard_compiler::model::{Kind, Lifetime};
use lanyard_compiler::reference::formats::Format as PublishedFormat;
use lanyard_compiler::review;

use crate::variables::Variables;

pub(crate) use comment::Comment;

/// Manages service accounts and access tokens as code, on the token server you already run.
#[derive(Debug, Parser)]
#[command(
    name = "lanyard",
    version,
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
    /// Makes the changes of a plan, and hands over each new secret once
    ///
    /// A saved plan, if there is one, stands in front of the configuration: `lanyard apply plan.json infra/`.
    Apply(Apply),
    /// Shows what a plan of Terraform does to credentials, or a saved plan of our own
    Review(Review),
    /// Writes a review as a comment on its pull request, or updates the one that stands
    Comment(Comment),
    /// Lists access tokens and accounts' own secrets: age, expiry, status, owner
    Tokens(Tokens),
    /// Finds access tokens that nobody needs any more, and revokes them if asked
    Sweep(Sweep),
    /// Writes what exists as a configuration with import blocks
    Export(Export),
    /// Takes over what was made by hand: writes resources with import blocks for it
    Adopt(Adopt),
    /// Rewrites a vendor's resources to ours, in place
    Migrate(Migrate),
    /// Says whose credential this is and what it may do
    Whoami(Whoami),
    /// Prints the JSON Schema of a format that this command reads or writes
    Schema(Schema),
    /// Prints a script that completes commands in a shell
    Completions(Completions),
    /// Prints the manual page, in troff
    Man,
    /// Prints the version
    Version,
}

/// Which configuration, and the values of its variables.
#[derive(Clone, Debug, Args)]
pub(crate) struct Source {
    /// A folder of Terraform files (`.tf`, `.tf.json`) or of Lanyard documents, or such documents (`*.lanyard.hcl`,
    /// `*.lanyard.json`) by name [default: the current folder]
    #[arg(value_name = "DIR|FILE")]
    pub(crate) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) variables: Variables,

    /// Whose language it is, terraform or opentofu [default: as lanyard.toml, the lock file or a .tofu file says]
    #[arg(long, value_name = "LANGUAGE", value_parser = language(), hide_possible_values = true)]
    pub(crate) language: Option<Language>,
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
    lanyard validate ci.lanyard.hcl          a document of our own\n  \
    lanyard validate --fix                   shows what names would be put right, as a diff; with --write, does it")]
pub(crate) struct Validate {
    #[command(flatten)]
    pub(crate) source: Source,

    /// Puts misspelled names of ours right where it says what was meant: shows the change
    #[arg(long)]
    pub(crate) fix: bool,

    /// Writes the change that --fix shows: all files, or none
    #[arg(long, requires = "fix")]
    pub(crate) write: bool,

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
    lanyard plan --format markdown            for a comment on a pull request\n  \
    lanyard plan --format json                for programs; versioned\n  \
    lanyard plan -o plan.json                 to be reviewed, and applied with `lanyard apply plan.json`\n  \
    lanyard plan --detailed-exitcode          0 nothing to do, 1 error, 2 changes: drift as an alarm\n  \
    lanyard plan --prune                      also deletes what Lanyard made and the configuration no longer has\n  \
    lanyard plan --rotate lanyard_access_token.ci   a new secret, whatever is due")]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) source: Source,

    /// How to answer
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = review_format())]
    pub(crate) format: review::Format,

    #[command(flatten)]
    pub(crate) gate: Gate,

    /// Saves the plan for `lanyard apply FILE`; it holds no secret
    #[arg(long, short, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    /// Exits with 2 when there is something to change
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,

    /// Also plans to delete what is managed by Lanyard on the server and is not in this configuration
    #[arg(long)]
    pub(crate) prune: bool,

    /// Issues a new secret for this resource, or this instance of it; the old one works on for the `grace_period` of its rotation block
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) rotate: Vec<String>,
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

/// Which server: that of a configuration, or of the environment.
#[derive(Debug, Args)]
pub(crate) struct TargetSource {
    #[command(flatten)]
    pub(crate) source: Source,

    /// Takes the server from LANYARD_URL and its like, and looks at no configuration
    #[arg(long, conflicts_with_all = ["paths", "var", "var-file", "language"])]
    pub(crate) no_configuration: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lanyard whoami                         those of the current folder's configuration\n  \
    lanyard whoami --no-configuration      those of LANYARD_URL and LANYARD_TOKEN")]
pub(crate) struct Whoami {
    #[command(flatten)]
    pub(crate) target: TargetSource,

    /// How to answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lanyard tokens                                  all of them\n  \
    lanyard tokens --expires-within 14d             what ends soon\n  \
    lanyard tokens --unconfigured --owner lanyard   what was made by Lanyard and is forgotten here\n  \
    lanyard tokens --unused-for 90d --format json")]
pub(crate) struct Tokens {
    #[command(flatten)]
    pub(crate) target: TargetSource,

    #[command(flatten)]
    pub(crate) filters: Filters,

    /// How to answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// Which tokens to list: those that pass all.
#[derive(Debug, Default, Args)]
pub(crate) struct Filters {
    /// Only with one of these: active, expiring, expired, revoked, disabled
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_parser = status(), hide_possible_values = true)]
    pub(crate) status: Vec<Status>,

    /// Only of the service account with this name
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,

    /// Only what this tool manages (`lanyard`), or `none`
    #[arg(long, value_name = "OWNER")]
    pub(crate) owner: Option<String>,

    /// Only with this in the name
    #[arg(long, value_name = "PART")]
    pub(crate) name: Option<String>,

    /// Only what ends within this time, or has ended
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) expires_within: Option<SignedDuration>,

    /// Only secrets that were issued longer ago, or whose age the server does not tell
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) older_than: Option<SignedDuration>,

    /// Only what was not used for this time: what never was, since it was made
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) unused_for: Option<SignedDuration>,

    /// Only what the configuration does not know
    #[arg(long)]
    pub(crate) unconfigured: bool,
}

/// The statuses, as the model lists them.
fn status() -> impl TypedValueParser<Value = Status> {
    PossibleValuesParser::new(Status::ALL.map(Status::name)).try_map(|name| {
        let mut all = Status::ALL.into_iter();
        all.find(|status| status.name() == name)
            .ok_or("there is no such status")
    })
}

/// As `plan -o` tells it.
fn checksum(text: &str) -> Result<String, &'static str> {
    let is_hexadecimal = |digit: u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
    text.strip_prefix("sha256:")
        .filter(|digits| digits.len() == 64 && digits.bytes().all(is_hexadecimal))
        .map(|_| text.to_owned())
        .ok_or(
            "a checksum is `sha256:` and 64 hexadecimal digits, as `lanyard plan -o FILE` tells it",
        )
}

fn duration(text: &str) -> Result<SignedDuration, String> {
    let lifetime = Lifetime::parse(text)?;
    Ok(SignedDuration::from_secs(
        i64::try_from(lifetime.seconds()).unwrap_or(i64::MAX),
    ))
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lanyard export > imported.tf && terraform plan      nothing to change but the imports\n  \
    lanyard export --kind access-token --name deploy    part of it\n  \
    lanyard export --unconfigured > more.tf             what this configuration does not have yet\n  \
    lanyard export --into imported.tf                   the same, at the end of a file")]
pub(crate) struct Export {
    #[command(flatten)]
    pub(crate) target: TargetSource,

    /// Only this kind of object
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<ObjectKind>,

    /// Only with this in the name
    #[arg(long, value_name = "PART")]
    pub(crate) name: Option<String>,

    /// Only what Lanyard manages already
    #[arg(long)]
    pub(crate) owned: bool,

    /// Only what the configuration does not speak of yet
    #[arg(long)]
    pub(crate) unconfigured: bool,

    /// Also the access token that Lanyard signs in with, which is left out otherwise
    #[arg(long)]
    pub(crate) with_credential_in_use: bool,

    /// Adds what the configuration does not have to the end of this file, of which nothing else is touched
    #[arg(long, value_name = "FILE")]
    pub(crate) into: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lanyard adopt                                       asks which\n  \
    lanyard adopt --name 'team/*' --into tokens.tf      those whose names fit, at the end of a file\n  \
    lanyard adopt --name '*' --one-by-one               all, and a resource for each\n  \
    lanyard adopt --name '*' --into tokens.tf --modules teams    a module below teams/ for each team")]
pub(crate) struct Adopt {
    #[command(flatten)]
    pub(crate) target: TargetSource,

    /// What is called so; `*` stands for any text, `?` for one letter [default: asks]
    #[arg(long, value_name = "PATTERN")]
    pub(crate) name: Vec<String>,

    /// Only this kind of object
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<ObjectKind>,

    /// A resource for each, even where names follow a pattern
    #[arg(long)]
    pub(crate) one_by_one: bool,

    /// Also what the server says that somebody manages, such as a configuration whose state was lost
    #[arg(long)]
    pub(crate) managed: bool,

    /// Also the access token that Lanyard signs in with, which is left out otherwise
    #[arg(long)]
    pub(crate) with_credential_in_use: bool,

    /// Writes to the end of this file, of which nothing else is touched
    #[arg(long, value_name = "FILE")]
    pub(crate) into: Option<PathBuf>,

    /// Puts what is of one team into a module of its own below this folder. The team is what the first `*` of a name's pattern stands for,
    /// as far as the next `/`, `-`, `_`, `.` or `:`
    #[arg(long, value_name = "FOLDER", requires = "into")]
    pub(crate) modules: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lanyard migrate infra/            what would change, as a diff\n  \
    lanyard migrate infra/ --write    changes it; then terraform init and terraform plan")]
pub(crate) struct Migrate {
    /// A folder of Terraform files; the modules on disk that it calls are migrated with it [default: the current folder]
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,

    /// Writes the change: all files, or none
    #[arg(long)]
    pub(crate) write: bool,
}

/// A kind of object, on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ObjectKind {
    ServiceAccount,
    AccessToken,
}

impl From<ObjectKind> for Kind {
    fn from(kind: ObjectKind) -> Self {
        match kind {
            ObjectKind::ServiceAccount => Self::ServiceAccount,
            ObjectKind::AccessToken => Self::AccessToken,
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lanyard sweep                            what Lanyard made and has ended\n  \
    lanyard sweep --revoke                   revokes exactly that\n  \
    lanyard sweep --unconfigured             also what this configuration does not know; other configurations may")]
pub(crate) struct Sweep {
    #[command(flatten)]
    pub(crate) target: TargetSource,

    /// Counts what this configuration does not know as a leftover, too: only where no other configuration manages this server
    #[arg(long)]
    pub(crate) unconfigured: bool,

    /// Revokes what was found, instead of only reporting it
    #[arg(long)]
    pub(crate) revoke: bool,

    /// Agrees to revoking up to so many tokens; not where lanyard.toml limits it
    #[arg(long, value_name = "NUMBER")]
    pub(crate) allow_deletions: Option<usize>,

    /// Exits with 2 when something is left to sweep
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,

    /// How to answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lanyard plan -o plan.json\n  \
    lanyard apply plan.json --out-file secrets.jsonl    exactly what was reviewed\n  \
    lanyard apply --env-file tokens.env                 plans, asks, applies\n  \
    lanyard apply --expect sha256:… --out-file s.jsonl  in a pipeline, after a review\n  \
    lanyard apply --rotate lanyard_access_token.ci --env-file tokens.env   a new secret now")]
pub(crate) struct Apply {
    #[command(flatten)]
    pub(crate) source: Source,

    /// Applies only a plan with this checksum, also where there is nothing to do
    #[arg(long, value_name = "CHECKSUM", value_parser = checksum)]
    pub(crate) expect: Option<String>,

    /// Does not ask
    #[arg(long, short)]
    pub(crate) yes: bool,

    /// Also deletes what is managed by Lanyard on the server and is not in this configuration
    #[arg(long)]
    pub(crate) prune: bool,

    /// Issues a new secret for this resource, or this instance of it; the old one works on for the `grace_period` of its rotation block
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) rotate: Vec<String>,

    /// Agrees to up to so many deletions and replacements; not where lanyard.toml limits them
    #[arg(long, value_name = "NUMBER")]
    pub(crate) allow_deletions: Option<usize>,

    /// Appends each new secret to a file as a line of JSON; readable for you alone
    #[arg(long, value_name = "FILE")]
    pub(crate) out_file: Option<PathBuf>,

    /// Encrypts each secret in the --out-file for this age public key
    #[arg(long, value_name = "KEY", requires = "out_file")]
    pub(crate) recipient: Option<String>,

    /// Sets a variable per new secret in a file of NAME=SECRET lines; readable for you alone
    #[arg(long, value_name = "FILE")]
    pub(crate) env_file: Option<PathBuf>,

    /// Writes NAME=SECRET lines to stdout, and nothing else; with `--format json`, adds each secret to the document
    #[arg(long)]
    pub(crate) print_secrets: bool,

    /// How to answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// From which level on findings fail a pipeline.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Gate {
    /// Exits with 3 when the rules find something of this level or above that is not excepted
    #[arg(long, value_name = "LEVEL", value_parser = level())]
    pub(crate) fail_on: Option<review::Level>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    terraform show -json plan.out | lanyard review - --dir infra\n  \
    lanyard review --base origin/main infra                  without a plan: two revisions of a folder\n  \
    lanyard review --base origin/main --var-file prod.tfvars\n  \
    lanyard review plan.json --format markdown > comment.md")]
#[command(group(clap::ArgGroup::new("folder").args(["dir", "base"])))]
#[command(group(clap::ArgGroup::new("values").args(["var", "var-file"]).multiple(true).requires("base")))]
pub(crate) struct Review {
    /// The plan: JSON of `terraform show -json`, or what `lanyard plan -o` saved; `-` reads stdin. With `--base`, the folder of the
    /// configuration [default: the current folder]
    #[arg(value_name = "FILE", required_unless_present = "base")]
    pub(crate) plan: Option<PathBuf>,

    /// Compares the folder's configuration with what it was in this revision of Git, without a plan: no server is asked, and no
    /// credential, no Terraform and no value of a variable is needed
    #[arg(long, value_name = "REV", conflicts_with = "dir")]
    pub(crate) base: Option<String>,

    /// How to answer
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = review_format())]
    pub(crate) format: review::Format,

    /// Whose Markdown it is: what a comment may be, and how long, differs
    #[arg(long, value_name = "FORGE", default_value = "github", value_parser = forge())]
    pub(crate) forge: review::Forge,

    /// The folder of the configuration: shows who uses a secret through locals and dynamic blocks too, and where findings are;
    /// its `lanyard.toml` counts instead of the current folder's
    #[arg(long, value_name = "FOLDER")]
    pub(crate) dir: Option<PathBuf>,

    /// Whose language the folder is in, terraform or opentofu [default: as lanyard.toml, the lock file or a .tofu file says]
    #[arg(long, value_name = "LANGUAGE", value_parser = language(), hide_possible_values = true, requires = "folder")]
    pub(crate) language: Option<Language>,

    #[command(flatten)]
    pub(crate) variables: Variables,

    #[command(flatten)]
    pub(crate) gate: Gate,

    /// Exits with 2 when there is something to change
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lanyard schema document > lanyard.schema.json    for an editor\n  \
    lanyard schema plan                              what `plan --format json` prints")]
pub(crate) struct Schema {
    /// Which format
    #[arg(value_name = "FORMAT", value_parser = published())]
    pub(crate) format: PublishedFormat,
}

/// How much a finding counts, as the compiler lists it.
fn level() -> impl TypedValueParser<Value = review::Level> {
    let values =
        review::Level::ALL.map(|level| PossibleValue::new(level.name()).help(level.about()));
    PossibleValuesParser::new(values)
        .try_map(|name| review::Level::parse(&name).ok_or("there is no such level"))
}

/// The ways to show a plan, as the compiler lists them.
fn review_format() -> impl TypedValueParser<Value = review::Format> {
    let values =
        review::Format::ALL.map(|format| PossibleValue::new(format.name()).help(format.about()));
    PossibleValuesParser::new(values)
        .try_map(|name| review::Format::parse(&name).ok_or("there is no such format"))
}

/// The languages, as the compiler lists them.
fn language() -> impl TypedValueParser<Value = Language> {
    PossibleValuesParser::new(Language::ALL.map(Language::name))
        .try_map(|name| Language::parse(&name).ok_or("there is no such language"))
}

/// Where pull requests are reviewed, as the compiler lists it.
fn forge() -> impl TypedValueParser<Value = review::Forge> {
    let values =
        review::Forge::ALL.map(|forge| PossibleValue::new(forge.name()).help(forge.title()));
    PossibleValuesParser::new(values)
        .try_map(|name| review::Forge::parse(&name).ok_or("there is no such forge"))
}

/// The published formats, as the compiler lists them.
fn published() -> impl TypedValueParser<Value = PublishedFormat> {
    let values =
        PublishedFormat::ALL.map(|format| PossibleValue::new(format.name()).help(format.about()));
    PossibleValuesParser::new(values)
        .try_map(|name| PublishedFormat::parse(&name).ok_or("there is no such format"))
}
