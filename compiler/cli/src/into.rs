//! Where a configuration that is written goes: to stdout, or to the end of a file of which nothing else is touched.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::language::{Language, LoadError, Loader as _, Parts, addition, language_of};
use lanyard_compiler::migration::declared::Declared;
use lanyard_compiler::model::Kind;
use lanyard_compiler::plan::adoption::Chosen;

use crate::all_or_none::{self, Change};
use crate::args::TargetSource;
use crate::complaints::Failure;
use crate::configuration;
use crate::console::Console;
use crate::disk::Disk;
use crate::policy;
use crate::target::{self, Target};
use crate::written::Written;

/// The way out.
pub(crate) struct Into {
    file: Option<File>,
}

pub(crate) struct File {
    pub(crate) path: PathBuf,
    /// `None` for one that does not exist.
    text: Option<String>,
    /// What it declares, and the files beside it.
    pub(crate) declared: Declared,
    /// That of its folder.
    pub(crate) language: Language,
}

/// A file beside it that changes with it, as seen from its folder.
pub(crate) struct Beside {
    pub(crate) name: String,
    /// `None` for one that does not exist.
    pub(crate) text: Option<String>,
    pub(crate) new: String,
}

impl Into {
    /// To stdout where no file is named. These servers were found for it.
    pub(crate) fn of(
        path: Option<&Path>,
        source: &TargetSource,
        targets: &[Target],
        command: &str,
    ) -> Result<Self, Failure> {
        let Some(path) = path else {
            return Ok(Self { file: None });
        };
        let folder = folder_of(path);
        if !source.no_configuration {
            let root = policy::root(&source.source);
            let is_read = targets.iter().any(Target::has_configuration);
            refuse_elsewhere(path, &root, is_read, command)?;
        }
        let asked = configuration::language(&source.source, folder)?;
        let language = addition(&Disk::new(folder), asked, name_of(path))
            .map_err(|why| unfit(path, &why.to_string()).hint(why.remedy()))?;
        // What was begun here is finished first.
        all_or_none::finish(folder)?;
        Ok(Self {
            file: Some(File {
                path: path.to_owned(),
                text: text_of(path)?,
                declared: declared_in(folder, language)?,
                language,
            }),
        })
    }

    pub(crate) fn file(&self) -> Option<&File> {
        self.file.as_ref()
    }

    pub(crate) fn is_file(&self) -> bool {
        self.file.is_some()
    }

    /// Names that are taken where it goes: on stdout, it is for the folder that was read.
    pub(crate) fn beside(&self, source: &TargetSource) -> Result<Written, Failure> {
        if let Some(file) = &self.file {
            return Ok(taken(&file.declared));
        }
        let root = policy::root(&source.source);
        let root = here(&root);
        let disk = Disk::new(root);
        if source.no_configuration || !disk.documents().is_empty() {
            return Ok(Written::default());
        }
        let asked = configuration::language(&source.source, root)?;
        Ok(taken(&declared_in(root, language_of(&disk, asked))?))
    }

    /// Takes out what is imported there already.
    pub(crate) fn keep_new(&self, chosen: &mut Chosen<'_>, target: &Target) {
        // Without a configuration, nobody says which provider leads to the server.
        let provider = target.has_configuration().then(|| target.provider_name());
        let files = self.file.as_slice();
        chosen.objects.retain(|object| {
            let (id, kind) = (&object.state.id, object.kind.type_name());
            !id.as_deref().is_some_and(|id| {
                let mut declared = files.iter().map(|file| &file.declared);
                declared.any(|declared| declared.imports(kind, id, provider.as_deref()))
            })
        });
        if self.is_file() && chosen.objects.is_empty() {
            // A word about what is left out is no reason to touch a file.
            chosen.left_out.clear();
        }
    }

    /// Writes the parts, and what changes beside them; says if there are none.
    pub(crate) fn deliver(
        &self,
        mut parts: Vec<String>,
        beside: &[Beside],
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
        let own = Beside {
            name: name_of(path).to_owned(),
            text: text.clone(),
            new,
        };
        let files: Vec<&Beside> = beside.iter().chain([&own]).collect();
        let after: Vec<String> = files.iter().map(|file| file.after()).collect();
        let changes: Vec<Change<'_>> = files
            .iter()
            .zip(&after)
            .map(|(file, after)| Change {
                name: &file.name,
                before: file.text.as_deref(),
                after,
            })
            .collect();
        all_or_none::write(folder_of(path), &changes)
    }
}

