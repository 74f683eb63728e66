//! A configuration beside what its servers have: the plan. The prior state that Terraform would have stored is made of what the
//! servers say now, found by name, and of what only the configuration knows.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::language::{IgnoreChanges, Instance, Link, without_keys};
use lanyard_compiler::model::Kind;
use lanyard_compiler::model::server::{Capabilities, capabilities};
use lanyard_compiler::plan::inventory::{Found, Inventory, Match};
use lanyard_compiler::plan::{Action, Change, Plan, plan_resource};
use lanyard_compiler::value::{AttributePath, Value};
use lanyard_servers::engine;

use crate::configuration::{
    Compiled, Known, locate_in_instance, locate_in_provider, place, resolve,
};
use crate::connection::Connection;
use crate::console::Console;
use crate::stateless::{Kept, triggers};
use crate::survey::survey_with_nameless;

/// One server of the configuration.
pub(crate) struct Side {
    /// The provider configuration, as the user names it.
    pub(crate) provider: String,
    pub(crate) connection: Connection,
    /// What it has; empty while the connection is not known.
    pub(crate) inventory: Inventory,
    /// A complaint that belongs to no single resource.
    pub(crate) note: Option<Diagnostic>,
}

/// A plan, and what it was made of. The lists beside the plan have an entry for each of its changes.
pub(crate) struct Comparison {
    pub(crate) sides: Vec<Side>,
    pub(crate) plan: Plan,
    /// The server: a position in `sides`.
    pub(crate) servers: Vec<usize>,
    /// What other resources decide of the configuration.
    pub(crate) links: Vec<BTreeMap<AttributePath, Link>>,
    /// What the configuration itself marks as sensitive.
    pub(crate) sensitive: Vec<Vec<AttributePath>>,
    /// Warnings that belong to no single resource.
    pub(crate) notes: Vec<Diagnostic>,
}

/// Reads what every server has that the configuration uses.
pub(crate) async fn survey_all(
    compiled: &Compiled,
    console: &Console,
) -> Result<Vec<Side>, Vec<Diagnostic>> {
    let mut sides = Vec::new();
    let used: BTreeSet<usize> = compiled
        .resources()
        .map(|(_, _, provider)| provider)
        .collect();
    for (position, provider) in compiled.configuration.providers.iter().enumerate() {
        let locate = |problem| locate_in_provider(provider, problem);
        let connection = if used.contains(&position) {
            crate::connection::connect(&provider.config)
                .map_err(|problems| problems.into_iter().map(locate).collect::<Vec<_>>())?
        } else {
            Connection::Unused
        };
        let (inventory, note) = match &connection {
            Connection::Ready(server, settings) => {
                let url = settings.url.as_deref().unwrap_or("the server");
                let inventory = survey_with_nameless(server.as_ref(), url, console)
                    .await
                    .map_err(|error| vec![locate(error)])?;
                (inventory, engine::probe(server.as_ref()).await.map(locate))
            }
            Connection::NotKnown { .. } | Connection::Unused => (Inventory::default(), None),
        };
        sides.push(Side {
            provider: provider.reference.to_string(),
            connection,
            inventory,
            note,
        });
    }
    Ok(sides)
}

