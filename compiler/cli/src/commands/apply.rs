//! `lanyard apply`: does exactly the plan that was reviewed, or plans, asks and does. New secrets go where the user said, once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use lanyard_compiler::answers::{Applied, AppliedChange, complaints, print};
use lanyard_compiler::comparison::{Asked, Comparison, prunes, rotates};
use lanyard_compiler::delivery::{Open, variable};
use lanyard_compiler::diagnostic::{Code, Diagnostic, has_errors};
use lanyard_compiler::language::{Colour, Sources};
use lanyard_compiler::plan::file::SavedPlan;
use lanyard_compiler::plan::{guard, unfinished_is_an_error};
use lanyard_compiler::policy::{FILE, Policy};
use lanyard_compiler::review::{Context, Format as ReviewFormat, Options, Review, taken_along};
use lanyard_compiler::secret::Secret;

use lanyard_servers::engine::Seal;
use lanyard_servers::{Connection, Origin};

use crate::args::{Apply, Format, Source};
use crate::complaints::{Failure, tell};
use crate::configuration::Compiled;
use crate::console::{Console, Outcome};
use crate::execution::{self, Report};
use crate::journal::{self, Journal};
use crate::lock::Lock;
use crate::sinks::{self, Sinks};
use crate::{policy, resume};

pub(crate) async fn run(arguments: &Apply, console: &Console) -> Result<Outcome, Failure> {
    let (plan_file, source) = split(arguments);
    let seal = arguments.recipient.as_deref().map(Seal::parse).transpose();
    let seal = seal?;
    let reviewed = plan_file.as_deref().map(read).transpose()?;
    if reviewed.is_some() && !arguments.rotate.is_empty() {
        return Err(not_reviewed().into());
    }
    let policy = policy::read(&source)?;
    let allowed = arguments.allow_deletions;
    let limits = policy.limits(allowed)?;
    let folder = working_folder(&source)?;
    // Held until the end: everything below reads or writes what a second apply would, too.
    let _lock = Lock::take(&folder).map_err(|problem| refusal(Code::Locked, &problem))?;
    let mut journal = Journal::open(&folder).map_err(|problem| refusal(Code::Journal, &problem))?;

    let unfinished: Vec<Open> = journal.unfinished().cloned().collect();
    let rotate = reviewed.as_ref().map(rotates);
    let asked = Asked {
        prune: arguments.prune || reviewed.as_ref().is_some_and(prunes),
        rotate: rotate.as_ref().unwrap_or(&arguments.rotate),
        open: &unfinished,
    };
    let place = (&source, folder.as_path());
    let earlier = arguments.env_file.as_deref().map(held).unwrap_or_default();
    let (made, warnings) = make(place, &asked, reviewed.as_ref(), console).await?;
    let (mut compiled, mut comparison, mut connections) = made;
    resume::go_on(&comparison, &mut journal, console)
        .map_err(|problem| refusal(Code::Journal, &problem))?;
    tell(&warnings, &compiled.sources, console);
    if let Some(problem) = arguments.expect.as_ref().and_then(|expected| {
        // A plan that does nothing is another plan, too.
        let checksum = comparison.save().checksum();
        (*expected != checksum).then(|| unexpected(&checksum))
    }) {
        return Err(problem.into());
    }
    if comparison.plan.is_empty() {
        if let Some(problem) = resume::still_open(&comparison, &journal) {
            return Err(problem.into());
        }
        journal
            .close()
            .map_err(|problem| refusal(Code::Journal, &problem))?;
        let problems = comparison.not_all_is_applied();
        if !problems.is_empty() {
            return Err(Failure::in_files(problems, compiled.sources));
        }
        console.say(&shown(&compiled, &comparison, &policy, console));
        return Ok(Outcome::Done);
    }
    let circumstances = super::plan::circumstances(&compiled, &comparison);
    let beside = guard::Beside {
        taken_along: taken_along(&comparison.plan, &circumstances),
        unreceived: circumstances.unreceived,
        protected: comparison.protected,
    };
    if let Some(refusal) = guard::mass_deletion(&comparison.plan, beside, limits, allowed) {
        return Err(policy.remedy(refusal).into());
    }
    let root = policy::root(&source);
    let names = compiled.sources.names().chain([FILE]);
    let configuration: Vec<PathBuf> = names.map(|name| root.join(name)).collect();
    let receivers = [&arguments.out_file, &arguments.env_file];
    let receivers = receivers.into_iter().flatten();
    sinks::spare(receivers, &configuration, plan_file.as_deref(), &folder)
        .map_err(|problem| refusal(Code::Sink, &problem))?;
    let mut sinks = Sinks::open(
        arguments.out_file.as_deref(),
        arguments.env_file.as_deref(),
        (arguments.print_secrets, arguments.format),
        seal,
    )
    .map_err(|problem| refusal(Code::Sink, &problem))?;
    if sinks.is_empty()
        && let Some(refusal) = comparison.nobody_receives()
    {
        return Err(refusal.into());
    }
    if sinks.names_variables() {
        let taken = comparison.names_taken();
        if !taken.is_empty() {
            return Err(taken.into());
        }
    }
    let taken = sinks.expect(comparison.variables(&earlier));
    let taken = taken.map_err(|problem| refusal(Code::Sink, &problem))?;
    if !taken.is_empty() {
        return Err(taken
            .iter()
            .map(|why| overwritten(why))
            .collect::<Vec<_>>()
            .into());
    }
    if reviewed.is_none() && arguments.expect.is_none() {
        if !confirmed(arguments, &compiled, &comparison, &policy, console)? {
            console.say("Nothing was changed.");
            return Ok(Outcome::Failed);
        }
        if !arguments.yes {
            // Whoever was asked may have taken hours to answer: what they saw is done, or nothing is.
            let seen = comparison.save();
            let unfinished: Vec<Open> = journal.unfinished().cloned().collect();
            let asked = Asked {
                open: &unfinished,
                ..asked
            };
            ((compiled, comparison, connections), _) =
                make(place, &asked, Some(&seen), console).await?;
        }
    }
    let outcome = carry_out(
        arguments,
        &compiled,
        (&mut comparison, &connections),
        sinks,
        &mut journal,
        console,
    )
    .await?;
    if let Some(problem) = resume::still_open(&comparison, &journal) {
        return Err(problem.into());
    }
    if let Err(problem) = journal.close() {
        console.complain(&format!("warning: {problem}"));
    }
    Ok(outcome)
}

