//! Configuration over prior state: keeps the old spelling where the meaning is the same, fills in defaults, and lists what differs.

use crate::model::schema::{Body, Nesting, Presence};
use crate::value::{AttributePath, Value};

use super::meaning::same;

/// The planned value of everything that may be configured. What is left to the server keeps its prior value, or is unknown where
/// there is none yet. Computed attributes keep their prior value.
pub(crate) fn merge(body: &Body, config: &Value, prior: &Value) -> Value {
    let mut planned = body.empty();
    for attribute in &body.attributes {
        let (configured, before) = (config.get(&attribute.name), prior.get(&attribute.name));
        let value = match attribute.presence {
            Presence::Computed => before.clone(),
            _ if !configured.is_null() => {
                let keep = !before.is_null() && same(attribute.format, configured, before);
                if keep {
                    before.clone()
                } else {
                    configured.clone()
                }
            }
            // A secret that is left out was filled in before: see `left_out`.
            Presence::OptionalComputed if attribute.sensitive => Value::Null,
            Presence::OptionalComputed if attribute.default.is_null() && prior.is_null() => {
                Value::Unknown
            }
            Presence::OptionalComputed if attribute.default.is_null() => before.clone(),
            Presence::Required | Presence::Optional | Presence::OptionalComputed => {
                attribute.default.clone()
            }
        };
        planned.insert(attribute.name.as_str(), value);
    }
    for block in &body.blocks {
        let (configured, before) = (config.get(&block.name), prior.get(&block.name));
        let value = match (block.nesting, configured) {
            (_, Value::Unknown) => Value::Unknown,
            (Nesting::Single, Value::Map(_)) => merge(&block.body, configured, before),
            (Nesting::Single, _) => Value::Null,
            (Nesting::List, Value::List(items)) => Value::List(
                items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| {
                        let before = before.as_list().and_then(|before| before.get(index));
                        if item.is_unknown() {
                            Value::Unknown
                        } else {
                            merge(&block.body, item, before.unwrap_or(&Value::Null))
                        }
                    })
                    .collect(),
            ),
            (Nesting::List, _) => Value::List(Vec::new()),
        };
        planned.insert(block.name.as_str(), value);
    }
    Value::Map(planned)
}

/// One difference between two objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Exists in at least one of the two.
    pub(crate) path: AttributePath,
    /// The path as capabilities spell it: names only, `alert.email`.
    pub(crate) name: String,
    /// Lanyard's own: costs no call.
    pub(crate) local: bool,
}

/// Everything configurable that differs in meaning.
pub(crate) fn differences(body: &Body, prior: &Value, planned: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    collect(body, prior, planned, &AttributePath::root(), "", &mut found);
    found
}

fn collect(
    body: &Body,
    prior: &Value,
    planned: &Value,
    path: &AttributePath,
    prefix: &str,
    found: &mut Vec<Difference>,
) {
    for attribute in body
        .attributes
        .iter()
        .filter(|attribute| attribute.is_configurable())
    {
        let (before, after) = (prior.get(&attribute.name), planned.get(&attribute.name));
        // An unknown value may turn out to be the same, but may not: it differs.
        if after.is_unknown() || !same(attribute.format, before, after) {
            found.push(Difference {
                path: path.then(&attribute.name),
                name: format!("{prefix}{}", attribute.name),
                local: attribute.local,
            });
        }
    }
    for block in &body.blocks {
        let (before, after) = (prior.get(&block.name), planned.get(&block.name));
        let path = path.then(&block.name);
        let name = format!("{prefix}{}", block.name);
        match (before, after) {
            (Value::Map(_), Value::Map(_)) => {
                collect(
                    &block.body,
                    before,
                    after,
                    &path,
                    &format!("{name}."),
                    found,
                );
            }
            (Value::List(left), Value::List(right)) if left.len() == right.len() => {
                for (index, (before, after)) in left.iter().zip(right).enumerate() {
                    collect(
                        &block.body,
                        before,
                        after,
                        &path.index(index),
                        &format!("{name}."),
                        found,
                    );
                }
            }
            _ if before == after && !after.is_unknown() => {}
            (Value::List(items), Value::Null) | (Value::Null, Value::List(items))
                if items.is_empty() => {}
            _ => {
                let local = block.is_local();
                found.push(Difference { path, name, local });
            }
        }
    }
}
