//! The proof: everything that is built here, driven from outside against the reference token server. `terraform` holds the stories
//! told with the real Terraform, one per file, and `rotation` those of a secret's life; `compiler` holds those of the `lanyard` command;
//! `faults` spoils every call of every operation; `provider` calls its resources in-process, in every corner;
//! `native_api` calls the reference server as any client would; `conformance` holds every server to the same checks;
//! `examples` applies what the documentation shows; `simulation` lives through years of scheduled applies.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails where it stands"
)]

mod conformance;
mod dialects;
mod examples;
mod native_api;
#[expect(dead_code, reason = "the demo needs a few things that stories do not")]
mod support;

mod compiler;
mod faults;
mod provider;
mod rotation;
mod simulation;
mod terraform;
