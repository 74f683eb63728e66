//! How the language reaches files without knowing what a file system is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Access to the files of a configuration.
///
/// Paths use `/`, are relative to the configuration's root folder (`""` is the root itself) and may climb out of it with `..`.
/// A path that starts with `/` is absolute. Implementations resolve symbolic links themselves and report a loop as an error.
pub trait Loader {
    /// The names (not paths) of the files in a folder, in any order; sub-folders are left out.
    fn files(&self, folder: &str) -> Result<Vec<String>, LoadError>;

    /// The bytes of a file. An implementation should refuse files above [`super::MAX_FILE_BYTES`] without reading them.
    fn read(&self, file: &str) -> Result<Vec<u8>, LoadError>;

    /// Every file below a folder; for `fileset`. The default finds only the folder's own files.
    fn walk(&self, folder: &str) -> Result<Walked, LoadError> {
        self.files(folder).map(Walked::of)
    }

    /// The absolute path of the root folder, for `path.cwd` and `abspath`; `None` leaves them unknown.
    fn root(&self) -> Option<String> {
        None
    }

    /// How whoever asked calls the root folder; the names of files are shown below it.
    fn title(&self) -> String {
        ".".to_owned()
    }
}

/// What lies below a folder, as paths relative to it, sorted. Linked folders are folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walked {
    pub files: Vec<String>,
    /// Links that lead nowhere, or round in a circle.
    pub broken: Vec<String>,
}

impl Walked {
    /// Files alone.
    pub fn of(mut files: Vec<String>) -> Self {
        files.sort();
        Self {
            files,
            broken: Vec::new(),
        }
    }
}

/// Why a file or folder could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    NotFound,
    /// Anything else, in words that fit after "cannot be read: ".
    Other(String),
}

impl fmt::Display for LoadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => formatter.write_str("it does not exist"),
            Self::Other(reason) => formatter.write_str(reason),
        }
    }
}

/// Files that live in memory: for tests, and for configurations that come from elsewhere, such as a Git revision.
#[derive(Clone, Debug, Default)]
pub struct MemoryLoader {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryLoader {
    /// A loader of these files, as (path, content) pairs.
    pub fn new<P: AsRef<str>, C: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, C)>) -> Self {
        Self {
            files: files
                .into_iter()
                .map(|(path, content)| (normalise(path.as_ref()), content.into()))
                .collect(),
        }
    }
}

impl Loader for MemoryLoader {
    fn files(&self, folder: &str) -> Result<Vec<String>, LoadError> {
        let prefix = prefix(folder);
        let below: BTreeSet<&str> = self
            .files
            .keys()
            .filter_map(|path| path.strip_prefix(&prefix))
            .collect();
        if below.is_empty() && !prefix.is_empty() {
            return Err(LoadError::NotFound);
        }
        Ok(below
            .into_iter()
            .filter(|path| !path.contains('/'))
            .map(str::to_owned)
            .collect())
    }

    fn read(&self, file: &str) -> Result<Vec<u8>, LoadError> {
        self.files
            .get(&normalise(file))
            .cloned()
            .ok_or(LoadError::NotFound)
    }

    fn walk(&self, folder: &str) -> Result<Walked, LoadError> {
        let prefix = prefix(folder);
        let paths = self
            .files
            .keys()
            .filter_map(|path| path.strip_prefix(&prefix));
        Ok(Walked::of(paths.map(str::to_owned).collect()))
    }
}

fn prefix(folder: &str) -> String {
    match normalise(folder).as_str() {
        "" => String::new(),
        folder => format!("{folder}/"),
    }
}

/// The shortest spelling of a path: no `.`, no `a/..`, no doubled or trailing slashes. The root is `""`.
pub(crate) fn normalise(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if absolute {
        format!("/{joined}")
    } else {
        joined
    }
}

/// `path` as seen from `folder`.
pub(crate) fn join(folder: &str, path: &str) -> String {
    if path.starts_with('/') || folder.is_empty() {
        normalise(path)
    } else {
        normalise(&format!("{folder}/{path}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_one_spelling() {
        for (path, expected) in [
            ("", ""),
            (".", ""),
            ("./modules//a/", "modules/a"),
            ("modules/a/../b", "modules/b"),
            ("../common/./x", "../common/x"),
            ("../../x", "../../x"),
            ("/etc/../x", "/x"),
        ] {
            assert_eq!(normalise(path), expected, "{path}");
        }
        assert_eq!(join("modules/a", "../b"), "modules/b");
        assert_eq!(join("", "./b"), "b");
    }
}
