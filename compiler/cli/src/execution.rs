//! Carries out a plan: in dependency order, each change noted before it is begun and each new secret handed over as soon as there
//! is one. What the changes mean is the compiler's business, how they are made the engine's.

mod conditions;
mod done;
mod report;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::pin::pin;
use std::sync::Arc;

use futures_util::future::FutureExt as _;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use lanyard_compiler::comparison::{Comparison, Known, OpenConditions, Side, resolve};
use lanyard_compiler::delivery::{self, Open, State};
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::language::Configuration;
use lanyard_compiler::model::{self, Kind};
use lanyard_compiler::plan::file::agrees;
use lanyard_compiler::plan::{Action, Change, order};
use lanyard_compiler::value::Value;
use lanyard_servers::engine::{self, Applied};
use lanyard_servers::{Connection, TokenServer};

use crate::configuration::Compiled;
use crate::console::Console;
use crate::journal::Journal;
use crate::progress::Progress;
use crate::sinks::{Handed, NewSecret, Sinks};

pub(crate) use report::{Report, summary};

use conditions::Conditions;
use done::Done;
use report::past;

/// Changes that are made at the same time.
const AT_ONCE: usize = 8;

/// Makes every change of the plan that can be made; a failure, and a condition that does not hold, stops only what depends on it. Gives
/// the complaints that belong to none of the changes, too.
pub(crate) async fn execute(
    compiled: &Compiled,
    (comparison, connections): (&Comparison, &[Option<Connection>]),
    conditions: Option<OpenConditions>,
    sinks: &mut Sinks,
    journal: &mut Journal,
    console: &Console,
) -> Result<(Vec<Report>, Vec<Diagnostic>), Diagnostic> {
    let changes = &comparison.plan.changes;
    let mut run = Run {
        compiled,
        again: None,
        comparison,
        connections,
        known: changes
            .iter()
            .filter(|change| !change.prior.is_null())
            .map(|change| (change.address.clone(), change.prior.clone()))
            .collect(),
        failed: BTreeSet::new(),
        conditions: Conditions::of(conditions, changes),
        was_open: comparison
            .deliveries
            .iter()
            .filter_map(|delivery| match &delivery.state {
                State::Reissued { address } => Some(address.as_str()),
                // It says nothing of what is there now, or here.
                State::Elsewhere(_) => None,
                _ if delivery.open.displaced => None,
                _ => Some(delivery.open.address.as_str()),
            })
            .collect(),
        begun: HashMap::new(),
        reports: Vec::new(),
        skipped: BTreeMap::new(),
        progress: Progress::of(changes),
        sinks,
        journal,
        console,
    };
    let mut stopped = false;
    let mut stop = pin!(asked_to_stop());
    for wave in order::waves(changes)? {
        let failed = run.conditions.hold(|known| compiled.with(known));
        run.failed.extend(failed);
        run.again = None;
        let mut waiting = wave.into_iter();
        let mut working = FuturesUnordered::new();
        loop {
            while !stopped && working.len() < AT_ONCE {
                let room = AT_ONCE - working.len();
                let next: Vec<usize> = waiting.by_ref().take(room).collect();
                if next.is_empty() {
                    break;
                }
                working.extend(run.begin(next));
            }
            tokio::select! {
                biased;
                // What is in flight is finished: an answer that nobody waits for is a lost secret.
                signal = &mut stop, if !stopped => {
                    stopped = signal.is_ok();
                    console.complain("Stopping: changes in flight are finished, no new ones begin.");
                }
                done = working.next() => match done {
                    Some(first) => {
                        // What else is done by now is handed over and noted with it: it is the disks that take time.
                        let more = std::iter::from_fn(|| working.next().now_or_never().flatten());
                        run.finish(std::iter::once(first).chain(more).collect());
                    }
                    None => break,
                },
            }
        }
        for index in waiting {
            run.skip(index, "the apply was stopped".to_owned());
        }
    }
    run.open_what_was_lost();
    run.journal.sync().map_err(not_written)?;
    run.tell_skipped();
    let is_whole = !run.reports.iter().any(Report::failed);
    let unheld = run.conditions.end(is_whole, |known| compiled.with(known));
    Ok((run.reports, unheld))
}

/// Ctrl-C, or the request to end that schedulers and containers send.
async fn asked_to_stop() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            asked = tokio::signal::ctrl_c() => asked,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

