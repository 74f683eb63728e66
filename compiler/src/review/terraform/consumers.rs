//! Who uses our secrets, as far as the references in a plan show.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value as Json;

use super::document::ResourceChange;
use super::values::is_marked;
use crate::language::{ConsumerKind, without_keys};
use crate::model::kind::Kind;
use crate::review::uses::{Use, Uses};

/// What a plan's configuration tells.
#[derive(Default)]
pub(super) struct Found {
    /// Who refers to a secret of ours directly, by the resource's address without keys.
    pub(super) uses: Uses,
    /// Which provider each of our resources has, by its address without keys.
    pub(super) providers: BTreeMap<String, String>,
}

pub(super) fn find(configuration: &Json, changes: &[ResourceChange]) -> Found {
    let mut instances: HashMap<String, Vec<&ResourceChange>> = HashMap::new();
    for change in changes {
        let place = instances.entry(without_keys(&change.address)).or_default();
        place.push(change);
    }
    let mut search = Search {
        instances,
        found: Found::default(),
    };
    search.found.uses.only_direct = true;
    search.module(&configuration["root_module"], "");
    let providers = configuration["provider_config"].as_object();
    for (_, provider) in providers.into_iter().flatten() {
        let user = User {
            kind: ConsumerKind::Provider,
            prefix: &module(provider),
            address: &provider_address(provider),
            shown: None,
        };
        search.expressions(&provider["expressions"], user, "");
    }
    search.found
}

struct Search<'a> {
    /// What happens to each resource, by its address without keys.
    instances: HashMap<String, Vec<&'a ResourceChange>>,
    found: Found,
}

fn module(provider: &Json) -> String {
    let module = provider["module_address"].as_str();
    module.map_or_else(String::new, |module| format!("{module}."))
}

/// `module.a.provider["lanyard"].eu`
pub(super) fn provider_address(provider: &Json) -> String {
    let name = provider["name"].as_str().unwrap_or_default();
    let alias = provider["alias"].as_str();
    let alias = alias.map_or_else(String::new, |alias| format!(".{alias}"));
    format!("{}provider[{name:?}]{alias}", module(provider))
}

/// Whose expressions are looked at.
#[derive(Clone, Copy)]
struct User<'a> {
    kind: ConsumerKind,
    /// Where what it refers to is looked for.
    prefix: &'a str,
    address: &'a str,
    /// Of an output, where that is said.
    shown: Option<bool>,
}

impl Search<'_> {
    fn module(&mut self, module: &Json, prefix: &str) {
        for resource in module["resources"].as_array().into_iter().flatten() {
            let address = format!(
                "{prefix}{}",
                resource["address"].as_str().unwrap_or_default()
            );
            if let Some(key) = resource["provider_config_key"].as_str() {
                let providers = &mut self.found.providers;
                providers.insert(address.clone(), key.to_owned());
            }
            let argument = User {
                kind: ConsumerKind::Argument,
                prefix,
                address: &address,
                shown: None,
            };
            self.expressions(&resource["expressions"], argument, "");
            for provisioner in resource["provisioners"].as_array().into_iter().flatten() {
                let user = User {
                    kind: ConsumerKind::Provisioner,
                    ..argument
                };
                self.expressions(&provisioner["expressions"], user, "");
            }
        }
        for (name, output) in module["outputs"].as_object().into_iter().flatten() {
            let user = User {
                kind: ConsumerKind::Output,
                prefix,
                address: &format!("{prefix}output.{name}"),
                // What a module puts out is not shown by that.
                shown: prefix.is_empty().then(|| output["sensitive"] != true),
            };
            self.expressions(&output["expression"], user, "");
        }
        for (name, call) in module["module_calls"].as_object().into_iter().flatten() {
            let inner = format!("{prefix}module.{name}.");
            let user = User {
                kind: ConsumerKind::Argument,
                prefix,
                address: inner.trim_end_matches('.'),
                shown: None,
            };
            self.expressions(&call["expressions"], user, "");
            self.module(&call["module"], &inner);
        }
    }

    /// Notes every reference to a secret inside an expression; `path` grows by the names of the arguments.
    fn expressions(&mut self, expression: &Json, user: User<'_>, path: &str) {
        const SECRETS: [&str; 3] = ["token", "encrypted_token", "previous_token"];
        match expression {
            Json::Object(entries) => {
                let references = entries.get("references").and_then(Json::as_array);
                for reference in references.into_iter().flatten() {
                    let plain = without_keys(reference.as_str().unwrap_or_default());
                    let (mode, plain) = match plain.strip_prefix("ephemeral.") {
                        Some(plain) => ("ephemeral.", plain),
                        None => ("", plain.as_str()),
                    };
                    let parts: Vec<&str> = plain.split('.').collect();
                    if let [kind, name, attribute, ..] = parts.as_slice()
                        && Kind::from_type_name(kind).is_some()
                        && SECRETS.contains(attribute)
                    {
                        let owner = format!("{}{mode}{kind}.{name}", user.prefix);
                        self.note(&owner, attribute, user, path);
                    }
                }
                for (name, inner) in entries.iter().filter(|(name, _)| *name != "references") {
                    let path = match path {
                        "" => name.clone(),
                        path => format!("{path}.{name}"),
                    };
                    self.expressions(inner, user, &path);
                }
            }
            Json::Array(items) => items
                .iter()
                .for_each(|item| self.expressions(item, user, path)),
            _ => {}
        }
    }

    fn note(&mut self, owner: &str, attribute: &str, user: User<'_>, path: &str) {
        let shown = match user.kind {
            ConsumerKind::Argument => self.shows(user.address, path),
            _ => user.shown,
        };
        let one = Use {
            kind: user.kind,
            attribute: attribute.to_owned(),
            address: user.address.to_owned(),
            path: path.to_owned(),
            shown,
            place: None,
        };
        self.found.uses.add(owner, one);
    }

    /// True if the plan shows the argument; `None` where it has none of it.
    fn shows(&self, address: &str, path: &str) -> Option<bool> {
        let instances = self.instances.get(address)?;
        let steps: Vec<&str> = path.split('.').collect();
        let shown = instances.iter().filter_map(|instance| {
            let [values, unknown, sensitive] = instance.outline();
            shows(&values, &unknown, &sensitive, &steps)
        });
        shown.reduce(|one, other| one | other)
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
