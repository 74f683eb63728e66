//! What only the native server can do whole.

pub(crate) mod access_tokens;
pub(crate) mod conflicts;
pub(crate) mod connections;
pub(crate) mod errors;
pub(crate) mod faults;
pub(crate) mod lists;
pub(crate) mod rotation;
pub(crate) mod service_accounts;

use super::{Resource, Subject, subject};
