//! The console story of each command, as a user sees it: what was typed, what came out on which stream, and the exit code.
//! Stories with a server are told in the acceptance tests.

mod support;

mod base;
mod compile;
mod help;
mod into;
mod migrate;
mod pipelines;
mod plan;
mod review;
mod schema;
mod terminal;
mod validate;
