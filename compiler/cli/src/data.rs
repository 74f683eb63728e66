//! Our own data sources: read before anything is planned, where their arguments are known, so that what follows from them is known, too.
//! Those that depend on resources are read once these are planned, and stay as they are.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use lanyard_compiler::comparison::Known;
use lanyard_compiler::diagnostic::{Code, Diagnostic, Severity, has_errors};
use lanyard_compiler::language::{Configuration, Instance, Provider, without_keys};
use lanyard_compiler::plan::{Action, Change, Plan};
use lanyard_servers::{Connection, TokenServer, engine};

use crate::complaints::Failure;
use crate::configuration::Compiled;
use crate::connection;

/// What was asked of servers so far.
#[derive(Default)]
pub(crate) struct DataSources {
    answers: Known,
    /// What could not be read inside a check block, by address.
    failed: BTreeMap<String, Diagnostic>,
    servers: HashMap<String, Arc<dyn TokenServer>>,
}

impl DataSources {
    /// The configuration with the answers of its data sources. One may say what another one asks for, so they are read in rounds. What
    /// depends on a resource may be another one once that is applied: it waits, unless `settled` has the resource, which stays as it is.
    pub(crate) async fn look_up(
        &mut self,
        mut compiled: Compiled,
        settled: &Settled,
    ) -> Result<Compiled, Failure> {
        while !has_errors(&compiled.diagnostics) {
            let before = self.answers.len();
            let read = if settled.known.is_empty() {
                self.read(&compiled.configuration, settled).await
            } else {
                self.read(&compiled.with(&settled.known), settled).await
            };
            if let Err(problems) = read {
                return Err(Failure::in_files(problems, compiled.sources));
            }
            if self.answers.len() == before {
                break;
            }
            compiled = compiled.knowing(self.answers.clone());
        }
        Ok(compiled)
    }

    /// True if some wait.
    pub(crate) fn is_waiting(&self, compiled: &Compiled) -> bool {
        self.waiting(compiled).next().is_some()
    }

    fn waiting<'c>(&'c self, compiled: &'c Compiled) -> impl Iterator<Item = &'c Instance> {
        let open = compiled.unanswered();
        open.filter(|instance| !self.failed.contains_key(&instance.address))
    }

    /// What is to be told of those that were not read.
    pub(crate) fn notes(&self, compiled: &Compiled, settled: &Settled) -> Vec<Diagnostic> {
        let waiting = self.waiting(compiled);
        let waiting = waiting.map(|instance| not_read(instance, settled));
        self.failed.values().cloned().chain(waiting).collect()
    }

    /// How many were asked for.
    pub(crate) fn len(&self) -> usize {
        self.answers.len() + self.failed.len()
    }

    /// Asks what can be asked now and has not been.
    async fn read(
        &mut self,
        configuration: &Configuration,
        settled: &Settled,
    ) -> Result<(), Vec<Diagnostic>> {
        let mut problems = Vec::new();
        for (instance, kind, provider) in configuration.data() {
            let address = &instance.address;
            let is_done = self.answers.contains_key(address) || self.failed.contains_key(address);
            let waits =
                !instance.config.is_wholly_known() || settled.needed_by(instance).next().is_some();
            if is_done || waits {
                continue;
            }
            let Some(server) = server(provider, &mut self.servers)? else {
                continue;
            };
            match engine::look_up(kind, server.as_ref(), &instance.config).await {
                Ok(answer) => drop(self.answers.insert(address.clone(), answer)),
                Err(problem) => {
                    let problem = instance.locate(problem);
                    match &instance.check {
                        // That a check cannot be made never stops anything.
                        Some(check) => {
                            let note = Diagnostic {
                                severity: Severity::Warning,
                                ..problem
                            };
                            let note = note.hint(format!("This is read by the check {check:?}."));
                            self.failed.insert(address.clone(), note);
                        }
                        None => problems.push(problem),
                    }
                }
            }
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }
}

/// What a plan leaves as it is.
pub(crate) struct Settled {
    known: Known,
    /// The resources that change, or may.
    changing: HashSet<String>,
}

impl Settled {
    /// Nothing is planned yet.
    pub(crate) fn nothing(configuration: &Configuration) -> Self {
        let managed = configuration.managed();
        Self {
            known: Known::new(),
            changing: managed.map(|(each, ..)| each.resource()).collect(),
        }
    }

    pub(crate) fn in_plan(plan: &Plan) -> Self {
        let (settled, changing): (Vec<&Change>, Vec<&Change>) = plan
            .changes
            .iter()
            .partition(|change| change.action == Action::NoOp);
        let known = settled.into_iter();
        let changing = changing.into_iter();
        Self {
            known: known
                .map(|change| (change.address.clone(), change.prior.clone()))
                .collect(),
            changing: changing
                .map(|change| without_keys(&change.address))
                .collect(),
        }
    }

    /// What an instance waits for.
    fn needed_by<'a>(&'a self, instance: &'a Instance) -> impl Iterator<Item = &'a str> {
        let needed = instance.dependencies.iter().map(String::as_str);
        needed.filter(|each| self.changing.contains(*each))
    }
}

/// The server of a provider; `None` while its settings are not known.
fn server(
    provider: &Provider,
    servers: &mut HashMap<String, Arc<dyn TokenServer>>,
) -> Result<Option<Arc<dyn TokenServer>>, Vec<Diagnostic>> {
    let reference = provider.reference.to_string();
    if let Some(server) = servers.get(&reference) {
        return Ok(Some(Arc::clone(server)));
    }
    match connection::connect(&provider.config) {
        Ok(Connection::Ready(server, _)) => {
            servers.insert(reference, Arc::clone(&server));
            Ok(Some(server))
        }
        Ok(Connection::NotKnown { .. }) => Ok(None),
        Err(problems) => Err(problems
            .into_iter()
            .map(|each| provider.locate(each))
            .collect()),
    }
}

fn not_read(instance: &Instance, settled: &Settled) -> Diagnostic {
    let needed: Vec<&str> = settled.needed_by(instance).collect();
    let address = &instance.address;
    let note = Diagnostic::warning(Code::NotRead, "A data source is not read");
    instance.locate(if needed.is_empty() {
        note.detail(format!(
            "{address} needs what is known only after apply. What follows from it is unknown here."
        ))
        .hint("Terraform reads it; or give its arguments as texts.")
    } else {
        note.detail(format!(
            "{address} needs {}, which is to be changed first. What follows from it is unknown here.",
            needed.join(", ")
        ))
        .hint("Apply what it needs, and apply again: it is read as soon as that stays as it is.")
    })
}
