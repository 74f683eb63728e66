//! What an apply was about to do, written down before it is done, so that one that was killed can be resumed: a credential that
//! may have been issued and was never handed over is issued again, not forgotten. Holds no secret.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// One line of the journal.
#[derive(Debug, Deserialize, Serialize)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    /// A change is about to be made.
    Begin(Step),
    /// A change was made, and its secret, if there is one, was handed over.
    Done { address: String },
}

/// A change that issues a secret, or moves one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Step {
    pub(crate) address: String,
    /// `create`, `rotate`, `replace`, …
    pub(crate) action: String,
    /// The address of the server that it is made on.
    pub(crate) server: String,
    /// The count of the secret before the change.
    pub(crate) generation: Option<i64>,
}

#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    open: BTreeMap<String, Step>,
}

impl Journal {
    /// Opens the journal of a working folder and finds what an earlier apply left unfinished.
    pub(crate) fn open(folder: &Path) -> Result<Self, String> {
        let path = folder.join("journal.jsonl");
        let told =
            |error: io::Error| format!("the journal {} cannot be used: {error}", path.display());
        let before = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(told(error)),
        };
        let mut open = BTreeMap::new();
        for line in before.lines() {
            // The last line may be torn where the power went: it had not begun.
            match serde_json::from_str(line) {
                Ok(Line::Begin(step)) => {
                    open.insert(step.address.clone(), step);
                }
                Ok(Line::Done { address }) => {
                    open.remove(&address);
                }
                Err(_) => {}
            }
        }
        let file = File::options()
            .append(true)
            .create(true)
            .open(&path)
            .map_err(told)?;
        Ok(Self { path, file, open })
    }

    /// What an earlier apply began and did not finish.
    pub(crate) fn unfinished(&self) -> impl Iterator<Item = &Step> {
        self.open.values()
    }

    /// Notes that a change is about to be made. Returns once that is safely on disk.
    pub(crate) fn begin(&mut self, step: &Step) -> Result<(), String> {
        self.open.insert(step.address.clone(), step.clone());
        self.write(&Line::Begin(step.clone()))
    }

    /// Notes that a change is over, and nothing of it can be lost any more.
    pub(crate) fn done(&mut self, address: &str) -> Result<(), String> {
        self.open.remove(address);
        self.write(&Line::Done {
            address: address.to_owned(),
        })
    }

    /// Removes the journal if everything in it was finished.
    pub(crate) fn close(self) -> Result<(), String> {
        if !self.open.is_empty() {
            return Ok(());
        }
        std::fs::remove_file(&self.path).map_err(|error| {
            format!(
                "the journal {} cannot be removed: {error}",
                self.path.display()
            )
        })
    }

    fn write(&mut self, line: &Line) -> Result<(), String> {
        let written = serde_json::to_string(line)
            .map_err(io::Error::other)
            .and_then(|line| self.file.write_all(format!("{line}\n").as_bytes()))
            .and_then(|()| self.file.sync_data());
        written.map_err(|error| {
            format!(
                "the journal {} cannot be written: {error}",
                self.path.display()
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(address: &str) -> Step {
        Step {
            address: address.into(),
            action: "create".into(),
            server: "https://t.example".into(),
            generation: None,
        }
    }

    #[test]
    fn what_was_begun_and_not_finished_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        journal.begin(&step("a")).unwrap();
        journal.done("a").unwrap();
        journal.begin(&step("b")).unwrap();
        drop(journal); // killed

        let mut journal = Journal::open(folder.path()).unwrap();
        assert_eq!(journal.unfinished().collect::<Vec<_>>(), [&step("b")]);
        journal.done("b").unwrap();
        journal.close().unwrap();
        assert_eq!(
            Journal::open(folder.path()).unwrap().unfinished().count(),
            0
        );
    }

    #[test]
    fn a_torn_line_had_not_begun() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("journal.jsonl"), "{\"step\":\"beg").unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        assert_eq!(journal.unfinished().count(), 0);
        journal.begin(&step("c")).unwrap();
    }
}
