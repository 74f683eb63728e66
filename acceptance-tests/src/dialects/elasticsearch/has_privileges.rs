//! `_has_privileges`: whether the caller could do this, asked before trying it.

use std::collections::BTreeSet;

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fault::Refusal;
use super::{Context, directory, privileges, search};
use crate::serving::call::Answer;

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    cluster: BTreeSet<String>,
    #[serde(default)]
    index: Vec<Index>,
}

#[derive(Deserialize)]
struct Index {
    names: BTreeSet<String>,
    privileges: BTreeSet<String>,
}

pub(super) fn answer(context: &Context<'_>) -> Result<Answer, Refusal> {
    let asked: Asked = context.body()?;
    let held = context.caller.cluster_privileges(context.store)?;
    let cluster: Map<String, Value> = asked
        .cluster
        .into_iter()
        .map(|privilege| {
            let has = privileges::includes(&held, &privilege);
            (privilege, json!(has))
        })
        .collect();
    let grants = context.caller.index_grants(context.store)?;
    let mut index: Map<String, Value> = Map::new();
    for wanted in &asked.index {
        for name in &wanted.names {
            let answers = index.entry(name.clone()).or_insert_with(|| json!({}));
            for privilege in &wanted.privileges {
                answers[privilege.as_str()] = json!(reach(&grants, name, privilege));
            }
        }
    }
    let on_indices = index.values().filter_map(Value::as_object);
    let has_all = cluster
        .values()
        .chain(on_indices.flat_map(Map::values))
        .all(|has| has == &json!(true));
    let body = json!({
        "username": context.caller.username(),
        "has_all_requested": has_all,
        "cluster": cluster,
        "index": index,
        "application": {},
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

/// Whether each layer of grants reaches this far: what is granted upon a credential has two, its own and its owner's.
pub(super) fn reach(layers: &[Vec<Value>], name: &str, privilege: &str) -> bool {
    let one = |layer: &Vec<Value>| layer.iter().any(|grant| reaches(grant, name, privilege));
    layers.iter().all(one)
}

fn reaches(grant: &Value, name: &str, privilege: &str) -> bool {
    let texts = |field: &str| directory::strings(grant.get(field));
    let granted = texts("privileges");
    let grants = granted.contains(privilege) || granted.contains("all");
    grants
        && texts("names")
            .iter()
            .any(|pattern| search::fits(pattern, name))
}
