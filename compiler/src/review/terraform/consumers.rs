//! Who uses our secrets, as far as the references in a plan show.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value as Json;

use super::clear::{holds_no_secret, is_sealed, received};
use super::document::{ResourceChange, Verb};
use super::origins::{Led, Modules, Origin, Place};
use super::values::is_marked;
use crate::comparison::consumer_name;
use crate::language::{ConsumerKind, Receives, without_keys};
use crate::model::kind::Kind;
use crate::model::state::{Shown, State};
use crate::review::uses::{Use, Uses};

/// What a plan's configuration tells.
#[derive(Default)]
pub(super) struct Found {
    /// Who uses a secret of ours, by the resource's address without keys.
    pub(super) uses: Uses,
    /// Which provider each resource has, by its address without keys.
    pub(super) providers: BTreeMap<String, String>,
    /// The account that each token names, by its address without keys; as far as it does so itself.
    pub(super) accounts: HashMap<String, String>,
    /// The tokens that do not say which roles they are to have, likewise.
    pub(super) leaves_roles_out: BTreeSet<String>,
}

/// `hashes_are_told` if no secret looks like a hash.
pub(super) fn find(
    configuration: &Json,
    changes: &[ResourceChange],
    hashes_are_told: bool,
) -> Found {
    let mut instances: HashMap<String, Vec<&ResourceChange>> = HashMap::new();
    for change in changes {
        let place = instances.entry(without_keys(&change.address)).or_default();
        place.push(change);
    }
    let mut search = Search {
        instances,
        modules: Modules::of(&configuration["root_module"]),
        found: Found::default(),
        keyed: BTreeMap::new(),
        hashes_are_told,
    };
    search.found.uses.only_direct = true;
    let providers = &configuration["provider_config"];
    for index in 0..search.modules.len() {
        search.module(index, providers);
    }
    search.providers(providers);
    search.unseen();
    search.each_by_its_key();
    search.found
}

struct Search<'a> {
    /// What happens to each resource, by its address without keys.
    instances: HashMap<String, Vec<&'a ResourceChange>>,
    modules: Modules<'a>,
    found: Found,
    /// Who uses one instance alone, by the resource's address without keys.
    keyed: BTreeMap<String, Vec<(String, Use)>>,
    hashes_are_told: bool,
}

/// `module.a.provider["lanyard"].eu`
pub(super) fn provider_address(provider: &Json) -> String {
    let module = provider["module_address"].as_str();
    let module = module.map_or_else(String::new, |module| format!("{module}."));
    let name = provider["name"].as_str().unwrap_or_default();
    let alias = provider["alias"].as_str();
    let alias = alias.map_or_else(String::new, |alias| format!(".{alias}"));
    format!("{module}provider[{name:?}]{alias}")
}

/// Whose expressions are looked at.
#[derive(Clone, Copy)]
struct User<'a> {
    kind: ConsumerKind,
    address: &'a str,
    /// Of an output, where that is said.
    shown: Option<bool>,
}

