//! `lanyard comment`: what can be asked.

use std::path::PathBuf;

use clap::Args;
use lanyard_compiler::language::Language;
use lanyard_compiler::review;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    terraform show -json tfplan | lanyard comment -                 in a pipeline that says which pull request it is for\n  \
    lanyard comment plan.json --folder infra/prod                   one of several configurations in one pull request\n  \
    lanyard comment plan.json --dry-run                             shows what it would send, and where\n  \
    lanyard comment plan.json --forge gitea --url https://git.example.com/api/v1 --repository ops/infra --pull-request 7\n\n\
    The token comes from LANYARD_COMMENT_TOKEN, or from what the pipeline has: GITHUB_TOKEN, GITLAB_TOKEN, GITEA_TOKEN or\n\
    FORGEJO_TOKEN, BITBUCKET_TOKEN (with BITBUCKET_USERNAME, if it is the password of a user).")]
pub(crate) struct Comment {
    /// The plan, as `lanyard review` reads it, or what `lanyard review --format markdown` wrote; `-` reads stdin
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// The folder of the configuration, as `lanyard review --dir` takes it
    #[arg(long, value_name = "FOLDER")]
    pub(crate) dir: Option<PathBuf>,

    /// Whose language that folder is in, terraform or opentofu [default: as lanyard.toml, the lock file or a .tofu file says]
    #[arg(long, value_name = "LANGUAGE", value_parser = super::language(), hide_possible_values = true, requires = "dir")]
    pub(crate) language: Option<Language>,

    /// Names the configuration: each folder has a comment of its own [default: what `--dir` says]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) folder: Option<String>,

    /// Where the pull request is [default: where the pipeline runs]
    #[arg(long, value_name = "FORGE", value_parser = super::forge())]
    pub(crate) forge: Option<review::Forge>,

    /// The address of its API, for example `https://git.example.com/api/v1` [default: that of the pipeline]
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,

    /// `owner/name`; on GitLab the number or the path of the project [default: that of the pipeline]
    #[arg(long, value_name = "REPOSITORY")]
    pub(crate) repository: Option<String>,

    /// The number of the pull request or merge request [default: that of the pipeline]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) pull_request: Option<u64>,

    /// The environment variable that holds the token
    #[arg(long, value_name = "NAME")]
    pub(crate) token_variable: Option<String>,

    /// A PEM file with certificate authorities to trust, beside the system's
    #[arg(long, value_name = "FILE", env = "LANYARD_CA_FILE")]
    pub(crate) ca_file: Option<String>,

    /// Removes the comment if the plan changes nothing, instead of saying so
    #[arg(long)]
    pub(crate) remove_when_empty: bool,

    #[command(flatten)]
    pub(crate) gate: super::Gate,

    /// Prints what would be sent, and where; sends nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
