//! The servers that a command speaks to: those of a configuration, or the one of the environment.

use std::path::Path;
use std::sync::Arc;

use lanyard_compiler::comparison::{Claimed, claimed};
use lanyard_compiler::delivery::{Open, Place};
use lanyard_compiler::diagnostic::{Code, Diagnostic, has_errors};
use lanyard_compiler::plan::inventory::Inventory;
use lanyard_compiler::value::Value;
use lanyard_servers::{Connection, TokenServer};

use crate::args::TargetSource;
use crate::complaints::{self, Failure};
use crate::configuration::{self, Compiled};
use crate::connection;
use crate::console::Console;
use crate::{journal, policy};

/// One server.
pub(crate) struct Target {
    pub(crate) server: Arc<dyn TokenServer>,
    pub(crate) url: String,
    organization: Option<String>,
    /// What earlier applies of the configuration left open.
    open: Arc<[Open]>,
    /// The configuration, and the positions of this server's providers in it, its own first.
    configured: Option<(Arc<Compiled>, Vec<usize>)>,
}

impl Target {
    /// What is equal for two ways to one server.
    pub(crate) fn place(&self) -> String {
        self.url.trim_end_matches('/').to_ascii_lowercase()
    }

    pub(crate) fn has_configuration(&self) -> bool {
        self.configured.is_some()
    }

    /// Marks what the configuration speaks of, through any provider of this server.
    pub(crate) fn claim(&self, inventory: &mut Inventory) -> Claimed {
        let Some((compiled, positions)) = &self.configured else {
            return Claimed::default();
        };
        let place = Place {
            url: self.url.clone(),
            organization: self.organization.clone(),
        };
        let capabilities = self.server.capabilities();
        let configuration = &compiled.configuration;
        claimed(
            configuration,
            positions,
            &place,
            capabilities,
            &self.open,
            inventory,
        )
    }
}

/// Finds the servers. A folder without a configuration is no mistake where none was asked for.
pub(crate) fn find(arguments: &TargetSource, console: &Console) -> Result<Vec<Target>, Failure> {
    let asked = !arguments.source.paths.is_empty();
    if arguments.no_configuration || !asked && !is_configuration(Path::new(".")) {
        return match connection::connect(&Value::Null)? {
            Connection::Ready(server, settings) => Ok(vec![Target {
                server,
                url: settings.url.unwrap_or_default(),
                organization: settings.organization,
                open: Arc::default(),
                configured: None,
            }]),
            // The environment leaves nothing open.
            Connection::NotKnown { .. } => Err(Vec::new().into()),
        };
    }
    let compiled = Arc::new(configuration::compile_or_tell(&arguments.source, console)?);
    let open: Arc<[Open]> = journal::read(&policy::root(&arguments.source))
        .map_err(|problem| crate::commands::plan::unreadable_journal(&problem))?
        .into();
    let mut targets = Vec::new();
    for (position, provider) in compiled.configuration.providers.iter().enumerate() {
        let problems = match connection::connect(&provider.config) {
            Ok(Connection::Ready(server, settings)) => {
                targets.push(Target {
                    server,
                    url: settings.url.unwrap_or_default(),
                    organization: settings.organization,
                    open: Arc::clone(&open),
                    configured: Some((Arc::clone(&compiled), vec![position])),
                });
                continue;
            }
            Ok(Connection::NotKnown { unknown, .. }) => vec![
                Diagnostic::warning(Code::ServerNotKnown, "A server is left out").detail(format!(
                    "The settings {} of {} are not known before something else is applied.",
                    unknown.join(", "),
                    provider.reference
                )),
            ],
            Err(problems) => problems,
        };
        let located: Vec<Diagnostic> = problems
            .into_iter()
            .map(|problem| provider.locate(problem))
            .collect();
        if has_errors(&located) {
            return Err(Failure::in_files(located, compiled.sources.clone()));
        }
        complaints::tell(&located, &compiled.sources, console);
    }
    join_twins(&mut targets);
    Ok(targets)
}

/// Lets the providers of one server know of each other.
fn join_twins(targets: &mut [Target]) {
    let places: Vec<(String, Vec<usize>)> = targets
        .iter()
        .filter_map(|target| Some((target.place(), target.configured.as_ref()?.1.clone())))
        .collect();
    for target in targets {
        let place = target.place();
        if let Some((_, positions)) = &mut target.configured {
            for (_, others) in places.iter().filter(|(other, _)| *other == place) {
                let new: Vec<usize> = others
                    .iter()
                    .copied()
                    .filter(|other| !positions.contains(other))
                    .collect();
                positions.extend(new);
            }
        }
    }
}

/// True if the folder holds anything that could be meant.
fn is_configuration(folder: &Path) -> bool {
    const ENDINGS: [&str; 4] = [".tf", ".tf.json", ".lanyard.hcl", ".lanyard.json"];
    std::fs::read_dir(folder).is_ok_and(|mut entries| {
        entries.any(|entry| {
            entry.is_ok_and(|entry| {
                let name = entry.file_name();
                ENDINGS
                    .iter()
                    .any(|ending| name.to_string_lossy().ends_with(ending))
            })
        })
    })
}
