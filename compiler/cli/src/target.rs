//! The servers that a command speaks to: those of a configuration, or the one of the environment.

use std::path::Path;
use std::sync::Arc;

use lanyard_compiler::comparison::{Claimed, claimed, settings_not_known};
use lanyard_compiler::delivery::{Open, Place};
use lanyard_compiler::diagnostic::{Code, Diagnostic, has_errors};
use lanyard_compiler::language::{Language, Loader as _, Parts, ProviderReference, is_document};
use lanyard_compiler::model::settings::one_spelling;
use lanyard_compiler::plan::inventory::Inventory;
use lanyard_compiler::value::Value;
use lanyard_servers::{Connection, TokenServer};

use crate::args::{Source, TargetSource};
use crate::complaints::{self, Failure};
use crate::configuration::{self, Compiled};
use crate::connection;
use crate::console::Console;
use crate::disk::Disk;
use crate::hcl::quoted;
use crate::{journal, policy};

/// One server.
pub(crate) struct Target {
    pub(crate) server: Arc<dyn TokenServer>,
    pub(crate) url: String,
    pub(crate) organization: Option<String>,
    /// Which provider configuration leads to it.
    pub(crate) provider: ProviderReference,
    /// What earlier applies of the configuration left open.
    open: Arc<[Open]>,
    /// The configuration, and the positions of this server's providers in it, its own first.
    configured: Option<(Arc<Compiled>, Vec<usize>)>,
}

impl Target {
    /// What is equal for two ways to one server.
    fn address(&self) -> String {
        one_spelling(&self.url)
    }

    /// What is equal for two ways to the same objects.
    pub(crate) fn place(&self) -> (String, Option<&str>) {
        (self.address(), self.organization.as_deref())
    }

    /// What earlier applies of the configuration left open, anywhere.
    pub(crate) fn open(&self) -> &[Open] {
        &self.open
    }

    /// How a table of several servers calls it.
    pub(crate) fn title(&self) -> String {
        match &self.organization {
            Some(organization) if self.url.is_empty() => organization.clone(),
            Some(organization) => format!("{} ({organization})", self.url),
            None => self.url.clone(),
        }
    }

    /// What the module of its provider block calls the provider.
    pub(crate) fn local_name(&self) -> &str {
        let configured = self.configured.as_ref();
        let names = configured.map(|(compiled, _)| &compiled.configuration.local_names);
        let name = names.and_then(|names| names.get(&self.provider.module));
        name.map_or("lanyard", String::as_str)
    }

    /// The provider as a resource of the same module names it: `lanyard`, `lanyard.eu`, `lanyard.by_region["eu"]`.
    pub(crate) fn provider_name(&self) -> String {
        let name = self.local_name();
        match (&self.provider.alias, &self.provider.key) {
            (Some(alias), Some(key)) => format!("{name}.{alias}[{}]", quoted(key)),
            (Some(alias), None) => format!("{name}.{alias}"),
            (None, _) => name.to_owned(),
        }
    }

    pub(crate) fn has_configuration(&self) -> bool {
        self.configured.is_some()
    }

    /// Says so of a server that does not keep what made a token.
    pub(crate) fn keeps_no_owner(&self) -> Option<String> {
        let server = self.server.capabilities();
        let (title, url) = (server.title, &self.url);
        (!server.keeps_owners).then(|| format!("{title} ({url}) does not keep what made a token"))
    }

    /// Marks what the configuration speaks of, through any provider of this server, and takes out secrets that stand in clear: who claims
    /// goes on to show what there is.
    pub(crate) fn claim(&self, place: &Place, inventory: &mut Inventory) -> Claimed {
        let claimed = self.claimed(place, inventory);
        inventory.hide_secrets();
        claimed
    }

    fn claimed(&self, place: &Place, inventory: &mut Inventory) -> Claimed {
        let Some((compiled, positions)) = &self.configured else {
            return Claimed::default();
        };
        let capabilities = self.server.capabilities();
        let configuration = &compiled.configuration;
        claimed(
            configuration,
            positions,
            place,
            capabilities,
            &self.open,
            inventory,
        )
    }
}

/// Which complaints of a configuration are none for whoever looks for its servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leniency {
    None,
    /// Imports to resources that are about to be written.
    UnmetImports,
}

/// Refuses a name that stands where a folder is expected, and tells how names are given.
pub(crate) fn refuse_names(source: &Source, command: &str) -> Result<(), Diagnostic> {
    let is_document = |path: &Path| is_document(&path.to_string_lossy());
    let others = || source.paths.iter().filter(|path| !is_document(path));
    // Of several, what is not there is likelier to be a name.
    let odd = others().find(|path| !path.exists());
    let odd = odd.or_else(|| others().next().filter(|_| source.paths.len() > 1));
    let Some(odd) = odd else {
        return Ok(());
    };
    let shown = odd.display();
    let mut folders = source
        .paths
        .iter()
        .filter(|path| *path != odd && path.is_dir());
    let folder = folders
        .next()
        .map(|folder| format!("{} ", folder.display()));
    let folder = folder.unwrap_or_default();
    let why = if odd.exists() {
        "a folder stands alone, and what stands beside others are documents"
    } else {
        "there is no such folder or document"
    };
    Err(Diagnostic::error(Code::NoSuchConfiguration, "There is no configuration to read")
        .detail(format!("{shown}: {why}."))
        .hint(format!(
            "What is to be chosen by its name is said with --name, in quotes: lanyard {command} {folder}--name '{shown}'"
        )))
}

