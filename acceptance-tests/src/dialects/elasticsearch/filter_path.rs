//! `filter_path`: the parts of an answer that the client wants, by their paths. `*` stands for any one name and within one for
//! any characters, `**` for any names in between, and a dash before a path takes its part away.

use serde_json::{Map, Value};

use super::search::fits;

type Path<'a> = Vec<&'a str>;

/// What is left of the body.
pub(super) fn apply(body: Value, filter: &str) -> Value {
    let (mut without, mut wanted): (Vec<Path<'_>>, Vec<Path<'_>>) = (Vec::new(), Vec::new());
    for path in filter.split(',').filter(|path| !path.is_empty()) {
        match path.strip_prefix('-') {
            Some(path) => without.push(path.split('.').collect()),
            None => wanted.push(path.split('.').collect()),
        }
    }
    let body = if wanted.is_empty() {
        Some(body)
    } else {
        kept(&body, &wanted)
    };
    let left = body.and_then(|body| rest(&body, &without));
    left.unwrap_or_else(|| Value::Object(Map::new()))
}

/// What of the paths is still to go below this name; an empty one has arrived.
fn below<'a>(paths: &[Path<'a>], name: &str) -> Vec<Path<'a>> {
    let mut below = Vec::new();
    for path in paths {
        match path.split_first() {
            Some((&"**", then)) => {
                below.push(path.clone());
                match then.split_first() {
                    None => below.push(Vec::new()),
                    Some((next, then)) if fits(next, name) => below.push(then.to_vec()),
                    Some(_) => {}
                }
            }
            Some((next, then)) if fits(next, name) => below.push(then.to_vec()),
            Some(_) | None => {}
        }
    }
    below
}

fn kept(value: &Value, wanted: &[Path<'_>]) -> Option<Value> {
    if wanted.iter().any(Vec::is_empty) {
        return Some(value.clone());
    }
    walk(value, wanted, kept)
}

fn rest(value: &Value, without: &[Path<'_>]) -> Option<Value> {
    if without.iter().any(Vec::is_empty) {
        return None;
    }
    if without.is_empty() {
        return Some(value.clone());
    }
    match value {
        Value::Object(_) | Value::Array(_) => walk(value, without, rest),
        plain => Some(plain.clone()),
    }
}

/// The members that are left of an object or a list, which has no names of its own.
fn walk<'a>(
    value: &Value,
    paths: &[Path<'a>],
    each: fn(&Value, &[Path<'a>]) -> Option<Value>,
) -> Option<Value> {
    match value {
        Value::Object(fields) => {
            let left: Map<String, Value> = fields
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), each(value, &below(paths, name))?)))
                .collect();
            (!left.is_empty()).then_some(Value::Object(left))
        }
        Value::Array(items) => {
            let left: Vec<Value> = items.iter().filter_map(|item| each(item, paths)).collect();
            (!left.is_empty()).then_some(Value::Array(left))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_wanted_parts_are_left() {
        let body = json!({
            "created": true,
            "token": { "name": "ci", "value": "v" },
            "nodes": [{ "name": "n0", "ok": true }, { "name": "n1", "ok": true }],
        });
        for (filter, expected) in [
            ("created", json!({ "created": true })),
            ("token.value", json!({ "token": { "value": "v" } })),
            ("t*.na*", json!({ "token": { "name": "ci" } })),
            (
                "created,token.name",
                json!({ "created": true, "token": { "name": "ci" } }),
            ),
            (
                "nodes.name",
                json!({ "nodes": [{ "name": "n0" }, { "name": "n1" }] }),
            ),
            ("**.value", json!({ "token": { "value": "v" } })),
            ("-token,-nodes", json!({ "created": true })),
            ("token,-**.value", json!({ "token": { "name": "ci" } })),
            ("nothing", json!({})),
        ] {
            assert_eq!(apply(body.clone(), filter), expected, "{filter}");
        }
    }
}
