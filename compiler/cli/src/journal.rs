//! What an apply was about to have issued, written down before it is: so that a secret that may exist and was never handed over is
//! issued again, not forgotten. Holds no secret. What an open delivery means is the compiler's business.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use lanyard_compiler::delivery::{Identity, Open, Place};
use serde::{Deserialize, Serialize};

/// Beside the configuration: the lock and the journal.
pub(crate) const FOLDER: &str = ".lanyard";
const FILE: &str = "journal.jsonl";

/// One line of the journal.
#[derive(Debug, Deserialize, Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
enum Line {
    /// An apply was begun, and could write.
    Opened { version: u32 },
    /// A secret is about to be issued.
    Begin(Open),
    /// It was handed over, or there is none.
    Done(Key),
    /// What was issued; `None` where another one is about to be.
    Issued {
        #[serde(flatten)]
        key: Key,
        secret: Option<Identity>,
    },
}

/// Since 3, an address can have several: one, and those that it displaced. Since 4, an adoption is no creation. Since 5, two organizations of
/// one address are two places. Since 6, it says which secret was issued.
const VERSION: u32 = 6;
const READABLE: std::ops::RangeInclusive<u32> = 2..=VERSION;

/// One open secret among the others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
struct Key {
    address: String,
    #[serde(flatten)]
    place: Place,
    /// What tells one that was displaced from the others: its name and its account, and its e-mail address if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    displaced: Option<(Option<String>, Option<String>)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

/// The key of what an address waits for.
fn key(address: &str, place: &Place) -> Key {
    Key {
        address: address.to_owned(),
        place: place.clone(),
        displaced: None,
        email: None,
    }
}

fn key_of(open: &Open) -> Key {
    let name = || (open.name.clone(), open.service_account.clone());
    Key {
        displaced: open.displaced.then(name),
        email: open.email.clone().filter(|_| open.displaced),
        ..key(&open.address, &open.place)
    }
}

#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    open: BTreeMap<Key, Open>,
    /// True if something was written that may not be on the disk yet.
    is_behind: bool,
}

/// What earlier applies of a configuration's folder left open; nothing where there was none.
pub(crate) fn read(root: &Path) -> Result<Vec<Open>, String> {
    let open = read_file(&root.join(FOLDER).join(FILE))?;
    Ok(open.into_values().collect())
}

fn read_file(path: &Path) -> Result<BTreeMap<Key, Open>, String> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(format!(
                "the journal {} cannot be read: {error}",
                path.display()
            ));
        }
    };
    let mut open = BTreeMap::new();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        match serde_json::from_str(line) {
            Ok(Line::Opened { version }) if READABLE.contains(&version) => {}
            Ok(Line::Begin(step)) => note(&mut open, &step),
            Ok(Line::Done(key)) => {
                open.remove(&key);
            }
            Ok(Line::Issued { key, secret }) => {
                if let Some(open) = open.get_mut(&key) {
                    open.issued = secret;
                }
            }
            // Torn where the power went: nothing had begun.
            Err(_) if !line.ends_with('\n') => {}
            Ok(Line::Opened { .. }) | Err(_) => {
                return Err(format!(
                    "line {} of the journal {} is not understood: apply with the version of Lanyard that wrote it, or correct it",
                    index + 1,
                    path.display()
                ));
            }
        }
    }
    Ok(open)
}

/// True if it is not noted yet. The first one counts: whatever was begun again since, the secret is missing since then. What was only
/// promised is not missing.
fn is_new(open: &BTreeMap<Key, Open>, step: &Open) -> bool {
    let noted = open.get(&key_of(step));
    noted.is_none_or(|noted| noted.is_promised && !step.is_promised)
}

fn note(open: &mut BTreeMap<Key, Open>, step: &Open) {
    if is_new(open, step) {
        open.insert(key_of(step), step.clone());
    }
}

impl Journal {
    /// Opens the journal of a working folder, with what earlier applies left open, and makes sure that it can be written.
    pub(crate) fn open(folder: &Path) -> Result<Self, String> {
        let path = folder.join(FILE);
        let open = read_file(&path)?;
        let told =
            |error: io::Error| format!("the journal {} cannot be written: {error}", path.display());
        // Only what is open is kept, on lines that are whole.
        let scratch = folder.join(format!("{FILE}.new"));
        let mut file = File::create(&scratch).map_err(told)?;
        let mut lines = vec![Line::Opened { version: VERSION }];
        lines.extend(open.values().cloned().map(Line::Begin));
        for line in &lines {
            file.write_all(text(line).map_err(told)?.as_bytes())
                .map_err(told)?;
        }
        file.sync_all().map_err(told)?;
        std::fs::rename(&scratch, &path).map_err(told)?;
        // Not every file system can: what counts is that the file itself is safe.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
        Ok(Self {
            path,
            file,
            open,
            is_behind: false,
        })
    }

    /// What was begun and is not done.
    pub(crate) fn unfinished(&self) -> impl Iterator<Item = &Open> {
        self.open.values()
    }

