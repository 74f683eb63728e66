//! Where a configuration that is written goes: to stdout, or to the end of a file of which nothing else is touched.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::migration::declared::{Declared, declared};
use lanyard_compiler::model::Kind;
use lanyard_compiler::plan::adoption::Chosen;

use crate::all_or_none::{self, Change};
use crate::console::Console;
use crate::target::Target;
use crate::written::Written;

/// The way out.
pub(crate) struct Into {
    file: Option<File>,
}

struct File {
    path: PathBuf,
    /// `None` for one that does not exist.
    text: Option<String>,
    /// What it declares, and the files beside it.
    declared: Declared,
}

impl Into {
    /// To stdout where no file is named.
    pub(crate) fn of(path: Option<&Path>) -> Result<Self, Diagnostic> {
        let Some(path) = path else {
            return Ok(Self { file: None });
        };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(unreadable(path, &error.to_string())),
        };
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let mut all = Declared::default();
        let beside = std::fs::read_dir(folder.unwrap_or(Path::new(".")));
        let beside = beside.map_err(|error| unreadable(path, &error.to_string()))?;
        for entry in beside {
            let other = entry
                .map_err(|error| unreadable(path, &error.to_string()))?
                .path();
            if other
                .extension()
                .is_none_or(|ending| ending != "tf" && ending != "tofu")
            {
                continue;
            }
            let text = std::fs::read_to_string(&other)
                .map_err(|error| unreadable(&other, &error.to_string()))?;
            let found = declared(&text)
                .ok_or_else(|| unreadable(&other, "lanyard validate says what is wrong with it"))?;
            all.resources.extend(found.resources);
            all.imports.extend(found.imports);
        }
        Ok(Self {
            file: Some(File {
                path: path.to_owned(),
                text,
                declared: all,
            }),
        })
    }

    pub(crate) fn is_file(&self) -> bool {
        self.file.is_some()
    }

    /// Names that are taken where it goes.
    pub(crate) fn beside(&self) -> Written {
        let resources = self.file.iter().flat_map(|file| &file.declared.resources);
        Written::beside(resources.filter_map(|(kind, name)| {
            let kinds = [Kind::ServiceAccount, Kind::AccessToken];
            let kind = kinds.into_iter().find(|known| known.type_name() == kind)?;
            Some((kind, name.clone()))
        }))
    }

    /// Takes out what is imported there already, and what another provider of the same server has shown.
    pub(crate) fn keep_new(&self, chosen: &mut Chosen<'_>, target: &Target, written: &mut Written) {
        let imports: BTreeSet<&str> = self
            .file
            .iter()
            .flat_map(|file| file.declared.imports.iter().map(String::as_str))
            .collect();
        chosen.objects.retain(|object| {
            let is_there = object
                .state
                .id
                .as_deref()
                .is_some_and(|id| imports.contains(id));
            !is_there && written.is_new(target, object)
        });
        chosen
            .left_out
            .retain(|(object, _)| written.is_new(target, object));
        if self.is_file() && chosen.objects.is_empty() {
            // A word about what is left out is no reason to touch a file.
            chosen.left_out.clear();
        }
    }

    /// Writes the parts; says if there are none.
    pub(crate) fn deliver(
        &self,
        mut parts: Vec<String>,
        nothing: &str,
        console: &Console,
    ) -> Result<(), Diagnostic> {
        parts.retain(|part| !part.is_empty());
        if parts.is_empty() {
            console.say(nothing);
        }
        let new = parts.join("\n");
        let Some(File { path, text, .. }) = &self.file else {
            console.result(&new);
            return Ok(());
        };
        if new.is_empty() {
            return Ok(());
        }
        let Some(before) = text else {
            return create(path, &new);
        };
        let after = match before.as_str() {
            "" => new,
            before if before.ends_with('\n') => format!("{before}\n{new}"),
            before => format!("{before}\n\n{new}"),
        };
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let change = Change {
            name,
            before,
            after: &after,
        };
        all_or_none::write(folder.unwrap_or(Path::new(".")), &[change])
    }
}

fn create(path: &Path, text: &str) -> Result<(), Diagnostic> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".writing");
    std::fs::write(&draft, text)
        .and_then(|()| std::fs::rename(&draft, path))
        .map_err(|error| {
            Diagnostic::error(Code::UnwritableFile, "The configuration cannot be written")
                .detail(format!("{}: {error}.", path.display()))
        })
}

fn unreadable(path: &Path, why: &str) -> Diagnostic {
    Diagnostic::error(Code::UnreadableFile, "A file or folder cannot be read")
        .detail(format!("{} cannot be read: {why}.", path.display()))
}
