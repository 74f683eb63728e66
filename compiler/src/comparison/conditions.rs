//! Conditions that speak of resources: held against what a plan makes of these, as Terraform holds them, and once more after an apply,
//! which knows the rest.

use super::{Comparison, Known};
use crate::diagnostic::Diagnostic;
use crate::language::Configuration;
use crate::value::Value;

/// Conditions of which the configuration alone does not tell whether they hold.
pub(super) struct Open {
    /// The resources as far as they are known.
    known: Known,
    /// What was complained of already.
    told: Vec<Diagnostic>,
}

impl Comparison {
    /// Complains of what will not hold. `found` are the resources as they are.
    pub(super) fn judge(
        &mut self,
        configuration: &Configuration,
        found: Known,
        again: impl Fn(&Known) -> Configuration,
    ) {
        if !configuration.conditions.open {
            return;
        }
        let mut open = Open {
            known: found,
            told: configuration.conditions.failed.clone(),
        };
        for change in &self.plan.changes {
            open.learn(&change.address, &change.planned);
        }
        let failed = open.failed(&again);
        open.told.extend(failed.iter().cloned());
        self.notes.extend(failed);
        self.conditions = Some(open);
    }

    /// What does not hold of the resources as an apply has left them.
    pub fn fail_after(
        &mut self,
        states: &Known,
        again: impl Fn(&Known) -> Configuration,
    ) -> Vec<Diagnostic> {
        let Some(open) = &mut self.conditions else {
            return Vec::new();
        };
        for (address, state) in states {
            open.learn(address, state);
        }
        open.failed(&again)
    }
}

impl Open {
    /// A secret that the server does not show is there all the same.
    fn learn(&mut self, address: &str, state: &Value) {
        let hidden = |state: &Value| state.get("token").is_unknown();
        let was_hidden = self.known.get(address).is_some_and(hidden);
        let mut state = state.clone();
        if let Some(token) = state.as_map_mut().and_then(|state| state.get_mut("token"))
            && was_hidden
            && token.is_null()
        {
            *token = Value::Unknown;
        }
        self.known.insert(address.to_owned(), state);
    }

    fn failed(&self, again: &impl Fn(&Known) -> Configuration) -> Vec<Diagnostic> {
        let failed = again(&self.known).conditions.failed.into_iter();
        failed.filter(|each| !self.told.contains(each)).collect()
    }
}
