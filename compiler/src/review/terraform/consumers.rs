//! Who uses our secrets, as far as the references in a plan show.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::model::kind::Kind;

/// Who refers to a secret of ours directly, by the resource's address without keys.
pub(super) fn consumers(root: &Json) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    collect_module(root, "", &mut found);
    found
}

fn collect_module(module: &Json, prefix: &str, found: &mut BTreeMap<String, BTreeSet<String>>) {
    for resource in module["resources"].as_array().into_iter().flatten() {
        let address = format!(
            "{prefix}{}",
            resource["address"].as_str().unwrap_or_default()
        );
        collect(&resource["expressions"], prefix, &address, found);
        for provisioner in resource["provisioners"].as_array().into_iter().flatten() {
            collect(
                &provisioner["expressions"],
                prefix,
                &format!("{address} (provisioner)"),
                found,
            );
        }
    }
    for (name, output) in module["outputs"].as_object().into_iter().flatten() {
        collect(
            &output["expression"],
            prefix,
            &format!("{prefix}output.{name}"),
            found,
        );
    }
    for (name, call) in module["module_calls"].as_object().into_iter().flatten() {
        let inner = format!("{prefix}module.{name}.");
        collect(
            &call["expressions"],
            prefix,
            inner.trim_end_matches('.'),
            found,
        );
        collect_module(&call["module"], &inner, found);
    }
}

/// Notes every reference to a secret inside an expression; `consumer` grows by the names of the arguments.
fn collect(
    expression: &Json,
    prefix: &str,
    consumer: &str,
    found: &mut BTreeMap<String, BTreeSet<String>>,
) {
    const SECRETS: [&str; 3] = ["token", "encrypted_token", "previous_token"];
    match expression {
        Json::Object(entries) => {
            for reference in entries
                .get("references")
                .and_then(Json::as_array)
                .into_iter()
                .flatten()
            {
                let plain = crate::language::without_keys(reference.as_str().unwrap_or_default());
                let parts: Vec<&str> = plain.split('.').collect();
                if let [kind, name, attribute, ..] = parts.as_slice()
                    && Kind::from_type_name(kind).is_some()
                    && SECRETS.contains(attribute)
                {
                    let address = format!("{prefix}{kind}.{name}");
                    found
                        .entry(address)
                        .or_default()
                        .insert(consumer.to_owned());
                }
            }
            for (name, inner) in entries.iter().filter(|(name, _)| *name != "references") {
                collect(inner, prefix, &format!("{consumer}.{name}"), found);
            }
        }
        Json::Array(items) => items
            .iter()
            .for_each(|item| collect(item, prefix, consumer, found)),
        _ => {}
    }
}
