//! Serving without a parent: for a debugger, or inside a test. Terraform is told where through an environment variable; there
//! is no encryption, and one process serves many commands.

use std::io;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::listener::Listener;
use super::server::Server;
use super::{Application, Launch, finish, lifetime, runtime};

/// Serves until interrupted. `announce` gets the value for `TF_REATTACH_PROVIDERS`.
///
/// `address` is the provider's, `HOST/NAMESPACE/TYPE`; `protocol` the version of the application's protocol.
pub fn serve_for_debugging<A: Application>(
    address: &str,
    protocol: u32,
    application: impl FnOnce() -> A,
    announce: impl FnOnce(&str) -> io::Result<()>,
) -> io::Result<()> {
    let listener = Listener::bind(&Launch::default())?;
    let text = reattach(address, protocol, &listener);
    let runtime = runtime()?;
    let application = application();
    runtime.block_on(async {
        let server = Server::start(listener, None, &application)?;
        announce(&text)?;
        let end = lifetime::started_by_hand(&server).await?;
        finish(&server, &application, end).await;
        io::Result::Ok(())
    })?;
    runtime.shutdown_background();
    Ok(())
}

/// An application served by a thread of this process, until dropped.
#[derive(Debug)]
pub struct Host {
    reattach: String,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Host {
    /// Begins to serve.
    pub fn start<A: Application>(address: &str, protocol: u32, application: A) -> io::Result<Self> {
        let listener = Listener::bind(&Launch::default())?;
        let reattach = reattach(address, protocol, &listener);
        let runtime = runtime()?;
        let server = {
            let _entered = runtime.enter();
            Server::start(listener, None, &application)?
        };
        let (end, ended) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            // Either way, the host is dropped.
            let _ = runtime.block_on(ended);
            drop(server);
            runtime.shutdown_background();
        });
        Ok(Self {
            reattach,
            end: Some(end),
            thread: Some(thread),
        })
    }

    /// The value for `TF_REATTACH_PROVIDERS`.
    pub fn reattach(&self) -> &str {
        &self.reattach
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so on stderr.
            let _ = thread.join();
        }
    }
}

/// The same process under the name that each registry gives the provider: Terraform asks for one, OpenTofu for the other.
fn reattach(address: &str, protocol: u32, listener: &Listener) -> String {
    let way = serde_json::json!({
        "Protocol": "grpc",
        "ProtocolVersion": protocol,
        "Pid": std::process::id(),
        // Terraform neither kills it nor shuts it down.
        "Test": true,
        "Addr": { "Network": listener.network(), "String": listener.address() },
    });
    let elsewhere = address
        .strip_prefix("registry.terraform.io/")
        .map(|name| format!("registry.opentofu.org/{name}"));
    let names = elsewhere.into_iter().chain([address.to_owned()]);
    let ways: serde_json::Map<_, _> = names.map(|name| (name, way.clone())).collect();
    serde_json::Value::Object(ways).to_string()
}
