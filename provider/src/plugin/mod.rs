//! go-plugin: being a process that Terraform starts, talks to over gRPC and ends. Knows nothing of what is said: an
//! [`Application`] answers every call that is not go-plugin's own.

mod broker;
mod controller;
pub mod crash;
mod handshake;
mod health;
mod host;
mod launch;
mod lifetime;
mod listener;
pub mod log;
mod server;
mod stdio;
mod tls;

use std::convert::Infallible;
use std::future::Future;
use std::io;

use http::{Request, Response};
use hyper::body::Incoming;
use tokio::runtime::{Builder, Runtime};
use tonic::body::Body;
use tonic::codegen::Service;

pub use host::{Host, serve_for_debugging};
pub use launch::{Cookie, Launch};
use lifetime::End;
use listener::Listener;
use tls::Identity;

/// What the plugin is for.
pub trait Application: Send + Sync + 'static {
    /// Answers calls; one clone per call.
    type Calls: Service<
            Request<Incoming>,
            Response = Response<Body>,
            Error = Infallible,
            Future: Send + 'static,
        > + Clone
        + Send
        + Sync
        + 'static;

    fn calls(&self) -> Self::Calls;

    /// No write may begin unless this is true: else nobody is there to learn what became of it.
    fn write_only_while(&self, attended: Box<dyn Fn() -> bool + Send + Sync>) {
        let _ = attended;
    }

    /// The end is near: hurry the calls in flight.
    fn stop(&self);

    /// Ends once no write is in flight and nothing is left open. The process waits for it, for a while, before it exits.
    fn end(&self) -> impl Future<Output = ()> + Send;
}

/// Serves the application to the process that started this one, until that process is done with it or gone.
///
/// `protocol` is the version of the application's protocol. The application is built only after the line that the parent waits
/// for is written.
pub fn serve<A: Application>(
    launch: &Launch,
    protocol: u32,
    application: impl FnOnce() -> A,
) -> io::Result<()> {
    let listener = Listener::bind(launch)?;
    let identity = match &launch.client_certificate {
        Some(client) => Some((Identity::generate()?, tls::certificate(client)?)),
        None => None,
    };
    let certificate = identity
        .as_ref()
        .map(|(identity, _)| identity.certificate());
    handshake::announce(&listener, protocol, certificate, launch.multiplex)?;

    let acceptor = identity
        .map(|(identity, client)| tls::acceptor(identity, client))
        .transpose()?;
    let runtime = runtime()?;
    let application = application();
    runtime.block_on(async {
        let server = server::Server::start(listener, acceptor, &application)?;
        application.write_only_while(lifetime::attended(&server));
        let end = lifetime::started_by_parent(&server).await?;
        finish(&server, &application, end).await;
        io::Result::Ok(())
    })?;
    // A name look-up that hangs must not keep the process.
    runtime.shutdown_background();
    Ok(())
}

/// One thread: calls are short or wait for the network, and every further thread costs memory and start-up time.
fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

async fn finish(server: &server::Server, application: &impl Application, end: End) {
    tracing::debug!(?end, "stopping");
    application.stop();
    lifetime::settle(end, application.end(), server.deserted()).await;
}
