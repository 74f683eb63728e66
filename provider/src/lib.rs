//! The Terraform provider: what Lanyard offers (`resources`), served over tfplugin5.
//!
//! Rooms in reading order: `resources` says what there is, `wire` translates values, `rpc` answers calls, `plugin` is the process.

mod command;
pub mod generated;
pub mod plugin;
pub mod resources;
pub mod rpc;
pub mod wire;

use std::env;
use std::future::Future;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use command::Command;
use generated::tfplugin5::provider_server::ProviderServer;
use plugin::{Application, Cookie, Launch};
use resources::{Attended, Provider};

/// tfplugin5.
const PROTOCOL: u32 = 5;

/// The provider's address in the public registry.
const ADDRESS: &str = "registry.terraform.io/lanyard/lanyard";

const COOKIE: Cookie = Cookie {
    name: "TF_PLUGIN_MAGIC_COOKIE",
    value: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
};

/// The whole life of a provider process: reads command line and environment, serves, says how it went.
///
/// The provider is built once somebody is told where to connect.
pub fn serve(provider: impl FnOnce() -> Arc<dyn Provider>) -> ExitCode {
    match run(provider) {
        Ok(code) => code,
        Err(error) => {
            complain(&format!("The provider could not start: {error}\n"));
            ExitCode::FAILURE
        }
    }
}

/// Serves a provider inside this process until the result is dropped, for tests that run Terraform: its
/// [`reattach`](plugin::Host::reattach) is the value of `TF_REATTACH_PROVIDERS`. `address` is `HOST/NAMESPACE/TYPE`.
pub fn host(address: &str, provider: Arc<dyn Provider>) -> io::Result<plugin::Host> {
    plugin::Host::start(address, PROTOCOL, rpc::Service::new(provider))
}

fn run(provider: impl FnOnce() -> Arc<dyn Provider>) -> io::Result<ExitCode> {
    let application = || rpc::Service::new(provider());
    match Command::read(env::args_os().skip(1)) {
        Command::Serve => {
            let Some(launch) = Launch::read(|name| env::var_os(name), COOKIE) else {
                complain(command::NOT_BY_HAND);
                return Ok(ExitCode::FAILURE);
            };
            prepare();
            plugin::serve(&launch, PROTOCOL, application)?;
        }
        Command::Debug => {
            prepare();
            plugin::serve_for_debugging(ADDRESS, PROTOCOL, application, |variable| {
                say(&format!(
                    "Serving until interrupted. To use this process, set in another terminal:\n\n  \
                     TF_REATTACH_PROVIDERS='{variable}'\n"
                ))
            })?;
        }
        Command::Help => say(command::HELP)?,
        Command::Version => say(&format!(
            "terraform-provider-lanyard {}\n",
            env!("CARGO_PKG_VERSION")
        ))?,
        Command::Unknown(option) => {
            complain(&format!("Unknown option {option:?}.\n\n{}", command::HELP));
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn prepare() {
    plugin::crash::install();
    lanyard_servers::memory::forbid_core_dumps();
    plugin::log::install(|name| env::var_os(name), "LANYARD");
}

fn say(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

fn complain(text: &str) {
    // There is nobody left to tell.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

impl Application for rpc::Service {
    type Calls = ProviderServer<Self>;

    fn calls(&self) -> ProviderServer<Self> {
        self.server()
    }

    fn write_only_while(&self, attended: Attended) {
        Self::write_only_while(self, attended);
    }

    fn stop(&self) {
        Self::stop(self);
    }

    fn end(&self) -> impl Future<Output = ()> + Send {
        Self::end(self)
    }
}
