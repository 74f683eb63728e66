//! A comparison as a plan that can be saved, without anything that the configuration marks as sensitive.

use lanyard_compiler::comparison::{Comparison, Side};
use lanyard_compiler::desired_state::hide;
use lanyard_compiler::plan::file::{SavedPlan, SavedServer};

pub(crate) fn save(comparison: &Comparison) -> SavedPlan {
    let mut plan = comparison.plan.clone();
    for (change, sensitive) in plan.changes.iter_mut().zip(&comparison.sensitive) {
        hide(&mut change.prior, sensitive.iter());
        hide(&mut change.planned, sensitive.iter());
    }
    SavedPlan {
        servers: comparison.sides.iter().map(server).collect(),
        plan,
        server_of: comparison.servers.clone(),
    }
}

pub(crate) fn server(side: &Side) -> SavedServer {
    SavedServer {
        provider: side.provider.clone(),
        api: side.api().to_owned(),
        url: side.url.clone(),
        organization: side.organization.clone(),
    }
}
