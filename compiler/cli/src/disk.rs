//! Configuration files on disk: what the language reads through.

use std::cell::Cell;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use lanyard_compiler::language::{Language, LoadError, Loader, MAX_FILE_BYTES, Parts};

/// The most files that `walk` lists: more is a folder that nobody meant.
const MOST_FILES: usize = 100_000;

/// Reads files below (and beside) a root folder.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    root: PathBuf,
    /// The configuration files of the root folder that are meant, if not all.
    only: Option<Vec<String>>,
}

impl Disk {
    pub(crate) fn new(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            only: None,
        }
    }

    /// Hides all files of the root folder but these; reading what they name is still possible.
    #[must_use]
    pub(crate) fn only(self, only: Option<Vec<String>>) -> Self {
        Self { only, ..self }
    }

    /// The documents of the root folder that are not meant.
    pub(crate) fn hidden_documents(&self) -> Vec<String> {
        let Some(only) = &self.only else {
            return Vec::new();
        };
        let mut documents = self.documents();
        documents.retain(|name| !only.contains(name));
        documents
    }

    /// All documents of the root folder, whichever are meant.
    pub(crate) fn documents(&self) -> Vec<String> {
        let all = Self::new(self.root.clone()).files("").unwrap_or_default();
        let documents = Parts::of(all, Language::default()).documents;
        documents.into_iter().map(|(name, _)| name).collect()
    }

    fn path(&self, path: &str) -> PathBuf {
        if path.is_empty() {
            self.root.clone()
        } else {
            self.root.join(path)
        }
    }
}

impl Loader for Disk {
    fn files(&self, folder: &str) -> Result<Vec<String>, LoadError> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(self.path(folder)).map_err(reason)? {
            let entry = entry.map_err(reason)?;
            // Follows symbolic links: a linked file counts as a file. A dangling link or a loop is shown when it is read.
            let is_folder = std::fs::metadata(entry.path()).is_ok_and(|data| data.is_dir());
            if let (false, Ok(name)) = (is_folder, entry.file_name().into_string()) {
                files.push(name);
            }
        }
        if let (true, Some(only)) = (folder.is_empty(), &self.only) {
            files.retain(|file| only.contains(file));
        }
        Ok(files)
    }

    fn read(&self, file: &str) -> Result<Vec<u8>, LoadError> {
        let path = self.path(file);
        let data = std::fs::metadata(&path).map_err(reason)?;
        if !data.is_file() {
            return Err(LoadError::Other("it is not a file".into()));
        }
        let too_large = || LoadError::Other(format!("it has more than {MAX_FILE_BYTES} bytes"));
        if data.len() > MAX_FILE_BYTES as u64 {
            return Err(too_large());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(data.len()).unwrap_or_default());
        // The limit holds even where the size was not known beforehand.
        std::fs::File::open(&path)
            .and_then(|file| file.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes))
            .map_err(reason)?;
        if bytes.len() > MAX_FILE_BYTES {
            return Err(too_large());
        }
        Ok(bytes)
    }

    fn walk(&self, folder: &str) -> Result<Vec<String>, LoadError> {
        let mut found = Vec::new();
        let left = Cell::new(MOST_FILES);
        walk(&self.path(folder), "", &left, &mut found)?;
        found.sort();
        Ok(found)
    }

    fn root(&self) -> Option<String> {
        std::fs::canonicalize(&self.root)
            .ok()
            .and_then(|path| path.to_str().map(str::to_owned))
    }

    fn title(&self) -> String {
        self.root.display().to_string()
    }
}

/// Collects the files below `folder`; linked folders are not entered, so a loop of links ends by itself.
fn walk(
    folder: &Path,
    prefix: &str,
    left: &Cell<usize>,
    found: &mut Vec<String>,
) -> Result<(), LoadError> {
    for entry in std::fs::read_dir(folder).map_err(reason)? {
        let entry = entry.map_err(reason)?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let path = format!("{prefix}{name}");
        if entry.file_type().map_err(reason)?.is_dir() {
            walk(&entry.path(), &format!("{path}/"), left, found)?;
        } else {
            left.set(left.get().checked_sub(1).ok_or_else(|| {
                LoadError::Other(format!("there are more than {MOST_FILES} files below it"))
            })?);
            found.push(path);
        }
    }
    Ok(())
}

fn reason(error: std::io::Error) -> LoadError {
    match error.kind() {
        ErrorKind::NotFound => LoadError::NotFound,
        ErrorKind::PermissionDenied => LoadError::Other("permission denied".into()),
        _ => LoadError::Other(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_listed_read_and_walked() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("a/b")).unwrap();
        std::fs::write(folder.path().join("main.tf"), "x").unwrap();
        std::fs::write(folder.path().join("a/b/c.txt"), "y").unwrap();
        let disk = Disk::new(folder.path());
        assert_eq!(disk.files("").unwrap(), ["main.tf"]);
        assert_eq!(disk.read("a/b/c.txt").unwrap(), b"y");
        assert_eq!(disk.walk("").unwrap(), ["a/b/c.txt", "main.tf"]);
        assert_eq!(disk.read("none.tf"), Err(LoadError::NotFound));
        assert_eq!(disk.files("none"), Err(LoadError::NotFound));
        assert!(matches!(disk.read("a"), Err(LoadError::Other(_))));
    }

    #[test]
    fn a_huge_file_is_refused_before_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = std::fs::File::create(folder.path().join("main.tf")).unwrap();
        // It takes no room on the disk.
        file.set_len(1 << 40).unwrap();
        let refused = Disk::new(folder.path()).read("main.tf");
        assert!(matches!(refused, Err(LoadError::Other(_))), "{refused:?}");
    }

    #[cfg(unix)]
    #[test]
    fn a_loop_of_links_is_an_error_not_a_hang() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("loop");
        std::os::unix::fs::symlink(folder.path(), &link).unwrap();
        let own = folder.path().join("own.tf");
        std::os::unix::fs::symlink(&own, &own).unwrap();
        let disk = Disk::new(folder.path());
        assert!(matches!(disk.read("own.tf"), Err(LoadError::Other(_))));
        assert_eq!(disk.walk("").unwrap(), ["loop", "own.tf"]);
    }
}
