//! Connections: accepting them, with or without TLS, and ending them when the server stops.

use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::server::Server;

/// How long a request in flight may take to finish when the server stops.
const FAREWELL: Duration = Duration::from_secs(1);
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// Serves until `stop` says true or its sender is gone.
pub(crate) async fn run(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    server: Arc<Server>,
    mut stop: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => {
                    // Out of file handles, most likely: let some connections end first.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            _ = stop.wait_for(|stop| *stop) => break,
        };
        while connections.try_join_next().is_some() {}
        connections.spawn(connection(
            stream,
            tls.clone(),
            Arc::clone(&server),
            stop.clone(),
        ));
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    // What has not finished by now is dropped with the set.
    let _ = tokio::time::timeout(FAREWELL, all).await;
}

async fn connection(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    server: Arc<Server>,
    stop: watch::Receiver<bool>,
) {
    // Only a matter of speed; a socket that refuses works without.
    let _ = stream.set_nodelay(true);
    let Some(acceptor) = tls else {
        return converse(stream, server, stop).await;
    };
    let handshake = tokio::time::timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream));
    // A client that does not trust the certificate, or speaks plain HTTP, has been told so by TLS.
    if let Ok(Ok(stream)) = handshake.await {
        converse(stream, server, stop).await;
    }
}

async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    server: Arc<Server>,
    mut stop: watch::Receiver<bool>,
) {
    let service = service_fn(move |request| Arc::clone(&server).serve(request));
    let mut conversation = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .serve_connection(TokioIo::new(stream), service)
    );
    // Errors here are the client's (it hung up) or wanted (a fault rule cut the connection).
    tokio::select! {
        _ = conversation.as_mut() => return,
        _ = stop.wait_for(|stop| *stop) => conversation.as_mut().graceful_shutdown(),
    }
    let _ = conversation.await;
}
