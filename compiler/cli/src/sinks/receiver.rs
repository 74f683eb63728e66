//! A file, pipe or device that receives secrets: opened so that nobody else reads along, and written so that nothing is torn.

use std::collections::hash_map::RandomState;
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher as _, Hasher as _};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// What became of a file that does not hold what it was given.
pub(super) const REPLACED: &str = "it was removed or replaced while the apply ran";

/// Open and writable.
#[derive(Debug)]
pub(super) struct Receiver {
    /// As the user named it.
    named: PathBuf,
    /// With links resolved.
    path: PathBuf,
    file: File,
    /// Anything else is a stream: what is written there is gone, and cannot be replaced or kept safe on a disk.
    is_file: bool,
}

impl Receiver {
    /// Opens what has this name, or makes a file that only its owner can read.
    pub(super) fn open(named: &Path) -> Result<Self, String> {
        let shown = named.display();
        let told = |error: io::Error| {
            format!(
                "{shown} cannot be written: {error}{}",
                remedy(&error, named)
            )
        };
        let (path, file) = match std::fs::metadata(named) {
            Ok(there) if there.is_dir() => {
                return Err(format!("{shown} is a folder: name a file in it"));
            }
            Ok(there) if there.is_file() => {
                let path = std::fs::canonicalize(named).map_err(told)?;
                let file = OpenOptions::new().read(true).append(true).open(&path);
                (path, file.map_err(told)?)
            }
            Ok(there) if is_nowhere(&there) => {
                return Err(format!(
                    "{shown} keeps nothing, and each secret can be had only once: name a file, or a pipe that somebody reads"
                ));
            }
            // A pipe waits here until somebody reads.
            Ok(_) => {
                let file = OpenOptions::new().write(true).open(named);
                (named.to_owned(), file.map_err(told)?)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let is_link = |there: std::fs::Metadata| there.file_type().is_symlink();
                if std::fs::symlink_metadata(named).is_ok_and(is_link) {
                    return Err(format!(
                        "{shown} is a link to a file that is not there: make that file, or remove the link"
                    ));
                }
                let file = match private(OpenOptions::new().read(true).append(true), named) {
                    // Another apply was quicker.
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                        return Self::open(named);
                    }
                    file => file.map_err(told)?,
                };
                (std::fs::canonicalize(named).map_err(told)?, file)
            }
            Err(error) => return Err(told(error)),
        };
        let is_file = file.metadata().map_err(told)?.is_file();
        if is_file {
            refuse_readers(&file, named)?;
        }
        Ok(Self {
            named: named.to_owned(),
            path,
            file,
            is_file,
        })
    }

    /// As the user named it.
    pub(super) fn name(&self) -> &Path {
        &self.named
    }

    /// True if both are one file, however they are named.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.is_file && other.is_file && self.path == other.path
    }

    /// Adds whole lines. A file gets them together and keeps them safe on its disk; a stream gets one after the other, so that those of
    /// several writers do not mix.
    pub(super) fn append(&mut self, lines: &[String]) -> io::Result<()> {
        if !self.is_file {
            return lines
                .iter()
                .try_for_each(|line| self.file.write_all(line.as_bytes()));
        }
        if !is_at(&self.file, &self.path)? {
            return Err(io::Error::other(REPLACED));
        }
        let mut text = String::new();
        if !self.ends_with_a_line()? {
            text.push('\n');
        }
        text.extend(lines.iter().map(String::as_str));
        self.file.write_all(text.as_bytes())?;
        synced(self.file.sync_data())
    }

    /// True for what is there afterwards.
    pub(super) fn is_file(&self) -> bool {
        self.is_file
    }

    /// What a file says now; a stream says nothing.
    pub(super) fn text(&self) -> Result<Option<String>, String> {
        let told = |error| format!("{}: {error}", self.named.display());
        let read = || std::fs::read_to_string(&self.path).map_err(told);
        self.is_file.then(read).transpose()
    }

    /// Replaces what a file says in one step, so that it is never half there.
    pub(super) fn rewrite(&mut self, change: impl FnOnce(&str) -> String) -> io::Result<()> {
        // Another apply may hand its secrets to the same file: who reads it before our change would undo it.
        let _turn = turn(&self.path)?;
        let after = change(&std::fs::read_to_string(&self.path)?);
        let scratch = self.path.with_file_name(scratch_name(&self.path));
        let mut file = private(OpenOptions::new().write(true), &scratch)?;
        let done = file
            .write_all(after.as_bytes())
            .and_then(|()| synced(file.sync_all()))
            .and_then(|()| std::fs::rename(&scratch, &self.path));
        if done.is_err() {
            // It holds secrets.
            let _ = std::fs::remove_file(&scratch);
        }
        done?;
        self.file = file;
        match self.path.parent().map(File::open) {
            Some(Ok(folder)) => synced(folder.sync_all()),
            // Not every system opens folders.
            Some(Err(_)) | None => Ok(()),
        }
    }

    fn ends_with_a_line(&mut self) -> io::Result<bool> {
        if self.file.seek(SeekFrom::End(0))? == 0 {
            return Ok(true);
        }
        self.file.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        self.file.read_exact(&mut last)?;
        Ok(last == *b"\n")
    }
}

