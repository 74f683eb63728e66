//! What the references in a plan's configuration lead to: secrets of ours, also through inputs and outputs of modules, `each.value` and
//! `self`. A plan does not hold locals, so there every way ends.

use std::collections::HashMap;

use serde_json::Value as Json;

use crate::language::without_keys;
use crate::model::facts;
use crate::model::kind::Kind;

/// A secret of ours, or the resource that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) kind: Kind,
    /// The address of the resource, without keys.
    pub(super) owner: String,
    /// The key of the instance, if only that one is meant: `["eu"]`.
    pub(super) key: Option<String>,
    /// `None` if the resource is referred to as a whole: what of it is used, the reference does not say.
    pub(super) attribute: Option<&'static str>,
}

/// Where the references of an expression lead.
#[derive(Clone, Debug, Default)]
pub(super) struct Led {
    pub(super) origins: Vec<Origin>,
    /// True if one of them cannot be followed.
    pub(super) is_lost: bool,
}

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) module: usize,
    /// What the resource or the call is repeated by, if it is.
    pub(super) for_each: &'a Json,
    /// The address of the resource within its module.
    pub(super) itself: Option<&'a str>,
}

/// The modules of a configuration, callers first; the first one is the root.
pub(super) struct Modules<'a> {
    all: Vec<Module<'a>>,
    /// What was asked for before: inputs and outputs by their addresses.
    known: HashMap<String, Led>,
}

pub(super) struct Module<'a> {
    pub(super) json: &'a Json,
    /// `module.a.module.b.`, empty for the root.
    pub(super) prefix: String,
    /// The caller, and how it calls.
    call: Option<(usize, &'a Json)>,
    children: HashMap<&'a str, usize>,
}

impl<'a> Module<'a> {
    /// How it is called; null for the root.
    pub(super) fn call(&self) -> &'a Json {
        self.call.map_or(&Json::Null, |(_, call)| call)
    }
}

impl Led {
    fn add(&mut self, other: Self) {
        self.is_lost |= other.is_lost;
        for origin in other.origins {
            if !self.origins.contains(&origin) {
                self.origins.push(origin);
            }
        }
    }

    /// The same, when only something inside is referred to.
    fn inside(self, names: &[&str]) -> Self {
        let origins = self.origins.into_iter();
        let origins = origins.filter_map(|origin| match origin.attribute {
            Some(_) => Some(origin),
            None => within(origin.kind, origin.owner, origin.key, names),
        });
        Self {
            origins: origins.collect(),
            is_lost: self.is_lost,
        }
    }
}

/// The key that follows the name of a resource of ours: `["eu"]` of `lanyard_access_token.ci["eu"].token`.
fn own_key(reference: &str) -> Option<&str> {
    let (kind, rest) = reference.split_once('.')?;
    Kind::from_type_name(kind)?;
    let at = rest.find(['.', '['])?;
    let rest = &rest[at..];
    let text = rest.strip_prefix('[')?;
    let end = match text.strip_prefix('"') {
        // A quote inside is escaped.
        Some(quoted) => {
            let mut is_escaped = false;
            let end = quoted.find(|letter| {
                let ends = letter == '"' && !is_escaped;
                is_escaped = letter == '\\' && !is_escaped;
                ends
            })?;
            end + 2
        }
        None => text.find(']')?,
    };
    rest.get(..end + 2)
}

/// What of a resource of ours a reference means; `None` for what is no secret.
fn within(kind: Kind, owner: String, key: Option<String>, names: &[&str]) -> Option<Origin> {
    const SECRETS: [&str; 3] = ["token", "encrypted_token", "previous_token"];
    let named = names
        .iter()
        .find_map(|name| SECRETS.iter().find(|secret| *secret == name));
    let body = &facts::schema(kind).body;
    let is_other = names
        .first()
        .is_some_and(|name| body.attribute(name).is_some() || body.block(name).is_some());
    (named.is_some() || !is_other).then_some(Origin {
        kind,
        owner,
        key,
        attribute: named.copied(),
    })
}

impl<'a> Modules<'a> {
    pub(super) fn of(root: &'a Json) -> Self {
        let mut modules = Self {
            all: Vec::new(),
            known: HashMap::new(),
        };
        modules.add(root, String::new(), None);
        modules
    }

