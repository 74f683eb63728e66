//! Conditions that only the apply can tell: asked between the waves of changes, so that what one guards is not made where it does not hold.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_compiler::comparison::{Known, OpenConditions};
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::language::{Configuration, Failed};
use lanyard_compiler::plan::{Action, Change};
use lanyard_compiler::value::Value;

pub(super) struct Conditions {
    open: Option<OpenConditions>,
    /// Whether anything was made since they were asked.
    is_news: bool,
    /// What is still to be made.
    waiting: BTreeSet<String>,
    /// Why each of these must not be made.
    refused: BTreeMap<String, Vec<Diagnostic>>,
    /// What does not hold of what stands.
    unheld: Vec<Diagnostic>,
}

impl Conditions {
    pub(super) fn of(open: Option<OpenConditions>, changes: &[Change]) -> Self {
        let acting = changes
            .iter()
            .filter(|change| change.action != Action::NoOp);
        Self {
            open,
            is_news: false,
            waiting: acting.map(|change| change.address.clone()).collect(),
            refused: BTreeMap::new(),
            unheld: Vec::new(),
        }
    }

    /// What was made of a resource.
    pub(super) fn learn(&mut self, address: &str, state: &Value) {
        self.waiting.remove(address);
        self.is_news = true;
        if let Some(open) = &mut self.open {
            open.learn(address, state);
        }
    }

    /// Why a change must not be made.
    pub(super) fn refused(&mut self, address: &str) -> Option<Vec<Diagnostic>> {
        self.refused.remove(address)
    }

    /// Asks of what is made by now. Gives the resources whose conditions do not hold.
    pub(super) fn hold(&mut self, again: impl Fn(&Known) -> Configuration) -> Vec<String> {
        let is_news = std::mem::take(&mut self.is_news);
        let Some(open) = self.open.as_mut().filter(|_| is_news) else {
            return Vec::new();
        };
        let waiting = &self.waiting;
        // As in Terraform, a postcondition is asked once the resource is made, and what guards no resource at the end.
        let is_due = |failed: &Failed| {
            failed.address.as_ref().is_some_and(|address| {
                failed.complaint.code == Code::Precondition || !waiting.contains(address)
            })
        };
        let failed = open.failed(again, is_due);
        let mut addresses = Vec::new();
        for Failed { address, complaint } in failed {
            let Some(address) = address else { continue };
            if waiting.contains(&address) {
                let problems = self.refused.entry(address.clone()).or_default();
                problems.push(complaint);
            } else {
                self.unheld.push(complaint);
            }
            addresses.push(address);
        }
        addresses
    }

    /// Everything that does not hold and that no change was refused for. What guards no resource is asked if the whole plan was made.
    pub(super) fn end(
        mut self,
        is_whole: bool,
        again: impl Fn(&Known) -> Configuration,
    ) -> Vec<Diagnostic> {
        if let Some(open) = &mut self.open {
            let waiting = &self.waiting;
            let is_due = |failed: &Failed| match &failed.address {
                Some(address) => !waiting.contains(address),
                None => is_whole,
            };
            let failed = open.failed(again, is_due);
            self.unheld
                .extend(failed.into_iter().map(|failed| failed.complaint));
        }
        self.unheld
    }
}
