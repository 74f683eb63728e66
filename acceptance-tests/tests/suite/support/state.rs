//! What Terraform remembers, read from its state file.

use std::path::Path;

use serde_json::Value;

/// A state file. It holds secrets by design: never print one.
pub(crate) struct State(Value);

impl State {
    /// Empty if there is no file yet, or nothing in it: Terraform takes that alike.
    pub(crate) fn read(folder: &Path) -> Self {
        let text = std::fs::read_to_string(folder.join("terraform.tfstate")).unwrap_or_default();
        if text.is_empty() {
            return Self(Value::Null);
        }
        Self(serde_json::from_str(&text).expect("Terraform's state should be JSON"))
    }

    /// The attributes of `lanyard_access_token.ci`, `lanyard_access_token.many["x"]` or `data.lanyard_identity.me`.
    pub(crate) fn attributes(&self, address: &str) -> &Value {
        let instances = self.0["resources"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|resource| {
                resource["instances"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(move |instance| (resource, instance))
            });
        let mut found =
            instances.filter(|(resource, instance)| address_of(resource, instance) == address);
        let (_, instance) = found
            .next()
            .unwrap_or_else(|| panic!("{address} should be in the state"));
        &instance["attributes"]
    }

    pub(crate) fn addresses(&self) -> Vec<String> {
        let resources = self.0["resources"].as_array().into_iter().flatten();
        let mut addresses: Vec<String> = resources
            .flat_map(|resource| {
                let instances = resource["instances"].as_array().into_iter().flatten();
                instances.map(move |instance| address_of(resource, instance))
            })
            .collect();
        addresses.sort();
        addresses
    }

    /// True if an apply failed after the object was made, so that the next one replaces it.
    pub(crate) fn is_tainted(&self) -> bool {
        self.0.to_string().contains("\"status\":\"tainted\"")
    }

    pub(crate) fn output(&self, name: &str) -> &Value {
        &self.0["outputs"][name]["value"]
    }

    /// Every text in the state that looks like a secret.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let mut secrets = Vec::new();
        collect_secrets(&self.0, &mut secrets);
        secrets
    }
}

fn address_of(resource: &Value, instance: &Value) -> String {
    let text = |name: &str| resource[name].as_str().unwrap_or_default();
    let prefix = if text("mode") == "data" { "data." } else { "" };
    let index = match &instance["index_key"] {
        Value::Null => String::new(),
        key => format!("[{key}]"),
    };
    format!("{prefix}{}.{}{index}", text("type"), text("name"))
}

fn collect_secrets(value: &Value, secrets: &mut Vec<String>) {
    match value {
        Value::String(text) if text.starts_with("lyd_") => secrets.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect_secrets(item, secrets)),
        Value::Object(members) => members
            .values()
            .for_each(|member| collect_secrets(member, secrets)),
        _ => {}
    }
}
