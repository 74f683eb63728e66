//! The `lanyard` command: credentials as code without Terraform. Parses what was asked, runs the one command, and says by its
//! exit code how it went.

mod age;
mod all_or_none;
mod args;
mod commands;
mod complaints;
mod configuration;
mod connection;
mod console;
mod crash;
mod data;
mod disk;
mod execution;
mod git;
mod hcl;
mod into;
mod journal;
mod lock;
mod pipeline;
mod policy;
mod progress;
mod resume;
mod sinks;
mod survey;
mod table;
mod target;
mod teams;
mod unmet;
mod variables;
mod written;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::args::{Arguments, Command};
use crate::complaints::Failure;
use crate::console::{Console, Outcome};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    crash::install();
    lanyard_servers::memory::forbid_core_dumps();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Exit code 2 means changes, so a slip in the arguments is 1 like every other error.
            let code = u8::from(error.use_stderr());
            return match error.print() {
                Ok(()) => ExitCode::from(code),
                Err(_) => ExitCode::FAILURE,
            };
        }
    };
    let console = Console::new(arguments.quiet, arguments.color);
    let outcome = run(&arguments.command, &console).unwrap_or_else(|failure| {
        failure.tell(&console);
        Outcome::Failed
    });
    outcome.into()
}

fn run(command: &Command, console: &Console) -> Result<Outcome, Failure> {
    match command {
        Command::Validate(arguments) => commands::validate::run(arguments, console),
        Command::Compile(arguments) => commands::compile::run(arguments, console),
        Command::Plan(arguments) => wait(commands::plan::run(arguments, console), console),
        Command::Apply(arguments) => wait(commands::apply::run(arguments, console), console),
        Command::Review(arguments) => commands::review::run(arguments, console),
        Command::Comment(arguments) => wait(commands::comment::run(arguments, console), console),
        Command::Schema(arguments) => Ok(commands::schema::run(arguments, console)),
        Command::Completions(arguments) => Ok(commands::completions::run(arguments, console)),
        Command::Man => Ok(commands::man::run(console)),
        Command::Version => {
            console.result(&Arguments::command().render_version());
            Ok(Outcome::Done)
        }
        Command::Export(arguments) => wait(commands::export::run(arguments, console), console),
        Command::Adopt(arguments) => wait(commands::adopt::run(arguments, console), console),
        Command::Sweep(arguments) => wait(commands::sweep::run(arguments, console), console),
        Command::Tokens(arguments) => wait(commands::tokens::run(arguments, console), console),
        Command::Migrate(arguments) => commands::migrate::run(arguments, console),
        Command::Whoami(arguments) => wait(commands::whoami::run(arguments, console), console),
    }
}

/// Runs what talks to servers. One thread is enough: it mostly waits.
fn wait(
    work: impl Future<Output = Result<Outcome, Failure>>,
    console: &Console,
) -> Result<Outcome, Failure> {
    let listener = *console;
    lanyard_servers::engine::tell_waits(move |text| listener.say(text));
    match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime.block_on(async {
            let outcome = work.await;
            connection::sign_out().await;
            outcome
        }),
        Err(error) => {
            console.complain(&format!("error: cannot start the runtime: {error}"));
            Ok(Outcome::Failed)
        }
    }
}
