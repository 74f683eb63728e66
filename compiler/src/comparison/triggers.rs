//! `lifecycle { replace_triggered_by = […] }`: what is replaced because something else changes. As in Terraform, an update or a
//! replacement of what is named triggers, a creation or deletion does not; of an attribute, only a change of its value.

use std::collections::{BTreeSet, HashMap};

use super::Comparison;
use super::resource::replaced;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Configuration, Instance, Watched};
use crate::plan::{Action, Change};

/// Replaces what the changes trigger. The changes are those of the configuration's resources, in its order.
pub(super) fn replace(comparison: &mut Comparison, configuration: &Configuration) {
    let mut waiting: Vec<(usize, &Instance)> = configuration
        .managed()
        .enumerate()
        .map(|(index, (instance, _, _))| (index, instance))
        .filter(|(_, instance)| !instance.lifecycle.replace_triggered_by.is_empty())
        .collect();
    if waiting.is_empty() {
        return;
    }
    let positions = positions(configuration);
    // What is replaced can trigger in its turn: until nothing new is.
    loop {
        let before = waiting.len();
        waiting.retain(|(index, instance)| {
            let change = &comparison.plan.changes[*index];
            if !matches!(change.action, Action::NoOp | Action::Update) {
                return false;
            }
            let Some(why) = reason(instance, &comparison.plan.changes, &positions) else {
                return true;
            };
            let side = comparison.side_of(*index);
            let change = replaced(instance, change, side, why);
            comparison.set(*index, change);
            false
        });
        if waiting.len() == before {
            return;
        }
    }
}

/// The positions of the changes of each instance and, without its key, of all instances of each resource.
fn positions(configuration: &Configuration) -> HashMap<String, Vec<usize>> {
    let mut positions: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, (instance, _, _)) in configuration.managed().enumerate() {
        let key = instance.key.to_string();
        let resource = instance.address.strip_suffix(&key);
        let resource = resource.filter(|_| !key.is_empty()).map(str::to_owned);
        for address in std::iter::once(instance.address.clone()).chain(resource) {
            positions.entry(address).or_default().push(index);
        }
    }
    positions
}

/// Why an instance is replaced, if one of its triggers says so.
fn reason(
    instance: &Instance,
    changes: &[Change],
    positions: &HashMap<String, Vec<usize>>,
) -> Option<String> {
    let triggers = instance.lifecycle.replace_triggered_by.iter();
    triggers
        .filter(|trigger| {
            trigger.watched.as_ref().is_some_and(|watched| {
                let found = positions.get(&watched.address).into_iter().flatten();
                found
                    .map(|index| &changes[*index])
                    .any(|change| triggers_by(watched, change))
            })
        })
        .map(|trigger| {
            format!(
                "`replace_triggered_by` names `{}`, which changes",
                trigger.written
            )
        })
        .next()
}

fn triggers_by(watched: &Watched, change: &Change) -> bool {
    let acts = match change.action {
        Action::Update | Action::Replace => true,
        Action::NoOp | Action::Create | Action::Delete => false,
    };
    let path = &watched.path;
    acts && (path.is_root() || change.prior.at(path) != change.planned.at(path))
}

/// One warning for each resource that exists and whose replacement something is to trigger that is not planned here.
pub(super) fn not_evaluated(configuration: &Configuration, changes: &[Change]) -> Vec<Diagnostic> {
    let mut said = BTreeSet::new();
    let instances = configuration.managed().map(|(instance, _, _)| instance);
    instances
        .zip(changes)
        .filter(|(_, change)| !change.prior.is_null())
        .filter_map(|(instance, _)| {
            let others: Vec<&str> = instance
                .lifecycle
                .replace_triggered_by
                .iter()
                .filter(|trigger| trigger.watched.is_none())
                .map(|trigger| trigger.written.as_str())
                .collect();
            let resource = (!others.is_empty()).then(|| instance.resource())?;
            let mut warning = Diagnostic::warning(
                Code::TriggersNotEvaluated,
                "`replace_triggered_by` is not evaluated",
            )
            .detail(format!(
                "{resource} would not be replaced because of {}: only Terraform, which plans and remembers those, evaluates that.",
                others.join(", ")
            ));
            warning.span = Some(instance.span.clone());
            said.insert(resource).then_some(warning)
        })
        .collect()
}
