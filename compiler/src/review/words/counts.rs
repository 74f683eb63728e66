//! How much there is to do, in one line.

use crate::diagnostic::{Code, Diagnostic, has_errors};
use crate::plan::{Action, Change, Counts};
use crate::review::Page;
use crate::review::accounts::Fate;
use crate::review::assess::Assessment;
use crate::review::circumstances::{Manner, Others};
use crate::review::power::is_disabled;
use crate::review::unmended::Unmended;

/// `1 to create, 2 to update (1 rotation), 1 to delete`.
pub(in crate::review) fn counts(page: &Page<'_>) -> String {
    let Page {
        plan,
        circumstances,
        ..
    } = page;
    let Counts {
        create,
        update,
        rotate,
        replace,
        delete,
        unchanged,
    } = plan.counts();
    let forget = circumstances.forgotten();
    let state = circumstances.only_in_the_state(plan);
    let invoke = circumstances.invocations().count();
    let in_doubt = circumstances.in_doubt(plan);
    let unchanged = unchanged.saturating_sub(forget + state + in_doubt);
    let new = plan
        .changes
        .iter()
        .filter(|change| change.action == Action::Create);
    let is_open = |told: &Diagnostic| told.code == Code::NotKnown;
    let perhaps_there = new
        .filter(|change| change.diagnostics.iter().any(is_open))
        .count();
    let takes = |change: &&Change| change.takes.is_some();
    let taken = plan.changes.iter().filter(takes).count();
    let mut parts = Vec::new();
    for (count, what) in [
        (create, "create"),
        (update, "update"),
        (replace, "replace"),
        (delete, "delete"),
        (forget, "forget"),
        (invoke, "invoke"),
        (state, "take into the state"),
    ] {
        if count == 0 {
            continue;
        }
        let mut part = format!("{count} to {what}");
        if what == "create" && taken > 0 {
            part.push_str(&format!(" ({taken} by taking what is there)"));
        }
        if what == "create" && perhaps_there > 0 {
            part.push_str(&format!(" ({perhaps_there} perhaps there already)"));
        }
        if what == "update" && rotate > 0 {
            let open = plan.changes.iter().filter(|change| change.may_rotate());
            let word = match (open.count(), rotate) {
                (0, 1) => "rotation",
                (0, _) => "rotations",
                (open, _) if open == rotate => "perhaps with a new secret",
                _ => "rotations, perhaps",
            };
            part.push_str(&format!(" ({rotate} {word})"));
        }
        parts.push(part);
    }
    if in_doubt > 0 {
        parts.push(format!("{in_doubt} perhaps on another server"));
    }
    if circumstances.drifts() {
        parts.push("changes from outside to record".to_owned());
    }
    if parts.is_empty() && !circumstances.is_whole() {
        // What is missing may still be to do.
        return match (has_errors(&circumstances.banners), plan.changes.is_empty()) {
            (true, true) => "not known, there is no plan to review".to_owned(),
            (true, false) => {
                let mut banners = circumstances.banners.iter();
                let why = match banners.any(|banner| banner.code == Code::PlanFailed) {
                    true => "the plan failed",
                    false => "part of the plan cannot be read",
                };
                format!("not known, {why}, {unchanged} unchanged")
            }
            (false, _) => format!("not known, this is only a part, {unchanged} unchanged"),
        };
    }
    let left: Vec<_> = page
        .all
        .iter()
        .filter(|item| item.change.action == Action::NoOp && item.course.manner == Manner::Plain)
        .collect();
    let is_dead = |item: &Assessment<'_>| item.unmended.is_some_and(Unmended::wants_another);
    let is_cut_off = |item: &Assessment<'_>| {
        let is_to_work = item.after.as_deref().and_then(is_disabled) == Some(false);
        item.fate == Fate::Disabled && is_to_work && !is_dead(item)
    };
    let count = |is: &dyn Fn(&Assessment<'_>) -> bool| left.iter().filter(|item| is(item)).count();
    let parts_of = [
        (
            count(&|item| item.fate == Fate::End),
            "ending with a service account",
        ),
        (
            count(&|item| item.fate != Fate::End && is_dead(item)),
            "in need of a new secret",
        ),
        (count(&is_cut_off), "of a disabled account"),
    ];
    let told = parts_of.iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = told
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let dead = match told.is_empty() {
        true => String::new(),
        false => format!(" ({})", told.join(", ")),
    };
    if parts.is_empty() {
        let others = others(circumstances.others);
        return format!("{others}, {unchanged} unchanged{dead}");
    }
    if unchanged > 0 {
        parts.push(format!("{unchanged} unchanged{dead}"));
    }
    if !circumstances.is_whole() {
        parts.push("the rest is not known".to_owned());
    }
    parts.join(", ")
}

/// What there is to do where no credential changes.
fn others(others: Others) -> String {
    let parts = [
        (others.outputs, "output"),
        (others.resources, "other resource"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts
        .map(|(count, what)| format!("{count} {what}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    match parts.is_empty() {
        true => "nothing to do".to_owned(),
        false => format!("no credential changes, but {}", parts.join(" and ")),
    }
}