/// Compares. Accounts are found first, so that what refers to them (`service_account = lanyard_service_account.ci.id`) is known
/// when tokens are looked for.
pub(crate) fn compare(compiled: &Compiled, mut sides: Vec<Side>, prune: bool) -> Comparison {
    let mut known = Known::new();
    let mut found = BTreeMap::new();
    let mut again: Option<Compiled> = None;
    for kind in Kind::ALL {
        let compiled = again.as_ref().unwrap_or(compiled);
        let imports = compiled.imports();
        for (instance, _, provider) in compiled.resources().filter(|(_, of, _)| *of == kind) {
            let mut config = instance.config.clone();
            resolve(&mut config, &instance.links, &known);
            let import = imports.get(instance.address.as_str()).copied();
            let inventory = &mut sides[provider].inventory;
            let claimed = inventory.claim(kind, &config, import);
            if let Match::Ours(index) = claimed {
                known.insert(instance.address.clone(), inventory.prior(index, &config));
            }
            found.insert(instance.address.clone(), claimed);
        }
        if is_worth_compiling_again(compiled, &known) {
            again = Some(compiled.with(&known));
        }
    }
    let compiled = again.as_ref().unwrap_or(compiled);
    let mut comparison = Comparison {
        sides,
        plan: Plan::default(),
        servers: Vec::new(),
        links: Vec::new(),
        sensitive: Vec::new(),
        notes: Vec::new(),
    };
    comparison.notes.extend(triggers(compiled, &known));
    let kept = Kept::new(compiled);
    let addresses = Addresses::new(compiled);
    for (instance, kind, provider) in compiled.resources() {
        let matched = found.remove(&instance.address).unwrap_or(Match::New);
        let mut config = instance.config.clone();
        resolve(&mut config, &instance.links, &known);
        let mut change = change(instance, kind, config, matched, &comparison.sides[provider]);
        change.depends_on = addresses.needed_by(instance);
        change.consumers = consumers(compiled, &instance.address);
        let sensitive: Vec<AttributePath> = instance
            .marks
            .iter()
            .filter(|(_, marking)| marking.sensitive || marking.ephemeral)
            .map(|(path, _)| path.clone())
            .collect();
        comparison.add(change, provider, instance.links.clone(), sensitive);
    }
    for index in 0..comparison.sides.len() {
        comparison.look_around(index, prune, &kept);
    }
    comparison
}

/// True if an expression (more than a plain reference, which is simply followed) needs what is known now.
fn is_worth_compiling_again(compiled: &Compiled, known: &Known) -> bool {
    if known.is_empty() {
        return false;
    }
    let exists: BTreeSet<String> = known.keys().map(|address| without_keys(address)).collect();
    compiled.resources().any(|(instance, _, _)| {
        let mut config = instance.config.clone();
        resolve(&mut config, &instance.links, known);
        !config.is_wholly_known()
            && instance
                .dependencies
                .iter()
                .any(|needed| exists.contains(needed))
    })
}

impl Comparison {
    /// The address of the server of a change; empty while it is not known.
    pub(crate) fn url(&self, change: usize) -> &str {
        match self
            .servers
            .get(change)
            .and_then(|server| self.sides.get(*server))
        {
            Some(side) => side.url(),
            None => "",
        }
    }

    /// Complaints of all changes, located, and those that belong to none.
    pub(crate) fn diagnostics(&self) -> Vec<Diagnostic> {
        let of_changes = self
            .plan
            .changes
            .iter()
            .flat_map(|change| change.diagnostics.clone());
        self.notes.iter().cloned().chain(of_changes).collect()
    }

    fn add(
        &mut self,
        mut change: Change,
        server: usize,
        links: BTreeMap<AttributePath, Link>,
        sensitive: Vec<AttributePath>,
    ) {
        for field in &mut change.fields {
            field.sensitive |= sensitive
                .iter()
                .any(|path| field.path.steps().starts_with(path.steps()));
        }
        self.plan.changes.push(change);
        self.servers.push(server);
        self.links.push(links);
        self.sensitive.push(sensitive);
    }

    /// What a server has beyond the configuration, or why it is not known.
    fn look_around(&mut self, index: usize, prune: bool, kept: &Kept<'_>) {
        let side = &self.sides[index];
        let resources = self
            .servers
            .iter()
            .filter(|server| **server == index)
            .count();
        let unknown = not_connected(side, resources);
        let (leftovers, staying) = kept.part(side.inventory.unclaimed().cloned().collect());
        self.notes.extend(side.note.clone());
        self.notes.extend(unknown);
        if !prune {
            self.notes.extend(left_alone(&leftovers));
            return;
        }
        self.notes.extend(kept.explain(&staying, &named(&staying)));
        for object in &leftovers {
            let side = &self.sides[index];
            match side.holds_foreign_tokens(object) {
                Some(warning) => self.notes.push(warning),
                None => {
                    let change = deletion(object, side);
                    self.add(change, index, BTreeMap::new(), Vec::new());
                }
            }
        }
    }
}

