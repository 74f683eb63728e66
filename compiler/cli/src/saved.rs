//! A comparison as a plan that can be saved, without anything that the configuration marks as sensitive.

use lanyard_compiler::plan::file::{SavedPlan, SavedServer};

use crate::comparison::{Comparison, Side};
use crate::connection::Connection;
use crate::desired::hide;

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
    let (api, organization) = match &side.connection {
        Connection::Ready(server, settings) => (
            server.capabilities().api.name(),
            settings.organization.clone(),
        ),
        Connection::NotKnown { api, .. } => (api.map_or("", |api| api.name()), None),
        Connection::Unused => ("", None),
    };
    SavedServer {
        provider: side.provider.clone(),
        api: api.to_owned(),
        url: side.url().to_owned(),
        organization,
    }
}
