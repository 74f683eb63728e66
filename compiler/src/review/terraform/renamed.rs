//! What a plan deletes and makes anew under another address: most often nobody wants that, and a `moved` block keeps it. What it
//! forgets and imports under another one goes on.

use std::collections::HashMap;

use crate::model::kind::Kind;
use crate::plan::{Action, Change};
use crate::review::circumstances::{Course, Manner, Reviewed};
use crate::review::holders::Holders;

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
    let circumstances = &reviewed.circumstances;
    let all = || {
        let changes = reviewed.plan.changes.iter().enumerate();
        changes.map(|(index, change)| (change, circumstances.course(index)))
    };
    if all().all(|(_, course)| course.manner != Manner::Forgets) {
        return;
    }
    let holders = Holders::among(circumstances, all());
    let leaving = all().enumerate();
    let leaving = leaving.filter(|(_, (_, course))| course.manner == Manner::Forgets);
    let found: Vec<(usize, String)> = leaving
        .filter_map(|(index, (change, _))| {
            let other = holders.other(change)?;
            Some((index, format!("is {other} from now on")))
        })
        .collect();
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
