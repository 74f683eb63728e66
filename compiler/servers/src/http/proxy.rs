//! The proxy between us and the server, as the environment names it. The client below finds it by the same rules; here it is only named
//! when something went wrong on the way.

use hyper_util::client::proxy::matcher::Matcher;
use lanyard_compiler::model::settings::Address;

/// A proxy, and where it comes from.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Proxy {
    /// Without the credential that may stand in it.
    pub(super) address: String,
    pub(super) variable: &'static str,
}

/// The proxy that requests to this address take.
pub(super) fn on_the_way(address: &Address) -> Option<Proxy> {
    // As the client is built: what stays on this machine takes none.
    if address.is_loopback() {
        return None;
    }
    let target: http::Uri = address.origin().parse().ok()?;
    let own = if address.is_https() {
        ["HTTPS_PROXY", "https_proxy"]
    } else {
        ["HTTP_PROXY", "http_proxy"]
    };
    let proxy = Matcher::from_env().intercept(&target)?;
    Some(Proxy {
        address: shown(proxy.uri()),
        variable: own
            .into_iter()
            .chain(["ALL_PROXY", "all_proxy"])
            .find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))?,
    })
}

fn shown(proxy: &http::Uri) -> String {
    let scheme = proxy.scheme_str().unwrap_or("http");
    let host = proxy.host().unwrap_or_default();
    match proxy.port_u16() {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_shown_without_its_credential() {
        let matcher = Matcher::builder()
            .all("http://user:hunter2@proxy.example.com:3128")
            .build();
        let target = http::Uri::from_static("https://tokens.example.com");
        let proxy = matcher.intercept(&target).unwrap();
        assert_eq!(shown(proxy.uri()), "http://proxy.example.com:3128");
    }
}