/// Finds the servers, at least one: those of the configuration's providers, or the one of the environment where none speaks of any. A
/// folder without a configuration is no mistake where none was asked for.
pub(crate) fn find(
    arguments: &TargetSource,
    leniency: Leniency,
    console: &Console,
) -> Result<Vec<Target>, Failure> {
    let asked = !arguments.source.paths.is_empty();
    if arguments.no_configuration || !asked && !is_configuration(Path::new(".")) {
        return Ok(vec![of_environment(Arc::default(), None)?]);
    }
    let compiled = configuration::compile(&arguments.source)?;
    let compiled = Arc::new(match leniency {
        Leniency::None => compiled,
        Leniency::UnmetImports => compiled.without(Code::ImportTargetMissing),
    });
    compiled.tell(console)?;
    let open: Arc<[Open]> = journal::read(&policy::root(&arguments.source))
        .map_err(|problem| crate::commands::plan::unreadable_journal(&problem))?
        .into();
    let providers = &compiled.configuration.providers;
    if providers.is_empty() {
        let configured = Some((Arc::clone(&compiled), Vec::new()));
        return Ok(vec![of_environment(open, configured)?]);
    }
    let mut targets = Vec::new();
    for (position, provider) in providers.iter().enumerate() {
        let problems = match connection::connect(&provider.config) {
            Ok(Connection::Ready(server, settings)) => {
                targets.push(Target {
                    server,
                    url: settings.url.unwrap_or_default(),
                    organization: settings.organization,
                    provider: provider.reference.clone(),
                    open: Arc::clone(&open),
                    configured: Some((Arc::clone(&compiled), vec![position])),
                });
                continue;
            }
            Ok(Connection::NotKnown { unknown, .. }) => vec![
                Diagnostic::warning(Code::ServerNotKnown, "A server is left out").detail(format!(
                    "{}.",
                    settings_not_known(&unknown, &provider.reference.to_string())
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
    if targets.is_empty() {
        let error = Diagnostic::error(Code::ServerNotKnown, "No server is known yet");
        return Err(error
            .detail("Every provider of this configuration takes its settings from what is not applied yet.")
            .hint("Name the server in LANYARD_URL and its like, and add `--no-configuration`.")
            .into());
    }
    join_twins(&mut targets);
    Ok(targets)
}

/// The server that LANYARD_URL and its like lead to.
fn of_environment(
    open: Arc<[Open]>,
    configured: Option<(Arc<Compiled>, Vec<usize>)>,
) -> Result<Target, Failure> {
    match connection::connect(&Value::Null)? {
        Connection::Ready(server, settings) => Ok(Target {
            server,
            url: settings.url.unwrap_or_default(),
            organization: settings.organization,
            provider: ProviderReference::default(),
            open,
            configured,
        }),
        // The environment leaves nothing open.
        Connection::NotKnown { .. } => Err(Vec::new().into()),
    }
}

/// True if what is shown of them has to say of which it is.
pub(crate) fn are_several(targets: &[Target]) -> bool {
    targets
        .windows(2)
        .any(|pair| pair[0].place() != pair[1].place())
}

/// Refuses to tell what a configuration does not know where there is none.
pub(crate) fn need_configuration(targets: &[Target], asked: bool) -> Result<(), Diagnostic> {
    if !asked || targets.iter().all(Target::has_configuration) {
        return Ok(());
    }
    Err(Diagnostic::error(
        Code::NoSuchConfiguration,
        "There is no configuration to compare with",
    )
    .detail("`--unconfigured` is about what a configuration does not know, and none was read.")
    .hint("Name its folder, or leave `--unconfigured` out."))
}

/// Lets the providers of one server know of each other.
fn join_twins(targets: &mut [Target]) {
    let addresses: Vec<(String, Vec<usize>)> = targets
        .iter()
        .filter_map(|target| Some((target.address(), target.configured.as_ref()?.1.clone())))
        .collect();
    for target in targets {
        let address = target.address();
        if let Some((_, positions)) = &mut target.configured {
            for (_, others) in addresses.iter().filter(|(other, _)| *other == address) {
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

/// True if the folder holds anything that could be meant, in any language.
pub(crate) fn is_configuration(folder: &Path) -> bool {
    let names = Disk::new(folder).files("");
    names.is_ok_and(|names| !Parts::of(names, Language::OpenTofu).is_empty())
}
