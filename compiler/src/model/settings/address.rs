//! The address of a server, as far as it can be judged without a network.

use std::net::{Ipv4Addr, Ipv6Addr};

/// How the server is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Http,
    Https,
}

/// A well-formed address: scheme and host; port and path may follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub scheme: Scheme,
    /// Without port; an IPv6 address without its brackets.
    pub host: String,
}

impl Address {
    /// Reads `https://host[:port][/path]`. The error says what is wrong, as a sentence without its full stop. It never repeats
    /// credentials that somebody wrote into the address.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (Scheme::Https, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (Scheme::Http, rest),
            Some((scheme, _)) if !scheme.is_empty() && scheme.chars().all(is_scheme_character) => {
                return Err(format!(
                    "`url` has the scheme {scheme:?}, not https or http"
                ));
            }
            _ if text.trim().is_empty() => return Err("`url` is empty".to_owned()),
            _ => return Err("`url` does not begin with https:// (or http://)".to_owned()),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err("`url` holds a user name or a password; give them as `username` and `password`, or use `token`".to_owned());
        }
        if text
            .chars()
            .any(|character| character.is_whitespace() || character.is_control())
        {
            return Err(format!(
                "`url` holds a space or a control character: {text:?}"
            ));
        }
        if rest.contains(['?', '#']) {
            return Err(format!(
                "`url` holds a query or a fragment, which no server takes: {text:?}"
            ));
        }
        let (host, port) = split_port(authority);
        if host.is_empty() {
            return Err(format!("`url` names no host: {text:?}"));
        }
        if let Some(port) = port
            && !port.parse::<u16>().is_ok_and(|port| port > 0)
        {
            return Err(format!(
                "`url` has the port {port:?}, which is not a number from 1 to 65535"
            ));
        }
        Ok(Self {
            scheme,
            host: host
                .trim_start_matches('[')
                .trim_end_matches(']')
                .to_owned(),
        })
    }

    /// True if the host is this machine, so that nothing crosses a network.
    pub fn is_loopback(&self) -> bool {
        let host = self.host.trim_end_matches('.');
        host.eq_ignore_ascii_case("localhost")
            || host.to_ascii_lowercase().ends_with(".localhost")
            || host
                .parse()
                .is_ok_and(|address: Ipv4Addr| address.is_loopback())
            || host
                .parse()
                .is_ok_and(|address: Ipv6Addr| address.is_loopback())
    }
}

fn is_scheme_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "+-.".contains(character)
}

/// `host:port` -> host and port; the colons inside `[::1]` are not the port's.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    let after_brackets = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    match authority[after_brackets..].find(':') {
        Some(colon) => {
            let colon = after_brackets + colon;
            (&authority[..colon], Some(&authority[colon + 1..]))
        }
        None => (authority, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for (text, loopback) in [
            ("http://127.0.0.1:8080", true),
            ("http://127.8.8.8", true),
            ("HTTP://LOCALHOST/path", true),
            ("http://api.localhost", true),
            ("http://[::1]:80", true),
            ("http://localhost.example.com", false),
            ("http://127.0.0.1.example.com", false),
            ("http://10.0.0.1", false),
            ("http://0.0.0.0", false),
            ("https://tokens.example.com/prefix", false),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!(address.is_loopback(), loopback, "{text}: {address:?}");
        }
    }

    #[test]
    fn what_is_not_an_address_is_explained() {
        for (text, expected) in [
            ("", "is empty"),
            ("tokens.example.com", "does not begin with https://"),
            ("localhost:8080", "does not begin with https://"),
            ("ftp://tokens.example.com", "scheme \"ftp\""),
            ("https://", "names no host"),
            ("https:///path", "names no host"),
            ("https://a:b@tokens.example.com", "user name or a password"),
            ("https://tokens.example.com:0", "port \"0\""),
            ("https://tokens.example.com:port", "port \"port\""),
            ("https://tokens.example.com?x=1", "query"),
            ("https://tokens .example.com", "space"),
        ] {
            let problem = Address::parse(text).unwrap_err();
            assert!(problem.contains(expected), "{text:?}: {problem}");
        }
        let problem = Address::parse("https://me:hunter2@host").unwrap_err();
        assert!(!problem.contains("hunter2"), "{problem}");
    }
}
