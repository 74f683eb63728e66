//! The same files with a real Terraform and our provider.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use lanyard_token_server::ReferenceServer;

pub(crate) struct Terraform {
    settings: PathBuf,
    home: PathBuf,
}

impl Terraform {
    /// `None` without a Terraform on the PATH.
    pub(crate) fn find(root: &Path, provider: &Path) -> Result<Option<Self>, String> {
        let found = Command::new("terraform")
            .arg("version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !found.is_ok_and(|status| status.success()) {
            return Ok(None);
        }
        Ok(Some(Self {
            settings: mirror(root, provider).map_err(|error| error.to_string())?,
            home: root.to_owned(),
        }))
    }

    pub(crate) fn init(&self, folder: &Path) -> Result<(), String> {
        let output = self
            .command(folder, &["init"])
            .output()
            .map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(());
        }
        Err(format!(
            "`terraform init` ended with {}:\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        ))
    }

    pub(crate) fn command(&self, folder: &Path, words: &[&str]) -> Command {
        let mut command = Command::new("terraform");
        command
            .args(words)
            .arg("-no-color")
            .current_dir(folder)
            .env("HOME", &self.home)
            .env("TF_CLI_CONFIG_FILE", &self.settings)
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_INPUT", "0");
        command
    }
}

/// A command that talks to this server.
pub(crate) fn with_server(mut command: Command, server: &ReferenceServer) -> Command {
    command
        .env("LANYARD_URL", &server.url)
        .env("LANYARD_TOKEN", server.token.as_deref().unwrap_or_default());
    command
}

/// Settings that make `terraform init` take the provider from here.
fn mirror(root: &Path, provider: &Path) -> std::io::Result<PathBuf> {
    let version = env!("CARGO_PKG_VERSION");
    let architecture = match std::env::consts::ARCH {
        "aarch64" => "arm64",
        _ => "amd64",
    };
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        _ => "linux",
    };
    let package = root
        .join("mirror/registry.terraform.io/lanyard/lanyard")
        .join(version)
        .join(format!("{system}_{architecture}"));
    std::fs::create_dir_all(&package)?;
    let installed = package.join(format!("terraform-provider-lanyard_v{version}"));
    std::fs::copy(provider, installed)?;
    let settings = root.join("terraform.rc");
    let text = format!(
        "disable_checkpoint = true\nprovider_installation {{\n  filesystem_mirror {{\n    path = {:?}\n  }}\n}}\n",
        root.join("mirror")
    );
    std::fs::write(&settings, text)?;
    Ok(settings)
}
