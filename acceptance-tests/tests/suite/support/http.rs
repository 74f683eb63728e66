//! HTTP clients of our own, for plain servers on this machine: without the system's certificate authorities, which take longer to read
//! than most tests take, and without its proxy.

use std::sync::LazyLock;

use reqwest::{Client, blocking};

const PLAIN: &str = "a client with plain settings can be built";

/// One for all, which keeps its connections.
pub(crate) fn blocking() -> &'static blocking::Client {
    static CLIENT: LazyLock<blocking::Client> = LazyLock::new(|| builder().build().expect(PLAIN));
    &CLIENT
}

/// For one with connections of its own.
pub(crate) fn builder() -> blocking::ClientBuilder {
    blocking::Client::builder().no_proxy().tls_certs_only([])
}

/// A new one, because its connections belong to the runtime that it is used on.
pub(crate) fn asynchronous() -> Client {
    let builder = Client::builder().no_proxy().tls_certs_only([]);
    builder.build().expect(PLAIN)
}
