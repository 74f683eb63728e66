//! Accepts connections and hands each call to whom it belongs: go-plugin's own services, or the application.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Notify, watch};
use tokio_rustls::TlsAcceptor;
use tonic::body::Body;
use tonic::codegen::Service;

use super::Application;
use super::broker::Broker;
use super::controller::Controller;
use super::health::Health;
use super::listener::Listener;
use super::stdio::Stdio;
use crate::generated::health::health_server::HealthServer;
use crate::generated::plugin::grpc_broker_server::GrpcBrokerServer;
use crate::generated::plugin::grpc_controller_server::GrpcControllerServer;
use crate::generated::plugin::grpc_stdio_server::GrpcStdioServer;

/// How long a client may take to prove who it is.
const TLS_LIMIT: Duration = Duration::from_secs(10);

/// A running server. It serves until the process ends.
pub(super) struct Server {
    connections: watch::Sender<usize>,
    shutdown: Arc<Notify>,
    /// Keeps the socket file.
    _listener: Arc<Listener>,
}

impl Server {
    /// Begins to accept connections. Needs a runtime.
    pub(super) fn start<A: Application>(
        listener: Listener,
        acceptor: Option<TlsAcceptor>,
        application: &A,
    ) -> io::Result<Self> {
        let shutdown = Arc::new(Notify::new());
        let connections = watch::Sender::new(0);
        let connect = Connect {
            acceptor,
            connections: connections.clone(),
            router: Router {
                controller: GrpcControllerServer::new(Controller::new(shutdown.clone())),
                broker: GrpcBrokerServer::new(Broker),
                stdio: GrpcStdioServer::new(Stdio),
                health: HealthServer::new(Health),
                application: application.calls(),
            },
        };
        let listener = Arc::new(listener);
        match &*listener {
            #[cfg(unix)]
            Listener::Socket(socket, _) => {
                let socket = socket.try_clone()?;
                socket.set_nonblocking(true)?;
                let socket = tokio::net::UnixListener::from_std(socket)?;
                tokio::spawn(async move {
                    loop {
                        connect
                            .accepted(socket.accept().await.map(|(stream, _)| stream))
                            .await;
                    }
                });
            }
            Listener::Port(port) => {
                let port = port.try_clone()?;
                port.set_nonblocking(true)?;
                let port = tokio::net::TcpListener::from_std(port)?;
                tokio::spawn(async move {
                    loop {
                        let stream = port.accept().await.map(|(stream, _)| {
                            // Answers are single messages that must not wait for company.
                            let _ = stream.set_nodelay(true);
                            stream
                        });
                        connect.accepted(stream).await;
                    }
                });
            }
        }
        Ok(Self {
            connections,
            shutdown,
            _listener: listener,
        })
    }

    /// Waits until the parent asks for the end.
    pub(super) async fn shutdown(&self) {
        self.shutdown.notified().await;
    }

    /// How many are connected at any time.
    pub(super) fn connections(&self) -> watch::Receiver<usize> {
        self.connections.subscribe()
    }

    /// Waits until somebody is connected.
    pub(super) async fn connected(&self) {
        // It only fails when the sender, which is ours, is gone.
        let _ = self
            .connections
            .subscribe()
            .wait_for(|count| *count > 0)
            .await;
    }

    /// Waits until nobody is connected.
    pub(super) async fn deserted(&self) {
        let _ = self
            .connections
            .subscribe()
            .wait_for(|count| *count == 0)
            .await;
    }
}

/// What every connection needs.
#[derive(Clone)]
struct Connect<Calls> {
    acceptor: Option<TlsAcceptor>,
    connections: watch::Sender<usize>,
    router: Router<Calls>,
}

impl<Calls: ApplicationCalls> Connect<Calls> {
    /// Serves a new connection on a task of its own.
    async fn accepted<Stream>(&self, stream: io::Result<Stream>)
    where
        Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        match stream {
            Ok(stream) => {
                tokio::spawn(self.clone().secured(stream));
            }
            Err(error) => {
                // Out of file descriptors, most likely: others have to end first.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    async fn secured<Stream>(self, stream: Stream)
    where
        Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Some(acceptor) = &self.acceptor else {
            return self.connected(stream).await;
        };
        match tokio::time::timeout(TLS_LIMIT, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => self.connected(stream).await,
            Ok(Err(error)) => tracing::warn!(%error, "a client was refused"),
            Err(_) => tracing::warn!("a client did not say who it is"),
        }
    }

    async fn connected<Stream>(self, stream: Stream)
    where
        Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        self.connections.send_modify(|count| *count += 1);
        let connections = self.connections.clone();
        let router = self.router;
        let calls = service_fn(move |request| router.clone().call(request));
        let end = http2::Builder::new(TokioExecutor::new())
            .serve_connection(TokioIo::new(stream), calls)
            .await;
        tracing::trace!(failed = end.is_err(), "a connection ended");
        connections.send_modify(|count| *count -= 1);
    }
}

/// What [`Application::Calls`] promises, for short.
trait ApplicationCalls:
    Service<
        Request<Incoming>,
        Response = Response<Body>,
        Error = Infallible,
        Future: Send + 'static,
    > + Clone
    + Send
    + Sync
    + 'static
{
}

impl<Calls> ApplicationCalls for Calls where
    Calls: Service<
            Request<Incoming>,
            Response = Response<Body>,
            Error = Infallible,
            Future: Send + 'static,
        > + Clone
        + Send
        + Sync
        + 'static
{
}

#[derive(Clone)]
struct Router<Calls> {
    controller: GrpcControllerServer<Controller>,
    broker: GrpcBrokerServer<Broker>,
    stdio: GrpcStdioServer<Stdio>,
    health: HealthServer<Health>,
    application: Calls,
}

type Answer = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

impl<Calls: ApplicationCalls> Router<Calls> {
    fn call(mut self, request: Request<Incoming>) -> Answer {
        // /SERVICE/METHOD
        match request.uri().path().split('/').nth(1) {
            Some("plugin.GRPCController") => self.controller.call(request),
            Some("plugin.GRPCBroker") => self.broker.call(request),
            Some("plugin.GRPCStdio") => self.stdio.call(request),
            Some("grpc.health.v1.Health") => self.health.call(request),
            _ => Box::pin(self.application.call(request)),
        }
    }
}
