//! The address of a server, as far as it can be judged without a network: read here, once, for the check of a configuration and for
//! the client that goes there.

use std::fmt;

use url::{Host, ParseError, Url};

/// A base address: http or https, a host, perhaps a port and a path, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Reads `https://host[:port][/path]`. The error says what is wrong, as a sentence without its full stop. It never repeats
    /// the text: there may be credentials in it, or it is one.
    pub fn parse(text: &str) -> Result<Self, String> {
        let rest = match text.split_once("://") {
            Some((scheme, rest))
                if ["http", "https"]
                    .iter()
                    .any(|known| scheme.eq_ignore_ascii_case(known)) =>
            {
                rest
            }
            Some((scheme, _)) if !scheme.is_empty() && scheme.chars().all(is_scheme_character) => {
                return Err("`url` has a scheme that is not https or http".to_owned());
            }
            _ if text.trim().is_empty() => return Err("`url` is empty".to_owned()),
            _ => return Err("`url` does not begin with https:// (or http://)".to_owned()),
        };
        // What browsers make of a sloppy address is refused before the parser does the same.
        let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err("`url` holds a user name or a password; give them as `username` and `password`, or use `token`".to_owned());
        }
        if text
            .chars()
            .any(|character| character.is_whitespace() || character.is_control())
        {
            return Err("`url` holds a space or a control character".to_owned());
        }
        if rest.contains(['?', '#']) {
            return Err("`url` holds a query or a fragment, which no server takes".to_owned());
        }
        let no_host = || "`url` names no host".to_owned();
        if authority.is_empty() {
            return Err(no_host());
        }
        let not_a_port = || "`url` has a port that is not a number from 1 to 65535".to_owned();
        let url = Url::parse(text).map_err(|problem| match problem {
            ParseError::EmptyHost => no_host(),
            ParseError::InvalidPort => not_a_port(),
            problem => format!("`url` is no address: {problem}"),
        })?;
        if url.port() == Some(0) {
            return Err(not_a_port());
        }
        Ok(Self(url))
    }

    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Without port.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Without the path.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// At least a slash.
    pub fn path(&self) -> &str {
        self.0.path()
    }

    /// True if the host is this machine, so that nothing crosses a network: `localhost` and what is below it, 127.0.0.0/8 and ::1.
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                name == "localhost" || name.ends_with(".localhost")
            }
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }

    /// The address of a path (starting with `/`, already encoded) below the base.
    pub fn below(&self, path: &str, query: &[(&'static str, String)]) -> Result<Url, String> {
        let mut url = Url::parse(&format!("{self}{path}"))
            .map_err(|problem| format!("{path} is not a path: {problem}"))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }
}

/// One spelling for all that surely lead to one server: the case of the host, the port that goes without saying and a slash at the
/// end make no difference. What is no address stays as it is.
pub fn one_spelling(text: &str) -> String {
    Address::parse(text).map_or_else(|_| text.to_owned(), |address| address.to_string())
}

/// Without a slash at its end.
impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

fn is_scheme_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "+-.".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_has_one_spelling() {
        let spelled = "https://t.example/base";
        for text in [
            spelled,
            "https://t.example/base/",
            "HTTPS://T.example:443/base",
        ] {
            assert_eq!(one_spelling(text), spelled, "{text}");
        }
        // These need not be the same.
        for text in [
            "http://localhost:8080",
            "http://127.0.0.1:8080",
            "https://t.example/Base",
            "https://t.example:8443/base",
            "",
            "no address",
        ] {
            assert_eq!(one_spelling(text), text);
        }
    }

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
    fn a_base_path_stays() {
        for (base, expected) in [
            (
                "https://t.example.com/base/",
                "https://t.example.com/base/v1/a%2Fb?name=x+y%26z",
            ),
            (
                "https://t.example.com",
                "https://t.example.com/v1/a%2Fb?name=x+y%26z",
            ),
        ] {
            let query = [("name", "x y&z".to_owned())];
            let url = Address::parse(base).unwrap().below("/v1/a%2Fb", &query);
            assert_eq!(url.unwrap().as_str(), expected);
        }
    }

    #[test]
    fn what_is_not_an_address_is_explained() {
        for (text, expected) in [
            ("", "is empty"),
            ("tokens.example.com", "does not begin with https://"),
            ("localhost:8080", "does not begin with https://"),
            ("ftp://tokens.example.com", "scheme that is not"),
            ("https://", "names no host"),
            ("https:///path", "names no host"),
            ("https://a:b@tokens.example.com", "user name or a password"),
            ("https://tokens.example.com:0", "port that is not"),
            ("https://tokens.example.com:port", "port that is not"),
            ("https://tokens.example.com?x=1", "query"),
            ("https://tokens .example.com", "space"),
        ] {
            let problem = Address::parse(text).unwrap_err();
            assert!(problem.contains(expected), "{text:?}: {problem}");
        }
        for text in [
            "https://me:hunter2@host",
            "https://host/?key=hunter2",
            "https://host/hunter2 ",
            "hunter2://host",
            "https://host:hunter2",
            "https://:hunter2",
            "https://host:0/hunter2",
            "https://[hunter2]",
            "https://hunter2%",
        ] {
            let problem = Address::parse(text).unwrap_err();
            assert!(!problem.contains("hunter2"), "{problem}");
        }
    }
}