struct Run<'a> {
    compiled: &'a Compiled,
    /// What is configured, by address, with what the waves before this one made; only where an expression needs it.
    again: Option<HashMap<String, Value>>,
    comparison: &'a Comparison,
    connections: &'a [Option<Connection>],
    known: Known,
    failed: BTreeSet<String>,
    conditions: Conditions,
    /// Where an earlier apply left a secret open.
    was_open: HashSet<&'a str>,
    /// What this apply has noted before each change that may bring a secret.
    begun: HashMap<usize, Open>,
    reports: Vec<Report>,
    /// Positions in `reports` of what was not begun, by cause.
    skipped: BTreeMap<String, Vec<usize>>,
    progress: Progress,
    sinks: &'a mut Sinks,
    journal: &'a mut Journal,
    console: &'a Console,
}

impl<'a> Run<'a> {
    /// Prepares changes and writes down that they begin; those that cannot be made are reported instead.
    fn begin(&mut self, next: Vec<usize>) -> Vec<impl Future<Output = (usize, Applied)> + use<'a>> {
        let (mut ready, mut open) = (Vec::new(), Vec::new());
        for index in next {
            let change = &self.comparison.plan.changes[index];
            let side = self.comparison.side_of(index);
            if let Some(problems) = self.conditions.refused(&change.address) {
                self.report(index, Value::Null, problems, false);
                continue;
            }
            let mut needed = change.depends_on.iter();
            if let Some(needed) = needed.find(|address| self.failed.contains(*address)) {
                let why = format!("{needed} failed");
                self.skip(index, why);
                continue;
            }
            match self.prepare(index, change, side) {
                Ok(prepared) => {
                    let (server, planned, _) = &prepared;
                    let begun = Open::of(change, planned, side.place(), server.clock().at_earliest);
                    let mark = server.session().origin().map(str::to_owned);
                    open.extend(begun.map(|begun| (index, Open { mark, ..begun })));
                    ready.push((index, change, prepared));
                }
                Err(problem) => self.report(index, Value::Null, vec![problem], false),
            }
        }
        let steps: Vec<Open> = open.iter().map(|(_, open)| open.clone()).collect();
        self.begun.extend(open);
        if let Err(problem) = self.journal.begin(&steps) {
            for (index, ..) in ready.drain(..) {
                let problem = not_written(problem.clone());
                self.report(index, Value::Null, vec![problem], false);
            }
        }
        let comparison = self.comparison;
        let work = |(index, change, (server, planned, config))| async move {
            let tokens = comparison.ends_before(index);
            let made = make(&server, change, (&planned, &config), &tokens).await;
            (index, made)
        };
        ready.into_iter().map(work).collect()
    }

    /// The server, and the change with everything known that was applied before it.
    fn prepare(
        &mut self,
        index: usize,
        change: &Change,
        side: &Side,
    ) -> Result<(Arc<dyn TokenServer>, Value, Value), Diagnostic> {
        let connection = &self.connections[self.comparison.origin(index).side.0];
        let Some(Connection::Ready(server, _)) = connection else {
            return Err(Diagnostic::error(Code::ServerNotKnown, "The server is not known")
                .detail(format!("The settings of the provider {} come from something that is not applied here.", side.provider))
                .hint("Apply with Terraform, or give the settings in the environment."));
        };
        if change.config.is_null() || change.config.is_wholly_known() {
            return Ok((
                Arc::clone(server),
                change.planned.clone(),
                change.config.clone(),
            ));
        }
        let mut config = change.config.clone();
        resolve(
            &mut config,
            &self.comparison.origin(index).links,
            &self.known,
        );
        if !config.is_wholly_known() {
            let again = self
                .again
                .get_or_insert_with(|| configs(&self.compiled.with(&self.known)));
            config = again.get(&change.address).cloned().unwrap_or_default();
        }
        if !config.is_wholly_known() {
            let (why, hint) = if self.compiled.unanswered().any(|each| each.check.is_none()) {
                (
                    "waits for a data source that is not read yet",
                    "Apply again: it is read as soon as what it depends on stays as it is.",
                )
            } else {
                (
                    "depends on something that is not applied here",
                    "Apply with Terraform, which knows the other resources.",
                )
            };
            return Err(Diagnostic::error(Code::NotKnown, "A value is not known")
                .detail(format!("{} {why}.", change.address))
                .hint(hint));
        }
        let planned = change.plan_again(side.capabilities(), &change.prior, &config);
        let same_action = planned.action == change.action || planned.action == Action::NoOp;
        if !same_action || !agrees(&change.planned, &planned.planned) {
            return Err(Diagnostic::error(
                Code::PlanChanged,
                "The change is not the one that was planned",
            )
            .detail(format!(
                "Now that everything about {} is known, it means something else.",
                change.address
            ))
            .hint("Plan and review again."));
        }
        if let Some(problem) = planned.diagnostics.into_iter().find(Diagnostic::is_error) {
            return Err(problem);
        }
        Ok((Arc::clone(server), planned.planned, config))
    }

    /// Hands over the new secrets, if there are any, before anything else.
    fn finish(&mut self, done: Vec<(usize, Applied)>) {
        let mut done: Vec<Done<'_>> = done
            .into_iter()
            .map(|(index, applied)| Done::of(&self.comparison.plan.changes[index], index, applied))
            .collect();
        let secrets = done.iter().enumerate();
        let (with_secret, secrets): (Vec<usize>, Vec<NewSecret<'_>>) = secrets
            .filter_map(|(position, done)| {
                let place = self.comparison.side_of(done.index).place();
                Some((position, done.secret(&place)?))
            })
            .unzip();
        let handed = self.sinks.deliver(&secrets, self.console);
        let mut handed: HashMap<_, _> = with_secret.into_iter().zip(handed).collect();
        for (position, done) in done.iter_mut().enumerate() {
            let (change, index) = (done.change, done.index);
            let side = self.comparison.side_of(index);
            let place = side.place();
            let handed = handed.remove(&position);
            let has_secret = matches!(handed, Some(Ok(_)));
            let is_over = match handed {
                Some(Ok(Handed::Over)) => true,
                Some(handed) => {
                    let problem = handed.err();
                    let problem = problem.map(|problem| not_delivered(&change.address, &problem));
                    done.diagnostics.extend(problem);
                    let issued = done.identity();
                    let noted =
                        issued.map(|issued| self.journal.issued(&change.address, &place, issued));
                    let problem = noted.and_then(Result::err);
                    done.diagnostics.extend(problem.map(not_written));
                    false
                }
                None => {
                    let was_open = self.was_open.contains(change.address.as_str());
                    let open = self.begun.get(&index);
                    let is_settled =
                        |open| done.refused || delivery::is_settled(open, &done.diagnostics);
                    !was_open && open.is_none_or(is_settled)
                }
            };
            if has_secret && let Err(problem) = self.note_own_secrets(done) {
                done.diagnostics.push(not_written(problem));
                continue;
            }
            if is_over && let Err(problem) = self.journal.done(&change.address, &place) {
                done.diagnostics.push(
                    not_written(problem)
                        .hint("Its secret was handed over; the next apply issues another one, since it cannot know that."),
                );
            }
        }
        for done in done {
            self.report(done.index, done.state, done.diagnostics, false);
        }
    }

    /// Notes the access tokens that exist with an account which was made, and whose secret is still to be issued: the next apply sees no
    /// token that is missing.
    fn note_own_secrets(&mut self, account: &Done<'a>) -> Result<(), String> {
        let address = &account.change.address;
        let begun = self.begun.get(&account.index).map(|open| open.begun);
        let Some(begun) = begun.filter(|_| account.change.kind == Kind::ServiceAccount) else {
            return Ok(());
        };
        let made = Known::from([(address.clone(), account.state.clone())]);
        let mut steps = Vec::new();
        for (index, (change, origin)) in self.comparison.changes().enumerate() {
            let is_made = matches!(change.action, Action::Create | Action::Replace);
            if !is_made
                || !change.depends_on.contains(address)
                || !self.comparison.is_secret_of_account(index)
            {
                continue;
            }
            let mut planned = change.planned.clone();
            resolve(&mut planned, &origin.links, &made);
            let place = self.comparison.side_of(index).place();
            let open = Open::of(change, &planned, place, begun);
            if let Some(open) = open.filter(|open| open.service_account.is_some()) {
                self.was_open.insert(&change.address);
                steps.push(Open {
                    is_promised: true,
                    ..open
                });
            }
        }
        match steps.is_empty() {
            true => Ok(()),
            false => self.journal.begin(&steps),
        }
    }

    /// What a file was given and does not hold any more is open again: the next apply issues it anew.
    fn open_what_was_lost(&mut self) {
        for (address, problem) in self.sinks.lost() {
            let mut begun = self.begun.values();
            let open = begun.find(|open| open.address == address);
            let mut reports = self.reports.iter_mut();
            let report = reports.find(|report| report.address == address);
            let (Some(open), Some(report)) = (open, report) else {
                continue;
            };
            report.diagnostics.push(not_delivered(address, &problem));
            if let Err(problem) = self.journal.begin(std::slice::from_ref(open)) {
                report.diagnostics.push(not_written(problem));
            }
        }
    }

    fn skip(&mut self, index: usize, why: String) {
        self.skipped
            .entry(why)
            .or_default()
            .push(self.reports.len());
        self.report(index, Value::Null, Vec::new(), true);
    }

    /// One complaint for each cause, however many changes it kept from being made.
    fn tell_skipped(&mut self) {
        for (why, positions) in std::mem::take(&mut self.skipped) {
            let addresses: Vec<&str> = positions
                .iter()
                .filter_map(|position| self.reports.get(*position))
                .map(|report| report.address.as_str())
                .collect();
            let summary = if addresses.len() == 1 {
                "A change was not made"
            } else {
                "Changes were not made"
            };
            let problem = Diagnostic::error(Code::Skipped, summary)
                .detail(format!("{}: {why}.", some_of(&addresses)))
                .hint("Apply again: it goes on from here.");
            if let Some(first) = positions.first().and_then(|at| self.reports.get_mut(*at)) {
                first.diagnostics.push(problem);
            }
        }
    }

    fn report(&mut self, index: usize, state: Value, diagnostics: Vec<Diagnostic>, skipped: bool) {
        let change = &self.comparison.plan.changes[index];
        let (before, after) = (change.before(), model::State::read_any(change.kind, &state));
        let after = after.ok().flatten();
        // A plan may leave that to the clock.
        let count =
            |state: &Option<model::State>| state.as_ref().and_then(|state| state.generation);
        let rotated = change.rotates() && count(&after) != count(&before);
        let report = Report {
            address: change.address.clone(),
            action: change.action,
            rotated,
            id: after.or(before).and_then(|state| state.id.clone()),
            diagnostics,
            skipped,
        };
        if report.failed() {
            self.failed.insert(change.address.clone());
        } else {
            self.conditions.learn(&change.address, &state);
            self.known.insert(change.address.clone(), state);
        }
        if !skipped {
            let done = if report.failed() {
                "failed"
            } else {
                past(change.action, rotated)
            };
            let so_far = self.progress.step();
            self.console
                .say(&format!("{} {done}{so_far}", change.address));
        }
        self.reports.push(report);
    }
}