/// What to do about a file that cannot be opened, as the rest of a sentence.
fn remedy(error: &io::Error, named: &Path) -> String {
    let folder = match named.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    match error.kind() {
        ErrorKind::NotFound if !folder.exists() => format!(
            "; make the folder first (`mkdir -p {}`), or name a file in one that is there",
            folder.display()
        ),
        ErrorKind::NotADirectory => "; name a file in a folder".to_owned(),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "; name a file that you may write".to_owned()
        }
        _ => String::new(),
    }
}

/// Waits until nobody else rewrites the file, until what is returned is dropped. Each rewriting puts another file in its place.
fn turn(path: &Path) -> io::Result<File> {
    loop {
        let file = File::open(path)?;
        // Where files cannot be locked, nobody waits.
        synced(file.lock())?;
        if is_at(&file, path)? {
            return Ok(file);
        }
    }
}

/// True if this is the file that the path leads to.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let which = |there: std::fs::Metadata| (there.dev(), there.ino());
    match std::fs::metadata(path) {
        Ok(there) => Ok(which(there) == which(file.metadata()?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}

/// True for the device that takes everything and keeps nothing.
#[cfg(unix)]
fn is_nowhere(there: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let nowhere = std::fs::metadata("/dev/null").map(|null| null.rdev());
    there.rdev() != 0 && nowhere.is_ok_and(|nowhere| nowhere == there.rdev())
}

#[cfg(not(unix))]
fn is_nowhere(_: &std::fs::Metadata) -> bool {
    false
}

/// True if nobody can read what is printed: stdout is closed, or leads to where nothing is kept.
#[cfg(unix)]
pub(super) fn stdout_is_nowhere() -> bool {
    use std::os::fd::AsFd as _;
    // A program whose stdout is closed is given `/dev/null` as it starts.
    let stdout = io::stdout().as_fd().try_clone_to_owned().map(File::from);
    stdout
        .and_then(|stdout| stdout.metadata())
        .map_or(true, |there| is_nowhere(&there))
}

#[cfg(not(unix))]
pub(super) fn stdout_is_nowhere() -> bool {
    false
}

/// What cannot be synced, such as a pipe, is as safe as it gets.
fn synced(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::InvalidInput | ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        other => other,
    }
}

/// A name that nobody can have prepared.
fn scratch_name(path: &Path) -> OsString {
    let random = || RandomState::new().build_hasher().finish();
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{:016x}{:016x}", random(), random()));
    name
}

/// Makes a new file that only its owner may read.
fn private(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.create_new(true).open(path)
}

#[cfg(unix)]
fn refuse_readers(file: &File, named: &Path) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt as _;
    let shown = named.display();
    let there = file
        .metadata()
        .map_err(|error| format!("{shown} cannot be written: {error}"))?;
    // Whose process this is, where the system shows it as a folder.
    let us = std::fs::metadata("/proc/self").map(|process| process.uid());
    if let Ok(us) = us
        && us != there.uid()
    {
        return Err(format!(
            "{shown} belongs to another user (id {}), who could read it: name a file of your own",
            there.uid()
        ));
    }
    let mode = there.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(format!(
            "{shown} can be read by others (mode {mode:o}): run `chmod 600 {shown}` first"
        ));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_readers(_: &File, _: &Path) -> Result<(), String> {
    Ok(())
}