/// Plans what is done in this folder, held to what was seen of it, and refuses what must not be done. With the warnings.
async fn make(
    (source, folder): (&Source, &Path),
    asked: &Asked<'_>,
    seen: Option<&SavedPlan>,
    console: &Console,
) -> Result<(super::plan::Made, Vec<Diagnostic>), Failure> {
    let (compiled, mut comparison, connections) = super::plan::make(source, asked, console).await?;
    come_from(folder, &connections);
    if let Some(seen) = seen {
        comparison.hold_to(seen)?;
    }
    let diagnostics = comparison.diagnostics();
    if has_errors(&diagnostics) {
        return Err(Failure::in_files(diagnostics, compiled.sources));
    }
    Ok(((compiled, comparison, connections), diagnostics))
}

async fn carry_out(
    arguments: &Apply,
    compiled: &Compiled,
    compared: (&mut Comparison, &[Option<Connection>]),
    mut sinks: Sinks,
    journal: &mut Journal,
    console: &Console,
) -> Result<Outcome, Failure> {
    let (comparison, connections) = compared;
    let conditions = comparison.open_conditions();
    let (mut reports, unheld) = execution::execute(
        compiled,
        (&*comparison, connections),
        conditions,
        &mut sinks,
        journal,
        console,
    )
    .await?;
    resume::end(comparison, &reports, journal)
        .map_err(|problem| refusal(Code::Journal, &problem))?;
    // What depends on it was made, and its secret handed over.
    for report in &mut reports {
        unfinished_is_an_error(&mut report.diagnostics);
    }
    let mut diagnostics: Vec<Diagnostic> = reports
        .iter()
        .flat_map(|report| report.diagnostics.clone())
        .collect();
    let left = comparison.not_all_is_applied();
    let is_failed = reports.iter().any(Report::failed) || has_errors(&unheld) || has_errors(&left);
    diagnostics.extend(unheld.into_iter().chain(left));
    tell(&diagnostics, &compiled.sources, console);
    match arguments.format {
        // With secrets on stdout, nothing else is.
        Format::Text if arguments.print_secrets => {}
        Format::Text => console.result(&format!(
            "Applied: {}.",
            execution::summary(&reports).unwrap_or_default()
        )),
        Format::Json => {
            let held = sinks.take_held();
            let answer = print(&answer(&reports, &held, &compiled.sources));
            if let Err(error) = console.try_result(&answer) {
                return Err(not_printed(&error).into());
            }
            for (address, _) in held {
                let place = comparison.place_of(&address);
                journal
                    .done(&address, &place)
                    .map_err(|problem| refusal(Code::Journal, &problem))?;
            }
        }
    }
    Ok(if is_failed {
        Outcome::Failed
    } else {
        Outcome::Done
    })
}

/// A first argument that is a file and no document is a plan.
fn split(arguments: &Apply) -> (Option<PathBuf>, Source) {
    let mut source = arguments.source.clone();
    let is_plan = source.paths.first().is_some_and(|path| {
        let name = path.to_string_lossy();
        path.is_file() && !name.ends_with(".lanyard.hcl") && !name.ends_with(".lanyard.json")
    });
    let plan = is_plan.then(|| source.paths.remove(0));
    (plan, source)
}

fn read(path: &Path) -> Result<SavedPlan, Diagnostic> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Diagnostic::error(Code::UnreadablePlanFile, "The plan file cannot be read")
            .detail(format!("{}: {error}.", path.display()))
    })?;
    SavedPlan::parse(&text)
}

