//! Lanyard's talking half: one backend per kind of token server behind one trait, and the engine that carries out what the
//! compiler decided without losing a secret or leaving an orphan.
//!
//! Modules in reading order. Only this package opens connections; backends are private, so nobody else can know a vendor.

pub mod clock;
pub mod error;
pub mod object;
pub mod record;
pub mod token_server;

mod absent_kind;
mod coalesce;
mod origin;
mod session;

mod http;

mod hosted;
mod recognition;
mod shared_lists;
mod slots;
mod two_slots;

mod chronosphere;
mod elasticsearch;
mod native;
mod openobserve;
mod osmo;
mod splunk;

mod connect;
mod contest;

pub mod token_exchange;

pub mod engine;
pub mod memory;

#[cfg(test)]
mod fake;

pub use coalesce::Reads;
pub use connect::connect;
pub use error::{ErrorKind, Existing, Place, ServerError};
pub use object::{Object, Record};
pub use origin::Origin;
pub use record::{
    BeyondReach, Cursor, Filter, Identity, IdentityToken, Issued, Page, Reference,
    ServerDescription,
};
pub use session::Session;
pub use token_server::{MANAGED_BY, Objects, RotateRequest, Seen, TokenServer, Unfinished};
