//! The provider's resources, called as Terraform core calls them but without its process, against the real reference server.

pub(crate) mod core;
mod oracle;

mod bad_input;
mod credential_in_use;
mod data_sources;
mod ends;
mod lifecycle;
mod moments;
mod power;
mod schema;
mod settings;
mod two_slots;
