//! What is replaced because something else changes.

use std::collections::BTreeSet;

use super::Revision;
use super::addresses::within;
use super::object::{described, manner};
use crate::plan::{Action, Forced, Plan, plan_forced};
use crate::review::circumstances::Course;

/// `replace_triggered_by`, round by round until nothing more is replaced.
pub(super) fn replace_triggered(plan: &mut Plan, courses: &mut [Course], head: &Revision<'_>) {
    loop {
        let touched: BTreeSet<String> = plan
            .changes
            .iter()
            .filter(|change| matches!(change.action, Action::Update | Action::Replace))
            .map(|change| change.address.clone())
            .collect();
        let mut again = false;
        for resource in head.resources() {
            let mut triggers = resource.instance.lifecycle.replace_triggered_by.iter();
            let fired = triggers.find(|trigger| {
                trigger.watched.as_ref().is_some_and(|watched| {
                    touched
                        .iter()
                        .any(|address| within(&watched.address, address).is_some())
                })
            });
            let Some(fired) = fired else { continue };
            let mut changes = plan.changes.iter_mut().zip(courses.iter_mut());
            let change = changes.find(|(change, _)| {
                change.address == resource.instance.address
                    && matches!(change.action, Action::NoOp | Action::Update)
                    && !change.prior.is_null()
            });
            if let Some((change, course)) = change {
                course.asked_for = true;
                let why = format!(
                    "`replace_triggered_by` names {}, which changes",
                    fired.written
                );
                let (prior, config) = (change.prior.known_part(), change.config.known_part());
                let forced = Forced::Replacement(why);
                let planned = plan_forced(resource.kind, resource.server, &prior, &config, &forced);
                let mut replaced = described(resource.instance, resource.kind, prior, planned);
                replaced.fields_mut();
                replaced.prior = std::mem::take(&mut change.prior);
                replaced.depends_on = std::mem::take(&mut change.depends_on);
                replaced.consumers = std::mem::take(&mut change.consumers);
                replaced.forced = Some(forced);
                *change = replaced;
                course.manner = manner(change, resource.instance);
                again = true;
            }
        }
        if !again {
            return;
        }
    }
}
