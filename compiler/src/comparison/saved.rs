//! A comparison as a plan that can be saved, without anything that the configuration marks as sensitive, and without the secrets that
//! stand in clear where nobody marks them.

use super::{Comparison, Side};
use crate::desired_state::hide;
use crate::plan::file::{SavedPlan, SavedServer};
use crate::plan::{Action, Change};

impl Comparison {
    pub fn save(&self) -> SavedPlan {
        let known = self.plan.known_secrets();
        let mut plan = self.plan.clone();
        for (change, origin) in plan.changes.iter_mut().zip(&self.origins) {
            let trace = self.sides[origin.side.0].trace(change);
            change.trace = trace.filter(|_| change.action != Action::NoOp);
            hide(&mut change.prior, origin.sensitive.iter());
            hide(&mut change.planned, origin.sensitive.iter());
            if change.shows(&known) {
                change.hide_secrets(&known);
            }
        }
        SavedPlan {
            servers: self.sides.iter().map(server).collect(),
            plan,
            server_of: self.origins.iter().map(|origin| origin.side.0).collect(),
            left_out: self.left_out(),
            protected: self.protected,
        }
    }
}

impl Side {
    /// Of the secret that is there now (see [`crate::plan::inventory::Found::trace`]).
    pub(super) fn trace(&self, change: &Change) -> Option<String> {
        let id = change.prior.get("id").as_str()?;
        self.inventory.trace(change.kind, id)
    }
}

pub(super) fn server(side: &Side) -> SavedServer {
    SavedServer {
        provider: side.provider.clone(),
        api: side.api().to_owned(),
        url: side.url.clone(),
        organization: side.told_or_configured().map(str::to_owned),
    }
}
