//! Patterns of file names, as `fileset` takes them: `*`, `?`, `**`, `[a-z]`, `{one,two}`. Terraform compares name by name, OpenTofu reads
//! the pattern first.

mod eager;
mod name;

use std::collections::{BTreeMap, BTreeSet};

/// Why a text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    Pattern,
    TooManyAlternatives,
}

/// The part of a path before the first sign of a pattern, and the rest.
pub(super) fn split(path: &str) -> (&str, &str) {
    let mut start = 0;
    for part in path.split_inclusive('/') {
        if part.contains(['*', '?', '[', '{', '\\']) {
            break;
        }
        start += part.len();
    }
    path.split_at(start)
}

/// As OpenTofu: which of the files (paths below a folder) fit; the pattern is read whole, whether there are files or not.
pub(super) fn eagerly<'a>(files: &'a [String], pattern: &str) -> Result<BTreeSet<&'a str>, Wrong> {
    let pattern = eager::Pattern::parse(pattern)?;
    let mut found = BTreeSet::new();
    for path in files {
        if pattern.matches(path)? {
            found.insert(path.as_str());
        }
    }
    Ok(found)
}

/// As Terraform: which of the files (paths below a folder) fit; a pattern is wrong only where a name leads to the mistake.
pub(super) fn name_by_name(files: &[String], pattern: &str) -> Result<BTreeSet<String>, Wrong> {
    let mut root = Folder::default();
    for path in files {
        root.add(path);
    }
    let letters: Vec<char> = pattern.chars().collect();
    let parts: Vec<String> = name::split(&letters, '/')
        .into_iter()
        .map(|part| part.iter().collect())
        .collect();
    let mut found = Found::default();
    root.find("", &parts, &mut found)?;
    Ok(found.files)
}

/// What stands in a folder: further folders, and `None` for files.
#[derive(Default)]
struct Folder<'a>(BTreeMap<&'a str, Option<Self>>);

#[derive(Default)]
struct Found {
    files: BTreeSet<String>,
    /// The folders that were searched, and for how many parts of the pattern.
    searched: BTreeSet<(String, usize)>,
}

impl<'a> Folder<'a> {
    fn add(&mut self, path: &'a str) {
        match path.split_once('/') {
            None => {
                self.0.insert(path, None);
            }
            Some((folder, rest)) => self
                .0
                .entry(folder)
                .or_default()
                .get_or_insert_default()
                .add(rest),
        }
    }

    fn find(&self, prefix: &str, parts: &[String], found: &mut Found) -> Result<(), Wrong> {
        let Some((mut first, mut rest)) = parts.split_first() else {
            return Ok(());
        };
        if !found.searched.insert((prefix.to_owned(), parts.len())) {
            return Ok(());
        }
        if first == "**" {
            for (name, folder) in &self.0 {
                match folder {
                    Some(folder) => folder.find(&format!("{prefix}{name}/"), parts, found)?,
                    None if rest.is_empty() => {
                        found.files.insert(format!("{prefix}{name}"));
                    }
                    None => {}
                }
            }
            match rest.split_first() {
                None => return Ok(()),
                Some(next) => (first, rest) = next,
            }
        }
        for (name, folder) in &self.0 {
            if name::fits(first, name)? {
                match folder {
                    Some(folder) => folder.find(&format!("{prefix}{name}/"), rest, found)?,
                    None if rest.is_empty() => {
                        found.files.insert(format!("{prefix}{name}"));
                    }
                    None => {}
                }
            }
        }
        Ok(())
    }
}
