//! For leak searches in tests only: every secret the server handed out, or let somebody in with, so that a test
//! can look for each of them in logs, plans and state. Nothing is kept unless a test asks for it.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use parking_lot::Mutex;

#[derive(Default)]
pub(crate) struct SecretLog(Option<Mutex<Open>>);

struct Open {
    seen: HashSet<String>,
    file: File,
}

impl SecretLog {
    /// Appends to the file, which is made when it does not exist.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        Ok(Self(Some(Mutex::new(Open {
            seen: HashSet::new(),
            file,
        }))))
    }

    pub(crate) fn add(&self, secret: &str) {
        let Some(open) = &self.0 else { return };
        let mut open = open.lock();
        if open.seen.insert(secret.to_owned()) {
            // A leak search that misses a secret shows in the test that reads the file; the server goes on.
            let _ = open.file.write_all(format!("{secret}\n").as_bytes());
        }
    }
}
