//! Who uses a secret: what the rules ask of each consumer.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::comparison::consumer_name;
use crate::diagnostic::Span;
use crate::language::{Configuration, Consumer, ConsumerKind, Receives, without_keys};

/// Something that takes a secret of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub kind: ConsumerKind,
    /// The attribute that it takes, for example `token`.
    pub attribute: String,
    /// Who: `terraform_data.deploy`, `output.token`.
    pub address: String,
    /// Where in it; empty for an output.
    pub path: String,
    /// True if the secret stands there without the mark of what is sensitive; `None` where that cannot be told.
    pub shown: Option<bool>,
    /// True if a hash of the secret is all that stands there, as far as that is known: references that a plan holds do not say,
    /// the value of an output may.
    pub hashed: bool,
    pub receives: Receives,
    pub place: Option<Span>,
}

/// The consumers of each secret, by the address of its resource.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    by_address: BTreeMap<String, Vec<Use>>,
    /// True if only references are seen that a plan holds: those of locals and dynamic blocks are not.
    pub only_direct: bool,
    /// The outputs and changing arguments that everybody may read and that take what cannot be followed there: one more than are named, at most.
    pub may_show: BTreeSet<String>,
    /// The users of which a plan's value shows that they do not have the secret itself.
    hashed: BTreeSet<String>,
    /// What a plan's value shows of a user, by its address and the path in it.
    received: BTreeMap<(String, String), Receives>,
}

impl Uses {
    /// Of how many that may show a secret a review tells the names.
    pub const NAMED: usize = 3;

    /// The consumers of a resource: its own, and those of all its instances, which stand under its address without keys.
    pub fn of(&self, address: &str) -> Cow<'_, [Use]> {
        let of = |address: &str| self.by_address.get(address).map(Vec::as_slice);
        let whole = without_keys(address);
        let all = of(&whole).filter(|_| whole != address);
        let found: Cow<'_, [Use]> = match (of(address), all) {
            (Some(own), Some(all)) => [own, all].concat().into(),
            (found, None) | (None, found) => found.unwrap_or_default().into(),
        };
        if !address.starts_with("module.") || whole == address {
            return found;
        }
        let mut found = found.into_owned();
        for one in &mut found {
            one.address = in_modules_of(address, &one.address);
        }
        found.into()
    }

    /// Gives others names to resources and users.
    pub(super) fn rename(&mut self, mut rename: impl FnMut(&mut String)) {
        let may_show = std::mem::take(&mut self.may_show).into_iter();
        self.may_show = may_show
            .map(|mut name| {
                rename(&mut name);
                name
            })
            .collect();
        for (mut address, mut uses) in std::mem::take(&mut self.by_address) {
            rename(&mut address);
            uses.iter_mut().for_each(|one| rename(&mut one.address));
            self.by_address.entry(address).or_default().extend(uses);
        }
    }

    /// As a review names those that keep it: each once, in their order.
    pub fn names_of(&self, address: &str) -> Vec<String> {
        let uses = self.of(address);
        let keep = uses.iter().filter(|one| one.kind.keeps_secret());
        let names: BTreeSet<String> = keep.map(Use::name).collect();
        names.into_iter().collect()
    }

    /// What the values that another reading has seen show of the same users.
    pub(super) fn learn_values(&mut self, seen: &Self) {
        for address in &seen.hashed {
            self.is_hashed(address);
        }
        for one in self.by_address.values_mut().flatten() {
            let whole = (without_keys(&one.address), one.path.clone());
            if one.receives == Receives::NotKnown
                && let Some(receives) = seen.received.get(&whole)
            {
                one.receives = *receives;
            }
        }
    }

    /// What stands at a path of a user, all instances of it together, as its value shows.
    pub(super) fn receives(&mut self, address: &str, path: &str, receives: Receives) {
        let uses = self.by_address.values_mut().flatten();
        for one in uses.filter(|one| one.address == address && one.path == path) {
            one.receives = receives;
        }
        let whole = (address.to_owned(), path.to_owned());
        self.received.insert(whole, receives);
    }

    /// A hash, or less, is all that this user has, as its value shows.
    pub(super) fn is_hashed(&mut self, address: &str) {
        self.hashed.insert(address.to_owned());
        let uses = self.by_address.values_mut().flatten();
        for one in uses.filter(|one| one.address == address) {
            one.hashed = true;
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &[Use])> {
        let uses = self.by_address.iter();
        uses.map(|(address, uses)| (address.as_str(), uses.as_slice()))
    }

    pub fn add(&mut self, address: &str, one: Use) {
        let uses = self.by_address.entry(address.to_owned()).or_default();
        if !uses.contains(&one) {
            uses.push(one);
        }
    }
}

