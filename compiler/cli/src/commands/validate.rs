//! `lanyard validate`: every mistake in a configuration, at once and without a credential.

use std::path::Path;

use lanyard_compiler::answers::{Validity, print};
use lanyard_compiler::diagnostic::{Diagnostic, has_errors};
use lanyard_compiler::migration::diff::unified;
use lanyard_compiler::migration::fix::{Fixed, fixed};

use crate::all_or_none::{self, Change};

use crate::args::{Format, Validate};
use crate::complaints::{self, Failure};
use crate::configuration::Compiled;
use crate::console::{Console, Outcome};
use crate::{configuration, policy};

pub(crate) fn run(arguments: &Validate, console: &Console) -> Result<Outcome, Failure> {
    let mut compiled = configuration::compile_to_validate(&arguments.source)?;
    let folder = policy::root(&arguments.source);
    if let Err(failure) = policy::read_in(&folder, &mut compiled.sources) {
        compiled.diagnostics.extend(failure.into_parts().0);
    }
    if arguments.fix && fix(&compiled, &folder, arguments.write, console)? {
        compiled = configuration::compile_to_validate(&arguments.source)?;
    }
    let failed = has_errors(&compiled.diagnostics);
    match arguments.format {
        Format::Text => {
            complaints::tell(&compiled.diagnostics, &compiled.sources, console);
            let found = complaints::count(&compiled.diagnostics);
            let place = match arguments.source.paths.as_slice() {
                [folder] if folder.is_dir() => format!(" in {}", folder.display()),
                _ => String::new(),
            };
            let resources = compiled.configuration.managed().count();
            match (failed, found) {
                (true, Some(found)) => console.complain(&format!("\nNot valid: {found}{place}.")),
                (_, Some(found)) => {
                    console.result(&format!("Valid: {}, {found}{place}.", plural(resources)));
                }
                (_, None) => console.result(&format!("Valid: {}{place}.", plural(resources))),
            }
        }
        Format::Json => {
            console.result(&print(&Validity::of(
                &compiled.diagnostics,
                &compiled.sources,
            )));
        }
    }
    // The process ends now: giving a large configuration back piece by piece would take longer than checking it.
    std::mem::forget(compiled);
    Ok(if failed {
        Outcome::Failed
    } else {
        Outcome::Done
    })
}

/// Shows which names would be put right; true if they are.
fn fix(
    compiled: &Compiled,
    folder: &Path,
    writes: bool,
    console: &Console,
) -> Result<bool, Diagnostic> {
    let sources = &compiled.sources;
    let Fixed { files, names } = fixed(&compiled.diagnostics, sources);
    let changes: Vec<Change<'_>> = files
        .iter()
        .map(|file| Change {
            name: &file.name,
            before: Some(sources.text(&file.name).unwrap_or_default()),
            after: &file.text,
        })
        .collect();
    let named = if names == 1 {
        "1 name".to_owned()
    } else {
        format!("{names} names")
    };
    if changes.is_empty() {
        console.say("Nothing to fix: no name says by itself what was meant.\n");
        return Ok(false);
    }
    for Change {
        name,
        before,
        after,
    } in &changes
    {
        console.say(&unified(name, before.unwrap_or_default(), after));
    }
    if !writes {
        console.say(&format!(
            "Would fix {named}. To write it: lanyard validate --fix --write\n"
        ));
        return Ok(false);
    }
    all_or_none::write(folder, &changes)?;
    console.say(&format!("Fixed {named}.\n"));
    Ok(true)
}

fn plural(resources: usize) -> String {
    match resources {
        1 => "1 resource".to_owned(),
        count => format!("{count} resources"),
    }
}
