//! The proof: everything that is built here, driven from outside against the reference token server. `terraform` holds the stories
//! told with the real Terraform, one per file; `compiler` holds those of the `lanyard` command, and `compiler::terraform` what both make of
//! the same; `faults` spoils every call of every operation; `provider` calls its resources in-process, in every corner; `native_api` calls
//! the reference server as any client would; `conformance` holds every server to the same checks; `simulation` lives through years of
//! scheduled applies.
//!
//! Where a real Terraform runs, `terraform::` stands in the test's path: that is how `cargo quick` leaves it out.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails where it stands"
)]

/// With the system's allocator the fault matrix takes a tenth longer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod conformance;
mod dialects;
mod native_api;
#[expect(dead_code, reason = "the demo needs a few things that stories do not")]
mod support;

mod compiler;
mod faults;
mod provider;
mod simulation;
mod terraform;
mod vendor;
