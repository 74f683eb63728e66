//! Terraform core's own rules for what a provider may plan and what may come of it, written from core's behaviour and not from
//! ours: a plan that breaks one of them ends every apply with "Provider produced invalid plan".

use lanyard_compiler::model::schema::{Body, Nesting};
use lanyard_compiler::value::{AttributePath, Value};

/// What core would say against a plan.
pub(super) fn invalid_plan(
    body: &Body,
    prior: &Value,
    config: &Value,
    planned: &Value,
) -> Vec<String> {
    let mut found = Vec::new();
    plan_of_body(
        body,
        prior,
        config,
        planned,
        &AttributePath::root(),
        &mut found,
    );
    found
}

fn plan_of_body(
    body: &Body,
    prior: &Value,
    config: &Value,
    planned: &Value,
    path: &AttributePath,
    found: &mut Vec<String>,
) {
    if config.is_null() != planned.is_null() {
        found.push(format!(
            "{path}: planned for presence {planned:?} but config wants {config:?}"
        ));
        return;
    }
    if config.is_null() {
        return;
    }
    let expected: Vec<&str> = {
        let mut names: Vec<&str> = body
            .attributes
            .iter()
            .map(|attribute| attribute.name.as_str())
            .collect();
        names.extend(body.blocks.iter().map(|block| block.name.as_str()));
        names.sort();
        names
    };
    let actual: Vec<&str> = planned
        .as_map()
        .into_iter()
        .flatten()
        .map(|(name, _)| &**name)
        .collect();
    if expected != actual {
        found.push(format!("{path}: has {actual:?}, the schema {expected:?}"));
    }
    for attribute in &body.attributes {
        let at = path.then(&attribute.name);
        let name = &attribute.name;
        let (prior, config, planned) = (prior.get(name), config.get(name), planned.get(name));
        let fine = planned == config
            || (planned == prior && !prior.is_null() && !config.is_null())
            || (attribute.write_only && planned.is_null())
            || (attribute.is_computed() && (config.is_null() || !attribute.is_configurable()));
        if !fine {
            found.push(format!(
                "{at}: planned value {planned:?} does not match config value {config:?} nor prior value {prior:?}"
            ));
        }
    }
    for block in &body.blocks {
        let at = path.then(&block.name);
        let name = &block.name;
        let (prior, config, planned) = (prior.get(name), config.get(name), planned.get(name));
        match block.nesting {
            Nesting::Single => plan_of_body(&block.body, prior, config, planned, &at, found),
            Nesting::List if config.is_unknown() => {
                if !planned.is_unknown() {
                    found.push(format!(
                        "{at}: planned {planned:?} for an unknown dynamic block"
                    ));
                }
            }
            Nesting::List => match (config.as_list(), planned.as_list()) {
                (Some(wanted), Some(given)) if wanted.len() == given.len() => {
                    for (index, (config, planned)) in wanted.iter().zip(given).enumerate() {
                        let before = prior.as_list().and_then(|list| list.get(index));
                        let before = before.cloned().unwrap_or_default();
                        plan_of_body(
                            &block.body,
                            &before,
                            config,
                            planned,
                            &at.index(index),
                            found,
                        );
                    }
                }
                _ => found.push(format!(
                    "{at}: block count in plan {planned:?} disagrees with config {config:?}"
                )),
            },
        }
    }
}

/// What core would say against the outcome of a plan.
pub(super) fn inconsistent_result(planned: &Value, actual: &Value) -> Vec<String> {
    let mut found = Vec::new();
    outcome(planned, actual, &AttributePath::root(), &mut found);
    found
}

fn outcome(planned: &Value, actual: &Value, path: &AttributePath, found: &mut Vec<String>) {
    if !actual.is_wholly_known() && planned == actual {
        found.push(format!("{path}: still unknown after apply"));
        return;
    }
    match (planned, actual) {
        (Value::Unknown, Value::Unknown) => {
            found.push(format!("{path}: still unknown after apply"));
        }
        (Value::Unknown, _) => {}
        (Value::Map(before), Value::Map(after)) => {
            if before.keys().ne(after.keys()) {
                found.push(format!(
                    "{path}: keys were {:?}, but now {:?}",
                    before.keys().collect::<Vec<_>>(),
                    after.keys().collect::<Vec<_>>()
                ));
                return;
            }
            for (key, value) in before {
                outcome(value, &after[key], &path.then(&**key), found);
            }
        }
        (Value::List(before), Value::List(after)) if before.len() == after.len() => {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                outcome(before, after, &path.index(index), found);
            }
        }
        _ if planned == actual => {}
        _ => found.push(format!("{path}: was {planned:?}, but now {actual:?}")),
    }
}
