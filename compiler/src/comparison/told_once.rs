//! Warnings that many resources have for one cause: told once, with who else has it.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::plan::Change;

/// How many of the others are named, where more than one is left out.
const SHOWN: usize = 3;
/// Stands for what the resource of a warning is called.
const ITSELF: &str = "\u{1}";

/// What these changes complain of, in their order. A warning that differs from an earlier one in nothing but what its resource is called is
/// told with that one.
pub(super) fn once_per_cause<'a>(changes: impl Iterator<Item = &'a Change>) -> Vec<Diagnostic> {
    let mut told: Vec<(Diagnostic, Vec<&str>)> = Vec::new();
    let mut places: HashMap<Diagnostic, usize> = HashMap::new();
    for change in changes {
        for complaint in &change.diagnostics {
            let new = (complaint.clone(), vec![change.address.as_str()]);
            if complaint.is_error() {
                told.push(new);
                continue;
            }
            let place = *places.entry(cause(change, complaint)).or_insert(told.len());
            match told.get_mut(place) {
                // All that a change complains of comes in turn.
                Some((_, addresses)) if addresses.last() == Some(&change.address.as_str()) => {}
                Some((_, addresses)) => addresses.push(&change.address),
                None => told.push(new),
            }
        }
    }
    told.into_iter()
        .map(|(complaint, addresses)| with_others(complaint, &addresses[1..]))
        .collect()
}

/// The complaint without a word of whose it is.
fn cause(change: &Change, complaint: &Diagnostic) -> Diagnostic {
    let names = names(change);
    let of_anyone = |text: &String| {
        let mut text = text.clone();
        for name in &names {
            text = text.replace(name, ITSELF);
        }
        text
    };
    Diagnostic {
        detail: of_anyone(&complaint.detail),
        hints: complaint.hints.iter().map(of_anyone).collect(),
        span: None,
        tellings: None,
        ..complaint.clone()
    }
}

/// What the resource of a change is called in a text. A short word could stand in it for something else, unless it is quoted.
fn names(change: &Change) -> Vec<String> {
    let mut names = vec![change.address.clone()];
    for side in [&change.prior, &change.planned] {
        let known = |name| side.get(name).as_str().filter(|name| !name.is_empty());
        let is_no_word = |id: &&str| id.contains(|letter: char| !letter.is_ascii_alphabetic());
        names.extend(known("name").map(|name| format!("{name:?}")));
        names.extend(known("id").map(|id| format!("{id:?}")));
        names.extend(known("id").filter(is_no_word).map(str::to_owned));
    }
    names
}

fn with_others(mut complaint: Diagnostic, others: &[&str]) -> Diagnostic {
    if others.is_empty() {
        return complaint;
    }
    let shown = match others.len() {
        few if few <= SHOWN + 1 => few,
        _ => SHOWN,
    };
    let mut names: Vec<String> = others[..shown]
        .iter()
        .map(|address| (*address).to_owned())
        .collect();
    if others.len() > shown {
        names.push(format!("{} others", others.len() - shown));
    }
    let resources = match others.len() {
        1 => "resource",
        _ => "resources",
    };
    complaint.detail = format!(
        "{} The same is true of {} more {resources}: {}.",
        complaint.detail,
        others.len(),
        names.join(", ")
    );
    complaint.tellings = None;
    complaint
}
