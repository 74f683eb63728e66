//! What a change means for a credential: how dangerous it is, which power it gains and loses, and how its lifetime moves.

use jiff::Timestamp;

use crate::model::Lifetime;
use crate::plan::{Action, Change, Plan, Reason};
use crate::value::Value;

/// What a change means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment<'a> {
    pub change: &'a Change,
    pub danger: Danger,
    /// Power that the credential gains, each as a short phrase: `role admin`.
    pub gained: Vec<String>,
    /// Power that it loses.
    pub lost: Vec<String>,
    /// Its end before and after, in words; `None` where neither has one.
    pub lifetime: Option<(String, String)>,
}

/// How much can go wrong, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Danger {
    /// A credential, or all that belongs to an account, ends.
    Ends,
    /// A credential ends and another one takes its place.
    IsReplaced,
    /// The secret changes and the old one ends at once.
    RotatesAtOnce,
    /// Somebody can do more than before.
    GainsPower,
    /// Somebody can do less than before.
    LosesPower,
    /// The secret changes and the old one stays valid for a while.
    Rotates,
    /// Something new.
    Appears,
    /// Anything else.
    Changes,
}

/// Assesses what changes, most dangerous first; equally dangerous ones in the plan's order.
pub fn assess(plan: &Plan) -> Vec<Assessment<'_>> {
    let mut assessments: Vec<_> = plan
        .changes
        .iter()
        .filter(|change| change.action != Action::NoOp)
        .map(assess_change)
        .collect();
    assessments.sort_by_key(|assessment| assessment.danger);
    assessments
}

fn assess_change(change: &Change) -> Assessment<'_> {
    let (gained, lost) = power(change);
    let danger = match change.action {
        Action::Delete => Danger::Ends,
        Action::Replace => Danger::IsReplaced,
        Action::Create => Danger::Appears,
        Action::Update | Action::NoOp => {
            let at_once = change.rotates() && !keeps_the_old_secret(change);
            if at_once {
                Danger::RotatesAtOnce
            } else if !gained.is_empty() {
                Danger::GainsPower
            } else if !lost.is_empty()
                || change
                    .reasons
                    .iter()
                    .any(|reason| matches!(reason, Reason::Cascade { .. }))
            {
                Danger::LosesPower
            } else if change.rotates() {
                Danger::Rotates
            } else {
                Danger::Changes
            }
        }
    };
    Assessment {
        change,
        danger,
        gained,
        lost,
        lifetime: lifetime(change),
    }
}

/// True if a rotation leaves the old secret valid for a while.
pub(super) fn keeps_the_old_secret(change: &Change) -> bool {
    let grace = change.planned.get("rotation").get("grace_period");
    !grace.is_null() && grace.as_str() != Some("0s") && grace.as_str() != Some("0")
}

fn power(change: &Change) -> (Vec<String>, Vec<String>) {
    let (mut gained, mut lost) = (Vec::new(), Vec::new());
    if change.action == Action::Delete {
        return (gained, lost);
    }
    for (attribute, word) in [("roles", "role"), ("scopes", "scope")] {
        // What only the apply can tell is no loss.
        if change.planned.get(attribute).is_unknown() {
            continue;
        }
        let before = members(change.prior.get(attribute));
        let after = members(change.planned.get(attribute));
        // An empty set of scopes does not narrow at all.
        if attribute == "scopes" && !change.prior.is_null() && before.is_empty() != after.is_empty()
        {
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
    restriction(change, &mut gained, &mut lost);
    match (
        change.prior.get("disabled").as_bool(),
        change.planned.get("disabled").as_bool(),
    ) {
        (Some(true), Some(false)) => gained.push("is enabled again".to_owned()),
        (Some(false), Some(true)) => lost.push("is disabled".to_owned()),
        _ => {}
    }
    (gained, lost)
}

fn restriction(change: &Change, gained: &mut Vec<String>, lost: &mut Vec<String>) {
    let (before, after) = (
        change.prior.get("restriction"),
        change.planned.get("restriction"),
    );
    if before == after || after.is_unknown() || change.prior.is_null() {
        if change.restrictable
            && change.prior.is_null()
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

/// True unless the end is known to be another than this long after the issue; servers count in seconds, some in minutes.
fn ends_after(state: &Value, ttl: &str, end: &str) -> bool {
    let issued = state.get("issued_at").as_str();
    let times = (
        issued.and_then(|text| text.parse::<Timestamp>().ok()),
        end.parse::<Timestamp>().ok(),
        Lifetime::parse(ttl).ok(),
    );
    let (Some(issued), Some(end), Some(ttl)) = times else {
        return true;
    };
    let lasts = end.duration_since(issued).as_secs();
    i64::try_from(ttl.seconds()).is_ok_and(|ttl| lasts.abs_diff(ttl) <= 120)
}

fn lifetime(change: &Change) -> Option<(String, String)> {
    let words = |state: &Value| {
        if state.is_null() {
            return "none".to_owned();
        }
        match (state.get("ttl").as_str(), state.get("expires_at")) {
            // Without a state, the length that the configuration wants stands beside an end that came of another one.
            (Some(ttl), Value::String(end)) if ends_after(state, ttl, end) => {
                format!("until {end} ({ttl} from issue)")
            }
            (Some(_), Value::String(end)) => format!("until {end}"),
            (Some(ttl), _) => format!("{ttl} from issue"),
            (None, Value::String(end)) => format!("until {end}"),
            (None, Value::Unknown) => "known after apply".to_owned(),
            (None, _) => "no end".to_owned(),
        }
    };
    if change.kind != crate::model::Kind::AccessToken {
        return None;
    }
    let (before, after) = (words(&change.prior), words(&change.planned));
    (before != after && change.action != Action::Delete).then_some((before, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_only_said_of_the_end_that_it_gave() {
        let state = Value::map([("issued_at", Value::from("2026-01-01T00:00:00Z"))]);
        assert!(ends_after(&state, "30d", "2026-01-31T00:00:01Z"));
        assert!(!ends_after(&state, "90d", "2026-01-31T00:00:01Z"));
        // Not issued yet.
        assert!(ends_after(&Value::Null, "90d", "2026-01-31T00:00:01Z"));
    }
}