    /// Notes secrets that are about to be issued. Returns once that, and all that was noted before, is safely on disk. What is open already
    /// stays as it is.
    pub(crate) fn begin(&mut self, steps: &[Open]) -> Result<(), String> {
        for step in steps {
            if is_new(&self.open, step) {
                self.write(&Line::Begin(step.clone()))?;
                note(&mut self.open, step);
            } else if step.issued.is_none() && self.open[&key_of(step)].issued.is_some() {
                // The next one may be issued without a word of it.
                self.note_issued(key_of(step), None)?;
            }
        }
        self.sync()
    }

    /// Notes that nothing of it can be lost any more. Written at once, so that it survives us; that the system survives too is seen to when
    /// something else is begun, or by [`Journal::sync`]: until then a secret might be issued once more than was needed.
    pub(crate) fn done(&mut self, address: &str, place: &Place) -> Result<(), String> {
        self.remove(key(address, place))
    }

    /// Notes which secret was issued and is not handed over, so that a later one is told from it.
    pub(crate) fn issued(
        &mut self,
        address: &str,
        place: &Place,
        secret: Identity,
    ) -> Result<(), String> {
        let key = key(address, place);
        match self.open.contains_key(&key) {
            true => self.note_issued(key, Some(secret)),
            false => Ok(()),
        }
    }

    fn note_issued(&mut self, key: Key, secret: Option<Identity>) -> Result<(), String> {
        if let Some(open) = self.open.get_mut(&key) {
            open.issued.clone_from(&secret);
        }
        self.write(&Line::Issued { key, secret })
    }

    /// Likewise, of this one.
    pub(crate) fn cross_out(&mut self, open: &Open) -> Result<(), String> {
        self.remove(key_of(open))
    }

    fn remove(&mut self, key: Key) -> Result<(), String> {
        if self.open.contains_key(&key) {
            self.write(&Line::Done(key.clone()))?;
            self.open.remove(&key);
        }
        Ok(())
    }

    /// Makes room at an address for another object, so that what is done of that one does not count for this one.
    pub(crate) fn displace(&mut self, displaced: &Open) -> Result<(), String> {
        let before = Open {
            displaced: false,
            ..displaced.clone()
        };
        let noted = self.open.get(&key_of(&before));
        if !noted.is_some_and(|noted| noted.is_one_attempt(&before)) {
            return Ok(());
        }
        self.begin(std::slice::from_ref(displaced))?;
        self.cross_out(&before)
    }

    /// Moves an open delivery to the address that its resource has now.
    pub(crate) fn readdress(&mut self, open: &Open, address: &str) -> Result<(), String> {
        let after = Open {
            address: address.to_owned(),
            displaced: false,
            ..open.clone()
        };
        if after == *open {
            return Ok(());
        }
        self.begin(&[after])?;
        self.cross_out(open)
    }

    /// Returns once all that was noted is safely on disk.
    pub(crate) fn sync(&mut self) -> Result<(), String> {
        if std::mem::take(&mut self.is_behind) {
            let synced = self.file.sync_data();
            synced.map_err(|error| self.not_written(&error))?;
        }
        Ok(())
    }

    /// Removes the journal if nothing is open.
    pub(crate) fn close(mut self) -> Result<(), String> {
        if !self.open.is_empty() {
            return self.sync();
        }
        std::fs::remove_file(&self.path).map_err(|error| {
            format!(
                "the journal {} cannot be removed: {error}",
                self.path.display()
            )
        })
    }

    fn write(&mut self, line: &Line) -> Result<(), String> {
        self.is_behind = true;
        let written = text(line).and_then(|line| self.file.write_all(line.as_bytes()));
        written.map_err(|error| self.not_written(&error))
    }

    fn not_written(&self, error: &io::Error) -> String {
        let path = self.path.display();
        format!("the journal {path} cannot be written: {error}")
    }
}