impl Beside {
    /// What is new stands at the end.
    fn after(&self) -> String {
        let before = self.text.as_deref().unwrap_or_default();
        // Line ends of Windows stay such.
        let (end, new) = if before.contains("\r\n") {
            ("\r\n", self.new.replace('\n', "\r\n"))
        } else {
            ("\n", self.new.clone())
        };
        match before {
            "" => new,
            before if before.ends_with('\n') => format!("{before}{end}{new}"),
            before => format!("{before}{end}{end}{new}"),
        }
    }
}

/// The names that are taken in a folder.
pub(crate) fn taken(declared: &Declared) -> Written {
    named(declared.resources().chain(declared.spoken_of(None)))
}

/// Likewise in the folder of a module that is called from another one.
pub(crate) fn taken_in_module(declared: &Declared, caller: &Declared, module: &str) -> Written {
    let inside = declared.resources().chain(declared.spoken_of(None));
    named(inside.chain(caller.spoken_of(Some(module))))
}

fn named<'a>(resources: impl Iterator<Item = (&'a str, &'a str)>) -> Written {
    Written::beside(resources.filter_map(|(kind, name)| {
        let kind = Kind::ALL
            .into_iter()
            .find(|known| known.type_name() == kind)?;
        Some((kind, name.to_owned()))
    }))
}

/// The text of a file; `None` if there is none.
pub(crate) fn text_of(path: &Path) -> Result<Option<String>, Diagnostic> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(path, &error.to_string())),
    }
}

pub(crate) fn folder_of(path: &Path) -> &Path {
    here(path.parent().unwrap_or(Path::new("")))
}

/// A folder's path that can be read: the current one has none.
fn here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}

fn name_of(path: &Path) -> &str {
    let name = path.file_name().and_then(|name| name.to_str());
    name.unwrap_or_default()
}

/// Refuses a file that would be no part of the configuration in the root folder, or of one that nobody has read.
fn refuse_elsewhere(
    path: &Path,
    root: &Path,
    is_read: bool,
    command: &str,
) -> Result<(), Diagnostic> {
    let folder = folder_of(path);
    let here = here(root);
    let real = |folder: &Path| std::fs::canonicalize(folder).ok();
    let is_there = real(folder).is_some_and(|there| real(here) == Some(there));
    // Beside documents nothing can be added: what is written goes into a folder of its own.
    if is_there || is_read && !Disk::new(here).documents().is_empty() {
        return Ok(());
    }
    if is_read {
        let right = root.join(name_of(path));
        let why = "it stands in another folder than the configuration that is read, and would be no part of it";
        return Err(unfit(path, why).hint(format!("Say: --into {}", right.display())));
    }
    if target::is_configuration(folder) {
        let why = "its folder holds a configuration that is not read";
        return Err(unfit(path, why).hint(format!(
            "Name the folder, too: lanyard {command} {} --into {}",
            folder.display(),
            path.display()
        )));
    }
    Ok(())
}

fn unfit(path: &Path, why: &str) -> Diagnostic {
    Diagnostic::error(Code::UnwritableFile, "Nothing can be added to this file")
        .detail(format!("{}: {why}.", path.display()))
}

/// What the files of a folder declare that are read in a language; nothing where there is none.
pub(crate) fn declared_in(folder: &Path, language: Language) -> Result<Declared, Diagnostic> {
    let mut declared = Declared::default();
    let names = match Disk::new(folder).files("") {
        Err(LoadError::NotFound) => return Ok(declared),
        names => names.map_err(|error| unreadable(folder, &error.to_string()))?,
    };
    let parts = Parts::of(names, language);
    if let Some((document, _)) = parts.documents.first() {
        let complaint =
            Diagnostic::error(Code::UnwritableFile, "Nothing can be added to this folder");
        return Err(complaint
            .detail(format!(
                "{}: Terraform files and documents cannot stand in one folder.",
                folder.join(document).display()
            ))
            .hint("Name a file in a folder of its own."));
    }
    for (name, _) in parts.program {
        let file = folder.join(&name);
        let text = std::fs::read_to_string(&file)
            .map_err(|error| unreadable(&file, &error.to_string()))?;
        if !declared.add(&name, &text) {
            return Err(unreadable(
                &file,
                "lanyard validate says what is wrong with it",
            ));
        }
    }
    Ok(declared)
}

fn unreadable(path: &Path, why: &str) -> Diagnostic {
    Diagnostic::error(Code::UnreadableFile, "A file or folder cannot be read")
        .detail(format!("{} cannot be read: {why}.", path.display()))
}
