//! What a person sees who starts the provider by hand.

use std::ffi::OsString;

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Nothing was asked: Terraform started us, or a person who needs to be told.
    Serve,
    Debug,
    Help,
    Version,
    Unknown(String),
}

impl Command {
    pub(crate) fn read(arguments: impl IntoIterator<Item = OsString>) -> Self {
        let Some(first) = arguments.into_iter().next() else {
            return Self::Serve;
        };
        match first.to_string_lossy().as_ref() {
            "--debug" | "-debug" => Self::Debug,
            "--help" | "-h" | "-help" | "help" => Self::Help,
            "--version" | "-V" | "-version" | "version" => Self::Version,
            other => Self::Unknown(other.to_owned()),
        }
    }
}

pub(crate) const NOT_BY_HAND: &str = "\
This is Lanyard's Terraform provider. Terraform and OpenTofu start it themselves; there is nothing to run by hand.

To use it, name it in a configuration and run `terraform init`:

  terraform {
    required_providers {
      lanyard = { source = \"lanyard/lanyard\" }
    }
  }

To work with the same configuration without Terraform, use the `lanyard` command.
To debug the provider, start it with --debug. See also --help.
";

pub(crate) const HELP: &str = "\
Lanyard's Terraform provider: service accounts and access tokens as code.

Usage: terraform-provider-lanyard [--debug | --version | --help]

  --debug    Listen until interrupted and print what to set so that Terraform uses this process
  --version  Print the version
  --help     Print this text

Without an option it expects to be started by Terraform or OpenTofu.
Set TF_LOG_PROVIDER_LANYARD=DEBUG (or TF_LOG) to see what it does.
";