fn text(line: &Line) -> io::Result<String> {
    let line = serde_json::to_string(line).map_err(io::Error::other)?;
    Ok(format!("{line}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lanyard_compiler::delivery::Issuing;
    use lanyard_compiler::model::Kind;

    fn place() -> Place {
        Place::new("https://t.example", None)
    }

    fn step(address: &str, action: Issuing) -> Open {
        Open {
            address: address.into(),
            action,
            place: place(),
            kind: Kind::AccessToken,
            name: Some("ci".into()),
            email: None,
            service_account: None,
            before: None,
            issued: None,
            begun: jiff::Timestamp::UNIX_EPOCH,
            displaced: false,
            is_identified: true,
            is_promised: false,
            mark: None,
        }
    }

    #[test]
    fn what_was_begun_and_not_finished_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        let (a, b) = (step("a", Issuing::Create), step("b", Issuing::Create));
        journal.begin(std::slice::from_ref(&a)).unwrap();
        journal.done("a", &place()).unwrap();
        journal.begin(std::slice::from_ref(&b)).unwrap();
        drop(journal); // killed

        let mut journal = Journal::open(folder.path()).unwrap();
        assert_eq!(journal.unfinished().collect::<Vec<_>>(), [&b]);
        // What comes after does not make the first loss good.
        journal.begin(&[step("b", Issuing::Rotate)]).unwrap();
        drop(journal);
        let mut journal = Journal::open(folder.path()).unwrap();
        assert_eq!(journal.unfinished().collect::<Vec<_>>(), [&b]);
        journal.readdress(&b, "c").unwrap();
        journal.done("c", &place()).unwrap();
        journal.close().unwrap();
        assert!(!folder.path().join(FILE).exists());
    }

    #[test]
    fn which_secret_was_issued_is_known_until_another_one_is_begun() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        let step = step("a", Issuing::Rotate);
        let secret = Identity {
            generation: Some(2),
            ..Identity::default()
        };
        journal.begin(std::slice::from_ref(&step)).unwrap();
        journal.issued("a", &place(), secret.clone()).unwrap();
        journal.issued("b", &place(), secret.clone()).unwrap();
        for _ in 0..2 {
            drop(journal);
            journal = Journal::open(folder.path()).unwrap();
            let issued: Vec<_> = journal.unfinished().map(|open| &open.issued).collect();
            assert_eq!(issued, [&Some(secret.clone())]);
        }
        journal.begin(std::slice::from_ref(&step)).unwrap();
        drop(journal);
        let journal = Journal::open(folder.path()).unwrap();
        assert_eq!(journal.unfinished().collect::<Vec<_>>(), [&step]);
    }

    #[test]
    fn what_another_object_displaced_stays_open_when_that_one_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        let first = step("a", Issuing::Create);
        let displaced = Open {
            displaced: true,
            ..first.clone()
        };
        let second = Open {
            name: Some("other".into()),
            ..first.clone()
        };
        journal.begin(std::slice::from_ref(&first)).unwrap();
        journal.displace(&displaced).unwrap();
        journal.begin(std::slice::from_ref(&second)).unwrap();
        drop(journal); // killed
        let mut journal = Journal::open(folder.path()).unwrap();
        assert_eq!(
            journal.unfinished().collect::<Vec<_>>(),
            [&second, &displaced]
        );
        journal.done("a", &place()).unwrap();
        drop(journal);
        let mut journal = Journal::open(folder.path()).unwrap();
        assert_eq!(journal.unfinished().collect::<Vec<_>>(), [&displaced]);
        journal.readdress(&displaced, "a").unwrap();
        assert_eq!(journal.unfinished().collect::<Vec<_>>(), [&first]);
        journal.done("a", &place()).unwrap();
        journal.close().unwrap();
    }

    #[test]
    fn what_was_promised_is_missing_once_it_was_begun() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        let begun = step("a", Issuing::Create);
        let promised = Open {
            is_promised: true,
            ..begun.clone()
        };
        for (next, noted) in [
            (&promised, &promised),
            (&begun, &begun),
            (&promised, &begun),
        ] {
            journal.begin(std::slice::from_ref(next)).unwrap();
            drop(journal); // killed
            journal = Journal::open(folder.path()).unwrap();
            assert_eq!(journal.unfinished().collect::<Vec<_>>(), [noted]);
        }
    }

    /// Each comes to the address that another one was at.
    #[test]
    fn what_changes_its_address_with_others_stays_open() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        let of = |address: &str, account: &str, displaced: bool| Open {
            service_account: Some(account.into()),
            displaced,
            ..step(address, Issuing::Create)
        };
        journal
            .begin(&[of("a", "1", false), of("b", "2", false)])
            .unwrap();
        let moved = [of("a", "1", true), of("b", "2", true)];
        for open in &moved {
            journal.displace(open).unwrap();
        }
        journal.readdress(&moved[0], "b").unwrap();
        journal.readdress(&moved[1], "a").unwrap();
        let expected = [of("a", "2", false), of("b", "1", false)];
        let unfinished: Vec<Open> = journal.unfinished().cloned().collect();
        assert_eq!(unfinished, expected);
        drop(journal);
        let journal = Journal::open(folder.path()).unwrap();
        let unfinished: Vec<Open> = journal.unfinished().cloned().collect();
        assert_eq!(unfinished, expected);
    }

    #[test]
    fn a_torn_last_line_had_not_begun_and_spoils_nothing() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "{\"step\":\"beg").unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        assert_eq!(journal.unfinished().count(), 0);
        let c = step("c", Issuing::Create);
        journal.begin(std::slice::from_ref(&c)).unwrap();
        drop(journal);
        let journal = Journal::open(folder.path()).unwrap();
        assert_eq!(journal.unfinished().collect::<Vec<_>>(), [&c]);
    }

    #[test]
    fn a_journal_that_is_not_understood_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        for line in [
            "{\"step\":\"dance\"}\n",
            "{\"step\":\"opened\",\"version\":9}\n",
        ] {
            std::fs::write(&path, line).unwrap();
            let refusal = Journal::open(folder.path()).unwrap_err();
            assert!(refusal.contains("line 1 of the journal"), "{refusal}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), line, "it is kept");
        }
    }
}
