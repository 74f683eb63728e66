//! What has to be applied before a resource, and who uses its secret.

use std::collections::{BTreeSet, HashMap};

use crate::language::{Configuration, Consumer, ConsumerKind, Instance, without_keys};

/// Every resource's instances, for dependencies that name no instance.
pub(crate) struct Addresses<'a> {
    instances: HashMap<String, Vec<&'a str>>,
}

impl<'a> Addresses<'a> {
    pub(crate) fn new(configuration: &'a Configuration) -> Self {
        let mut instances: HashMap<String, Vec<&str>> = HashMap::new();
        for (instance, _, _) in configuration.managed() {
            let resource = instance.resource();
            instances
                .entry(resource)
                .or_default()
                .push(&instance.address);
        }
        Self { instances }
    }

    /// The addresses that must come first. Where a link names the very instance, its siblings need not wait.
    pub(crate) fn needed_by(&self, instance: &Instance) -> Vec<String> {
        if instance.dependencies.is_empty() && instance.links.is_empty() {
            return Vec::new();
        }
        let links = instance.links.iter().map(|(_, link)| link);
        let mut needed: BTreeSet<&str> = links.map(|link| link.address.as_ref()).collect();
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

/// Where the secret of a resource goes.
pub(crate) fn consumers(configuration: &Configuration, address: &str) -> Vec<String> {
    let Some(consumers) = configuration.consumers.get(address) else {
        return Vec::new();
    };
    let keep = consumers
        .iter()
        .filter(|consumer| consumer.kind.keeps_secret());
    let named = keep.map(|consumer| {
        let Consumer {
            kind,
            address,
            path,
            ..
        } = consumer;
        consumer_name(*kind, address, path)
    });
    let named: BTreeSet<String> = named.collect();
    named.into_iter().collect()
}

/// A consumer as a review names it.
pub(crate) fn consumer_name(kind: ConsumerKind, address: &str, path: &str) -> String {
    match (kind, path) {
        (ConsumerKind::Provisioner, path) => format!("{address} (provisioner).{path}"),
        (ConsumerKind::Message, _) => format!("{address} (error message)"),
        (_, "") => address.to_owned(),
        (_, path) => format!("{address}.{path}"),
    }
}
