//! The proxy between us and the server, as the environment names it. The client below finds it by the same rules; here it is only named
//! when something went wrong on the way, and refused where that client would pass it over in silence and go directly.

use hyper_util::client::proxy::matcher::Matcher;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
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
    let target = target(address)?;
    let proxy = Matcher::from_env().intercept(&target)?;
    let mut variables = variables(address).into_iter().flatten();
    Some(Proxy {
        address: shown(proxy.uri()),
        variable: variables
            .find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))?,
    })
}

/// An error if the environment names a proxy for this address that cannot be understood.
pub(super) fn check(address: &Address) -> Result<(), Diagnostic> {
    let Some(target) = target(address) else {
        return Ok(());
    };
    let no = set(["NO_PROXY", "no_proxy"]).map_or_else(String::new, |(_, hosts)| hosts);
    let mut named = variables(address).into_iter().filter_map(set);
    // A variable that is set and empty says no more than one that is not set.
    match named.find(|(_, proxy)| !proxy.is_empty()) {
        Some((variable, proxy)) if is_passed_over(&target, &proxy, &no) => {
            Err(Diagnostic::error(Code::InvalidEnvironment, "The proxy cannot be used")
                // The value may hold a password.
                .detail(format!(
                    "The environment variable {variable} does not hold the address of a proxy that speaks HTTP: requests to {} would go through none.",
                    address.host()
                ))
                .hint(format!("Set {variable} to an address such as http://proxy.example.com:3128, or name {} in `NO_PROXY`.", address.host())))
        }
        _ => Ok(()),
    }
}

/// Where requests go; `None` if they stay on this machine, since the client is built to take no proxy then.
fn target(address: &Address) -> Option<http::Uri> {
    if address.is_loopback() {
        return None;
    }
    address.origin().parse().ok()
}

/// The variables that may name the proxy: of each pair the first that is set counts, and of the pairs the first that names one.
fn variables(address: &Address) -> [[&'static str; 2]; 2] {
    let own = if address.is_https() {
        ["HTTPS_PROXY", "https_proxy"]
    } else {
        ["HTTP_PROXY", "http_proxy"]
    };
    [own, ["ALL_PROXY", "all_proxy"]]
}

fn set(names: [&'static str; 2]) -> Option<(&'static str, String)> {
    let value = |name| Some((name, std::env::var(name).ok()?));
    names.into_iter().find_map(value)
}

/// True if requests would go directly, or nowhere, although a proxy is named and none of the hosts without one is meant.
fn is_passed_over(target: &http::Uri, proxy: &str, no: &str) -> bool {
    let speaks_http = |proxy: &str| {
        let matcher = Matcher::builder().all(proxy).no(no).build();
        matcher.intercept(target).is_some_and(|proxy| {
            let scheme = proxy.uri().scheme_str();
            scheme.is_none_or(|scheme| !scheme.starts_with("socks"))
        })
    };
    !speaks_http(proxy) && speaks_http("http://proxy.example.com")
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

    #[test]
    fn a_proxy_that_cannot_be_understood_is_not_passed_over_in_silence() {
        let target = http::Uri::from_static("https://tokens.example.com");
        for (proxy, no, passed_over) in [
            ("http://proxy.example.com:3128", "", false),
            ("proxy.example.com:3128", "", false),
            ("socks5://proxy.example.com", "", true),
            ("socks5h://user@proxy.example.com:1080", "", true),
            ("socks5://proxy.example.com", "example.com", false),
            ("ftp://proxy.example.com", "", true),
            ("http//proxy.example.com:3128", "", true),
            ("ftp://proxy.example.com", "example.com", false),
            ("ftp://proxy.example.com", "*", false),
        ] {
            let found = is_passed_over(&target, proxy, no);
            assert_eq!(found, passed_over, "{proxy:?}, but not for {no:?}");
        }
    }
}
