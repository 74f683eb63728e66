//! Which fields of a change are worth a line.

use crate::plan::{Action, Change, Field};
use crate::review::assess::Assessment;
use crate::review::circumstances::Manner;
use crate::value::{AttributePath, Entries, Value};

/// Which sides of its fields say something about a change.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::review) enum Sides {
    Before,
    After,
    Both,
}

pub(in crate::review) fn sides(assessment: &Assessment<'_>) -> Sides {
    match assessment.change.action {
        Action::Create => Sides::After,
        Action::Delete => Sides::Before,
        Action::NoOp if assessment.course.manner == Manner::Forgets => Sides::Before,
        Action::NoOp | Action::Update | Action::Replace => Sides::Both,
    }
}

/// True if both sides are set and differ, and neither may be shown.
pub(in crate::review) fn changes_hidden(field: &Field) -> bool {
    let is_set = |value: &Value| !value.is_null() && !value.is_unknown();
    is_set(&field.before)
        && is_set(&field.after)
        && (field.sensitive || field.before.holds_secret() || field.after.holds_secret())
}

/// Fields worth a line: what a reviewer could miss is never left out, what every creation has is.
pub(in crate::review) fn fields(assessment: &Assessment<'_>) -> Vec<Field> {
    let settled = |value: &Value| {
        value.is_null()
            || value.as_bool() == Some(false)
            || value.as_list().is_some_and(<[Value]>::is_empty)
            || value.as_map().is_some_and(Entries::is_empty)
    };
    // What holds unless somebody says otherwise.
    let usual = |path: &AttributePath, value: &Value| match path.to_string().as_str() {
        "on_conflict" => value.as_str() == Some("error"),
        "generation" => *value == Value::from(1),
        _ => false,
    };
    let change = assessment.change;
    let mut fields = change.fields().into_owned();
    let sides = sides(assessment);
    fields.retain(|field| {
        let Field {
            path,
            before,
            after,
            sensitive,
            ..
        } = field;
        match sides {
            Sides::After => !settled(after) && !after.is_unknown() && !usual(path, after),
            Sides::Before => {
                !settled(before) && !before.is_unknown() && !sensitive && !usual(path, before)
            }
            Sides::Both => !is_decided_by_apply(change, field),
        }
    });
    fields
}

/// What nobody chose and only the apply can tell: named together, because nothing is to be reviewed about it.
pub(in crate::review) fn decided_by_apply(assessment: &Assessment<'_>) -> Vec<AttributePath> {
    if sides(assessment) != Sides::Both {
        return Vec::new();
    }
    let change = assessment.change;
    let mut fields = change.fields().into_owned();
    fields.retain(|field| is_decided_by_apply(change, field));
    fields.into_iter().map(|field| field.path).collect()
}

fn is_decided_by_apply(change: &Change, field: &Field) -> bool {
    let is_chosen = || {
        change
            .config
            .at(&field.path)
            .is_some_and(|value| !value.is_null())
    };
    field.after.is_unknown() && !field.forces_replacement && !is_chosen()
}