    fn add(&mut self, json: &'a Json, prefix: String, call: Option<(usize, &'a Json)>) -> usize {
        let index = self.all.len();
        let calls = json["module_calls"].as_object().into_iter().flatten();
        self.all.push(Module {
            json,
            prefix: prefix.clone(),
            call,
            children: HashMap::new(),
        });
        for (name, call) in calls {
            let inner = format!("{prefix}module.{name}.");
            let child = self.add(&call["module"], inner, Some((index, call)));
            self.all[index].children.insert(name, child);
        }
        index
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn get(&self, index: usize) -> &Module<'a> {
        &self.all[index]
    }

    /// The module of an address such as `module.a.module.b`; the root where it is not there.
    pub(super) fn find(&self, address: &str) -> usize {
        let prefix = format!("{}.", without_keys(address));
        let found = self.all.iter().position(|module| module.prefix == prefix);
        found.unwrap_or_default()
    }

    /// Where all references inside an expression lead.
    pub(super) fn origins(&mut self, expression: &'a Json, place: Place<'a>) -> Led {
        let mut led = Led::default();
        match expression {
            Json::Object(entries) => {
                for (name, inner) in entries {
                    match name.as_str() {
                        "references" => led.add(self.followed(inner, place)),
                        _ => led.add(self.origins(inner, place)),
                    }
                }
            }
            Json::Array(items) => items
                .iter()
                .for_each(|item| led.add(self.origins(item, place))),
            _ => {}
        }
        led
    }

    /// Where these references lead. Each is followed by what it begins with, which refers to nothing more.
    pub(super) fn followed(&mut self, references: &Json, place: Place<'a>) -> Led {
        let mut led = Led::default();
        let mut last = "";
        let references = references.as_array().into_iter().flatten();
        for reference in references.filter_map(Json::as_str) {
            let rest = last.strip_prefix(reference);
            if !rest.is_some_and(|rest| rest.starts_with(['.', '['])) {
                let other = self.one(&without_keys(reference), own_key(reference), place);
                led.add(other);
            }
            last = reference;
        }
        led
    }

    /// `key` is that of the resource, where the reference has one.
    fn one(&mut self, reference: &str, key: Option<&str>, place: Place<'a>) -> Led {
        let names: Vec<&str> = reference.split('.').collect();
        let module = &self.all[place.module];
        let owned = |kind: &str, owner: String, names: &[&str]| {
            let kind = Kind::from_type_name(kind);
            let origin = kind.and_then(|kind| within(kind, owner, key.map(str::to_owned), names));
            Led {
                origins: origin.into_iter().collect(),
                is_lost: false,
            }
        };
        match names.as_slice() {
            ["local", ..] => Led {
                origins: Vec::new(),
                is_lost: true,
            },
            ["each", "value", rest @ ..] => {
                let outside = Place {
                    for_each: &Json::Null,
                    ..place
                };
                self.origins(place.for_each, outside).inside(rest)
            }
            ["self", rest @ ..] => {
                let itself = place.itself.unwrap_or_default();
                let kind = itself.split('.').next().unwrap_or_default();
                owned(kind, format!("{}{itself}", module.prefix), rest)
            }
            ["var", name, rest @ ..] => self.input(place.module, name).inside(rest),
            ["module", name, rest @ ..] => {
                let Some(child) = module.children.get(name).copied() else {
                    return Led::default();
                };
                match rest {
                    [output, rest @ ..] => self.output(child, output).inside(rest),
                    [] => self.any_output(child),
                }
            }
            ["ephemeral", kind, name, rest @ ..] => {
                let owner = format!("{}ephemeral.{kind}.{name}", module.prefix);
                owned(kind, owner, rest)
            }
            [kind, name, rest @ ..] => owned(kind, format!("{}{kind}.{name}", module.prefix), rest),
            _ => Led::default(),
        }
    }

    /// What a module is given.
    pub(super) fn input(&mut self, module: usize, name: &str) -> Led {
        let Module { prefix, call, .. } = &self.all[module];
        let Some((caller, call)) = *call else {
            return Led::default();
        };
        let address = format!("{prefix}var.{name}");
        let place = Place {
            module: caller,
            for_each: &call["for_each_expression"],
            itself: None,
        };
        self.asked(address, &call["expressions"][name], place)
    }

    /// What a module puts out.
    pub(super) fn output(&mut self, module: usize, name: &str) -> Led {
        let Module { prefix, json, .. } = &self.all[module];
        let (address, json) = (format!("{prefix}output.{name}"), *json);
        let place = Place {
            module,
            for_each: &Json::Null,
            itself: None,
        };
        self.asked(address, &json["outputs"][name]["expression"], place)
    }

    /// A module as a whole: which of its outputs is used, the reference does not say.
    fn any_output(&mut self, module: usize) -> Led {
        let outputs = self.all[module].json["outputs"].as_object();
        let mut led = Led::default();
        for (name, _) in outputs.into_iter().flatten() {
            let mut other = self.output(module, name);
            for origin in &mut other.origins {
                origin.attribute = None;
            }
            led.add(other);
        }
        led
    }

    /// True if something that is in the plan refers to the input or output of this address.
    pub(super) fn is_known(&self, address: &str) -> bool {
        self.known.contains_key(address)
    }

    fn asked(&mut self, address: String, expression: &'a Json, place: Place<'a>) -> Led {
        if let Some(known) = self.known.get(&address) {
            return known.clone();
        }
        // What asks for itself gets nothing.
        self.known.insert(address.clone(), Led::default());
        let led = self.origins(expression, place);
        self.known.insert(address, led.clone());
        led
    }
}
