//! What somebody asks of one plan beside what the configuration says.

use crate::delivery::Open;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Configuration, Instance, PREFIX};
use crate::plan::file::SavedPlan;
use crate::plan::{Action, Reason};

/// Why a secret is issued that somebody asked for.
pub(super) const ASKED: &str = "asked for with `--rotate`";

/// What is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// What is ours and in no configuration is deleted.
    pub prune: bool,
    /// Addresses of resources, or of single instances, that get a new secret.
    pub rotate: &'a [String],
    /// Secrets that were not handed over, and are issued again.
    pub open: &'a [Open],
}

impl Asked<'_> {
    pub(super) fn rotates(&self, instance: &Instance) -> bool {
        let mut rotate = self.rotate.iter();
        rotate.any(|address| *address == instance.address || *address == instance.resource())
    }

    /// One error for each address that is of no resource here.
    pub(super) fn of_nothing(&self, configuration: &Configuration) -> Vec<Diagnostic> {
        let is_one = |address: &String| {
            let mut managed = configuration.managed();
            managed.any(|(instance, ..)| {
                instance.address == *address || instance.resource() == *address
            })
        };
        let others = self.rotate.iter().filter(|address| !is_one(address));
        others
            .map(|address| {
                let told = Diagnostic::error(Code::NothingToRotate, "There is nothing to rotate")
                    .detail(format!(
                        "`--rotate {address}`: the configuration has no such resource."
                    ));
                // A document leaves the prefix out where it refers to a resource.
                let whole = format!("{PREFIX}{address}");
                if is_one(&whole) {
                    return told.hint(format!("Its address is `{whole}`, in a document as well."));
                }
                told.hint("Give the address of a resource, for example `lanyard_access_token.ci`, or of one of its instances, for example `lanyard_access_token.ci[\"eu\"]`.")
            })
            .collect()
    }
}

/// True if the plan deletes what no configuration knows.
pub fn prunes(reviewed: &SavedPlan) -> bool {
    let mut changes = reviewed.plan.changes.iter();
    changes.any(|change| change.action == Action::Delete)
}

/// The addresses that the plan gives a new secret because somebody asked for it.
pub fn rotates(reviewed: &SavedPlan) -> Vec<String> {
    let asked = |reason: &Reason| matches!(reason, Reason::Rotation { why } if why == ASKED);
    let changes = reviewed.plan.changes.iter();
    changes
        .filter(|change| change.reasons.iter().any(asked))
        .map(|change| change.address.clone())
        .collect()
}
