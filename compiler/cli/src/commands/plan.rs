//! `lanyard plan`: what has to change on the servers, most dangerous first, and why. Changes nothing.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use lanyard_compiler::comparison::{Asked, Comparison, Known, compare};
use lanyard_compiler::delivery::Delivery;
use lanyard_compiler::diagnostic::{Code, Diagnostic, Severity, has_errors};
use lanyard_compiler::language::Colour;
use lanyard_compiler::plan::file::SavedPlan;
use lanyard_compiler::plan::guard;
use lanyard_compiler::review::{Circumstances, Context, Options, Origin, Review, taken_along};
use lanyard_servers::Connection;

use crate::args::Plan;
use crate::complaints::{self, Failure};
use crate::configuration::{self, Compiled};
use crate::console::{Console, Outcome};
use crate::data::{DataSources, Settled};
use crate::survey::{Survey, survey_all};
use crate::{connection, journal, policy};

pub(crate) async fn run(arguments: &Plan, console: &Console) -> Result<Outcome, Failure> {
    let open = journal::read(&policy::root(&arguments.source))
        .map_err(|problem| unreadable_journal(&problem))?;
    let asked = Asked {
        prune: arguments.prune,
        rotate: &arguments.rotate,
        open: &open,
    };
    let (mut compiled, comparison, _) = make(&arguments.source, &asked, console).await?;
    let options = Options {
        colour: console.results == Colour::Ansi,
        ..Options::default()
    };
    let folder = policy::root(&arguments.source);
    let policy = policy::read_in(&folder, &mut compiled.sources)?;
    let circumstances = circumstances(&compiled, &comparison);
    let checksum = arguments.out.as_ref();
    let checksum = checksum.map(|_| comparison.save().checksum());
    let context = Context {
        origin: Origin {
            folder: folder.to_str().filter(|folder| !folder.is_empty()),
            checksum: checksum.as_deref(),
            sources: Some(&compiled.sources),
        },
        configuration: Some(&compiled.configuration),
        settings: Some(&policy.rules),
    };
    let masked = comparison.plan.masked();
    let review = Review::of(&masked, &circumstances, context);
    console.stream(|out| review.write(arguments.format, options, out));
    let found = arguments.gate.finds(&review, console);
    drop(review);
    drop(masked);
    let mut diagnostics = comparison.diagnostics();
    let limits = policy.guard.unwrap_or_default();
    let beside = guard::Beside {
        taken_along: taken_along(&comparison.plan, &circumstances),
        unreceived: circumstances.unreceived,
        protected: comparison.protected,
    };
    if let Some(refusal) = guard::mass_deletion(&comparison.plan, beside, limits, None) {
        // Whoever reviews should know before whoever applies.
        diagnostics.push(Diagnostic {
            severity: Severity::Warning,
            ..policy.remedy(refusal)
        });
    }
    if has_errors(&diagnostics) {
        return Err(Failure::in_files(diagnostics, compiled.sources));
    }
    complaints::tell(&diagnostics, &compiled.sources, console);
    if let Some(path) = &arguments.out {
        if let Err(error) = write(&comparison.save(), path) {
            console.complain(&format!(
                "error: {} cannot be written: {error}",
                path.display()
            ));
            return Ok(Outcome::Failed);
        }
        let checksum = checksum.unwrap_or_default();
        console.say(&format!("Saved to {}: {checksum}", path.display()));
    }
    let is_stuck = comparison.deliveries.iter().any(Delivery::is_stuck);
    let is_all = comparison.left_out().is_empty() && !is_stuck && comparison.plan.is_empty();
    let outcome = if found {
        Outcome::Found
    } else if arguments.detailed_exitcode && !is_all {
        Outcome::Changes
    } else {
        Outcome::Done
    };
    // The process ends now: giving a large plan back piece by piece would take longer than showing it.
    std::mem::forget((compiled, comparison));
    Ok(outcome)
}

fn write(plan: &SavedPlan, path: &Path) -> io::Result<()> {
    let mut file = io::BufWriter::new(File::create(path)?);
    plan.write(&mut file)?;
    file.flush()
}

/// What a review knows beside a plan of our own.
pub(super) fn circumstances(compiled: &Compiled, comparison: &Comparison) -> Circumstances {
    let mut circumstances = Circumstances {
        now: comparison.now(),
        protected: comparison.protected,
        unreceived: comparison.unreceived(),
        ..Circumstances::default()
    };
    circumstances.learn(&compiled.configuration, connection::environment);
    circumstances.leave_out(&comparison.left_out());
    circumstances
}

/// What is not known to be delivered cannot be told without the journal.
pub(crate) fn unreadable_journal(problem: &str) -> Diagnostic {
    Diagnostic::error(
        Code::Journal,
        "It is not known which secrets were delivered",
    )
    .detail(format!("{problem}."))
}

/// A plan, what it was made of, and the way to each server.
pub(crate) type Made = (Compiled, Comparison, Vec<Option<Connection>>);

/// Compiles, reads the servers and compares.
pub(crate) async fn make(
    source: &crate::args::Source,
    asked: &Asked<'_>,
    console: &Console,
) -> Result<Made, Failure> {
    let mut data = DataSources::default();
    let mut compiled = configuration::compile(source)?;
    let mut settled = Settled::nothing(&compiled.configuration);
    compiled = data.look_up(compiled, &settled).await?;
    loop {
        let is_waiting = data.is_waiting(&compiled);
        let notes = if is_waiting {
            Vec::new()
        } else {
            data.notes(&compiled, &settled)
        };
        compiled.diagnostics.extend(notes);
        if !is_waiting || has_errors(&compiled.diagnostics) {
            compiled.tell(console)?;
        }
        let Survey { sides, connections } = match survey_all(&compiled, asked, console).await {
            Ok(survey) => survey,
            Err(problems) => return Err(Failure::in_files(problems, compiled.sources)),
        };
        let again = |known: &Known| compiled.with(known);
        let comparison = compare(&compiled.configuration, again, sides, asked);
        if !is_waiting {
            return Ok((compiled, comparison, connections));
        }
        settled = Settled::in_plan(&comparison.plan);
        let asked_for = data.len();
        compiled = data.look_up(compiled, &settled).await?;
        if data.len() == asked_for {
            compiled.diagnostics.extend(data.notes(&compiled, &settled));
            compiled.tell(console)?;
            return Ok((compiled, comparison, connections));
        }
    }
}
