//! What a plan deletes and makes anew under another address: most often nobody wants that, and a `moved` block keeps it. What it
//! forgets and imports under another one goes on.

use std::collections::HashMap;

use crate::model::kind::Kind;
use crate::plan::{Action, Change};
use crate::review::circumstances::{Course, Manner, Reviewed};

/// Says of both that they have one name.
pub(super) fn tell(reviewed: &mut Reviewed) {
    let changes = &reviewed.plan.changes;
    let mut deleted: HashMap<(Kind, String), Vec<usize>> = HashMap::new();
    for (index, change) in changes.iter().enumerate() {
        let course = reviewed.circumstances.course(index);
        let ends = change.action == Action::Delete && is_plain(course);
        if let (true, Some(name)) = (ends, change.name()) {
            deleted.entry((change.kind, name)).or_default().push(index);
        }
    }
    let mut notes = Vec::new();
    for (index, change) in changes.iter().enumerate() {
        if deleted.is_empty() || change.action != Action::Create {
            continue;
        }
        let Some(name) = change.name() else { continue };
        let Some([old]) = deleted.get(&(change.kind, name)).map(Vec::as_slice) else {
            continue;
        };
        let before = &changes[*old];
        if may_be_one(before, change) && has_one_provider(reviewed, before, change) {
            notes.push((
                *old,
                format!(
                    "{} is created with the same name: a `moved` block would keep this one",
                    change.address
                ),
            ));
            notes.push((
                index,
                format!(
                    "has the name of {}, which is deleted: a `moved` block would keep that one",
                    before.address
                ),
            ));
        }
    }
    for (index, note) in notes {
        let course: Option<&mut Course> = reviewed.circumstances.courses.get_mut(index);
        if let Some(course) = course {
            course.notes.push(note);
        }
    }
}

/// Marks what leaves one address, and has another one in the same plan, most often by an import: nobody forgets it.
pub(super) fn keep(reviewed: &mut Reviewed) {
    let changes = &reviewed.plan.changes;
    let circumstances = &reviewed.circumstances;
    let is_kept = |index: usize, change: &Change| {
        matches!(change.action, Action::NoOp | Action::Update)
            && is_plain(circumstances.course(index))
    };
    let kept: HashMap<(Kind, &str), &Change> = changes
        .iter()
        .enumerate()
        .filter(|(index, change)| is_kept(*index, change))
        .filter_map(|(_, change)| Some(((change.kind, change.prior.get("id").as_str()?), change)))
        .collect();
    let mut found = Vec::new();
    for (index, change) in changes.iter().enumerate() {
        if circumstances.course(index).manner != Manner::Forgets {
            continue;
        }
        let id = change.prior.get("id").as_str();
        let Some(other) = id.and_then(|id| kept.get(&(change.kind, id))) else {
            continue;
        };
        let [here, there] =
            [change, other].map(|change| circumstances.whereabouts_of(&change.address));
        if here.is_some() && here == there {
            found.push((index, format!("is {} from now on", other.address)));
        }
    }
    for (index, note) in found {
        let course: Option<&mut Course> = reviewed.circumstances.courses.get_mut(index);
        if let Some(course) = course {
            course.kept_elsewhere = true;
            course.notes.push(note);
        }
    }
}

fn is_plain(course: &Course) -> bool {
    course.manner == Manner::Plain && course.left_over.is_none()
}

/// False if they belong to different accounts for certain.
fn may_be_one(before: &Change, after: &Change) -> bool {
    let account = |state: &crate::value::Value| {
        let account = state.get("service_account");
        account.as_str().map(str::to_owned)
    };
    match (account(&before.prior), account(&after.planned)) {
        (Some(before), Some(after)) => before == after,
        _ => true,
    }
}

/// False if they are of different providers for certain.
fn has_one_provider(reviewed: &Reviewed, before: &Change, after: &Change) -> bool {
    let of = |change: &Change| reviewed.circumstances.provider_of(&change.address);
    match (of(before), of(after)) {
        (Some(before), Some(after)) => before == after,
        _ => true,
    }
}
