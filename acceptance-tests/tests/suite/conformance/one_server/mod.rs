//! What one server alone has, in every detail.

pub(super) mod chronosphere;
pub(super) mod elasticsearch;
pub(super) mod more_power;
pub(super) mod native;
pub(super) mod openobserve;
pub(super) mod osmo;
pub(super) mod splunk;
pub(super) mod token_exchange;

use super::{Resource, Subject, subject};