impl<'a> Search<'a> {
    fn module(&mut self, index: usize, configured: &Json) {
        let (json, prefix) = {
            let module = self.modules.get(index);
            (module.json, module.prefix.clone())
        };
        for resource in json["resources"].as_array().into_iter().flatten() {
            let itself = resource["address"].as_str().unwrap_or_default();
            let address = format!("{prefix}{itself}");
            if let Some(key) = resource["provider_config_key"].as_str() {
                // A provider without a block has no place, and a name all the same.
                let provider = match configured.get(key) {
                    Some(provider) => provider_address(provider),
                    None => key.to_owned(),
                };
                self.found.providers.insert(address.clone(), provider);
            }
            let is_token = resource["type"] == Kind::AccessToken.type_name();
            if is_token && resource["expressions"]["roles"].is_null() {
                self.found.leaves_roles_out.insert(address.clone());
            }
            let account = &resource["expressions"]["service_account"]["references"];
            let account = account.as_array().into_iter().flatten();
            // The last of several ways to say it is the resource itself.
            let account = account.filter_map(Json::as_str).rfind(|reference| {
                reference.starts_with(&format!("{}.", Kind::ServiceAccount.type_name()))
            });
            if let Some(account) = account {
                let account = format!("{prefix}{account}");
                self.found.accounts.insert(address.clone(), account);
            }
            let place = Place {
                module: index,
                for_each: &resource["for_each_expression"],
                itself: Some(itself),
            };
            let argument = User {
                kind: ConsumerKind::Argument,
                address: &address,
                shown: None,
            };
            self.expressions(&resource["expressions"], place, argument, "");
            for provisioner in resource["provisioners"].as_array().into_iter().flatten() {
                let user = User {
                    kind: ConsumerKind::Provisioner,
                    ..argument
                };
                self.expressions(&provisioner["expressions"], place, user, "");
            }
        }
        if !prefix.is_empty() {
            return;
        }
        for (name, output) in json["outputs"].as_object().into_iter().flatten() {
            let user = User {
                kind: ConsumerKind::Output,
                address: &format!("output.{name}"),
                shown: Some(output["sensitive"] != true),
            };
            self.expressions(&output["expression"], plain(index), user, "");
        }
    }

    fn providers(&mut self, providers: &'a Json) {
        for (_, provider) in providers.as_object().into_iter().flatten() {
            let user = User {
                kind: ConsumerKind::Provider,
                address: &provider_address(provider),
                shown: None,
            };
            let module = provider["module_address"].as_str();
            let module = module.map_or(0, |module| self.modules.find(module));
            self.expressions(&provider["expressions"], plain(module), user, "");
        }
    }

    /// Inputs and outputs of modules that nothing in the plan refers to: a local may, so who is given a secret so is a user itself.
    fn unseen(&mut self) {
        // What an inner module is given by an outer one, the outer one passes on.
        for index in (1..self.modules.len()).rev() {
            let (prefix, call) = {
                let module = self.modules.get(index);
                (module.prefix.clone(), module.call())
            };
            let inputs = call["expressions"].as_object().into_iter().flatten();
            for (name, _) in inputs {
                if !self.modules.is_known(&format!("{prefix}var.{name}")) {
                    let led = self.modules.input(index, name);
                    self.ends_there(led, prefix.trim_end_matches('.'), name);
                }
            }
        }
        for index in 1..self.modules.len() {
            let (prefix, json) = {
                let module = self.modules.get(index);
                (module.prefix.clone(), module.json)
            };
            for (name, _) in json["outputs"].as_object().into_iter().flatten() {
                let address = format!("{prefix}output.{name}");
                if !self.modules.is_known(&address) {
                    let led = self.modules.output(index, name);
                    self.ends_there(led, &address, "");
                }
            }
        }
    }

    fn ends_there(&mut self, led: Led, address: &str, path: &str) {
        let user = User {
            kind: match path {
                "" => ConsumerKind::Output,
                _ => ConsumerKind::Argument,
            },
            address,
            shown: None,
        };
        for origin in led.origins {
            if let Some(attribute) = origin.attribute {
                self.note(&origin, attribute, user, path, Value::default());
            }
        }
    }

    /// Notes every reference to a secret inside an expression; `path` grows by the names of the arguments.
    fn expressions(&mut self, expression: &'a Json, place: Place<'a>, user: User<'_>, path: &str) {
        match expression {
            Json::Object(entries) => {
                if let Some(references) = entries.get("references") {
                    let led = self.modules.followed(references, place);
                    self.takes(led, user, path);
                }
                for (name, inner) in entries.iter().filter(|(name, _)| *name != "references") {
                    let path = match path {
                        "" => name.clone(),
                        path => format!("{path}.{name}"),
                    };
                    self.expressions(inner, place, user, &path);
                }
            }
            Json::Array(items) => items
                .iter()
                .for_each(|item| self.expressions(item, place, user, path)),
            _ => {}
        }
    }