/// The address of a user, in the very instances of the modules that it shares with an owner: what is inside of a module sees that instance
/// alone. A plan's references have no keys of modules.
pub(super) fn in_modules_of(owner: &str, user: &str) -> String {
    let mut shared = String::new();
    let (mut owner, mut rest) = (owner, user);
    while let (Some((one, after_owner)), Some((other, after_user))) =
        (first_module(owner), first_module(rest))
    {
        let is_shared = one == other || without_keys(one) == other;
        if !is_shared {
            break;
        }
        shared.push_str(one);
        shared.push('.');
        (owner, rest) = (after_owner, after_user);
    }
    shared + rest
}

/// The first step of an address, if it is a module, with its key: `module.a["x"]`; and what follows.
fn first_module(address: &str) -> Option<(&str, &str)> {
    let name = address.strip_prefix("module.")?;
    let mut quoted = false;
    let mut escaped = false;
    let end = name.find(|letter| {
        let ends = letter == '.' && !quoted;
        if letter == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = letter == '\\' && !escaped;
        ends
    })?;
    let end = end + "module.".len();
    Some((&address[..end], &address[end + 1..]))
}

impl Use {
    /// Of a consumer of which only the name is known, as a review has it.
    pub fn named(name: &str) -> Self {
        let (kind, address, path) =
            if let Some((address, path)) = name.split_once(" (provisioner).") {
                (ConsumerKind::Provisioner, address, path)
            } else if name.starts_with("output.") || name.contains(".output.") {
                (ConsumerKind::Output, name, "")
            } else if name.contains("provider[") {
                (ConsumerKind::Provider, name, "")
            } else {
                (ConsumerKind::Argument, name, "")
            };
        Self {
            kind,
            attribute: "token".to_owned(),
            address: address.to_owned(),
            path: path.to_owned(),
            shown: None,
            hashed: false,
            receives: Receives::NotKnown,
            place: None,
        }
    }

    /// As a review names it.
    pub fn name(&self) -> String {
        consumer_name(self.kind, &self.address, &self.path)
    }

    /// The type of the resource that takes it: `terraform_data`; empty for an output and the like.
    pub fn resource_type(&self) -> String {
        let no_resource = [
            ConsumerKind::Output,
            ConsumerKind::Provider,
            ConsumerKind::Message,
        ];
        if no_resource.contains(&self.kind) {
            return String::new();
        }
        let plain = without_keys(&self.address);
        let mut steps = plain.split('.');
        loop {
            match steps.next() {
                Some("module") => drop(steps.next()),
                Some("data" | "ephemeral") => {}
                found => return found.unwrap_or_default().to_owned(),
            }
        }
    }
}

/// What a configuration's own reading found: all of it.
pub fn of_configuration(configuration: &Configuration) -> Uses {
    let mut found = Uses::default();
    for (address, consumers) in &configuration.consumers {
        for consumer in consumers {
            found.add(address, of_consumer(consumer));
        }
    }
    found
}

fn of_consumer(consumer: &Consumer) -> Use {
    let Consumer {
        kind,
        attribute,
        address,
        path,
        sensitive,
        shown,
        hashed,
        receives,
        span,
    } = consumer;
    let shown = match kind {
        ConsumerKind::Output => sensitive.map(|sensitive| !sensitive),
        ConsumerKind::Argument
        | ConsumerKind::Provider
        | ConsumerKind::Provisioner
        | ConsumerKind::Message => Some(*shown),
    };
    Use {
        kind: *kind,
        attribute: attribute.clone(),
        address: address.clone(),
        path: path.clone(),
        shown,
        hashed: *hashed,
        receives: *receives,
        place: Some(span.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_inside_of_a_module_uses_what_its_own_instance_has() {
        for (owner, user, expected) in [
            ("lanyard_access_token.t", "module.a.x.y", "module.a.x.y"),
            (
                "module.a[\"x.y\"].lanyard_access_token.t",
                "module.a.terraform_data.d",
                "module.a[\"x.y\"].terraform_data.d",
            ),
            (
                "module.a[0].module.b[\"\\\"]\"].lanyard_access_token.t[1]",
                "module.a.module.b.output.o",
                "module.a[0].module.b[\"\\\"]\"].output.o",
            ),
            (
                "module.a[0].lanyard_access_token.t",
                "module.a.module.b.x.y",
                "module.a[0].module.b.x.y",
            ),
            (
                "module.a[0].lanyard_access_token.t",
                "module.b.x.y",
                "module.b.x.y",
            ),
            (
                "module.a[0].lanyard_access_token.t",
                "module.a[1].x.y",
                "module.a[1].x.y",
            ),
            ("module.a[0].lanyard_access_token.t", "output.o", "output.o"),
        ] {
            assert_eq!(in_modules_of(owner, user), expected, "{owner}");
        }
    }
}
