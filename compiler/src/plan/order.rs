//! In which order changes are applied: what others need first, what frees a name before the name is taken again, and otherwise
//! deletions last, so that a new credential works before an old one ends.

use std::collections::{BTreeSet, HashMap};

use super::Action;
use super::change::Change;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::kind::Kind;

/// Groups the changes, by their positions, into waves: everything in a wave may run at the same time, and after the waves before
/// it. Unchanged resources are in no wave.
///
/// # Errors
///
/// Names the resources that depend on each other in a circle.
pub fn waves(changes: &[Change]) -> Result<Vec<Vec<usize>>, Diagnostic> {
    let edges = edges(changes);
    let early = early_deletions(changes, &edges);
    let is_late =
        |index: &usize| changes[*index].action == Action::Delete && !early.contains(index);
    let acting = positions(changes, |change| change.action != Action::NoOp);
    let (late, first): (Vec<usize>, Vec<usize>) = acting.into_iter().partition(is_late);
    let mut waves = sort(changes, &first, &edges)?;
    waves.extend(sort(changes, &late, &edges)?);
    Ok(waves)
}

/// Sorts some of the changes by the edges between them.
fn sort(
    changes: &[Change],
    some: &[usize],
    edges: &[(usize, usize)],
) -> Result<Vec<Vec<usize>>, Diagnostic> {
    let mut waiting: HashMap<usize, usize> = some.iter().map(|index| (*index, 0)).collect();
    let mut later: HashMap<usize, Vec<usize>> = HashMap::new();
    for (first, second) in edges {
        if waiting.contains_key(first)
            && let Some(count) = waiting.get_mut(second)
        {
            *count += 1;
            later.entry(*first).or_default().push(*second);
        }
    }
    let mut waves = Vec::new();
    let mut wave: Vec<usize> = some
        .iter()
        .copied()
        .filter(|index| waiting[index] == 0)
        .collect();
    while !wave.is_empty() {
        let mut next = Vec::new();
        for index in &wave {
            waiting.remove(index);
            for second in later.get(index).into_iter().flatten() {
                if let Some(count) = waiting.get_mut(second) {
                    *count -= 1;
                    if *count == 0 {
                        next.push(*second);
                    }
                }
            }
        }
        next.sort_unstable();
        waves.push(std::mem::replace(&mut wave, next));
    }
    if waiting.is_empty() {
        Ok(waves)
    } else {
        Err(circle(changes, waiting.into_keys().collect()))
    }
}

/// Pairs of positions: the first is applied before the second.
fn edges(changes: &[Change]) -> Vec<(usize, usize)> {
    let by_address: HashMap<&str, usize> = changes
        .iter()
        .enumerate()
        .map(|(index, change)| (change.address.as_str(), index))
        .collect();
    let mut edges = Vec::new();
    for (index, change) in changes.iter().enumerate() {
        for needed in change
            .depends_on
            .iter()
            .filter_map(|address| by_address.get(address.as_str()))
        {
            match (change.action, changes[*needed].action) {
                // What is deleted ends before what it needs; everything else begins after it.
                (Action::Delete, Action::Delete) => edges.push((index, *needed)),
                (Action::Delete, _) => {}
                _ => edges.push((*needed, index)),
            }
        }
    }
    let deletions = positions(changes, |change| change.action == Action::Delete);
    edges.extend(tokens_before_accounts(changes, &deletions));
    edges.extend(freed_names(changes));
    edges
}

/// Deletions that free a name which is taken again, and what has to end before them; every other deletion can wait.
fn early_deletions(changes: &[Change], edges: &[(usize, usize)]) -> BTreeSet<usize> {
    let mut before: HashMap<usize, Vec<usize>> = HashMap::new();
    for (first, second) in edges {
        before.entry(*second).or_default().push(*first);
    }
    let mut found: Vec<usize> = freed_names(changes).into_keys().collect();
    let mut early: BTreeSet<usize> = BTreeSet::new();
    while let Some(index) = found.pop() {
        if changes[index].action == Action::Delete && early.insert(index) {
            found.extend(before.get(&index).into_iter().flatten());
        }
    }
    early
}

/// Tokens end before the account that they belong to.
fn tokens_before_accounts(changes: &[Change], deletions: &[usize]) -> Vec<(usize, usize)> {
    let of = |wanted: Kind| {
        let indices = deletions.iter().copied();
        let of_kind = indices.filter(move |index| changes[*index].kind == wanted);
        of_kind.filter_map(|index| Some((index, changes[index].before()?)))
    };
    let accounts: HashMap<String, usize> = of(Kind::ServiceAccount)
        .filter_map(|(index, account)| Some((account.id.clone()?, index)))
        .collect();
    of(Kind::AccessToken)
        .filter_map(|(index, token)| Some((index, *accounts.get(token.service_account.as_ref()?)?)))
        .collect()
}

fn positions(changes: &[Change], wanted: impl Fn(&Change) -> bool) -> Vec<usize> {
    (0..changes.len())
        .filter(|index| wanted(&changes[*index]))
        .collect()
}

