//! The servers that a command speaks to: those of a configuration, or the one of the environment.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use lanyard_compiler::comparison::{Known, resolve};
use lanyard_compiler::delivery::{Open, Place, Verdict};
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::language::{Sources, WhyUnread};
use lanyard_compiler::model::Kind;
use lanyard_compiler::model::state::Outline;
use lanyard_compiler::plan::inventory::{Inventory, Match};
use lanyard_compiler::value::{AttributePath, Value};
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
    /// The configuration, and the positions of this server's providers in it, its own first.
    configured: Option<(Arc<Compiled>, Vec<usize>)>,
}

/// What a configuration says of what a server has.
#[derive(Default)]
pub(crate) struct Claimed {
    /// What nobody has the secret of: positions of [`Inventory::found`].
    pub(crate) undelivered: BTreeSet<usize>,
    /// What may speak of more tokens, and is not known.
    pub(crate) undecided: Vec<WhyUnread>,
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
        let mut claimed = Claimed::default();
        let Some((compiled, positions)) = &self.configured else {
            return claimed;
        };
        let place = Place {
            url: self.url.clone(),
            organization: self.organization.clone(),
        };
        let unread = compiled.configuration.unread.iter();
        claimed.undecided = unread
            .filter(|place| place.kind.is_none_or(|kind| kind == Kind::AccessToken))
            .map(|place| place.why.clone())
            .collect();
        let imports = compiled.configuration.imported_ids();
        let mut known = Known::new();
        let mut new: BTreeSet<String> = BTreeSet::new();
        for kind in Kind::ALL {
            let of_this = compiled
                .configuration
                .managed()
                .filter(|(_, of, provider)| *of == kind && positions.contains(provider));
            for (instance, _, _) in of_this {
                let mut config = instance.config.clone();
                resolve(&mut config, &instance.links, &known);
                let matched = inventory.claim(
                    kind,
                    &Outline::of(&config),
                    imports.get(instance.address.as_str()).copied(),
                );
                match matched {
                    Match::Ours(index) => {
                        let Some(prior) = inventory.prior(index, &config) else {
                            continue;
                        };
                        let open = self
                            .open
                            .iter()
                            .find(|open| open.place == place && open.address == instance.address);
                        let server = Some(self.server.capabilities());
                        let verdict = open.map(|open| open.verdict(Some(&prior), server));
                        if verdict == Some(Verdict::Lost) {
                            claimed.undelivered.insert(index);
                        }
                        known.insert(instance.address.clone(), prior.write());
                    }
                    Match::New => {
                        new.insert(instance.address.clone());
                    }
                    Match::NotKnown(attribute) if kind == Kind::AccessToken => {
                        // A token of an account that is not there yet is not there either.
                        let owner = instance.links.get(&AttributePath::attribute(attribute));
                        if owner.is_some_and(|owner| new.contains(&*owner.address)) {
                            continue;
                        }
                        let address = instance.address.clone();
                        claimed
                            .undecided
                            .push(WhyUnread::Identity(address, attribute));
                    }
                    _ => {}
                }
            }
        }
        // What the configuration no longer has is found by its name.
        let there = |open: &&Open| open.place == place && !known.contains_key(&open.address);
        for open in self.open.iter().filter(there) {
            let found = inventory.found().iter().enumerate();
            claimed.undelivered.extend(
                found
                    .filter(|(_, object)| open.is_of(&object.state))
                    .filter(|(_, object)| {
                        let server = Some(self.server.capabilities());
                        open.verdict(Some(&object.state), server) == Verdict::Lost
                    })
                    .map(|(index, _)| index),
            );
        }
        claimed
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
                    configured: Some((Arc::clone(&compiled), vec![position])),
                });
                continue;
            }
            Ok(Connection::Unused) => continue,
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
        complaints::tell(&located, &compiled.sources, console);
        if lanyard_compiler::diagnostic::has_errors(&located) {
            return None;
        }
    }
    join_twins(&mut targets);
    Some(targets)
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
