//! Conditions that speak of resources: held against what a plan makes of these, as Terraform holds them, and against what an apply has
//! made so far, which stops what depends on one that does not hold.

use super::{Comparison, Known};
use crate::language::{Configuration, Failed};
use crate::value::Value;

/// Conditions of which the configuration alone does not tell whether they hold.
pub struct Open {
    /// The resources as far as they are known.
    known: Known,
    /// What was complained of already.
    told: Vec<Failed>,
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
        let failed = open.failed(again, |_| true);
        self.notes
            .extend(failed.into_iter().map(|failed| failed.complaint));
        self.conditions = Some(open);
    }

    /// What an apply of the plan goes on asking. It is asked once.
    pub fn open_conditions(&mut self) -> Option<Open> {
        self.conditions.take()
    }
}

impl Open {
    /// What an apply has made, or left as it was. A secret that the server does not show is there all the same.
    pub fn learn(&mut self, address: &str, state: &Value) {
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

    /// What does not hold, as far as the resources are known, of what is due to be asked; each once.
    pub fn failed(
        &mut self,
        again: impl Fn(&Known) -> Configuration,
        is_due: impl Fn(&Failed) -> bool,
    ) -> Vec<Failed> {
        let mut failed = again(&self.known).conditions.failed;
        let is_told = |failed: &Failed| self.told.iter().any(|told| is_same(told, failed));
        failed.retain(|failed| is_due(failed) && !is_told(failed));
        self.told.extend(failed.iter().cloned());
        failed
    }
}

/// One condition may say more once more is known.
fn is_same(one: &Failed, other: &Failed) -> bool {
    let place = |failed: &Failed| (failed.address.clone(), failed.complaint.span.clone());
    match one.address {
        Some(_) => place(one) == place(other),
        None => one == other,
    }
}
