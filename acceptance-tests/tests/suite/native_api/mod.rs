//! The native API as its callers see it: one test per rule, over HTTP, against a server of its own.

mod api;
mod description;
