//! `lanyard migrate`: a folder with resources of a vendor's provider becomes one with ours. Shows the change; writes it if asked.

use std::path::{Path, PathBuf};

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::language::Sources;
use lanyard_compiler::migration::diff::unified;
use lanyard_compiler::migration::rewrite::{Rewritten, SourceFile, read, rewrite};

use crate::all_or_none::{self, Change};

use crate::args::Migrate;
use crate::complaints::{self, Failure};
use crate::console::{Console, Outcome};
use crate::disk::Disk;
use crate::into::folder_of;

pub(crate) fn run(arguments: &Migrate, console: &Console) -> Result<Outcome, Failure> {
    let folder = arguments
        .folder
        .clone()
        .unwrap_or_else(|| PathBuf::from("."));
    if folder.is_file() {
        return Err(no_folder(&folder).into());
    }
    let finished = all_or_none::finish(&folder)?;
    if finished > 0 {
        console.say(&format!(
            "A migration that was interrupted is finished: {}.",
            counted(finished, "file", "files")
        ));
    }
    let files = read(&Disk::new(&folder))?;
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
    let changes: Vec<Change<'_>> = changed
        .iter()
        .map(|file| Change {
            name: &file.name,
            before: Some(before(&files, &file.name)),
            after: &file.text,
        })
        .collect();
    all_or_none::write(&folder, &changes)?;
    console.say(&format!(
        "\nMigrated {what}. Now: terraform init, then terraform plan, which should say \"has moved to\" and change nothing."
    ));
    Ok(Outcome::Done)
}

/// What refers to a resource may stand in any file of its folder.
fn no_folder(file: &Path) -> Diagnostic {
    let folder = folder_of(file);
    Diagnostic::error(
        Code::NoSuchConfiguration,
        "There is no configuration to read",
    )
    .detail(format!(
        "{}: it is a file, and a configuration is migrated as a whole.",
        file.display()
    ))
    .hint(format!(
        "Name its folder: lanyard migrate {}",
        folder.display()
    ))
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