    fn takes(&mut self, led: Led, user: User<'_>, path: &str) {
        let Led {
            mut origins,
            mut is_lost,
        } = led;
        origins.retain(|origin| self.has_secret(origin));
        let matters = self.found.uses.may_show.len() <= Uses::NAMED && self.is_open(user);
        is_lost &= matters;
        if origins.is_empty() && !is_lost {
            return;
        }
        let value = match user.kind {
            ConsumerKind::Argument => self.value(user.address, path),
            _ => Value {
                shown: user.shown,
                ..Value::default()
            },
        };
        if user.kind == ConsumerKind::Argument {
            let uses = &mut self.found.uses;
            uses.receives(user.address, path, value.receives);
        }
        for origin in origins {
            match (origin.attribute, value.shown) {
                (Some(attribute), _) => self.note(&origin, attribute, user, path, value),
                // What is sensitive of a whole token is its secret.
                (None, Some(false)) => self.note(&origin, "token", user, path, value),
                (None, _) => is_lost |= matters,
            }
        }
        if is_lost && value.shown == Some(true) {
            let name = consumer_name(user.kind, user.address, path);
            self.found.uses.may_show.insert(name);
        }
    }

    /// False if it is an account that has no secret of its own, as far as the plan shows.
    fn has_secret(&self, origin: &Origin) -> bool {
        let instances = self.instances.get(&origin.owner);
        let may_hold = |state: &_| State::<Shown>::may_hold_secret(origin.kind, state);
        let may_one_hold = |one: &&ResourceChange| {
            let sides = one.sides.as_ref();
            sides.is_none_or(|(before, after)| may_hold(before) || may_hold(after))
        };
        origin.kind == Kind::AccessToken
            || instances.is_none_or(|instances| instances.iter().any(may_one_hold))
    }

    /// True if this plan may show to everybody what its user takes.
    fn is_open(&self, user: User<'_>) -> bool {
        match user.kind {
            ConsumerKind::Output => user.shown == Some(true),
            ConsumerKind::Argument => self.changes(user.address),
            ConsumerKind::Provider | ConsumerKind::Provisioner | ConsumerKind::Message => false,
        }
    }

    fn note(&mut self, origin: &Origin, attribute: &str, user: User<'_>, path: &str, value: Value) {
        let Value {
            shown,
            hashed,
            receives,
        } = value;
        let one = Use {
            kind: user.kind,
            attribute: attribute.to_owned(),
            address: user.address.to_owned(),
            path: path.to_owned(),
            shown,
            hashed,
            receives,
            place: None,
        };
        match &origin.key {
            Some(key) => {
                let uses = self.keyed.entry(origin.owner.clone()).or_default();
                uses.push((key.clone(), one));
            }
            None => self.found.uses.add(&origin.owner, one),
        }
    }

    /// Gives the instances of the plan their own users, beside those of all.
    fn each_by_its_key(&mut self) {
        for (owner, keyed) in std::mem::take(&mut self.keyed) {
            let Some(instances) = self.instances.get(&owner) else {
                // Which instances there are the plan does not say.
                for (_, one) in keyed {
                    self.found.uses.add(&owner, one);
                }
                continue;
            };
            for instance in instances {
                let address = &instance.address;
                let own = keyed
                    .iter()
                    .filter(|(key, _)| address.ends_with(key.as_str()));
                for (_, one) in own {
                    self.found.uses.add(address, one.clone());
                }
            }
        }
    }

    /// True if the plan makes or changes an object of others at this address.
    fn changes(&self, address: &str) -> bool {
        let instances = self.instances.get(address).into_iter().flatten();
        instances
            .filter(|instance| Kind::from_type_name(&instance.kind).is_none())
            .any(|instance| {
                let verbs = &instance.change.actions;
                verbs.contains(&Verb::Create) || verbs.contains(&Verb::Update)
            })
    }

