//! Under which other address a plan keeps an object that leaves one, or whose secret ends.

use std::collections::HashMap;

use super::circumstances::{Circumstances, Course, Manner};
use crate::model::Kind;
use crate::plan::{Action, Change};

/// What stays where it is, since a plan keeps it or does not speak of it: the addresses by what it is on its server.
pub(super) struct Holders<'a> {
    circumstances: &'a Circumstances,
    kept: HashMap<(Kind, &'a str), Vec<&'a str>>,
}

impl<'a> Holders<'a> {
    pub(super) fn among<'b>(
        circumstances: &'a Circumstances,
        changes: impl Iterator<Item = (&'a Change, &'b Course)>,
    ) -> Self {
        let planned = changes.filter(|(change, course)| stays(change, course));
        let planned = planned.map(|(change, _)| {
            let id = change.prior.get("id").as_str();
            (change.kind, id, change.address.as_str())
        });
        let left_out = circumstances.left_out.iter();
        let left_out = left_out.map(|one| (one.kind, one.id.as_deref(), one.address.as_str()));
        let mut kept: HashMap<_, Vec<&str>> = HashMap::new();
        for (kind, id, address) in planned.chain(left_out) {
            if let Some(id) = id {
                kept.entry((kind, id)).or_default().push(address);
            }
        }
        Self {
            circumstances,
            kept,
        }
    }

    /// The address, beside its own, under which the plan keeps the very object of a change.
    pub(super) fn other(&self, change: &Change) -> Option<&'a str> {
        let of = |address: &str| self.circumstances.whereabouts_of(address);
        let id = change.prior.get("id").as_str()?;
        let kept = self.kept.get(&(change.kind, id))?;
        let here = of(&change.address)?;
        let mut others = kept.iter().filter(|other| **other != change.address);
        others
            .find(|other| of(other).as_ref() == Some(&here))
            .copied()
    }
}

/// True if a plan leaves the object to its address.
pub(super) fn stays(change: &Change, course: &Course) -> bool {
    matches!(change.action, Action::NoOp | Action::Update)
        && course.manner == Manner::Plain
        && course.left_over.is_none()
}
