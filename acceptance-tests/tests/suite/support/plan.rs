//! A plan in a few words: one line per resource that changes, so that a story compares the whole plan with what it expects.

use std::fmt;

use serde_json::{Map, Value};

/// A plan as `terraform show -json` tells it.
pub(crate) struct Plan(Value);

impl Plan {
    pub(crate) fn from_json(text: &str) -> Self {
        Self(serde_json::from_str(text).expect("`show -json` should write JSON"))
    }

    /// Demands that exactly these changes are planned, in any order: one line each, as [`fmt::Display`] writes them.
    pub(crate) fn expect(&self, lines: &str) {
        let wanted = sorted(
            lines
                .lines()
                .map(|line| line.trim().to_owned())
                .filter(|line| !line.is_empty())
                .collect(),
        );
        assert_eq!(
            self.lines(),
            wanted,
            "the plan should say (right) what the story expects, and says (left):\n{self}"
        );
    }

    /// What changed outside of Terraform since the last apply, in the same words.
    pub(crate) fn drift(&self) -> Vec<String> {
        sorted(
            changes(&self.0["resource_drift"])
                .filter_map(line)
                .collect(),
        )
    }

    /// A value as it will be, if that is known already: `after("lanyard_access_token.ci", "generation")`.
    pub(crate) fn after(&self, address: &str, attribute: &str) -> Value {
        self.change(address)["after"][attribute].clone()
    }

    /// A value as it was.
    pub(crate) fn before(&self, address: &str, attribute: &str) -> Value {
        self.change(address)["before"][attribute].clone()
    }

    fn change(&self, address: &str) -> &Value {
        let found =
            changes(&self.0["resource_changes"]).find(|change| change["address"] == address);
        &found.unwrap_or_else(|| panic!("the plan should speak of {address}:\n{self}"))["change"]
    }

    fn lines(&self) -> Vec<String> {
        sorted(
            changes(&self.0["resource_changes"])
                .filter_map(line)
                .collect(),
        )
    }
}

/// `update lanyard_access_token.ci: description, token?` — each attribute that changes, with `?` if it is known only after apply;
/// `replace (service_account) lanyard_access_token.ci` — the paths that force it; `create`, `delete`, `read`, `import`, `forget` and an address.
impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.lines().join("\n"))
    }
}

fn changes(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

fn line(resource: &Value) -> Option<String> {
    let address = resource["address"]
        .as_str()
        .expect("a change has an address");
    let change = &resource["change"];
    let actions: Vec<&str> = changes(&change["actions"])
        .filter_map(Value::as_str)
        .collect();
    let imported = if change["importing"].is_object() {
        "import "
    } else {
        ""
    };
    match actions.as_slice() {
        ["no-op"] if imported.is_empty() => None,
        ["no-op"] => Some(format!("import {address}")),
        ["update"] => Some(format!(
            "{imported}update {address}: {}",
            changed_attributes(change).join(", ")
        )),
        ["delete", "create"] | ["create", "delete"] => Some(format!(
            "replace ({}) {address}",
            replace_paths(change).join(", ")
        )),
        [one] => Some(format!("{one} {address}")),
        other => panic!("unknown actions {other:?} for {address}"),
    }
}

fn changed_attributes(change: &Value) -> Vec<String> {
    let empty = Map::new();
    let [before, after, unknown] =
        ["before", "after", "after_unknown"].map(|side| change[side].as_object().unwrap_or(&empty));
    let mut names: Vec<String> = before
        .keys()
        .chain(after.keys())
        .chain(unknown.keys())
        .filter_map(|name| match unknown.get(name).is_some_and(holds_true) {
            true => Some(format!("{name}?")),
            false => (before.get(name) != after.get(name)).then(|| name.clone()),
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

/// True if the value, or anything inside it, is marked.
fn holds_true(marks: &Value) -> bool {
    match marks {
        Value::Bool(marked) => *marked,
        Value::Array(items) => items.iter().any(holds_true),
        Value::Object(members) => members.values().any(holds_true),
        _ => false,
    }
}

fn replace_paths(change: &Value) -> Vec<String> {
    let step = |step: &Value| {
        step.as_str()
            .map_or_else(|| step.to_string(), str::to_owned)
    };
    changes(&change["replace_paths"])
        .map(|path| changes(path).map(step).collect::<Vec<_>>().join("."))
        .collect()
}