    /// What the plan shows of an argument, of all instances together.
    fn value(&self, address: &str, path: &str) -> Value {
        let steps: Vec<&str> = path.split('.').collect();
        let (mut shown, mut hashed, mut receives) = (None, None, None);
        for instance in self.instances.get(address).into_iter().flatten() {
            let [values, unknown, sensitive] = instance.outline();
            let here = shows(&values, &unknown, &sensitive, &steps);
            shown = shown
                .into_iter()
                .chain(here)
                .reduce(|one, other| one | other);
            let here = is_hash(&values, &unknown, &steps);
            hashed = hashed
                .into_iter()
                .chain(here)
                .reduce(|one, other| one & other);
            let is_new = instance.change.actions.contains(&Verb::Create);
            // What is deleted receives nothing any more.
            let here = (!values.is_null()).then(|| received_at(&values, &unknown, &steps, is_new));
            receives = receives.into_iter().chain(here).reduce(Receives::and);
        }
        Value {
            shown,
            hashed: hashed == Some(true) && self.hashes_are_told,
            receives: receives.unwrap_or_default(),
        }
    }
}

/// What a plan shows of the value that a user takes.
#[derive(Clone, Copy, Default)]
struct Value {
    /// True if it is shown, `None` where the plan has none of it.
    shown: Option<bool>,
    /// True if it holds no secret, a hash at most.
    hashed: bool,
    receives: Receives,
}

/// What an argument receives. A provider may keep what stood there before where it is given null, so that only something new shows what
/// it is given, and what can only come of a recipient's secret.
fn received_at(value: &Json, unknown: &Json, steps: &[&str], is_new: bool) -> Receives {
    match (value, steps) {
        _ if *unknown == true => Receives::NotKnown,
        // No plan holds what is only written.
        (_, [name]) if name.ends_with("_wo") => Receives::NotKnown,
        (_, []) => match received(value, unknown) {
            Receives::NoNull if !is_new && !is_sealed(value) => Receives::NotKnown,
            receives => receives,
        },
        (Json::Array(items), _) => {
            let each = items.iter().enumerate();
            let each = each.map(|(index, item)| received_at(item, &unknown[index], steps, is_new));
            each.reduce(Receives::and).unwrap_or_default()
        }
        (_, [name, rest @ ..]) => received_at(&value[*name], &unknown[*name], rest, is_new),
    }
}

/// What is not repeated, and is no resource.
fn plain<'a>(module: usize) -> Place<'a> {
    Place {
        module,
        for_each: &Json::Null,
        itself: None,
    }
}

/// `None` where there is no value.
fn is_hash(value: &Json, unknown: &Json, steps: &[&str]) -> Option<bool> {
    match (value, steps) {
        (_, []) if is_marked(unknown) => Some(false),
        (Json::Null, []) => None,
        (_, []) => Some(holds_no_secret(value)),
        (Json::Array(items), _) => {
            let each = items.iter().enumerate();
            let each = each.filter_map(|(index, item)| is_hash(item, &unknown[index], steps));
            each.reduce(|one, other| one & other)
        }
        (_, [name, rest @ ..]) => is_hash(&value[*name], &unknown[*name], rest),
    }
}

fn shows(value: &Json, unknown: &Json, sensitive: &Json, steps: &[&str]) -> Option<bool> {
    if *sensitive == true {
        return Some(false);
    }
    if let (Json::Array(items), [_, ..]) = (value, steps) {
        let each = items.iter().enumerate();
        let each =
            each.filter_map(|(index, item)| shows(item, &unknown[index], &sensitive[index], steps));
        return each.reduce(|one, other| one | other);
    }
    match steps {
        [] if value.is_null() && !is_marked(unknown) => None,
        [] => Some(!is_marked(sensitive)),
        [name, rest @ ..] => shows(&value[*name], &unknown[*name], &sensitive[*name], rest),
    }
}
