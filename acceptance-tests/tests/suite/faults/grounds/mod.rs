//! The tables of operations, one file per kind of server.

mod chronosphere;
mod elasticsearch;
mod native;
mod openobserve;
mod osmo;
mod splunk;

pub(super) use chronosphere::CHRONOSPHERE;
pub(super) use elasticsearch::ELASTICSEARCH;
pub(super) use native::NATIVE;
pub(super) use openobserve::OPENOBSERVE;
pub(super) use osmo::OSMO;
pub(super) use splunk::SPLUNK;
