//! Lanyard's talking half: one backend per kind of token server behind one trait, and the engine that carries out what the
//! compiler decided without losing a secret or leaving an orphan.
//!
//! Modules in reading order. Only this package opens connections; backends are private, so nobody else can know a vendor.

pub mod clock;
pub mod error;
pub mod record;

pub mod object;
mod shown;

mod coalesce;
mod origin;
mod session;

pub mod token_server;

mod http;

mod absence;
mod absent_kind;
mod contest;
mod hosted;
mod lenient;
mod recognition;
mod refusal;
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

pub mod token_exchange;

pub mod forge;

pub mod engine;
pub mod memory;

#[cfg(test)]
mod fake;

pub use coalesce::Reads;
pub use connect::{Connection, connect, connect_with};
pub use error::{ErrorKind, Existing, Place, ServerError};
pub use object::{
    Issued, Judge, Object, Objects, Page, RotateRequest, Seen, Unfinished, Unreadable, anything,
};
pub use origin::Origin;
pub use record::{
    BeyondReach, Cursor, Filter, Identity, IdentityToken, Record, Reference, ServerDescription,
};
pub use session::Session;
pub use token_server::{MANAGED_BY, NamesOnly, TokenServer};