impl Side {
    pub(crate) fn capabilities(&self) -> Option<&'static Capabilities> {
        match &self.connection {
            Connection::Ready(server, _) => Some(server.capabilities()),
            Connection::NotKnown { api, .. } => api.map(capabilities),
            Connection::Unused => None,
        }
    }

    pub(crate) fn url(&self) -> &str {
        match &self.connection {
            Connection::Ready(_, settings) => settings.url.as_deref().unwrap_or_default(),
            Connection::NotKnown { .. } | Connection::Unused => "",
        }
    }

    /// An account ends with all its tokens: it must not take those of others with it.
    fn holds_foreign_tokens(&self, object: &Found) -> Option<Diagnostic> {
        let id = object.state.get("id");
        let foreign = self
            .inventory
            .found()
            .iter()
            .filter(|other| {
                other.kind == Kind::AccessToken && other.state.get("service_account") == id
            })
            .filter(|other| !self.inventory.is_ours(other))
            .count();
        (object.kind == Kind::ServiceAccount && foreign > 0).then(|| {
            Diagnostic::warning("holds-foreign-tokens", "A service account is left alone")
                .detail(format!(
                    "{} is not in the configuration, but {foreign} of its access tokens are not managed by Lanyard and would end with it.",
                    described(object),
                ))
        })
    }
}

/// Every resource's instances, for dependencies that name no instance.
struct Addresses<'a> {
    instances: BTreeMap<String, Vec<&'a str>>,
}

impl<'a> Addresses<'a> {
    fn new(compiled: &'a Compiled) -> Self {
        let mut instances: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (instance, _, _) in compiled.resources() {
            instances
                .entry(instance.resource())
                .or_default()
                .push(&instance.address);
        }
        Self { instances }
    }

    /// The addresses that must come first. Where a link names the very instance, its siblings need not wait.
    fn needed_by(&self, instance: &Instance) -> Vec<String> {
        let mut needed: BTreeSet<&str> = instance
            .links
            .values()
            .map(|link| link.address.as_str())
            .collect();
        let linked: BTreeSet<String> = needed.iter().map(|address| without_keys(address)).collect();
        let others = instance
            .dependencies
            .iter()
            .filter(|resource| !linked.contains(*resource));
        needed.extend(
            others
                .filter_map(|resource| self.instances.get(resource))
                .flatten(),
        );
        needed.remove(instance.address.as_str());
        needed.into_iter().map(str::to_owned).collect()
    }
}

fn consumers(compiled: &Compiled, address: &str) -> Vec<String> {
    let consumers = compiled
        .configuration
        .consumers
        .get(address)
        .into_iter()
        .flatten();
    let named: BTreeSet<String> = consumers
        .map(|consumer| match consumer.path.as_str() {
            "" => consumer.address.clone(),
            path => format!("{}.{path}", consumer.address),
        })
        .collect();
    named.into_iter().collect()
}

fn change(instance: &Instance, kind: Kind, mut config: Value, found: Match, side: &Side) -> Change {
    let address = &instance.address;
    let mut complaint = None;
    let prior = match found {
        Match::Ours(index) => side.inventory.prior(index, &config),
        Match::New | Match::NotKnown(_) => Value::Null,
        Match::Foreign(object) => {
            // `adopt` and `replace` are the engine's to carry out: the resource is new to us.
            if config
                .get("on_conflict")
                .as_str()
                .is_none_or(|choice| choice == "error")
            {
                complaint = Some(name_taken(&object, address));
            }
            Value::Null
        }
        Match::Several(ids) => {
            complaint = Some(
                Diagnostic::error("ambiguous-name", "More than one object has this name")
                    .detail(format!("{address} could be any of {}.", ids.join(", ")))
                    .hint("Say which with an `import` block and its id, or rename the others."),
            );
            Value::Null
        }
        Match::Missing { id } => {
            complaint = Some(
                Diagnostic::error("import-not-found", "There is nothing to import")
                    .detail(format!("{address} is to be imported from id {id:?}, which the server does not have."))
                    .hint("Correct the id of the `import` block, or remove the block to create the object."),
            );
            Value::Null
        }
    };
    ignore_changes(&instance.lifecycle.ignore_changes, &prior, &mut config);
    let mut planned = plan_resource(kind, side.capabilities(), &prior, &config);
    planned.diagnostics.extend(complaint);
    if instance.lifecycle.prevent_destroy && planned.action == Action::Replace {
        planned.diagnostics.push(
            Diagnostic::error(
                "prevent-destroy",
                "The configuration forbids this replacement",
            )
            .detail(format!(
                "{address} would be replaced, and its `lifecycle` says `prevent_destroy`."
            ))
            .hint("Undo the change that forces it, or remove `prevent_destroy`."),
        );
    }
    planned.diagnostics = planned
        .diagnostics
        .into_iter()
        .map(|problem| locate_in_instance(instance, problem))
        .collect();
    Change::new(address.as_str(), kind, prior, config, planned)
}

