//! Under which other address a plan keeps an object that leaves one, or whose secret ends.

use std::collections::HashMap;

use super::circumstances::{Circumstances, Course, Manner};
use crate::model::Kind;
use crate::plan::{Action, Change};

/// What stays where it is in a plan, by what it is on its server.
pub(super) struct Holders<'a> {
    circumstances: &'a Circumstances,
    kept: HashMap<(Kind, &'a str), Vec<&'a Change>>,
}

impl<'a> Holders<'a> {
    pub(super) fn among<'b>(
        circumstances: &'a Circumstances,
        changes: impl Iterator<Item = (&'a Change, &'b Course)>,
    ) -> Self {
        let mut kept: HashMap<_, Vec<&Change>> = HashMap::new();
        for (change, _) in changes.filter(|(change, course)| stays(change, course)) {
            if let Some(id) = change.prior.get("id").as_str() {
                kept.entry((change.kind, id)).or_default().push(change);
            }
        }
        Self {
            circumstances,
            kept,
        }
    }

    /// The address, beside its own, under which the plan keeps the very object of a change.
    pub(super) fn other(&self, change: &Change) -> Option<&'a str> {
        let of = |change: &Change| self.circumstances.whereabouts_of(&change.address);
        let id = change.prior.get("id").as_str()?;
        let kept = self.kept.get(&(change.kind, id))?;
        let here = of(change)?;
        let mut others = kept.iter().filter(|other| other.address != change.address);
        let other = others.find(|other| of(other).as_ref() == Some(&here))?;
        Some(&other.address)
    }
}

/// True if a plan leaves the object to its address.
pub(super) fn stays(change: &Change, course: &Course) -> bool {
    matches!(change.action, Action::NoOp | Action::Update)
        && course.manner == Manner::Plain
        && course.left_over.is_none()
}
