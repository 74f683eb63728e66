//! The native API as its callers see it: one test per rule, over HTTP, against a server of its own.

mod api;

mod access_tokens;
mod client_minted_secrets;
mod clock;
mod command;
mod conditions;
mod description;
mod durability;
mod errors;
mod faults;
mod idempotency;
mod identity;
mod managed_by;
mod origin;
mod pages;
mod power;
mod rate_limit;
mod requests;
mod rotation;
mod service_accounts;
mod token_exchange;
