//! Who uses a secret: what the rules ask of each consumer.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::comparison::consumer_name;
use crate::diagnostic::Span;
use crate::language::{Configuration, Consumer, ConsumerKind};

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
    /// True if a hash of the secret is all that stands there, as far as that is known: references that a plan holds do not say.
    pub hashed: bool,
    pub place: Option<Span>,
}

/// The consumers of each secret, by the address of its resource.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    by_address: BTreeMap<String, Vec<Use>>,
    /// True if only references are seen that a plan holds: those of locals and dynamic blocks are not.
    pub only_direct: bool,
    /// True if an output or a changing argument that everybody may read takes what cannot be followed there.
    pub may_show: bool,
}

impl Uses {
    /// The consumers of a resource: its own, and those of all its instances, which stand under its address without keys.
    pub fn of(&self, address: &str) -> Cow<'_, [Use]> {
        let of = |address: &str| self.by_address.get(address).map(Vec::as_slice);
        let whole = crate::language::without_keys(address);
        let all = of(&whole).filter(|_| whole != address);
        match (of(address), all) {
            (Some(own), Some(all)) => [own, all].concat().into(),
            (found, None) | (None, found) => found.unwrap_or_default().into(),
        }
    }

    /// As a review names them: each once, in their order.
    pub fn names_of(&self, address: &str) -> Vec<String> {
        let names: BTreeSet<String> = self.of(address).iter().map(Use::name).collect();
        names.into_iter().collect()
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
            place: None,
        }
    }

    /// As a review names it.
    pub fn name(&self) -> String {
        consumer_name(self.kind, &self.address, &self.path)
    }

    /// The type of the resource that takes it: `terraform_data`; empty for an output and the like.
    pub fn resource_type(&self) -> String {
        if matches!(self.kind, ConsumerKind::Output | ConsumerKind::Provider) {
            return String::new();
        }
        let plain = crate::language::without_keys(&self.address);
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
        span,
    } = consumer;
    let shown = match kind {
        ConsumerKind::Output => sensitive.map(|sensitive| !sensitive),
        ConsumerKind::Argument | ConsumerKind::Provider | ConsumerKind::Provisioner => Some(*shown),
    };
    Use {
        kind: *kind,
        attribute: attribute.clone(),
        address: address.clone(),
        path: path.clone(),
        shown,
        hashed: *hashed,
        place: Some(span.clone()),
    }
}
