//! A comparison as a plan that can be saved, without anything that the configuration marks as sensitive.

use super::{Comparison, Side};
use crate::desired_state::hide;
use crate::plan::file::{SavedPlan, SavedServer};

impl Comparison {
    pub fn save(&self) -> SavedPlan {
        let mut plan = self.plan.clone();
        for (change, origin) in plan.changes.iter_mut().zip(&self.origins) {
            hide(&mut change.prior, origin.sensitive.iter());
            hide(&mut change.planned, origin.sensitive.iter());
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

pub(super) fn server(side: &Side) -> SavedServer {
    SavedServer {
        provider: side.provider.clone(),
        api: side.api().to_owned(),
        url: side.url.clone(),
        organization: side.organization.clone(),
    }
}
