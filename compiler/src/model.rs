//! What exists in the domain: service accounts, access tokens, their lifetimes, and what each token server can do.
//!
//! The field documentation of [`ServiceAccount`], [`AccessToken`] and [`Settings`] is the user's manual: Terraform's schema, the
//! JSON Schema and the reference pages are derived from it.

pub mod access_token;
pub mod action;
pub mod authored;
pub mod checks;
pub mod data;
mod decode;
pub mod ephemeral;
pub mod facts;
pub mod functions;
pub mod identity;
pub mod kind;
pub mod lifetime;
pub mod naming;
pub mod observe;
pub mod record;
pub mod schema;
pub mod server;
pub mod service_account;
pub mod settings;
pub mod state;
pub mod token_exchange;
pub(crate) mod words;

pub use access_token::{AccessToken, AccessTokenComputed};
pub use decode::decode;
pub use kind::Kind;
pub use lifetime::{GracePeriod, Lifetime};
pub use service_account::{Restriction, ServiceAccount, ServiceAccountComputed};
pub use settings::Settings;
pub use state::State;
