//! `lanyard completions`: the script that teaches a shell to complete our commands.

use clap::CommandFactory as _;

use crate::args::{Arguments, Completions};
use crate::console::{Console, Outcome};

pub(crate) fn run(arguments: &Completions, console: &Console) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Arguments::command(),
        "lanyard",
        &mut script,
    );
    console.result(&String::from_utf8_lossy(&script));
    Outcome::Done
}