/// `.lanyard` beside the configuration: the lock and the journal.
fn working_folder(source: &Source) -> Result<PathBuf, Diagnostic> {
    let folder = policy::root(source).join(journal::FOLDER);
    std::fs::create_dir_all(&folder).map_err(|error| {
        Diagnostic::error(Code::WorkingFolder, "The working folder cannot be made")
            .detail(format!("{}: {error}.", folder.display()))
            .hint("An apply keeps its lock and its journal there, beside the configuration.")
    })?;
    // It is nobody's business in a repository.
    let ignore = folder.join(".gitignore");
    if !ignore.exists() {
        let _ = std::fs::write(ignore, "*\n");
    }
    Ok(folder)
}

/// Marks what is made from now on as this folder's: its lock admits one apply at a time.
fn come_from(folder: &Path, connections: &[Option<Connection>]) {
    let place = Origin::folder(folder);
    for connection in connections.iter().flatten() {
        if let Connection::Ready(server, settings) = connection {
            server.session().keep_no_state();
            if let Some(place) = &place {
                let origin = Origin::of(&["lanyard", place], settings);
                server.session().come_from(origin);
            }
        }
    }
}

/// What a file of variables holds; what is no file, or cannot be read, is looked into when it is opened.
fn held(environment: &Path) -> String {
    // A pipe is not read.
    match environment.metadata() {
        Ok(there) if there.is_file() => std::fs::read_to_string(environment).unwrap_or_default(),
        _ => String::new(),
    }
}

fn refusal(code: Code, problem: &str) -> Diagnostic {
    Diagnostic::error(code, "The apply cannot begin").detail(format!("{problem}."))
}

fn overwritten(why: &str) -> Diagnostic {
    Diagnostic::error(Code::VariableTaken, "A secret would be overwritten")
        .detail(why)
        .hint("Name another file, or use `--out-file FILE`, which tells secrets apart by their addresses.")
        .hint("If nobody needs what stands there, take it out of the file and apply again.")
}

fn unexpected(checksum: &str) -> Diagnostic {
    Diagnostic::error(
        Code::UnexpectedPlan,
        "The plan is not the one that was expected",
    )
    .detail(format!("Its checksum is {checksum}."))
    .hint("The configuration or the server changed since the review, or the options are others: plan and review again.")
}

/// A saved plan is done as it was reviewed.
fn not_reviewed() -> Diagnostic {
    refusal(
        Code::PlanIsStale,
        "`--rotate` would add to the plan that was reviewed",
    )
    .hint("Plan again with `lanyard plan --rotate ADDRESS -o FILE`, and apply that.")
}

fn not_printed(error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(Code::Sink, "The result could not be written")
        .detail(format!("stdout: {error}."))
        .hint("What was to be printed as a secret is issued again by the next apply.")
}

/// Shows the plan and asks, on a terminal; elsewhere `--yes` must say it.
fn confirmed(
    arguments: &Apply,
    compiled: &Compiled,
    comparison: &Comparison,
    policy: &Policy,
    console: &Console,
) -> Result<bool, Vec<Diagnostic>> {
    let shown = shown(compiled, comparison, policy, console);
    if arguments.yes {
        console.say(&shown);
        return Ok(true);
    }
    console.complain(&shown);
    if !console.can_ask() {
        return Err(vec![
            Diagnostic::error(Code::NotConfirmed, "Nobody agreed to this plan")
                .detail("There is no terminal to ask at.")
                .hint("Apply a reviewed plan (`lanyard plan -o FILE`, `lanyard apply FILE`), or add `--yes`."),
        ]);
    }
    Ok(console.ask("Apply this plan? Only `yes` is a yes: ") == "yes")
}

/// As `lanyard plan` shows it.
fn shown(
    compiled: &Compiled,
    comparison: &Comparison,
    policy: &Policy,
    console: &Console,
) -> String {
    let options = Options {
        colour: console.talk == Colour::Ansi,
        ..Options::default()
    };
    let circumstances = super::plan::circumstances(compiled, comparison);
    let context = Context {
        configuration: Some(&compiled.configuration),
        settings: Some(&policy.rules),
        ..Context::default()
    };
    let masked = comparison.plan.masked();
    Review::of(&masked, &circumstances, context).render(ReviewFormat::Text, options)
}

fn answer<'a>(
    reports: &'a [Report],
    held: &'a [(String, Secret)],
    sources: &Sources,
) -> Applied<'a> {
    let held: HashMap<&str, &Secret> = held
        .iter()
        .map(|(address, secret)| (address.as_str(), secret))
        .collect();
    let change = |report: &'a Report| {
        // Asked for in so many words; what is for a recipient is readable for that recipient alone.
        let secret = held.get(report.address.as_str());
        AppliedChange {
            address: &report.address,
            action: report.action,
            rotated: report.rotated,
            id: report.id.as_deref(),
            outcome: report.outcome(),
            diagnostics: complaints(&report.diagnostics, sources),
            variable: secret.map(|_| variable(&report.address)),
            secret: secret.map(|secret| secret.expose()),
        }
    };
    Applied::of(reports.iter().map(change).collect())
}
