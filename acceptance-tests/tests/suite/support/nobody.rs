//! An address where nobody listens, for as long as a story needs it.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpSocket;

/// A port that is taken and never listened on: a connection to it is refused. A port that were only
/// let go could be another story's server a moment later.
pub(crate) struct Nobody {
    /// The address, as a server's URL.
    pub(crate) url: String,
    /// Holds the port.
    _socket: TcpSocket,
}

impl Nobody {
    pub(crate) fn new() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket
            .bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
            .expect("a free port");
        Self {
            url: format!("http://{}", socket.local_addr().expect("its address")),
            _socket: socket,
        }
    }
}
