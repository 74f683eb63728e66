//! What is known of resources that exist, and what follows from it for those that refer to them.

use std::collections::BTreeMap;

use crate::language::{Link, Links};
use crate::value::{AttributePath, Value};

/// States of resources that exist, by address.
pub type Known = BTreeMap<String, Value>;

/// Sets what other resources decided: each unknown value that will be, unchanged, an attribute of a resource whose state is known.
/// True if there was any.
pub fn resolve(config: &mut Value, links: &Links, known: &Known) -> bool {
    let mut changed = false;
    for (path, link) in links.iter() {
        if let Some(value) = decided(config, path, link, known)
            && let Some(place) = config.at_mut(path)
        {
            *place = value.clone();
            changed = true;
        }
    }
    changed
}

/// True if [`resolve`] would leave nothing unknown.
pub(super) fn is_resolved_by(config: &Value, links: &Links, known: &Known) -> bool {
    let decided = links
        .iter()
        .filter(|(path, link)| decided(config, path, link, known).is_some())
        .count();
    unknowns(config) == decided
}

/// The value of what is still unknown.
fn decided<'a>(
    config: &Value,
    path: &AttributePath,
    link: &Link,
    known: &'a Known,
) -> Option<&'a Value> {
    let state = known.get(&*link.address)?;
    let value = state.get(&link.attribute);
    let waits = config.at(path).is_some_and(Value::is_unknown);
    (waits && !value.is_null() && !value.is_unknown()).then_some(value)
}

fn unknowns(value: &Value) -> usize {
    match value {
        Value::Unknown => 1,
        Value::List(items) => items.iter().map(unknowns).sum(),
        Value::Map(entries) => entries.values().map(unknowns).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Secret(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_followed_once_its_resource_is_known() {
        let path = AttributePath::attribute("service_account");
        let link = Link {
            address: "lanyard_service_account.ci".into(),
            attribute: "id".into(),
        };
        let links = Links::from_iter([(path, link)]);
        let waiting = Value::map([("name", "ci".into()), ("service_account", Value::Unknown)]);
        let state = |id: Value| {
            let state = Value::map([("id", id)]);
            Known::from([("lanyard_service_account.ci".to_owned(), state)])
        };
        for (known, expected) in [
            (Known::new(), Value::Unknown),
            (state(Value::Null), Value::Unknown),
            (state("sa_1".into()), "sa_1".into()),
        ] {
            let mut config = waiting.clone();
            let followed = resolve(&mut config, &links, &known);
            assert_eq!(config.get("service_account"), &expected);
            assert_eq!(followed, config != waiting);
            assert_eq!(is_resolved_by(&waiting, &links, &known), followed);
        }
    }

    #[test]
    fn what_is_unknown_beyond_references_stays_so() {
        let config = Value::map([("name", Value::Unknown)]);
        assert!(!is_resolved_by(&config, &Links::default(), &Known::new()));
    }
}
