//! Stories told with the real Terraform, through `init` from a mirror and the real handshake. First the life of a credential, then what
//! people do around it, then what goes wrong.

pub(crate) mod every_server;

mod create;
mod deleted_outside;
mod drift;
mod held_twice;
mod ignored;
mod import;
mod migrate;
mod migrations;
mod moved;
mod moved_instances;
mod name_taken;
mod replace;
mod replaced_secret;
mod update;

mod rotation;

mod consumers;
mod contradictions;
mod credential_in_use;
mod data_sources;
mod leaving;
mod led_elsewhere;
mod many;
mod moments;
mod parallel;
mod saved_plan;
mod token_exchange;

mod connection;
mod editions;
mod ingestion;
mod interrupt;
mod invalid;
#[cfg(target_os = "linux")]
mod killed;

mod debug;
mod empty_state;
mod examples;
mod harness;