/// `lifecycle { ignore_changes = […] }`: what it names stays as it is.
fn ignore_changes(ignored: &IgnoreChanges, prior: &Value, config: &mut Value) {
    if prior.is_null() {
        return;
    }
    let names: Vec<String> = match ignored {
        IgnoreChanges::Nothing => return,
        IgnoreChanges::All => config
            .as_map()
            .into_iter()
            .flat_map(|entries| entries.keys().map(ToString::to_string))
            .collect(),
        IgnoreChanges::Some(paths) => paths.clone(),
    };
    for name in names {
        let path: AttributePath = name
            .split('.')
            .fold(AttributePath::root(), |path, part| path.then(part));
        if let (Some(before), Some(place)) = (prior.at(&path), place(config, &path)) {
            *place = before.clone();
        }
    }
}

fn deletion(object: &Found, side: &Side) -> Change {
    let id = object.state.get("id").as_str().unwrap_or_default();
    let planned = plan_resource(
        object.kind,
        side.capabilities(),
        &object.state,
        &Value::Null,
    );
    Change::new(id, object.kind, object.state.clone(), Value::Null, planned)
}

fn described(object: &Found) -> String {
    format!(
        "{} {:?}",
        object.kind.title(),
        object.state.get("name").as_str().unwrap_or_default()
    )
}

/// The first few by name, and how many more there are.
fn named(objects: &[Found]) -> Vec<String> {
    const SHOWN: usize = 5;
    let mut names: Vec<String> = objects.iter().take(SHOWN).map(described).collect();
    if objects.len() > SHOWN {
        names.push(format!("{} more", objects.len() - SHOWN));
    }
    names
}

fn name_taken(object: &Found, address: &str) -> Diagnostic {
    let name = object.state.get("name").as_str().unwrap_or_default();
    let id = object.state.get("id").as_str().unwrap_or_default();
    let made = object
        .created_at
        .map(|at| format!(", made {at}"))
        .unwrap_or_default();
    let used = object
        .last_used_at
        .map(|at| format!(", last used {at}"))
        .unwrap_or_default();
    let owner = match &object.managed_by {
        Some(owner) => format!("{owner:?} manages it"),
        None => "nobody manages it".to_owned(),
    };
    Diagnostic::error("name-taken", "The name is taken")
        .detail(format!(
            "The {} {name:?} of {address} exists already (id {id}{made}{used}), and {owner}.",
            object.kind.title(),
        ))
        .hint("To take it over and issue a new secret for it, set `on_conflict = \"adopt\"`.")
        .hint("To revoke it and make a new one, set `on_conflict = \"replace\"`.")
        .hint(format!(
            "To keep its secret, add an `import` block with `to = {address}` and `id = \"{id}\"`."
        ))
}

/// One warning per server whose settings come from somewhere else.
fn not_connected(side: &Side, resources: usize) -> Option<Diagnostic> {
    let Connection::NotKnown { unknown, .. } = &side.connection else {
        return None;
    };
    let names: Vec<String> = unknown.iter().map(|name| format!("`{name}`")).collect();
    let are = if unknown.len() == 1 { "is" } else { "are" };
    let those = match resources {
        0 => return None,
        1 => "1 resource is planned as if it was new".to_owned(),
        count => format!("{count} resources are planned as if they were new"),
    };
    Some(
        Diagnostic::warning(
            "server-not-known",
            "Resources cannot be compared with their server yet",
        )
        .detail(format!(
            "{} of {} {are} not known before something else is applied: {those}.",
            names.join(" and "),
            side.provider,
        )),
    )
}

/// One warning per server that has more of ours than the configuration knows.
fn left_alone(leftovers: &[Found]) -> Option<Diagnostic> {
    if leftovers.is_empty() {
        return None;
    }
    Some(
        Diagnostic::warning(
            "not-in-configuration",
            "Lanyard manages more than this configuration knows",
        )
        .detail(format!("Left alone: {}.", named(leftovers).join(", ")))
        .hint(
            "Another configuration may manage them. If none does, `--prune` plans to delete them.",
        ),
    )
}
