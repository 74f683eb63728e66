//! Where the server is: the `url` setting, checked once, and the addresses below it.

use std::fmt;
use std::net::IpAddr;

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Settings;
use lanyard_compiler::value::AttributePath;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;

/// The base address of a server, without query, fragment or credentials.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    base: Url,
}

impl Address {
    /// Reads the `url` setting. Plain http is refused but for this machine, unless it was allowed in so many words.
    pub(crate) fn parse(settings: &Settings) -> Result<Self, Diagnostic> {
        let text = settings.url.as_deref().unwrap_or_default();
        if text.trim().is_empty() {
            return Err(Diagnostic::error(
                Code::MissingUrl,
                "The address of the token server is missing",
            )
            .detail("Neither the setting `url` nor the environment variable LANYARD_URL is set.")
            .at(AttributePath::attribute("url"))
            .hint("Set `url`, for example \"https://tokens.example.com\"."));
        }
        let base =
            Url::parse(text.trim()).map_err(|problem| invalid(text, &problem.to_string()))?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(invalid(text, "it must start with https://"));
        }
        if base.host_str().is_none_or(str::is_empty) {
            return Err(invalid(text, "it names no host"));
        }
        if !base.username().is_empty() || base.password().is_some() {
            // The text is not shown: it holds a password.
            return Err(invalid_hidden(
                "it holds a user name or password; set `username` and `password`, or `token`, instead",
            ));
        }
        if base.query().is_some() || base.fragment().is_some() {
            return Err(invalid_hidden(
                "it has a query (`?…`) or a fragment (`#…`); give the address alone",
            ));
        }
        let address = Self { base };
        if address.base.scheme() == "http"
            && !address.is_loopback()
            && settings.allow_insecure_http != Some(true)
        {
            return Err(Diagnostic::error(Code::InsecureHttp, "Plain http is refused")
                .detail(format!(
                    "`url` is {address}: the credential and every new secret would cross the network in clear text."
                ))
                .at(AttributePath::attribute("url"))
                .hint("Use https. If the network is trusted all the way, set `allow_insecure_http = true`."));
        }
        Ok(address)
    }

    pub(crate) fn is_https(&self) -> bool {
        self.base.scheme() == "https"
    }

    /// True for this machine: `localhost` and what is below it, 127.0.0.0/8 and ::1.
    pub(crate) fn is_loopback(&self) -> bool {
        let Some(host) = self.base.host_str() else {
            return false;
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        host.parse::<IpAddr>()
            .map_or(host == "localhost" || host.ends_with(".localhost"), |ip| {
                ip.is_loopback()
            })
    }

    /// The address of a path (starting with `/`, already encoded) below the base.
    pub(crate) fn url(&self, path: &str, query: &[(&'static str, String)]) -> Result<Url, String> {
        let base = self.base.as_str().trim_end_matches('/');
        let mut url = Url::parse(&format!("{base}{path}"))
            .map_err(|problem| format!("{path} is not a path: {problem}"))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }
}

/// For messages.
impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.base.as_str().trim_end_matches('/'))
    }
}

/// What stands for itself in a path is left out.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// One segment of a path, encoded. `None` for what no path can carry as one segment: nothing, `.` and `..`.
pub(crate) fn segment(text: &str) -> Option<String> {
    if matches!(text, "" | "." | "..") {
        return None;
    }
    Some(utf8_percent_encode(text, RESERVED).to_string())
}

fn invalid(text: &str, problem: &str) -> Diagnostic {
    invalid_hidden(&format!("{text:?} cannot be used: {problem}"))
}

fn invalid_hidden(problem: &str) -> Diagnostic {
    Diagnostic::error(
        Code::InvalidUrl,
        "The address of the token server is not valid",
    )
    .detail(format!("`url`: {problem}."))
    .at(AttributePath::attribute("url"))
    .hint("Set `url`, for example \"https://tokens.example.com\".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str, allow: bool) -> Result<Address, Diagnostic> {
        Address::parse(&Settings {
            url: Some(url.to_owned()),
            allow_insecure_http: Some(allow),
            ..Settings::default()
        })
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for url in [
            "http://localhost:8200",
            "http://127.0.0.1:1",
            "http://127.9.9.9",
            "http://[::1]:9/",
            "http://x.localhost",
            "https://tokens.example.com/base",
        ] {
            assert!(parse(url, false).is_ok(), "{url}");
        }
        for url in [
            "http://tokens.example.com",
            "http://10.0.0.1",
            "http://localhost.example.com",
        ] {
            assert_eq!(
                parse(url, false).unwrap_err().code,
                Code::InsecureHttp,
                "{url}"
            );
            assert!(parse(url, true).is_ok(), "{url}");
        }
    }

    #[test]
    fn what_is_not_an_address_is_explained_without_its_password() {
        for url in [
            "",
            "tokens.example.com",
            "ftp://tokens.example.com",
            "https://",
            "https://ops:hunter2@tokens.example.com",
            "https://tokens.example.com/?key=hunter2",
        ] {
            let problem = parse(url, false).unwrap_err();
            assert!(!problem.to_string().contains("hunter2"), "{problem}");
            assert_eq!(problem.path.to_string(), "url", "{url:?}");
        }
    }

    #[test]
    fn a_base_path_and_odd_ids_survive() {
        let address = parse("https://tokens.example.com/base/", false).unwrap();
        let id = segment("a/b ü%").unwrap();
        let url = address
            .url(&format!("/v1/{id}"), &[("name", "x y&z".to_owned())])
            .unwrap();
        assert_eq!(
            url.as_str(),
            "https://tokens.example.com/base/v1/a%2Fb%20%C3%BC%25?name=x+y%26z"
        );
        assert_eq!(segment(".."), None);
        assert_eq!(segment(""), None);
    }
}
