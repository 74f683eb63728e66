//! `lanyard migrate`: a folder with resources of a vendor's provider becomes one with ours. Shows the change; writes it if asked.

use std::io;
use std::path::{Path, PathBuf};

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::language::{LoadError, Loader as _, Sources};
use lanyard_compiler::migration::diff::unified;
use lanyard_compiler::migration::rewrite::{Rewritten, SourceFile, rewrite};

use crate::args::Migrate;
use crate::complaints::{self, Failure};
use crate::console::{Console, Outcome};
use crate::disk::Disk;

pub(crate) fn run(arguments: &Migrate, console: &Console) -> Result<Outcome, Failure> {
    let folder = arguments
        .folder
        .clone()
        .unwrap_or_else(|| PathBuf::from("."));
    let files = read(&folder)?;
    let Rewritten {
        files: changed,
        resources,
        persons,
        left,
    } = rewrite(&files);
    if !persons.is_empty() {
        tell(&persons, &files, console);
        console.complain(&format!(
            "\nNothing is written: {} first.",
            counted(
                persons.len(),
                "place needs a person",
                "places need a person"
            )
        ));
        return Ok(Outcome::Failed);
    }
    if changed.is_empty() {
        console.say(
            "Nothing to migrate: no resource of a vendor's provider that Lanyard knows is here.",
        );
        return Ok(Outcome::Done);
    }
    for file in &changed {
        console.result(&unified(&file.name, before(&files, &file.name), &file.text));
    }
    let what = format!(
        "{} in {}",
        counted(resources, "resource", "resources"),
        counted(changed.len(), "file", "files")
    );
    tell(&left, &files, console);
    if !arguments.write {
        console.say(&format!(
            "\nWould migrate {what}. To write it: lanyard migrate --write"
        ));
        return Ok(Outcome::Done);
    }
    write(&folder, &files, &changed)?;
    console.say(&format!(
        "\nMigrated {what}. Now: terraform init, then terraform plan, which should say \"has moved to\" and change nothing."
    ));
    Ok(Outcome::Done)
}

/// Each with its line.
fn tell(found: &[Diagnostic], files: &[SourceFile], console: &Console) {
    for each in found {
        let name = each.span.as_ref().map_or("", |span| &span.file);
        let sources = Sources::of(name, before(files, name));
        complaints::tell(std::slice::from_ref(each), &sources, console);
    }
}

fn before<'a>(files: &'a [SourceFile], name: &str) -> &'a str {
    files
        .iter()
        .find(|file| file.name == name)
        .map_or("", |file| file.text.as_str())
}

fn counted(count: usize, one: &str, several: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {several}"),
    }
}

fn read(folder: &Path) -> Result<Vec<SourceFile>, Diagnostic> {
    let disk = Disk::new(folder);
    let unreadable = |name: &str, reason: &str| {
        Diagnostic::error(Code::UnreadableFile, "A file or folder cannot be read")
            .detail(format!("{name} cannot be read: {reason}."))
    };
    let shown = folder.display().to_string();
    let refused = |name: &str, error: &LoadError| unreadable(name, &error.to_string());
    let mut names = disk.files("").map_err(|error| refused(&shown, &error))?;
    names.retain(|name| name.ends_with(".tf") || name.ends_with(".tf.json"));
    names.sort();
    let mut files = Vec::new();
    for name in names {
        let bytes = disk.read(&name).map_err(|error| refused(&name, &error))?;
        let text = String::from_utf8(bytes).map_err(|_| unreadable(&name, "it is not UTF-8"))?;
        files.push(SourceFile { name, text });
    }
    Ok(files)
}

/// Writes every file beside the old one, and puts all in place once all are written. If one cannot be put in place, those before it
/// get their old text back.
fn write(folder: &Path, files: &[SourceFile], changed: &[SourceFile]) -> Result<(), Diagnostic> {
    let failed = |name: &str, error: &io::Error| {
        Diagnostic::error(Code::UnwritableFile, "The configuration cannot be written")
            .detail(format!("{name}: {error}. No file was changed."))
    };
    let mut drafts = Vec::new();
    for file in changed {
        match draft(folder, file) {
            Ok(draft) => drafts.push(draft),
            Err(error) => {
                drafts
                    .iter()
                    .for_each(|(draft, _)| drop(std::fs::remove_file(draft)));
                return Err(failed(&file.name, &error));
            }
        }
    }
    for (index, (file, (draft, target))) in changed.iter().zip(&drafts).enumerate() {
        if let Err(error) = std::fs::rename(draft, target) {
            for (done, (_, target)) in changed.iter().zip(&drafts).take(index) {
                // The way back is the way in: what fails here, failed before it was changed.
                let _ = std::fs::write(target, before(files, &done.name));
            }
            drafts
                .iter()
                .for_each(|(draft, _)| drop(std::fs::remove_file(draft)));
            return Err(failed(&file.name, &error));
        }
    }
    Ok(())
}

/// The new text beside the file, with its permissions; a link leads to the file that is meant.
fn draft(folder: &Path, file: &SourceFile) -> io::Result<(PathBuf, PathBuf)> {
    let target = std::fs::canonicalize(folder.join(&file.name))?;
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".migrating");
    let draft = target.with_file_name(name);
    std::fs::write(&draft, &file.text)?;
    std::fs::set_permissions(&draft, std::fs::metadata(&target)?.permissions())?;
    Ok((draft, target))
}
