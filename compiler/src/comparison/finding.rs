//! Which object of its server each resource is. Accounts are found first, so that what refers to them
//! (`service_account = lanyard_service_account.ci.id`) is known when tokens are looked for.

use std::collections::{BTreeSet, HashMap};

use super::known::{Known, is_resolved_by, resolve};
use super::side::Side;
use crate::language::{Configuration, Instance, Unread, WhyUnread, without_keys};
use crate::model::Kind;
use crate::model::state::Outline;
use crate::plan::inventory::{Import, Inventory, Match};
use crate::value::{AttributePath, Value};

/// What was found.
pub(super) struct Finding {
    /// The configuration with what is known now, if an expression needed that.
    pub(super) evaluated: Option<Configuration>,
    /// The states of what exists and is ours.
    pub(super) known: Known,
    /// By address.
    pub(super) found: HashMap<String, Existing>,
}

/// A resource on its server.
pub(super) struct Existing {
    pub(super) matched: Match,
    /// As configured, with everything known of others.
    pub(super) config: Value,
    /// Null unless it exists and is ours.
    pub(super) prior: Value,
    /// The id of its `import` block, if that is gone and this is found by its name.
    pub(super) imported_before: Option<String>,
    /// As configured when it was looked for.
    given: Value,
}

pub(super) fn find(
    configuration: &Configuration,
    again: impl Fn(&Known) -> Configuration,
    sides: &mut [Side],
) -> Finding {
    let mut finding = Finding {
        evaluated: None,
        known: Known::new(),
        found: HashMap::new(),
    };
    for last in 1..=Kind::ALL.len() {
        let kinds = &Kind::ALL[..last];
        let Finding {
            evaluated,
            known,
            found,
        } = &mut finding;
        let current = evaluated.as_ref().unwrap_or(configuration);
        claim(current, kinds, known, found, sides);
        if is_worth_evaluating_again(current, known) {
            let current = evaluated.insert(again(known));
            // What is known now can be the reason for further instances.
            claim(current, kinds, known, found, sides);
        }
    }
    finding
}

/// Finds the object of an instance, by what is known of others, and adds it to that if it is ours. Where objects of this kind have
/// secrets, that is not known, and not null, while the server does not show it.
pub(super) fn seek(
    instance: &Instance,
    kind: Kind,
    imports: &HashMap<&str, &str>,
    known: &mut Known,
    inventory: &mut Inventory,
    issues_secret: bool,
) -> Existing {
    let mut config = instance.config.clone();
    resolve(&mut config, &instance.links, known);
    let import = imports.get(instance.address.as_str()).copied();
    let block = import.map(|id| Import { id, all: imports });
    let matched = inventory.claim(kind, &Outline::of(&config), block);
    let prior = prior(&matched, &config, inventory);
    if !prior.is_null() {
        let mut said = prior.clone();
        let is_hidden = ["token", "recipient"].map(|name| said.get(name).is_null()) == [true; 2];
        if issues_secret
            && is_hidden
            && let Some(entries) = said.as_map_mut()
        {
            // A secret that the server does not show is there all the same.
            entries.insert("token", Value::Unknown);
        }
        known.insert(instance.address.clone(), said);
    }
    let is_other = |id: &&str| match &matched {
        Match::Ours(index) => inventory.found()[*index].state.id.as_deref() != Some(id.trim()),
        _ => false,
    };
    Existing {
        imported_before: import.filter(is_other).map(str::to_owned),
        matched,
        config,
        prior,
        given: instance.config.clone(),
    }
}

/// Finds the objects of all instances of these kinds that have not been looked for.
fn claim(
    configuration: &Configuration,
    kinds: &[Kind],
    known: &mut Known,
    found: &mut HashMap<String, Existing>,
    sides: &mut [Side],
) {
    let imports = configuration.imported_ids();
    for (instance, kind, side) in configuration.managed() {
        if !kinds.contains(&kind) || found.contains_key(&instance.address) {
            continue;
        }
        let server = sides[side].capabilities();
        let issues_secret = server.is_some_and(|server| kind.capabilities(server).issues_secret);
        let inventory = &mut sides[side].inventory;
        let existing = seek(instance, kind, &imports, known, inventory, issues_secret);
        found.insert(instance.address.clone(), existing);
    }
}

/// The instances that do not exist yet.
pub(super) struct Newcomers(BTreeSet<String>);

impl Newcomers {
    pub(super) fn among(found: &HashMap<String, Existing>) -> Self {
        let new = found
            .iter()
            .filter(|(_, existing)| existing.matched == Match::New);
        Self(new.map(|(address, _)| address.clone()).collect())
    }

    /// True if an attribute that is not known will be that of something new: then what has it is new as well.
    pub(super) fn belongs_to_new(&self, instance: &Instance, attribute: &str) -> bool {
        let path = AttributePath::attribute(attribute);
        let link = instance.links.get(&path);
        link.is_some_and(|link| self.0.contains(&*link.address))
    }
}

/// Adds what became known after the resource was looked for.
pub(super) fn complete(
    existing: Option<Existing>,
    instance: &Instance,
    known: &Known,
    inventory: &Inventory,
) -> Existing {
    let mut existing = existing.unwrap_or_else(|| Existing {
        matched: Match::New,
        config: instance.config.clone(),
        prior: Value::Null,
        imported_before: None,
        given: instance.config.clone(),
    });
    let differs = existing.given != instance.config;
    if differs {
        existing.config = instance.config.clone();
    }
    if resolve(&mut existing.config, &instance.links, known) || differs {
        existing.prior = prior(&existing.matched, &existing.config, inventory);
    }
    existing
}

fn prior(matched: &Match, config: &Value, inventory: &Inventory) -> Value {
    match matched {
        Match::Ours(index) => inventory
            .prior(*index, config)
            .map_or(Value::Null, |prior| prior.write()),
        _ => Value::Null,
    }
}

/// True if an expression (more than a plain reference, which is simply followed) needs what is known now.
fn is_worth_evaluating_again(configuration: &Configuration, known: &Known) -> bool {
    if known.is_empty() {
        return false;
    }
    let waiting = |place: &Unread| matches!(place.why, WhyUnread::Instances(_));
    if configuration.unread.iter().any(waiting) {
        return true;
    }
    let exists: BTreeSet<String> = known.keys().map(|address| without_keys(address)).collect();
    configuration.managed().any(|(instance, _, _)| {
        !is_resolved_by(&instance.config, &instance.links, known)
            && instance
                .dependencies
                .iter()
                .any(|needed| exists.contains(needed))
    })
}
