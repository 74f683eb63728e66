//! A folder of its own for each story: configuration, state, home and environment, with nothing inherited that could change a result.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::mirror::mirror;

/// A configuration's folder and what surrounds it; gone when dropped.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: tempfile::TempDir,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        let root = tempfile::Builder::new()
            .prefix("lanyard-")
            .tempdir()
            .expect("the folder for temporary files should be writable");
        let workspace = Self { root };
        for folder in [workspace.folder(), workspace.home(), workspace.temporary()] {
            std::fs::create_dir(folder).expect("a fresh folder should be writable");
        }
        // An explicit installation method switches off all others: no registry is asked.
        let installation = format!(
            "disable_checkpoint = true\nprovider_installation {{\n  filesystem_mirror {{\n    path = {:?}\n  }}\n}}\n",
            mirror()
        );
        std::fs::write(workspace.settings(), installation)
            .expect("a fresh folder should be writable");
        workspace
    }

    /// Where the configuration and its state lie.
    pub(crate) fn folder(&self) -> PathBuf {
        self.root.path().join("configuration")
    }

    /// The folder that every program started here takes for the one of temporary files. Its name is short: Unix sockets lie here.
    pub(crate) fn temporary(&self) -> PathBuf {
        self.root.path().join("t")
    }

    /// Terraform's log.
    pub(crate) fn trace_log(&self) -> PathBuf {
        self.root.path().join("trace.log")
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder().join(name), text)
            .expect("the story's folder should be writable");
    }

    /// Puts a copy of `source`'s files here.
    pub(crate) fn copy_from(&self, source: &Path) {
        for entry in std::fs::read_dir(source).expect("the folder should be readable") {
            let path = entry.expect("the folder should be readable").path();
            if path.is_file() {
                let name = path.file_name().expect("a file has a name");
                std::fs::copy(&path, self.folder().join(name))
                    .expect("the story's folder should be writable");
            }
        }
    }

    /// Makes `command` run here, in an environment of its own.
    pub(crate) fn enclose(&self, command: &mut Command) {
        command.current_dir(self.folder()).env_clear();
        // SystemRoot is what Windows needs to start anything at all.
        for name in ["PATH", "SystemRoot"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            .env("HOME", self.home())
            .env("TMPDIR", self.temporary())
            .env("TMP", self.temporary())
            .env("TF_CLI_CONFIG_FILE", self.settings())
            .env("TF_IN_AUTOMATION", "1")
            // Terraform ends before it is worth collecting what it no longer needs.
            .env("GOGC", "off")
            .env("TF_INPUT", "0")
            .env("CHECKPOINT_DISABLE", "1");
    }

    fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    fn settings(&self) -> PathBuf {
        self.root.path().join("terraform.rc")
    }
}
