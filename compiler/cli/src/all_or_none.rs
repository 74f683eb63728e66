//! Changes several files of a folder, or none: every new text lies beside its file, and a list of them in the folder, before the
//! first is put in place. Whoever finds the list afterwards finishes what was begun.

use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use lanyard_compiler::diagnostic::{Code, Diagnostic};

/// The list of files that are about to be put in place.
const LIST: &str = ".lanyard-migrating";

/// A file's text, and the one to come.
#[derive(Clone, Copy)]
pub(crate) struct Change<'a> {
    /// As seen from the folder.
    pub(crate) name: &'a str,
    /// `None` for a file that is to be made.
    pub(crate) before: Option<&'a str>,
    pub(crate) after: &'a str,
}

/// A new text on the disk, and the file that it is for.
struct Draft {
    draft: PathBuf,
    target: PathBuf,
    is_new: bool,
}

/// Makes the changes.
pub(crate) fn write(folder: &Path, changes: &[Change<'_>]) -> Result<(), Diagnostic> {
    write_with(folder, changes, |from, to| std::fs::rename(from, to))
}

fn write_with(
    folder: &Path,
    changes: &[Change<'_>],
    mut put: impl FnMut(&Path, &Path) -> io::Result<()>,
) -> Result<(), Diagnostic> {
    let mut drafts = Vec::new();
    let list = folder.join(LIST);
    let prepared = prepare(folder, changes, &mut drafts).and_then(|()| {
        let names: Vec<&str> = changes.iter().map(|change| change.name).collect();
        let text = names.join("\n");
        written(&list, text.as_bytes()).map_err(|error| failed(LIST, &error.to_string()))
    });
    if let Err(complaint) = prepared {
        discard(&drafts, &list);
        return Err(complaint);
    }
    for (index, (Draft { draft, target, .. }, change)) in drafts.iter().zip(changes).enumerate() {
        let Err(error) = put(draft, target) else {
            continue;
        };
        let back =
            drafts
                .iter()
                .zip(changes)
                .take(index)
                .try_for_each(|(done, change)| match change.before {
                    Some(before) => {
                        written(&done.draft, before.as_bytes())?;
                        put(&done.draft, &done.target)
                    }
                    None => std::fs::remove_file(&done.target),
                });
        if back.is_ok() {
            discard(&drafts, &list);
            return Err(failed(change.name, &error.to_string()));
        }
        // Then it goes forward: the new texts lie there once more, and the list says so.
        for (Draft { draft, .. }, change) in drafts.iter().zip(changes) {
            let _ = written(draft, change.after.as_bytes());
        }
        return Err(Diagnostic::error(
            Code::UnwritableFile,
            "The configuration is written in part",
        )
        .detail(format!("{}: {error}.", change.name))
        .hint("Mend that, and run lanyard migrate again: it finishes what was begun."));
    }
    std::fs::remove_file(&list).map_err(|error| {
        Diagnostic::error(
            Code::UnwritableFile,
            "A list of what was written stays behind",
        )
        .detail(format!(
            "{}: {error}. All files are written.",
            list.display()
        ))
    })
}

/// Puts in place what an interrupted run left beside its files. Tells how many it were.
pub(crate) fn finish(folder: &Path) -> Result<usize, Diagnostic> {
    let list = folder.join(LIST);
    let names = match std::fs::read_to_string(&list) {
        Ok(names) => names,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(unfinished(LIST, &error)),
    };
    let mut count = 0;
    for name in names.lines() {
        let drafted = target_of(folder, name).and_then(|target| {
            let draft = draft_of(&target);
            match std::fs::rename(&draft, &target) {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
                renamed => renamed.map(|()| 1),
            }
        });
        count += drafted.map_err(|error| unfinished(name, &error))?;
    }
    std::fs::remove_file(&list).map_err(|error| unfinished(LIST, &error))?;
    Ok(count)
}

/// Writes every new text beside its file, which has to be as it was read.
fn prepare(
    folder: &Path,
    changes: &[Change<'_>],
    drafts: &mut Vec<Draft>,
) -> Result<(), Diagnostic> {
    for change in changes {
        let refused = |error: io::Error| failed(change.name, &error.to_string());
        if let (None, Some(parent)) = (change.before, folder.join(change.name).parent()) {
            std::fs::create_dir_all(parent).map_err(refused)?;
        }
        let target = target_of(folder, change.name).map_err(refused)?;
        let is_as_read = match (change.before, std::fs::read(&target)) {
            (Some(before), Ok(found)) => found == before.as_bytes(),
            (None, Err(error)) if error.kind() == ErrorKind::NotFound => true,
            (None, Ok(_)) => false,
            (_, Err(error)) => return Err(refused(error)),
        };
        if !is_as_read {
            return Err(failed(change.name, "it was changed since it was read"));
        }
        let draft = draft_of(&target);
        drafts.push(Draft {
            draft: draft.clone(),
            is_new: change.before.is_none(),
            target: target.clone(),
        });
        written(&draft, change.after.as_bytes()).map_err(refused)?;
        if change.before.is_some() {
            let permissions = std::fs::metadata(&target).map_err(refused)?.permissions();
            std::fs::set_permissions(&draft, permissions).map_err(refused)?;
        }
    }
    Ok(())
}

/// The file itself, where a link leads to it. It need not exist, but its folder does.
fn target_of(folder: &Path, name: &str) -> io::Result<PathBuf> {
    let path = folder.join(name);
    match (
        std::fs::canonicalize(&path),
        path.parent(),
        path.file_name(),
    ) {
        (Err(error), Some(parent), Some(name)) if error.kind() == ErrorKind::NotFound => {
            Ok(std::fs::canonicalize(parent)?.join(name))
        }
        (found, ..) => found,
    }
}

fn draft_of(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".migrating");
    target.with_file_name(name)
}

fn written(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = std::fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn discard(drafts: &[Draft], list: &Path) {
    // What cannot be taken away is in nobody's way.
    let _ = std::fs::remove_file(list);
    for Draft {
        draft,
        target,
        is_new,
    } in drafts
    {
        let _ = std::fs::remove_file(draft);
        if let (true, Some(parent)) = (is_new, target.parent()) {
            // Unless something is in it.
            let _ = std::fs::remove_dir(parent);
        }
    }
}

fn failed(name: &str, why: &str) -> Diagnostic {
    Diagnostic::error(Code::UnwritableFile, "The configuration cannot be written")
        .detail(format!("{name}: {why}. No file was changed."))
}

fn unfinished(name: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::error(
        Code::UnwritableFile,
        "A migration that was interrupted cannot be finished",
    )
    .detail(format!("{name}: {error}."))
    .hint(format!(
        "Each file that is listed in {LIST} has its new text beside it, with the ending .migrating, or is written."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGES: [Change<'static>; 2] = [
        Change {
            name: "a.tf",
            before: Some("a"),
            after: "A",
        },
        Change {
            name: "b.tf",
            before: Some("b"),
            after: "B",
        },
    ];

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.tf"), "a").unwrap();
        std::fs::write(folder.path().join("b.tf"), "b").unwrap();
        folder
    }

    fn content(folder: &tempfile::TempDir) -> Vec<String> {
        let mut found: Vec<String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| {
                let name = entry.file_name().into_string().unwrap();
                format!("{name}={}", std::fs::read_to_string(entry.path()).unwrap())
            })
            .collect();
        found.sort();
        found
    }

    #[test]
    fn all_files_change_or_none() {
        let whole = folder();
        write(whole.path(), &CHANGES).unwrap();
        assert_eq!(content(&whole), ["a.tf=A", "b.tf=B"]);

        let refused = folder();
        let mut left = 1;
        let complaint = write_with(refused.path(), &CHANGES, |from, to| {
            // The second is refused, and the way back is open.
            left -= 1;
            if left == -1 {
                return Err(io::Error::other("no"));
            }
            std::fs::rename(from, to)
        })
        .unwrap_err();
        assert!(complaint.detail.contains("No file was changed"));
        assert_eq!(content(&refused), ["a.tf=a", "b.tf=b"]);

        let blocked = folder();
        std::fs::create_dir(blocked.path().join("b.tf.migrating")).unwrap();
        write(blocked.path(), &CHANGES).unwrap_err();
        std::fs::remove_dir(blocked.path().join("b.tf.migrating")).unwrap();
        assert_eq!(content(&blocked), ["a.tf=a", "b.tf=b"]);

        let edited = folder();
        std::fs::write(edited.path().join("b.tf"), "mine").unwrap();
        write(edited.path(), &CHANGES).unwrap_err();
        assert_eq!(content(&edited), ["a.tf=a", "b.tf=mine"]);
    }

    #[test]
    fn files_are_made_with_their_folders_or_not_at_all() {
        let made = [
            Change {
                name: "new/c.tf",
                before: None,
                after: "C",
            },
            CHANGES[0],
        ];
        let whole = folder();
        write(whole.path(), &made).unwrap();
        let new = whole.path().join("new/c.tf");
        assert_eq!(std::fs::read_to_string(&new).unwrap(), "C");
        write(whole.path(), &made[..1]).unwrap_err();
        assert_eq!(std::fs::read_to_string(&new).unwrap(), "C", "it is there");

        let refused = folder();
        let mut left = 1;
        write_with(refused.path(), &made, |from, to| {
            left -= 1;
            if left == -1 {
                return Err(io::Error::other("no"));
            }
            std::fs::rename(from, to)
        })
        .unwrap_err();
        assert_eq!(content(&refused), ["a.tf=a", "b.tf=b"]);

        let stopped = folder();
        write_with(stopped.path(), &made, |_, _| Err(io::Error::other("no"))).unwrap_err();
        assert_eq!(content(&stopped), ["a.tf=a", "b.tf=b"]);
    }

    #[test]
    fn what_was_interrupted_is_finished() {
        let stopped = folder();
        let mut is_first = true;
        write_with(stopped.path(), &CHANGES, |from, to| {
            // As if the program ended here: nothing can be put back either.
            if std::mem::take(&mut is_first) {
                std::fs::rename(from, to)
            } else {
                Err(io::Error::other("no"))
            }
        })
        .unwrap_err();
        assert_eq!(
            std::fs::read_to_string(stopped.path().join("b.tf")).unwrap(),
            "b"
        );
        assert_eq!(finish(stopped.path()).unwrap(), 2);
        assert_eq!(content(&stopped), ["a.tf=A", "b.tf=B"]);
        assert_eq!(finish(stopped.path()).unwrap(), 0);
    }
}
