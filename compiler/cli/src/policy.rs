//! `lanyard.toml` beside the configuration: what its reviewers allow.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::language::Sources;
use lanyard_compiler::policy::{FILE, Policy};

use crate::args::Source;
use crate::complaints::Failure;

/// Reads the policy of a configuration; the default without the file.
pub(crate) fn read(source: &Source) -> Result<Policy, Failure> {
    read_in(&root(source), &mut Sources::default())
}

/// Reads the policy of a folder, and keeps its text: findings have places in it.
pub(crate) fn read_in(folder: &Path, sources: &mut Sources) -> Result<Policy, Failure> {
    let path = folder.join(FILE);
    let name = path.display().to_string();
    let mut policy = match std::fs::read_to_string(&path) {
        Ok(text) => {
            sources.keep(&name, &text);
            Policy::parse(&name, &text)
                .map_err(|problems| Failure::in_files(problems, Sources::of(&name, &text)))?
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Policy::default(),
        Err(error) => {
            let problem = Diagnostic::error(Code::UnreadablePolicy, "The policy cannot be read");
            return Err(problem.detail(format!("{name}: {error}.")).into());
        }
    };
    policy.rules.today = Some(jiff::Zoned::now().date());
    Ok(policy)
}

/// The folder of a configuration; empty for the current one.
pub(crate) fn root(source: &Source) -> PathBuf {
    match source.paths.first() {
        Some(path) if path.is_dir() => path.clone(),
        Some(path) => path.parent().map(Path::to_owned).unwrap_or_default(),
        None => PathBuf::new(),
    }
}
