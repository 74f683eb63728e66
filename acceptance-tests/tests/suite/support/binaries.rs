//! The programs under test, built once per run by the cargo that runs us.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// Where cargo put what it built.
#[derive(Debug)]
pub(crate) struct Binaries {
    /// The plugin, `terraform-provider-lanyard`.
    pub(crate) provider: PathBuf,
    /// The command, `lanyard`.
    pub(crate) command: PathBuf,
    /// The reference server, `lanyard-token-server`.
    pub(crate) server: PathBuf,
}

impl Binaries {
    /// Builds them if they are stale. The whole workspace's binaries at once, and examples: then cargo unifies features as it did for
    /// `cargo test --workspace` and finds nothing to do.
    pub(crate) fn get() -> &'static Self {
        static BINARIES: LazyLock<Binaries> = LazyLock::new(build);
        &BINARIES
    }
}

/// The folder, inside cargo's target folder, that keeps what is expensive to make again.
pub(crate) fn scratch() -> PathBuf {
    let program = std::env::current_exe().expect("the operating system knows what it runs");
    let target = program
        .ancestors()
        .nth(3)
        .expect("cargo puts tests and examples three folders below its target folder");
    target.join("acceptance")
}

fn build() -> Binaries {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let output = Command::new(cargo)
        .args([
            "build",
            "--workspace",
            "--bins",
            "--examples",
            "--manifest-path",
            manifest,
        ])
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo should start: it started us");
    assert!(
        output.status.success(),
        "cargo build failed: {}; its messages stand above",
        output.status
    );
    let messages = String::from_utf8(output.stdout).expect("cargo writes JSON, which is UTF-8");
    let executable = |name: &str| {
        messages
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .find(|message| {
                message["reason"] == "compiler-artifact"
                    && message["target"]["name"] == name
                    && message["target"]["kind"][0] == "bin"
            })
            .and_then(|message| message["executable"].as_str().map(PathBuf::from))
            .unwrap_or_else(|| panic!("cargo build should have told where it put `{name}`"))
    };
    Binaries {
        provider: executable("terraform-provider-lanyard"),
        command: executable("lanyard"),
        server: executable("lanyard-token-server"),
    }
}