/// Deletions whose name a creation takes again, and that creation.
fn freed_names(changes: &[Change]) -> HashMap<usize, usize> {
    let mut takers = HashMap::new();
    for (index, change) in changes
        .iter()
        .enumerate()
        .filter(|(_, change)| change.action == Action::Create)
    {
        if let Some(name) = change.name() {
            takers.entry((change.kind, name)).or_insert(index);
        }
    }
    changes
        .iter()
        .enumerate()
        .filter(|(_, change)| change.action == Action::Delete)
        .filter_map(|(index, change)| {
            let taker = takers.get(&(change.kind, change.name()?))?;
            Some((index, *taker))
        })
        .collect()
}

fn circle(changes: &[Change], mut waiting: Vec<usize>) -> Diagnostic {
    waiting.sort_unstable();
    let names: Vec<&str> = waiting
        .iter()
        .map(|index| changes[*index].address.as_str())
        .collect();
    Diagnostic::error(
        Code::DependencyCircle,
        "Resources depend on each other in a circle",
    )
    .detail(format!("No order applies {}.", names.join(", ")))
    .hint("Remove one of the references between them.")
}

/// From this many changes on, whoever waits wants to know for how long.
const MANY: usize = 100;

/// ` (1200 of 10000, about 4 min left)` where there are many changes; empty where there are few.
pub fn progress(done: usize, total: usize, seconds: u64) -> String {
    if total < MANY || done == 0 {
        return String::new();
    }
    let left = u128::from(seconds) * total.saturating_sub(done) as u128 / done as u128;
    let left = match left {
        _ if done < MANY.min(total / 10) => String::new(),
        0 => String::new(),
        1..120 => format!(", about {left} s left"),
        _ => format!(", about {} min left", left.div_ceil(60)),
    };
    format!(" ({done} of {total}{left})")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Plan, PlannedResource};
    use crate::value::Value;

    fn change(
        address: &str,
        kind: Kind,
        action: Action,
        name: &str,
        depends_on: &[&str],
    ) -> Change {
        let state = Value::map([
            ("name", Value::from(name)),
            ("service_account", Value::Null),
        ]);
        let (prior, planned) = match action {
            Action::Create => (Value::Null, state),
            Action::Delete => (state, Value::Null),
            Action::NoOp | Action::Update | Action::Replace => (state.clone(), state),
        };
        let planned = PlannedResource::new(action, planned);
        let mut change = Change::new(address, kind, prior, Value::Null, planned);
        change.depends_on = depends_on
            .iter()
            .map(|address| (*address).to_owned())
            .collect();
        change
    }

    fn order(changes: Vec<Change>) -> Vec<Vec<String>> {
        let plan = Plan { changes };
        let waves = waves(&plan.changes).unwrap();
        waves
            .iter()
            .map(|wave| {
                wave.iter()
                    .map(|index| plan.changes[*index].address.clone())
                    .collect()
            })
            .collect()
    }

    #[test]
    fn accounts_come_before_their_tokens_and_deletions_last() {
        assert_eq!(
            order(vec![
                change("old", Kind::AccessToken, Action::Delete, "old", &["gone"]),
                change("gone", Kind::ServiceAccount, Action::Delete, "gone", &[]),
                change(
                    "token",
                    Kind::AccessToken,
                    Action::Create,
                    "token",
                    &["account"]
                ),
                change(
                    "account",
                    Kind::ServiceAccount,
                    Action::Create,
                    "account",
                    &[]
                ),
                change(
                    "same",
                    Kind::AccessToken,
                    Action::NoOp,
                    "same",
                    &["account"]
                ),
            ]),
            [vec!["account"], vec!["token"], vec!["old"], vec!["gone"]]
        );
    }

    #[test]
    fn a_name_is_freed_before_it_is_taken_again() {
        assert_eq!(
            order(vec![
                change("new", Kind::AccessToken, Action::Create, "ci", &[]),
                change("old", Kind::AccessToken, Action::Delete, "ci", &[]),
            ]),
            [["old"], ["new"]]
        );
    }

    #[test]
    fn a_circle_is_reported() {
        let changes = [
            change("a", Kind::AccessToken, Action::Create, "a", &["b"]),
            change("b", Kind::AccessToken, Action::Create, "b", &["a"]),
            change("c", Kind::AccessToken, Action::Create, "c", &[]),
        ];
        assert_eq!(
            waves(&changes).unwrap_err().detail,
            "No order applies a, b."
        );
    }

    #[test]
    fn many_changes_are_counted_with_the_time_that_is_left() {
        for (done, total, seconds, expected) in [
            (3, 9, 60, ""),
            (1, 10_000, 1, " (1 of 10000)"),
            (1_000, 10_000, 10, " (1000 of 10000, about 90 s left)"),
            (2_500, 10_000, 100, " (2500 of 10000, about 5 min left)"),
            (10_000, 10_000, 400, " (10000 of 10000)"),
        ] {
            assert_eq!(progress(done, total, seconds), expected);
        }
    }
}
