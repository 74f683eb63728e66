//! What a credential can do more, and what less, than before.

use super::accounts::Accounts;
use super::sight::seen_by_more;
use crate::model::service_account::Permission;
use crate::model::state::{Form as _, Part, Restriction, Seen, Shown};
use crate::model::{Kind, State};
use crate::plan::{Action, Change, PlannedResource};
use crate::value::Value;

/// Power that an object has beyond what it was to have, each as a short phrase; wholly known states.
pub fn beyond(kind: Kind, wanted: Value, is: Value) -> Vec<String> {
    let change = Change::read("", kind, wanted, PlannedResource::new(Action::Update, is));
    let (before, after) = (change.seen_before(), change.seen_after());
    let gained = after.map(|after| power(&Accounts::default(), &change, before.as_ref(), &after).0);
    gained.unwrap_or_default()
}

/// Power that a credential gains and loses, each as a short phrase; `prior` is what a reviewer agreed to before.
pub(super) fn power(
    accounts: &Accounts<'_>,
    change: &Change,
    prior: Option<&State<Shown>>,
    planned: &State<Shown>,
) -> (Vec<String>, Vec<String>) {
    let (mut gained, mut lost) = (Vec::new(), Vec::new());
    if change.action == Action::Delete {
        return (gained, lost);
    }
    let roles = prior.map(|prior| &prior.roles);
    if planned.roles.is_unknown() {
        // What only the apply can tell is no loss.
        let all = all_of_its_account(accounts, change, prior, planned);
        gained.extend(all.or_else(|| open_power("roles", change, roles, &planned.roles)));
    } else if let Some(phrase) = hidden_power("roles", roles, &planned.roles) {
        gained.extend(phrase);
    } else {
        compare("role", roles, &planned.roles, &mut gained, &mut lost);
        let more = open_power("roles", change, roles, &planned.roles);
        if more.is_some() {
            lost.clear();
        }
        gained.extend(more);
    }
    let scopes = prior.map(|prior| &prior.scopes);
    if let Some(phrase) = open_power("scopes", change, scopes, &planned.scopes) {
        gained.push(phrase);
    } else if planned.scopes.is_unknown() {
        // Nobody chose them.
    } else if let Some(phrase) = hidden_power("scopes", scopes, &planned.scopes) {
        gained.extend(phrase);
    } else {
        let (before, after) = (
            scopes.map_or_else(Vec::new, members),
            members(&planned.scopes),
        );
        // An empty set of scopes does not narrow at all.
        match (before.is_empty(), after.is_empty()) {
            (false, true) if prior.is_some() => gained.push("every scope".to_owned()),
            (true, false) if prior.is_some() => {
                lost.push(format!("every scope but {}", after.join(", ")));
            }
            _ => compare("scope", scopes, &planned.scopes, &mut gained, &mut lost),
        }
    }
    restriction(change, prior, planned, &mut gained, &mut lost);
    gained.extend(seen_by_more(prior, planned));
    match (prior.and_then(is_disabled), is_disabled(planned)) {
        (Some(true), Some(false)) => gained.push("is enabled again".to_owned()),
        (Some(false), Some(true)) => lost.push("is disabled".to_owned()),
        (Some(true), None) => gained.push("may be enabled again".to_owned()),
        (Some(false), None) => lost.push("may be disabled".to_owned()),
        _ => {}
    }
    (gained, lost)
}

/// `None` where that is not known, or hidden; where nobody says anything it is not.
pub(super) fn is_disabled(state: &State<Shown>) -> Option<bool> {
    match &state.disabled {
        Seen::Known(said) => Some(said.unwrap_or(false)),
        Seen::Unknown | Seen::Hidden(_) => None,
    }
}

/// Names, as far as a reviewer may see them.
type Names = Seen<Option<Vec<Seen<String>>>>;

fn compare(
    word: &str,
    before: Option<&Names>,
    after: &Names,
    gained: &mut Vec<String>,
    lost: &mut Vec<String>,
) {
    let (before, after) = (before.map_or_else(Vec::new, members), members(after));
    let named = |name: &&String| format!("{word} {name}");
    let new = after.iter().filter(|name| !before.contains(name));
    gained.extend(new.map(|name| named(&name)));
    let gone = before.iter().filter(|name| !after.contains(name));
    lost.extend(gone.map(|name| named(&name)));
}

/// Hidden power: `Some` if one side is hidden, with the phrase to say if it changes. It may always be more.
fn hidden_power<T: Part>(what: &str, before: Option<&T>, after: &T) -> Option<Option<String>> {
    let (before, after) = (before.map_or(Value::Null, T::write), after.write());
    (before.holds_secret() || after.holds_secret())
        .then(|| (before != after).then(|| format!("{what}, hidden: maybe more than before")))
}

