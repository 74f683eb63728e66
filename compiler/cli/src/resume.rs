//! After an apply that was killed: secrets that were issued, or may have been, and never handed over are issued again.

use lanyard_compiler::comparison::Comparison;
use lanyard_compiler::plan::{Action, Change, Reason, plan_resource};
use lanyard_compiler::value::Value;

use crate::console::Console;
use crate::journal::{Journal, Step};

const WHY: &str = "an earlier apply was ended before it could hand over the secret";

/// Plans a rotation for every resource whose secret an earlier apply may have issued without handing it over.
pub(crate) fn reissue_unfinished(
    comparison: &mut Comparison,
    journal: &Journal,
    console: &Console,
) {
    for step in journal.unfinished() {
        let found = comparison
            .plan
            .changes
            .iter()
            .position(|change| change.address == step.address);
        let Some(index) = found.filter(|index| comparison.url(*index) == step.server) else {
            continue;
        };
        let side = &comparison.sides[comparison.servers[index]];
        let change = &comparison.plan.changes[index];
        // What is replaced gets a new secret anyway.
        if change.action == Action::Replace || !is_lost(step, change) {
            continue;
        }
        let prior = as_if_revoked(&change.prior);
        let mut planned = plan_resource(change.kind, side.capabilities(), &prior, &change.config);
        for reason in &mut planned.reasons {
            if let Reason::Rotation { why } = reason {
                WHY.clone_into(why);
            }
        }
        if let Some(entries) = planned.planned.as_map_mut() {
            entries.insert("rotation_reason".to_owned(), WHY.into());
        }
        console.say(&format!("{}: {WHY}; it is issued again.", step.address));
        let before = &comparison.plan.changes[index];
        let (depends_on, consumers) = (before.depends_on.clone(), before.consumers.clone());
        let mut change = Change::new(
            step.address.as_str(),
            before.kind,
            prior,
            before.config.clone(),
            planned,
        );
        change.depends_on = depends_on;
        change.consumers = consumers;
        comparison.plan.changes[index] = change;
    }
}

/// True if the object exists with a secret that nobody got.
fn is_lost(step: &Step, change: &Change) -> bool {
    let generation = change
        .prior
        .get("generation")
        .as_number()
        .and_then(|count| count.as_i64());
    let exists = !change.prior.is_null();
    let rotates_anyway = change.action != Action::NoOp && change.rotates();
    exists
        && !rotates_anyway
        && match step.action.as_str() {
            "create" | "replace" => true,
            "rotate" => generation > step.generation,
            _ => false,
        }
}

/// The state of a token whose secret does not work for anybody, which is what a lost secret comes to.
fn as_if_revoked(prior: &Value) -> Value {
    let mut prior = prior.clone();
    if let Some(entries) = prior.as_map_mut() {
        entries.insert("status".to_owned(), "revoked".into());
        entries.insert("rotation_due".to_owned(), true.into());
        let due = entries.get("rotate_at").is_some_and(|at| !at.is_null());
        if !due {
            let issued = entries.get("issued_at").cloned().unwrap_or_default();
            entries.insert("rotate_at".to_owned(), issued);
        }
    }
    prior
}
