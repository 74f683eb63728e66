//! The folder that `terraform init` installs our provider from, laid out as the filesystem mirror of a registry.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::binaries::{Binaries, scratch};

/// The provider's version: all packages of the workspace share it.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The mirror, for `provider_installation { filesystem_mirror { path = … } }`.
pub(crate) fn mirror() -> &'static Path {
    static MIRROR: LazyLock<PathBuf> = LazyLock::new(|| {
        let root = scratch().join("mirror");
        publish(&root, "lanyard/lanyard");
        root
    });
    &MIRROR
}

/// Lets the mirror have our provider under another name as well.
pub(crate) fn stand_in(provider: &str) {
    publish(mirror(), provider);
}

fn publish(root: &Path, provider: &str) {
    // Terraform completes `lanyard/lanyard` with its own registry, OpenTofu with another.
    for host in ["registry.terraform.io", "registry.opentofu.org"] {
        let package = root
            .join(host)
            .join(provider)
            .join(VERSION)
            .join(platform());
        std::fs::create_dir_all(&package).expect("the target folder should be writable");
        let type_name = provider.split('/').next_back().unwrap_or(provider);
        let name = format!(
            "terraform-provider-{type_name}_v{VERSION}{}",
            std::env::consts::EXE_SUFFIX
        );
        link(&Binaries::get().provider, &package.join(name));
    }
}

/// This machine, in Go's words.
fn platform() -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    format!("{system}_{architecture}")
}

/// Links under another name first and renames: a run that goes on beside us never sees half a provider.
fn link(source: &Path, target: &Path) {
    let folder = target
        .parent()
        .expect("the target lies in a package folder");
    let draft = tempfile::tempdir_in(
        folder
            .parent()
            .expect("a package folder lies in a version folder"),
    )
    .expect("the target folder should be writable");
    let draft = draft.path().join("provider");
    std::fs::hard_link(source, &draft)
        .or_else(|_| std::fs::copy(source, &draft).map(drop))
        .expect("the provider should be linked or copied");
    std::fs::rename(&draft, target).expect("the target folder should be writable");
}