/// What somebody chose and only the apply can tell, or part of it: it may always be more.
fn open_power<T: Part>(
    what: &str,
    change: &Change,
    before: Option<&T>,
    after: &T,
) -> Option<String> {
    let before = before.map(Part::write)?;
    let is_open = change.action == Action::Update && !after.write().is_wholly_known();
    // A plan that somebody wrote down has no configuration.
    let is_chosen = change.config.is_null() || !change.config.get(what).is_null();
    (is_open && is_chosen && before.is_wholly_known())
        .then(|| format!("{what}, known after apply: maybe more than before"))
}

fn restriction(
    change: &Change,
    prior: Option<&State<Shown>>,
    planned: &State<Shown>,
    gained: &mut Vec<String>,
    lost: &mut Vec<String>,
) {
    let after = &planned.restriction;
    let is_unrestricted =
        |state: &State<Shown>| change.restrictable && state.unrestricted.value() == Some(&true);
    let becomes = is_unrestricted(planned) && !prior.is_some_and(is_unrestricted);
    let was_restricted = prior.is_some_and(|prior| !prior.restriction.is_null());
    // That a restriction ends is said below.
    if becomes && !was_restricted {
        gained.push("all data, unrestricted".to_owned());
    }
    let Some(before) = prior.map(|prior| &prior.restriction) else {
        return;
    };
    if before == after {
        return;
    }
    if after.is_unknown() {
        let was_restricted = !before.is_null();
        let open = open_power("restriction", change, Some(before), after);
        gained.extend(open.filter(|_| was_restricted));
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
    let (Some(before), Some(after)) = (before.value(), after.value()) else {
        gained.push("restriction, hidden: maybe more than before".to_owned());
        return;
    };
    let permission = "restriction.permission";
    let hidden = [
        hidden_power(permission, Some(&before.permission), &after.permission),
        hidden_power("restriction.labels", Some(&before.labels), &after.labels),
    ];
    if hidden.iter().any(Option::is_some) {
        gained.extend(hidden.into_iter().flatten().flatten());
        return;
    }
    let open = [
        ("restriction.permission", after.permission.write()),
        ("restriction.labels", after.labels.write()),
    ];
    let open = open.iter().filter(|(_, after)| !after.is_wholly_known());
    let open: Vec<String> = open
        .map(|(what, _)| format!("{what}, known after apply: maybe more than before"))
        .collect();
    if !open.is_empty() {
        gained.extend(open);
        return;
    }
    let power = |restriction: &Restriction<Shown>| match restriction.permission.value() {
        Some(Permission::Read) => [true, false],
        Some(Permission::Write) => [false, true],
        Some(Permission::ReadAndWrite) | None => [true, true],
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
    let labels =
        |restriction: &Restriction<Shown>| restriction.labels.value().cloned().unwrap_or_default();
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

fn describe(restriction: &Seen<Option<Restriction<Shown>>>) -> String {
    let hidden = restriction.write().holds_secret();
    let Some(restriction) = restriction.value().filter(|_| !hidden) else {
        return "what is hidden".to_owned();
    };
    let permission = match restriction.permission.value() {
        Some(Permission::Read) => "reading",
        Some(Permission::Write) => "writing",
        Some(Permission::ReadAndWrite) | None => "reading and writing",
    };
    let labels: Vec<String> = restriction
        .labels
        .value()
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

fn members(names: &Names) -> Vec<String> {
    let names = names.value().into_iter().flatten();
    names.filter_map(Shown::known).cloned().collect()
}

/// A new token whose roles nobody chose has all that its account has, and so has the next secret of one of whose roles nothing is left.
fn all_of_its_account(
    accounts: &Accounts<'_>,
    change: &Change,
    prior: Option<&State<Shown>>,
    planned: &State<Shown>,
) -> Option<String> {
    let is_new = matches!(change.action, Action::Create | Action::Replace);
    let has_owner = !planned.service_account.is_null();
    if change.kind != Kind::AccessToken || !has_owner {
        return None;
    }
    let account = accounts.owner(change, planned);
    let account = account.and_then(Change::seen_after);
    let all = account.as_ref().map(|account| &account.roles);
    // Of the same account: what the token had is no gain.
    let prior = prior.filter(|prior| prior.service_account == planned.service_account);
    let had = prior.map_or_else(Vec::new, |prior| members(&prior.roles));
    let is_known = all.is_some_and(|all| !all.is_null() && all.write().is_wholly_known());
    let roles = all.map_or_else(Vec::new, members);
    let keeps = had.iter().any(|role| !is_known || roles.contains(role));
    let is_next = change.rotates() && prior.is_some_and(|prior| !prior.roles.is_null()) && !keeps;
    if !(is_new || is_next) {
        return None;
    }
    let new: Vec<String> = roles
        .into_iter()
        .filter(|role| !had.contains(role))
        .collect();
    if is_known && prior.is_some() && new.is_empty() {
        return None;
    }
    Some(match new.as_slice() {
        [] => "every role of its account".to_owned(),
        new => format!("every role of its account ({})", new.join(", ")),
    })
}
