//! Configuration files on disk: what the language reads through.

use std::cell::Cell;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use lanyard_compiler::language::{Language, LoadError, Loader, MAX_FILE_BYTES, Parts, Walked};

/// The most files and folders that `walk` lists: more is a folder that nobody meant.
pub(crate) const MOST_FILES: usize = 100_000;

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

    fn walk(&self, folder: &str) -> Result<Walked, LoadError> {
        let mut found = Walked::default();
        let left = Cell::new(MOST_FILES);
        walk(&self.path(folder), "", &left, &mut found)?;
        found.files.sort();
        found.broken.sort();
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

/// Collects what lies below `folder`. Linked folders are entered, as Terraform enters them; a loop of links ends where the system
/// follows no more of them.
fn walk(
    folder: &Path,
    prefix: &str,
    left: &Cell<usize>,
    found: &mut Walked,
) -> Result<(), LoadError> {
    for entry in std::fs::read_dir(folder).map_err(reason)? {
        let entry = entry.map_err(reason)?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        left.set(left.get().checked_sub(1).ok_or_else(|| {
            LoadError::Other(format!(
                "there are more than {MOST_FILES} files and folders below it"
            ))
        })?);
        let path = format!("{prefix}{name}");
        let kind = entry.file_type().map_err(reason)?;
        let kind = match kind.is_symlink() {
            true => std::fs::metadata(entry.path())
                .ok()
                .map(|data| data.file_type()),
            false => Some(kind),
        };
        match kind {
            Some(kind) if kind.is_dir() => {
                walk(&entry.path(), &format!("{path}/"), left, found)?;
            }
            Some(kind) if kind.is_file() => found.files.push(path),
            // Sockets and the like are no files.
            Some(_) => {}
            None => found.broken.push(path),
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
        let walked = disk.walk("").unwrap();
        assert_eq!(walked.files, ["a/b/c.txt", "main.tf"]);
        assert_eq!(walked.broken, [""; 0]);
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
        let walked = disk.walk("").unwrap();
        assert_eq!(walked.files, [""; 0]);
        // The loop is followed as often as the system does, and is broken where that ends.
        assert!(walked.broken.contains(&"own.tf".to_owned()), "{walked:?}");
        assert!(
            walked.broken.iter().any(|path| path.ends_with("loop/loop")),
            "{walked:?}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn linked_folders_are_walked_like_others() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("real/deep")).unwrap();
        std::fs::write(folder.path().join("real/deep/a.txt"), "a").unwrap();
        std::os::unix::fs::symlink("real", folder.path().join("linked")).unwrap();
        std::os::unix::fs::symlink("real/deep/a.txt", folder.path().join("file.txt")).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("dangling")).unwrap();
        let walked = Disk::new(folder.path()).walk("").unwrap();
        assert_eq!(
            walked.files,
            ["file.txt", "linked/deep/a.txt", "real/deep/a.txt"]
        );
        assert_eq!(walked.broken, ["dangling"]);
    }
}
