//! What has to be applied before a resource, and who uses its secret.

use std::collections::{BTreeSet, HashMap};

use crate::language::{Configuration, Instance, without_keys};

/// Every resource's instances, for dependencies that name no instance.
pub(super) struct Addresses<'a> {
    instances: HashMap<String, Vec<&'a str>>,
}

impl<'a> Addresses<'a> {
    pub(super) fn new(configuration: &'a Configuration) -> Self {
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
    pub(super) fn needed_by(&self, instance: &Instance) -> Vec<String> {
        if instance.dependencies.is_empty() && instance.links.is_empty() {
            return Vec::new();
        }
        let links = instance.links.values();
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
pub(super) fn consumers(configuration: &Configuration, address: &str) -> Vec<String> {
    let Some(consumers) = configuration.consumers.get(address) else {
        return Vec::new();
    };
    let named: BTreeSet<String> = consumers
        .iter()
        .map(|consumer| match consumer.path.as_str() {
            "" => consumer.address.clone(),
            path => format!("{}.{path}", consumer.address),
        })
        .collect();
    named.into_iter().collect()
}
