//! From a connection to a dialect's answer and back: what every dialect has in common.

pub(crate) mod call;
mod control;
pub(crate) mod listen;
pub(crate) mod profile;
pub(crate) mod rate_limit;
pub(crate) mod requests;
pub(crate) mod response;
pub(crate) mod route;
pub(crate) mod secret_log;
pub(crate) mod server;
pub(crate) mod tls;
