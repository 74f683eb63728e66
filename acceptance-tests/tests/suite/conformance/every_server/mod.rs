//! What holds on every token server, whatever it can do; and where it cannot do something, that it says so before anything is sent.

pub(super) mod attributes;
pub(super) mod coalescing;
pub(super) mod connection;
pub(super) mod contest;
pub(super) mod editions;
pub(super) mod led_elsewhere;
pub(super) mod life;
pub(super) mod others;
pub(super) mod over_time;
pub(super) mod politeness;
pub(super) mod replacement;
pub(super) mod secrets;
pub(super) mod trouble;

use super::{Resource, Subject, subject};
