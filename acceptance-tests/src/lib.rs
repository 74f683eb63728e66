//! The reference token server, for trying, demos and tests: it is durable and strict, and its clock and its faults
//! are under the tester's control. Not for production.
//!
//! Rooms in reading order: `dialects` decide what is answered, `store` keeps it, `serving` carries it; `clock`,
//! `faults` and `secret` are what the first three lean on. Nothing of Lanyard's own is imported here, so that a
//! mistake in a client and one in this server are not the same mistake.

mod clock;
mod dialects;
mod faults;
mod recent_secrets;
mod reference_server;
pub mod secret;
mod serving;
mod signing;
pub mod store;

pub use crate::clock::{Clock, ClockError};
pub use crate::dialects::Api;
pub use crate::faults::{Fault, FaultError, FaultRule, Faults, When};
pub use crate::reference_server::{Options, ReferenceServer, StartError};
pub use crate::serving::requests::{Requests, SeenRequest};