fn not_written(problem: String) -> Diagnostic {
    Diagnostic::error(Code::Journal, "The journal cannot be written").detail(format!("{problem}."))
}

fn not_delivered(address: &str, problem: &str) -> Diagnostic {
    Diagnostic::error(
        Code::SecretNotDelivered,
        "A new secret could not be handed over",
    )
    .detail(format!("{address}: {problem}."))
    .hint("Make room or correct the path, and apply again: a new secret is issued then.")
}

/// The first few of many.
fn some_of(addresses: &[&str]) -> String {
    const SHOWN: usize = 3;
    match addresses.len().checked_sub(SHOWN) {
        None | Some(0) => addresses.join(", "),
        Some(more) => format!("{} and {more} more", addresses[..SHOWN].join(", ")),
    }
}

fn configs(configuration: &Configuration) -> HashMap<String, Value> {
    configuration
        .managed()
        .map(|(instance, _, _)| (instance.address.clone(), instance.config.clone()))
        .collect()
}

/// One change through the engine; a replaced account may have to wait for the end of access tokens.
async fn make(
    server: &Arc<dyn TokenServer>,
    change: &Change,
    (planned, config): (&Value, &Value),
    tokens: &[&Value],
) -> Applied {
    let Change { kind, prior, .. } = change;
    if change.action == Action::Replace {
        engine::replace(server, *kind, prior, planned, config, tokens).await
    } else {
        engine::apply(server, *kind, prior, planned, config).await
    }
}
