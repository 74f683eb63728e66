//! `lanyard validate`: every mistake in a configuration, at once and without a credential.

use lanyard_compiler::answers::{Validity, print};
use lanyard_compiler::diagnostic::has_errors;

use crate::args::{Format, Validate};
use crate::complaints::{self, Failure};
use crate::console::{Console, Outcome};
use crate::{configuration, policy};

pub(crate) fn run(arguments: &Validate, console: &Console) -> Result<Outcome, Failure> {
    let mut compiled = configuration::compile_to_validate(&arguments.source)?;
    let folder = policy::root(&arguments.source);
    if let Err(failure) = policy::read_in(&folder, &mut compiled.sources) {
        compiled.diagnostics.extend(failure.into_parts().0);
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

fn plural(resources: usize) -> String {
    match resources {
        1 => "1 resource".to_owned(),
        count => format!("{count} resources"),
    }
}
