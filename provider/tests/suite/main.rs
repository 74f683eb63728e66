//! The provider without a server: what Terraform reads and writes, every call in process, and the process as its parent sees it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

mod support;

mod golden;
mod handshake;
mod lifetime;
mod rpc;
mod schema;
mod value;

mod functions;
