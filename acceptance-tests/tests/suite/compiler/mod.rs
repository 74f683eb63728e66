//! Stories of the `lanyard` command against a live server, one per file. Each ends with a search for secrets in all that was said.

mod story;

mod adopt;
mod apply;
mod asked;
mod comment;
mod conditions;
mod contest;
mod credential_in_use;
mod data_sources;
mod delivery;
mod estate;
mod every_server;
mod expired;
mod into;
mod kills;
mod ownership;
mod plan;
mod resume;
mod rotate;
mod saved_plan;
mod several_servers;
mod stopped;
mod sweep;
mod triggers;
mod webhooks;

mod terraform;
