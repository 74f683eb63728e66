//! What a credential can do more, and what less, than before.

use std::collections::HashMap;

use super::assess::is_hidden;
use crate::model::Kind;
use crate::plan::{Action, Change, Plan};
use crate::value::Value;

/// The service accounts of a plan, by what tokens call them. Of several the first in the plan counts.
#[derive(Default)]
pub(super) struct Accounts<'a> {
    by_id: HashMap<&'a str, (usize, &'a Change)>,
    by_address: HashMap<&'a str, (usize, &'a Change)>,
}

impl<'a> Accounts<'a> {
    pub(super) fn of(plan: &'a Plan) -> Self {
        let mut accounts = Self::default();
        for (position, change) in plan.changes.iter().enumerate() {
            if change.kind != Kind::ServiceAccount {
                continue;
            }
            for state in [&change.prior, &change.planned] {
                if let Some(id) = state.get("id").as_str() {
                    accounts.by_id.entry(id).or_insert((position, change));
                }
            }
            let address = change.address.as_str();
            accounts
                .by_address
                .entry(address)
                .or_insert((position, change));
        }
        accounts
    }

    /// By its id where that is known, else by the resource that will make it.
    fn owner(&self, token: &Change) -> Option<&'a Change> {
        let found = match token.planned.get("service_account").as_str() {
            Some(id) => self.by_id.get(id),
            None => {
                let referred = token.depends_on.iter();
                referred
                    .filter_map(|address| self.by_address.get(address.as_str()))
                    .min_by_key(|(position, _)| *position)
            }
        };
        found.map(|(_, account)| *account)
    }
}

/// Power that a credential gains and loses, each as a short phrase; `prior` is what a reviewer agreed to before.
pub(super) fn power(
    accounts: &Accounts<'_>,
    change: &Change,
    prior: &Value,
) -> (Vec<String>, Vec<String>) {
    let (mut gained, mut lost) = (Vec::new(), Vec::new());
    if change.action == Action::Delete {
        return (gained, lost);
    }
    for (attribute, word) in [("roles", "role"), ("scopes", "scope")] {
        // What only the apply can tell is no loss.
        if change.planned.get(attribute).is_unknown() {
            if attribute == "roles" {
                gained.extend(all_of_its_account(accounts, change));
            }
            continue;
        }
        if let Some(phrase) = hidden_power(
            attribute,
            prior.get(attribute),
            change.planned.get(attribute),
        ) {
            gained.extend(phrase);
            continue;
        }
        let before = members(prior.get(attribute));
        let after = members(change.planned.get(attribute));
        // An empty set of scopes does not narrow at all.
        if attribute == "scopes" && !prior.is_null() && before.is_empty() != after.is_empty() {
            let list = if after.is_empty() {
                &mut gained
            } else {
                &mut lost
            };
            list.push(if after.is_empty() {
                "every scope".to_owned()
            } else {
                format!("every scope but {}", after.join(", "))
            });
            continue;
        }
        gained.extend(
            after
                .iter()
                .filter(|name| !before.contains(name))
                .map(|name| format!("{word} {name}")),
        );
        lost.extend(
            before
                .iter()
                .filter(|name| !after.contains(name))
                .map(|name| format!("{word} {name}")),
        );
    }
    restriction(change, prior, &mut gained, &mut lost);
    match (
        prior.get("disabled").as_bool(),
        change.planned.get("disabled").as_bool(),
    ) {
        (Some(true), Some(false)) => gained.push("is enabled again".to_owned()),
        (Some(false), Some(true)) => lost.push("is disabled".to_owned()),
        _ => {}
    }
    (gained, lost)
}

/// Hidden power: `Some` if one side is hidden, with the phrase to say if it changes. It may always be more.
fn hidden_power(what: &str, before: &Value, after: &Value) -> Option<Option<String>> {
    (is_hidden(before) || is_hidden(after))
        .then(|| (before != after).then(|| format!("{what}, hidden: maybe more than before")))
}

fn restriction(change: &Change, prior: &Value, gained: &mut Vec<String>, lost: &mut Vec<String>) {
    let (before, after) = (prior.get("restriction"), change.planned.get("restriction"));
    if before == after || after.is_unknown() || prior.is_null() {
        if change.restrictable
            && prior.is_null()
            && change.planned.get("unrestricted").as_bool() == Some(true)
        {
            gained.push("all data, unrestricted".to_owned());
        }
        return;
    }
    if before.is_null() {
        lost.push(format!("all data but {}", describe(after)));
        return;
    }
    if after.is_null() {
        gained.push("all data: the restriction ends".to_owned());
        return;
    }
    let mut hidden = false;
    for part in ["permission", "labels"] {
        if let Some(phrase) = hidden_power(
            &format!("restriction.{part}"),
            before.get(part),
            after.get(part),
        ) {
            hidden = true;
            gained.extend(phrase);
        }
    }
    if hidden {
        return;
    }
    let power = |value: &Value| match value.get("permission").as_str() {
        Some("READ") => [true, false],
        Some("WRITE") => [false, true],
        _ => [true, true],
    };
    for ((had, has), what) in power(before)
        .into_iter()
        .zip(power(after))
        .zip(["reading", "writing"])
    {
        match (had, has) {
            (false, true) => gained.push(what.to_owned()),
            (true, false) => lost.push(what.to_owned()),
            _ => {}
        }
    }
    let labels = |value: &Value| value.get("labels").as_map().cloned().unwrap_or_default();
    let (before, after) = (labels(before), labels(after));
    for (key, value) in &before {
        match after.get(key) {
            None => gained.push(format!("data without the label {key}")),
            Some(now) if now != value => gained.push(format!(
                "data with the label {key} = {now:?} instead of {value:?}"
            )),
            Some(_) => {}
        }
    }
    lost.extend(
        after
            .keys()
            .filter(|key| !before.contains_key(key))
            .map(|key| format!("data without the label {key}")),
    );
}

fn describe(restriction: &Value) -> String {
    if is_hidden(restriction) {
        return "what is hidden".to_owned();
    }
    let permission = match restriction.get("permission").as_str() {
        Some("READ") => "reading",
        Some("WRITE") => "writing",
        _ => "reading and writing",
    };
    let labels: Vec<String> = restriction
        .get("labels")
        .as_map()
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key} = {value:?}"))
        .collect();
    if labels.is_empty() {
        permission.to_owned()
    } else {
        format!("{permission} data with {}", labels.join(" and "))
    }
}

fn members(value: &Value) -> Vec<String> {
    value
        .as_list()
        .unwrap_or_default()
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// A new token whose roles nobody chose has all that its account has.
fn all_of_its_account(accounts: &Accounts<'_>, change: &Change) -> Option<String> {
    let is_new = matches!(change.action, Action::Create | Action::Replace);
    let has_owner = !change.planned.get("service_account").is_null();
    if !is_new || change.kind != Kind::AccessToken || !has_owner {
        return None;
    }
    let roles = accounts
        .owner(change)
        .map(|account| members(account.planned.get("roles")));
    Some(match roles {
        Some(roles) if !roles.is_empty() => {
            format!("every role of its account ({})", roles.join(", "))
        }
        _ => "every role of its account".to_owned(),
    })
}
