//! The servers that a command speaks to: those of a configuration, or the one of the environment.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use lanyard_compiler::comparison::{Known, resolve};
use lanyard_compiler::delivery::{Open, Place, Verdict};
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::language::Sources;
use lanyard_compiler::model::Kind;
use lanyard_compiler::plan::inventory::{Inventory, Match};
use lanyard_compiler::value::Value;
use lanyard_servers::TokenServer;

use crate::args::TargetSource;
use crate::complaints;
use crate::configuration::{self, Compiled};
use crate::connection::{self, Connection};
use crate::console::Console;
use crate::{journal, policy};

/// One server.
pub(crate) struct Target {
    pub(crate) server: Arc<dyn TokenServer>,
    pub(crate) url: String,
    organization: Option<String>,
    /// What earlier applies of the configuration left open.
    open: Arc<[Open]>,
    /// The configuration, and the position of this server's provider in it.
    configured: Option<(Arc<Compiled>, usize)>,
}

impl Target {
    pub(crate) fn has_configuration(&self) -> bool {
        self.configured.is_some()
    }

    /// Marks what the configuration speaks of, and finds what nobody has the secret of: positions of [`Inventory::found`].
    pub(crate) fn claim(&self, inventory: &mut Inventory) -> BTreeSet<usize> {
        let mut undelivered = BTreeSet::new();
        let Some((compiled, position)) = &self.configured else {
            return undelivered;
        };
        let place = Place {
            url: self.url.clone(),
            organization: self.organization.clone(),
        };
        let imports = compiled.configuration.imported_ids();
        let mut known = Known::new();
        for kind in Kind::ALL {
            let of_this = compiled
                .configuration
                .managed()
                .filter(|(_, of, provider)| *of == kind && provider == position);
            for (instance, _, _) in of_this {
                let mut config = instance.config.clone();
                resolve(&mut config, &instance.links, &known);
                let claimed = inventory.claim(
                    kind,
                    &config,
                    imports.get(instance.address.as_str()).copied(),
                );
                if let Match::Ours(index) = claimed {
                    let prior = inventory.prior(index, &config);
                    let open = self
                        .open
                        .iter()
                        .find(|open| open.place == place && open.address == instance.address);
                    let verdict =
                        open.map(|open| open.verdict(&prior, Some(self.server.capabilities())));
                    if verdict == Some(Verdict::Lost) {
                        undelivered.insert(index);
                    }
                    known.insert(instance.address.clone(), prior);
                }
            }
        }
        // What the configuration no longer has is found by its name.
        let there = |open: &&Open| open.place == place && !known.contains_key(&open.address);
        for open in self.open.iter().filter(there) {
            let found = inventory.found().iter().enumerate();
            undelivered.extend(
                found
                    .filter(|(_, object)| open.is_of(object.kind, &object.state))
                    .filter(|(_, object)| {
                        let server = Some(self.server.capabilities());
                        open.verdict(&object.state, server) == Verdict::Lost
                    })
                    .map(|(index, _)| index),
            );
        }
        undelivered
    }
}

/// Finds the servers, or tells why not. A folder without a configuration is no mistake where none was asked for.
pub(crate) fn find(arguments: &TargetSource, console: &Console) -> Option<Vec<Target>> {
    let asked = !arguments.source.paths.is_empty();
    if arguments.no_configuration || !asked && !is_configuration(Path::new(".")) {
        return match connection::connect(&Value::Null) {
            Ok(Connection::Ready(server, settings)) => Some(vec![Target {
                server,
                url: settings.url.unwrap_or_default(),
                organization: settings.organization,
                open: Arc::default(),
                configured: None,
            }]),
            Ok(Connection::NotKnown { .. } | Connection::Unused) => None,
            Err(problems) => {
                complaints::tell(&problems, &Sources::default(), console);
                None
            }
        };
    }
    let compiled = Arc::new(configuration::compile_or_tell(&arguments.source, console)?);
    let open: Arc<[Open]> = match journal::read(&policy::root(&arguments.source)) {
        Ok(open) => open.into(),
        Err(problem) => {
            complaints::tell_one(
                &crate::commands::plan::unreadable_journal(&problem),
                console,
            );
            return None;
        }
    };
    let mut targets = Vec::new();
    for (position, provider) in compiled.configuration.providers.iter().enumerate() {
        let problems = match connection::connect(&provider.config) {
            Ok(Connection::Ready(server, settings)) => {
                targets.push(Target {
                    server,
                    url: settings.url.unwrap_or_default(),
                    organization: settings.organization,
                    open: Arc::clone(&open),
                    configured: Some((Arc::clone(&compiled), position)),
                });
                continue;
            }
            Ok(Connection::Unused) => continue,
            Ok(Connection::NotKnown { unknown, .. }) => vec![
                Diagnostic::warning("server-not-known", "A server is left out").detail(format!(
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
        complaints::tell(&located, &compiled.sources, console);
        if lanyard_compiler::diagnostic::has_errors(&located) {
            return None;
        }
    }
    Some(targets)
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
